"""A zip archive in pieces, so that it never is in memory or on disk as a whole."""

import zipfile

PIECE = 256 * 1024


class Pieces:
    """What zipfile writes to: it cannot go back, and is emptied piece by piece."""

    def __init__(self):
        self.parts = []

    def write(self, data):
        """Take what zipfile wrote."""
        self.parts.append(bytes(data))
        return len(data)

    def flush(self):
        """Nothing waits anywhere else."""

    def take(self):
        """Return what was written since the last time."""
        parts, self.parts = self.parts, []
        return b"".join(parts)


def stream_zip(entries):
    """Yield an archive that stores the entries as they are.

    :param entries: iterable of (name, date and time, size, function that opens the
        content for reading); the names are trusted, the size is a first guess
    """
    pieces = Pieces()
    with zipfile.ZipFile(pieces, "w", zipfile.ZIP_STORED) as archive:
        for name, moment, size, open_content in entries:
            info = zipfile.ZipInfo(name, moment.timetuple()[:6])
            info.file_size = size
            with open_content() as content, archive.open(info, "w") as target:
                while data := content.read(PIECE):
                    target.write(data)
                    yield pieces.take()
    yield pieces.take()
