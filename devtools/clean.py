"""`./dev clean`: the project as it was cloned."""

from . import paths
from .postgres import stop_cluster
from .system import run, say


def clean():
    """Stop the private server and remove everything the tools made."""
    if paths.STATE.exists():
        stop_cluster()
        run(["rm", "-rf", paths.STATE], failure="The folder .odoo cannot be removed")
    say("Everything that ./dev made is gone.")
