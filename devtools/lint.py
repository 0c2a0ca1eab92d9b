"""`./dev lint`: the linters, each at a pinned version."""

import hashlib
import os
import shutil
import subprocess

from . import paths
from .node import node_folder, npm
from .odoo_log import Outcome
from .odoo_source import odoo_home
from .python_env import ensure_python
from .system import once, run, say

NODE_MODULES = paths.STATE / "node" / "node_modules"
PRETTY = ("*.xml", "*.js", "*.cjs", "*.scss", "*.md", "*.yaml", "*.yml", "*.json")
LINTERS = ("ruff", "ruff-format", "pylint", "prettier", "eslint")


def lint(names=LINTERS, fix=False):
    """Run linters over the whole project; the outcome of each."""
    return [lint_one(name, fix) for name in names]


def lint_one(name, fix):
    """Run one linter; one that has nothing to read neither passes nor fails."""
    argv = COMMANDS[name](fix)
    if not argv:
        return Outcome(name)
    done = subprocess.run(
        argv,
        cwd=paths.ROOT,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        return Outcome(name, failed=1, details=[done.stdout.strip()])
    return Outcome(name, passed=1)


def files(*patterns):
    """The project's files under version control, or new, that match the patterns."""
    words = ["ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns]
    # The clone may belong to somebody else, which git refuses otherwise.
    git = ["git", "-c", "safe.directory=*", *words]
    failure = "The linters read what git lists: run them in a clone of the project"
    names = run(git, cwd=paths.ROOT, failure=failure).splitlines()
    return sorted({name for name in names if (paths.ROOT / name).is_file()})


def ruff(fix):
    """Python's errors and habits."""
    return [python_tool("ruff"), "check", *(["--fix"] if fix else []), ".", "dev"]


def ruff_format(fix):
    """Python's layout."""
    return [python_tool("ruff"), "format", *([] if fix else ["--check"]), ".", "dev"]


def pylint(_fix):
    """Odoo's habits."""
    return [python_tool("pylint"), "--rcfile=.pylintrc", paths.ADDON]


def prettier(fix):
    """The layout of everything but Python."""
    plugin = NODE_MODULES / "@prettier/plugin-xml/src/plugin.js"
    mode = "--write" if fix else "--check"
    return node_tool(
        "prettier", f"--plugin={plugin}", mode, "--log-level=warn", *files(*PRETTY)
    )


def eslint(fix):
    """JavaScript's errors and habits."""
    scripts = files("*.js")
    words = ["--no-warn-ignored", *(["--fix"] if fix else [])]
    # Without a file, eslint reads every script it finds.
    return node_tool("eslint", *words, *scripts) if scripts else None


COMMANDS = {
    "ruff": ruff,
    "ruff-format": ruff_format,
    "pylint": pylint,
    "prettier": prettier,
    "eslint": eslint,
}


def python_tool(name):
    """A linter of the Python environment."""
    return str(ensure_python("lint").parent / name)


def node_tool(name, *words):
    """The words that start a linter of npm's."""
    key = hashlib.sha256(
        (paths.DEVTOOLS / "package-lock.json").read_bytes()
    ).hexdigest()
    once("node", key, install_node_modules)
    return [str(NODE_MODULES / ".bin" / name), *map(str, words)]


def install_node_modules():
    """Install exactly what the lock file names."""
    say("Installing the npm packages of devtools/package.json ...")
    folder = NODE_MODULES.parent
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(paths.DEVTOOLS / name, folder)
    npm("ci", "--silent", cwd=folder)


def environment():
    """Where the linters find one another, and a cache that stays in our folder."""
    inherited = os.environ.get("PATH", os.defpath)
    return {
        **os.environ,
        "NODE_PATH": str(NODE_MODULES),
        "PATH": os.pathsep.join([str(node_folder()), inherited]),
        "PYTHONPATH": str(odoo_home()),
        "PYTHONPYCACHEPREFIX": str(paths.CACHE / "pycache"),
        "PYLINTHOME": str(paths.CACHE / "pylint"),
        "RUFF_CACHE_DIR": str(paths.CACHE / "ruff"),
    }
