"""`./dev shots`: a picture of every screen of ours, taken with a real Chromium."""

import json
from pathlib import Path

from . import paths
from .odoo import odoo_environment, script_argv, script_environment
from .python_env import ensure_python
from .screens.table import CUSTOM_TABS, RECORDS
from .serve import DEMO_DATABASE, prepare, server, wait_until_healthy
from .system import Stop, run, say
from .testing import free_port
from .unpacked import ensure_browser

PREPARATION = paths.DEVTOOLS / "screens" / "prepare.py"


def shots(folder, database=None):
    """Save the pictures of a database and return the exit status."""
    name = database or DEMO_DATABASE
    browser = ensure_browser()
    prepare(name, None)
    target = Path(folder).expanduser().resolve()
    target.mkdir(parents=True, exist_ok=True)
    task = {**choose(name), "folder": str(target), "chromium": str(browser)}
    port = free_port()
    with server(name, port, 0) as process:
        wait_until_healthy(process, port)
        say("Taking the pictures ...")
        return report(take({**task, "url": f"http://127.0.0.1:{port}"}))


def choose(name):
    """Who signs in, and the records to show."""
    output = run(
        script_argv(name),
        env=script_environment(
            {
                "SCREEN_RECORDS": json.dumps(RECORDS),
                "SCREEN_CUSTOM_TABS": json.dumps(CUSTOM_TABS),
            }
        ),
        input=PREPARATION.read_text(),
        failure="The records for the pictures cannot be chosen",
        log="shots.log",
    )
    return json.loads(output.splitlines()[-1])


def take(task):
    """Let the virtual environment's Python take the pictures."""
    output = run(
        [ensure_python(), "-m", "devtools.screens.take"],
        cwd=paths.ROOT,
        env=odoo_environment(),
        input=json.dumps(task),
        failure="The pictures cannot be taken",
        log="shots.log",
    )
    return json.loads(output)


def report(result):
    """Print what was saved and what was wrong; an empty result is wrong, too."""
    for path in result["saved"]:
        print(path)
    for problem in result["problems"]:
        print(f"problem: {problem}")
    if not result["saved"]:
        raise Stop("No picture was taken: see what is said above.")
    return 1 if result["problems"] else 0
