"""Odoo's own command line, with our configuration, server and programs."""

import functools
import os
import re
import subprocess

from . import paths
from .odoo_source import odoo_addons_paths, odoo_home
from .postgres import ensure_server
from .python_env import ensure_python
from .system import Stop, say
from .unpacked import ensure_wkhtmltopdf

BAD_LINE = re.compile(r" (ERROR|CRITICAL) ")
CONFIG = paths.STATE / "odoo.conf"
QUIET = "--log-level=warn"


def odoo_argv(*words):
    """The words that start Odoo; without a sub-command this is its server."""
    return [str(ensure_python()), str(launcher()), *map(str, words)]


def launcher():
    """Odoo's start script, which Debian's package lacks.

    It is a file, not a module, since Odoo's workers start it again by its path.
    """
    path = paths.BIN / "odoo-bin"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("import odoo.cli\n\nodoo.cli.main()\n")
    return path


@functools.cache
def odoo_environment():
    """The environment in which Odoo finds its code, its server and its programs."""
    ensure_wkhtmltopdf()
    server = ensure_server()
    write_config(server)
    inherited = os.environ.get("PATH", os.defpath)
    return {
        **os.environ,
        **server.environment,
        "ODOO_RC": str(CONFIG),
        "PATH": os.pathsep.join([str(paths.VENV / "bin"), str(paths.BIN), inherited]),
        "PYTHONPATH": str(odoo_home()),
        "PYTHONPYCACHEPREFIX": str(paths.CACHE / "pycache"),
        "XDG_RUNTIME_DIR": runtime_folder(),
    }


def runtime_folder():
    """A private folder without which wkhtmltopdf complains into Odoo's log."""
    folder = paths.STATE / "runtime"
    folder.mkdir(mode=0o700, exist_ok=True)
    return str(folder)


def write_config(server):
    """Write Odoo's configuration file."""
    options = {
        "addons_path": ",".join(map(str, [*odoo_addons_paths(), paths.ROOT])),
        "data_dir": paths.DATA,
        "db_host": server.host,
        "db_port": server.port,
        "db_user": server.user,
        "http_interface": "127.0.0.1",
        "list_db": False,
    }
    lines = ["[options]", *(f"{key} = {value}" for key, value in options.items()), ""]
    CONFIG.write_text("\n".join(lines))


def call_odoo(*words):
    """Run Odoo in the foreground and return its exit status."""
    return subprocess.run(
        odoo_argv(*words), env=odoo_environment(), check=False
    ).returncode


def shell_words(database, *options):
    """The words that make Odoo open its shell on a database."""
    return ["shell", "-d", database, "--no-http", *options]


def script_argv(database):
    """The words that start Odoo's shell on a script, which alone may speak."""
    return odoo_argv(*shell_words(database, QUIET))


def script_environment(variables):
    """The environment in which a script finds the project and what it is told."""
    found = os.pathsep.join([str(odoo_home()), str(paths.ROOT)])
    return {**odoo_environment(), "PYTHONPATH": found, **variables}


def run_script(database, script, variables=None):
    """Run a script in Odoo's shell and return its exit status."""
    return subprocess.run(
        script_argv(database),
        env=script_environment(variables or {}),
        input=script,
        text=True,
        check=False,
    ).returncode


def run_odoo(*words, log, failure):
    """Run Odoo with its log in a file; stop when it failed or logged an error."""
    paths.LOGS.mkdir(parents=True, exist_ok=True)
    path = paths.LOGS / log
    env = {**odoo_environment(), "PGOPTIONS": "-c synchronous_commit=off"}
    with open(path, "w") as output:
        argv = odoo_argv(*words)
        done = subprocess.run(
            argv,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            check=False,
        )
    lines = path.read_text().splitlines()
    if done.returncode or any(BAD_LINE.search(line) for line in lines):
        say("\n".join(lines[-30:]))
        raise Stop(
            f"{failure}: the reason is above and in {path.relative_to(paths.ROOT)}."
        )
