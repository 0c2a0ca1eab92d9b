"""The PostgreSQL server: the one the environment names, or a private cluster."""

import contextlib
import dataclasses
import functools
import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from . import paths
from .system import Stop, find_program, locked, run, say
from .unpacked import library_path, unpack

CLUSTER = paths.STATE / "pg"
DATA = CLUSTER / "data"
LOG = CLUSTER / "server.log"
NOBODY = 65534
LONGEST_SOCKET = 107 - len("/.s.PGSQL.5432.lock")
PACKAGES = ["postgresql", "postgresql-client"]
SETTINGS = """
listen_addresses = ''
unix_socket_directories = '{socket}'
max_connections = 200
shared_buffers = 256MB
max_wal_size = 2GB
log_timezone = 'UTC'
"""


@dataclasses.dataclass(frozen=True)
class Server:
    """How to reach a PostgreSQL server."""

    host: str
    port: str
    user: str

    @property
    def environment(self):
        """The variables that every PostgreSQL client understands."""
        return {"PGHOST": self.host, "PGPORT": self.port, "PGUSER": self.user}


def ensure_server():
    """A server that answers, started or even installed when it must be."""
    if os.environ.get("PGHOST") or os.environ.get("PGPORT"):
        return external_server()
    server = Server(str(socket_folder()), "5432", "odoo")
    with locked("postgres"):
        if not (DATA / "PG_VERSION").exists():
            make_cluster()
        if not answers(server):
            start_cluster(server)
    return server


@functools.cache
def external_server():
    """The server that PGHOST, PGPORT and PGUSER name."""
    server = Server(
        os.environ.get("PGHOST", "localhost"),
        os.environ.get("PGPORT", "5432"),
        os.environ.get("PGUSER", "odoo"),
    )
    if server.user == "postgres":
        raise Stop(
            "Odoo refuses the user postgres: set PGUSER to a role with CREATEDB."
        )
    if not answers(server):
        raise Stop(
            f"No PostgreSQL lets {server.user} in at {server.host}:{server.port}: mend "
            "PGHOST, PGPORT and PGUSER, or unset them for a private server."
        )
    return server


def answers(server):
    """Whether the server lets us in."""
    argv = [*client("psql"), "-XAtc", "SELECT 1", "postgres"]
    env = {**client_environment(), **server.environment}
    return (
        subprocess.run(argv, env=env, capture_output=True, check=False).returncode == 0
    )


def client(name):
    """The words that start a PostgreSQL client program."""
    return [str(programs() / name)]


def client_environment():
    """The environment in which the programs of `programs()` run."""
    if paths.UNPACKED in programs().parents:
        return {**os.environ, "LD_LIBRARY_PATH": library_path()}
    return dict(os.environ)


@functools.cache
def programs():
    """The folder with PostgreSQL's programs, unpacked when the machine has none."""
    if found := newest_programs(Path("/")):
        return found
    if initdb := find_program("initdb"):
        return Path(initdb).resolve().parent
    unpack("postgresql", PACKAGES)
    return newest_programs(paths.UNPACKED)


def newest_programs(root):
    """The newest version under a root that also carries the extensions Odoo uses."""
    found = [
        folder
        for folder in (root / "usr/lib/postgresql").glob("*/bin")
        if (folder / "initdb").exists()
        and (extensions(root, folder.parent.name) / "pg_trgm.control").exists()
    ]
    return max(found, key=lambda folder: int(folder.parent.name), default=None)


def extensions(root, version):
    """Where Debian keeps the extensions of a version."""
    return root / "usr/share/postgresql" / version / "extension"


def make_cluster():
    """Create the cluster's files, owned by somebody who may run a server."""
    say("Creating the private PostgreSQL cluster ...")
    shutil.rmtree(CLUSTER, ignore_errors=True)
    CLUSTER.mkdir(parents=True)
    give_to_server_user(CLUSTER)
    words = ["-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"]
    unfinished = CLUSTER / "unfinished"
    as_server_user("initdb", "-D", unfinished, *words)
    with open(unfinished / "postgresql.conf", "a") as config:
        config.write(SETTINGS.format(socket=socket_folder()))
    unfinished.rename(DATA)


def start_cluster(server):
    """Start the server in a session of its own, where Ctrl-C does not reach it."""
    Path(server.host).mkdir(mode=0o700, exist_ok=True)
    give_to_server_user(Path(server.host))
    forget_dead_server()
    as_server_user("pg_ctl", "start", "-w", "-t", "120", "-D", DATA, "-l", LOG)
    create_role(server)


def forget_dead_server():
    """Remove what a crashed server left behind.

    PostgreSQL would take any process that has got the old number for the server.
    """
    pid_file = DATA / "postmaster.pid"
    if pid_file.exists() and Path("/proc/self").exists():
        command = Path("/proc") / pid_file.read_text().split()[0] / "cmdline"
        if not (command.exists() and str(DATA) in command.read_text()):
            pid_file.unlink()


def create_role(server):
    """Make Odoo's role unless it exists."""
    argv = [*client("psql"), "-XAtq", "postgres"]
    env = {**client_environment(), **server.environment, "PGUSER": "postgres"}
    script = f"""SELECT 'CREATE ROLE {server.user} LOGIN CREATEDB'
        WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{server.user}') \\gexec
    """
    run(argv, input=script, env=env, failure="The role for Odoo cannot be created")


def stop_cluster():
    """Stop the private server, if it runs."""
    if (DATA / "postmaster.pid").exists():
        with contextlib.suppress(Stop):
            as_server_user("pg_ctl", "stop", "-D", DATA, "-m", "fast")
    if socket_folder() != CLUSTER:
        shutil.rmtree(socket_folder(), ignore_errors=True)


def socket_folder():
    """The folder of the Unix socket, whose path must stay short."""
    if len(str(CLUSTER)) <= LONGEST_SOCKET:
        return CLUSTER
    digest = hashlib.sha256(str(paths.ROOT).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"odoo-pg-{digest}"


def as_server_user(program, *words):
    """Run a server program; as root, in the name of a user without any rights."""
    run(
        [*unprivileged(), programs() / program, *words],
        env=client_environment(),
        cwd="/",
        start_new_session=True,
        failure=f"PostgreSQL's {program} failed: mend that, or set PGHOST to a server",
        log=f"{program}.log",
    )


def unprivileged():
    """The words that leave root's rights behind, which PostgreSQL insists on."""
    if os.geteuid() != 0:
        return []
    words = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    if not traversable():
        words += ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
        # or access(2), with which initdb looks for its server, forgets them
        words += ["--securebits=+no_setuid_fixup"]
    return [*words, "--"]


def traversable():
    """Whether anybody may reach the cluster's folder."""
    return all(folder.stat().st_mode & 0o001 for folder in CLUSTER.parents)


def give_to_server_user(folder):
    """Let only the server's user (and root) into a folder."""
    folder.chmod(0o700)
    if os.geteuid() == 0:
        os.chown(folder, NOBODY, NOBODY)
