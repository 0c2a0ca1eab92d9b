"""Node and its packages, for Odoo's missing JavaScript and for the linters."""

import os
import re
import subprocess
import tempfile
from pathlib import Path

from . import paths
from .python_env import ensure_python
from .system import find_program, run

OLDEST = (18, 18)
NETWORK = (
    "The npm packages cannot be downloaded: check the network connection and retry"
)


def node_folder():
    """The folder with `node` and `npm`: the machine's if recent, or PyPI's."""
    node = find_program("node")
    if node and find_program("npm") and node_version(node) >= OLDEST:
        return Path(node).parent
    return ensure_python("node").parent


def node_version(node):
    """The version of a node program as a pair of numbers."""
    answer = subprocess.run(
        [node, "--version"], capture_output=True, text=True, check=False
    )
    found = re.match(r"v(\d+)\.(\d+)", answer.stdout)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def npm(*words, **options):
    """Run npm quietly."""
    folder = node_folder()
    env = {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ.get('PATH', '')}"}
    argv = [folder / "npm", "--cache", paths.CACHE / "npm", *words]
    return run(argv, failure=NETWORK, log="npm.log", env=env, **options)


def unpack_npm(package, folder):
    """Unpack one npm package, dependencies left out, into `folder/package`."""
    with tempfile.TemporaryDirectory() as scratch:
        npm("pack", package, "--silent", "--pack-destination", scratch)
        [archive] = Path(scratch).glob("*.tgz")
        folder.mkdir(parents=True)
        run(["tar", "-xzf", archive, "-C", folder], failure=f"{package} is damaged")
    return folder / "package"
