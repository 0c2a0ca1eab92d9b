"""`./dev test`: every test, judged so that green means green."""

import contextlib
import os
import socket
import subprocess
import unittest

from . import paths, sql, templates
from .lint import lint
from .odoo import odoo_argv, odoo_environment
from .odoo_log import Outcome, judge
from .python_env import ensure_python
from .system import Stop, say
from .unpacked import ensure_browser

ODOO_LINT = (
    "ManifestLinter",
    "TestNaming",
    "TestIndex",
    "RoutesLinter",
    "TestOnchangeDomains",
    "TestDunderinit",
    "TestLintOverrideSignatures",
)


def test(tags=None):
    """Run all tests, or only the addon's tests with the given tags."""
    stages = [lambda: [addon_tests(tags or f"/{paths.ADDON}")]]
    if not tags:
        stages = [lint, lambda: [tool_tests()], *stages, lambda: [odoo_lint()]]
    return report([outcome for stage in stages for outcome in guarded(stage)])


def guarded(stage):
    """The outcomes of a stage; one that had to stop has failed."""
    try:
        outcomes = stage()
    except Stop as reason:
        outcomes = [Outcome("preparation", failed=1, details=[str(reason)])]
    for outcome in outcomes:
        tell(outcome)
    return outcomes


def tell(outcome):
    """Print how one part went."""
    count = f"{outcome.passed} passed, {outcome.failed} failed"
    print(f"{outcome.title}: {count}", flush=True)
    for detail in outcome.details:
        print(f"  {detail}".replace("\n", "\n  "), flush=True)


def report(outcomes):
    """Print the closing line and return the exit status."""
    passed = sum(outcome.passed for outcome in outcomes)
    failed = sum(outcome.failed for outcome in outcomes)
    print(f"{passed} passed, {failed} failed", flush=True)
    return 1 if failed or not passed else 0


def addon_tests(tags):
    """The addon's own tests, run while it is installed and after that."""
    ensure_browser()
    with database(templates.ensure_base([], demo=False)) as name:
        words = ["-i", paths.ADDON, "--test-tags", tags]
        return run_and_judge("tests of the addon", name, *words)


def odoo_lint():
    """Odoo's lint, which reads the addon as it reads its own."""
    ensure_python("lint")
    with database(templates.ensure_with_addon([], demo=False)) as name:
        tags = ",".join(f"/test_lint:{test_class}" for test_class in ODOO_LINT)
        words = ["-i", "test_lint", "--test-tags", tags]
        return run_and_judge("Odoo's lint", name, *words)


def tool_tests():
    """The tests of these tools."""
    folder = str(paths.DEVTOOLS / "tests")
    suite = unittest.defaultTestLoader.discover(folder, top_level_dir=str(paths.ROOT))
    with open(os.devnull, "w") as nowhere:
        result = unittest.TextTestRunner(stream=nowhere).run(suite)
    bad = [*result.failures, *result.errors, *result.skipped]
    details = [f"{case}\n{text}" for case, text in bad]
    if not result.testsRun:
        details.append("No test was run.")
    passed = result.testsRun - len(bad)
    return Outcome("tests of the tools", passed, len(details), details)


@contextlib.contextmanager
def database(template):
    """A copy of a template that lives as long as the block."""
    name = f"test_{os.getpid()}_{template[-4:]}"
    sql.drop_database(name)
    sql.copy_database(template, name)
    try:
        yield name
    finally:
        sql.drop_database(name)


def run_and_judge(title, name, *words):
    """Run Odoo's tests on a database and judge them; the log is kept."""
    say(f"Running {title} ...")
    options = ["--http-port", free_port(), "--screenshots", paths.LOGS / "screenshots"]
    done = subprocess.run(
        odoo_argv("-d", name, *words, "--stop-after-init", *options),
        env=odoo_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    log = paths.LOGS / f"{title.replace(' ', '-').replace(chr(39), '')}.log"
    log.write_text(done.stdout)
    say(f"The log is in {log.relative_to(paths.ROOT)}.")
    return judge(title, done.stdout, done.returncode)


def free_port():
    """A port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
