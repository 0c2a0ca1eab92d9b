"""The virtual environment that Odoo, the tests and the linters run in."""

import hashlib
import importlib.util
import sys

from . import paths
from .packages import machine_archive
from .system import Stop, once, run, say

PYTHON = paths.VENV / "bin" / "python"
ACCEPTED = ((3, 11), (3, 12))
NETWORK = (
    "The Python packages cannot be installed: check the network connection and retry"
)


def ensure_python(*groups):
    """The environment's interpreter, with `requirements[-GROUP].txt` installed."""
    once("venv", sys.version, make_venv)
    for group in ("", *groups):
        install_group(group)
    return PYTHON


def install_group(group):
    """Install one requirement file, unless its present content is installed already."""
    name = f"requirements-{group}.txt" if group else "requirements.txt"
    path = paths.DEVTOOLS / name

    def install():
        say(f"Installing the Python packages of devtools/{name} ...")
        argv = [PYTHON, "-m", "pip", "install", "-q", "--no-cache-dir", "-r", path]
        run(argv, failure=NETWORK, log="pip.log")

    key = hashlib.sha256(path.read_bytes()).hexdigest()
    once(f"python-{group or 'odoo'}", f"{sys.version} {key}", install)


def make_venv():
    """Create the environment with pip in it, also where Python came without pip."""
    check_version(sys.version_info[:2])
    say("Creating the Python environment ...")
    has_pip = importlib.util.find_spec("ensurepip") is not None
    argv = [sys.executable, "-m", "venv", "--clear"]
    run(
        [*argv, paths.VENV] if has_pip else [*argv, "--without-pip", paths.VENV],
        failure="The Python environment cannot be created",
        log="venv.log",
    )
    if not has_pip:
        install_pip()


def check_version(version):
    """Stop on a Python that the pinned packages were not made for."""
    if version not in ACCEPTED:
        raise Stop(
            f"Python {version[0]}.{version[1]} will not do: run ./dev with Python "
            "3.11 or 3.12, for example: python3.11 dev run"
        )


def install_pip():
    """Install pip out of the wheel that Debian packages."""
    folder = paths.CACHE / "pip-wheel"
    machine_archive().download(["python3-pip-whl"], folder)
    wheel = next(folder.glob("usr/share/python-wheels/pip-*.whl"))
    argv = [PYTHON, wheel / "pip", "install", "-q", "--no-cache-dir", "pip==26.0"]
    run(argv, failure=NETWORK, log="pip.log")
