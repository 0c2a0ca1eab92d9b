"""`./dev run`: a database worth looking at, served until Ctrl-C."""

import contextlib
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from . import addon, paths, sql
from .databases import create, made_from, remember_addon
from .odoo import odoo_argv, odoo_environment, run_odoo, run_script
from .system import Stop, say

DEMO_DATABASE = "opportunity_demo"
SAMPLE_DATABASE = "opportunity_sample"
SAMPLE_LOADER = paths.DEVTOOLS / "sample" / "load.py"
SAMPLE_FILES = (
    "accounts.csv",
    "products.csv",
    "sales_pipeline.csv",
    "sales_teams.csv",
)
LOG = paths.LOGS / "run.log"
START_SECONDS = 300
STOP_SECONDS = 60


def serve(port, database=None, workers=0, sample=None):
    """Make what is missing, then serve the database until Ctrl-C."""
    require_free(port)
    folder = check_sample(sample)
    name = database or (SAMPLE_DATABASE if folder else DEMO_DATABASE)
    prepare(name, folder)
    with server(name, port, workers) as process:
        wait_until_healthy(process, port)
        say(welcome(name, port))
        return process.wait()


def require_free(port):
    """Stop when somebody listens on the port already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as taken:
            raise Stop(
                f"Port {port} is taken: stop what listens there, or choose another one "
                f"with ./dev run --port {port + 1}"
            ) from taken


def check_sample(sample):
    """The folder with the four files of the sample, or None."""
    if sample is None:
        return None
    folder = Path(sample).expanduser().resolve()
    missing = [name for name in SAMPLE_FILES if not (folder / name).is_file()]
    if missing:
        raise Stop(f"{folder} lacks {', '.join(missing)}: name the sample's folder.")
    return folder


def prepare(name, sample):
    """Create the database, or bring it up to the addon as it is now."""
    sql.check_name(name)
    if not sql.exists(name):
        create(name, demo=sample is None)
        if sample:
            load_sample(name, sample)
    elif made_from(name) != addon.addon_hash():
        update(name)


def load_sample(name, folder):
    """Fill a new database; one that could not be filled does not remain."""
    say(f"Loading the sample of {folder} ...")
    variables = {"SAMPLE_DIR": str(folder)}
    if run_script(name, SAMPLE_LOADER.read_text(), variables):
        sql.drop_database(name)
        raise Stop("The sample could not be loaded: the reason is above.")


def update(name):
    """Install or update the addon in a database that an older state made."""
    say(f"Bringing {name} up to date ...")
    statement = f"SELECT state FROM ir_module_module WHERE name = '{paths.ADDON}'"
    option = "-u" if sql.query(statement, name) == ["installed"] else "-i"
    words = ["-d", name, option, paths.ADDON, "--stop-after-init", "--no-http"]
    failure = f"{name} could not be updated"
    run_odoo(*words, log=f"update-{name}.log", failure=failure)
    remember_addon(name)


@contextlib.contextmanager
def server(name, port, workers):
    """Odoo in a session of its own, told once to stop when the block is left."""
    options = ["--http-port", port, "--workers", workers, "--logfile", LOG]
    if workers:
        options += ["--gevent-port", port + 3]
    process = subprocess.Popen(
        odoo_argv("-d", name, *options),
        env=odoo_environment(),
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    signal.signal(signal.SIGTERM, interrupt)
    try:
        yield process
    finally:
        stop(process)


def interrupt(_signal, _frame):
    """Treat a polite request to end like Ctrl-C."""
    raise KeyboardInterrupt


def stop(process):
    """Let Odoo finish its requests; insist only when it does not."""
    if process.poll() is None:
        say("Stopping Odoo ...")
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def wait_until_healthy(process, port):
    """Return when Odoo answers; stop when it ended instead."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise Stop(f"Odoo ended at once: see {LOG.relative_to(paths.ROOT)}.")
        if is_healthy(port):
            return
        time.sleep(0.2)
    raise Stop(f"Odoo does not answer: see {LOG.relative_to(paths.ROOT)}.")


def is_healthy(port):
    """Whether Odoo answers."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/web/health", timeout=5):
            return True
    except (urllib.error.URLError, OSError):
        return False


def welcome(name, port):
    """Where to click."""
    return f"""
  The database {name} is open at http://127.0.0.1:{port}
  Sign in as admin with the password admin, then open CRM > Sales > My Pipeline.
  Odoo's log is {LOG.relative_to(paths.ROOT)}; Ctrl-C stops the server.
"""
