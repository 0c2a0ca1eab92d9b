"""`./dev test --core`: Odoo's own tests, without and with the addon.

The whole registry is loaded before the first test, so that every test sees the addon;
Odoo's own runner tests a module before the addon is loaded.
"""

import subprocess
from xml.etree import ElementTree

from . import paths, templates
from .odoo import CONFIG, odoo_environment
from .odoo_log import Outcome
from .odoo_source import odoo_addons_paths
from .python_env import ensure_python
from .system import Stop, say
from .testing import database, report, tell

MODULES = (
    "crm",
    "sale_crm",
    "sales_team",
    "sale",
    "sale_management",
    "link_tracker",
    "sms",
    "payment",
    "account_payment",
)


def test_core():
    """Run the core tests twice and report every test that went another way."""
    without = run_core("without", templates.ensure_base(MODULES, demo=False))
    with_addon = run_core("with", templates.ensure_with_addon(MODULES, demo=False))
    outcome = compare(without, with_addon)
    tell(outcome)
    return report([outcome])


def run_core(variant, template):
    """The result of each core test on a copy of a template."""
    python = ensure_python("test")
    junit = paths.LOGS / f"core-{variant}.xml"
    junit.unlink(missing_ok=True)
    say(f"Running Odoo's own tests {variant} the addon (some minutes) ...")
    with database(template) as name, open(junit.with_suffix(".log"), "w") as log:
        subprocess.run(
            [
                *(python, "-m", "pytest", "-q", "-p", "no:cacheprovider"),
                f"--odoo-config={CONFIG}",
                f"--odoo-database={name}",
                f"--junit-xml={junit}",
                *core_folders(),
            ],
            cwd=paths.STATE,
            env=odoo_environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            check=False,
        )
    if not junit.exists():
        log_name = junit.with_suffix(".log").relative_to(paths.ROOT)
        raise Stop(f"Odoo's own tests did not start: the reason is in {log_name}.")
    results = read_junit(junit.read_text())
    say(f"{len(results)} tests: {summary(results)}.")
    return results


def core_folders():
    """The folders with the tests of the core modules."""
    return [
        str(addons / module / "tests")
        for module in MODULES
        for addons in odoo_addons_paths()
        if (addons / module / "tests").is_dir()
    ]


def read_junit(text):
    """The result of each test in a JUnit report: passed, skipped, failure or error."""
    results = {}
    for case in ElementTree.fromstring(text).iter("testcase"):
        bad = [child.tag for child in case if child.tag in ("failure", "error")]
        skipped = [child.tag for child in case if child.tag == "skipped"]
        name = f"{case.get('classname')}.{case.get('name')}".split("addons.")[-1]
        results[name] = (bad or skipped or ["passed"])[0]
    return results


def summary(results):
    """How many tests ended in which way."""
    ways = list(results.values())
    return ", ".join(f"{ways.count(way)} {way}" for way in sorted(set(ways)))


def compare(without, with_addon):
    """The outcome: a test fails that ran before and does not do as it did."""
    details = [
        f"{name}: {without.get(name, 'absent')} without the addon, "
        f"{with_addon.get(name, 'absent')} with it"
        for name in sorted(without | with_addon)
        if without.get(name) != with_addon.get(name)
    ]
    ran = [name for name, way in with_addon.items() if way == "passed"]
    same = [name for name in ran if without.get(name) == "passed"]
    if not same:
        details.append("No test passed on both databases.")
    return Outcome("Odoo's own tests", len(same), len(details), details)
