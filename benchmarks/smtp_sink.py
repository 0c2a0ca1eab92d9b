"""A mail server that takes everything and keeps nothing, in a process of its own."""

import contextlib
import socketserver
import subprocess
import sys

ANSWERS = {b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n"}
TAKEN = b"250 ok\r\n"


class Sink(socketserver.StreamRequestHandler):
    """One connection, over which as many mails come as the sender likes."""

    disable_nagle_algorithm = True

    def handle(self):
        """Answer each command; what follows DATA is read to its end."""
        self.wfile.write(b"220 sink\r\n")
        for line in self.rfile:
            command = line[:4].strip().upper()
            self.wfile.write(ANSWERS.get(command, TAKEN))
            if command == b"DATA":
                self.read_mail()
            elif command == b"QUIT":
                break

    def read_mail(self):
        """Take a mail."""
        for line in self.rfile:
            if line == b".\r\n":
                break
        self.wfile.write(TAKEN)


@contextlib.contextmanager
def smtp_sink():
    """The port of a mail server that runs meanwhile."""
    argv = [sys.executable, __file__]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()


def main():
    """Tell the port and serve."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Sink) as server:
        print(server.server_address[1], flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
