"""`./dev bench`: the benchmarks, on databases that are made once and kept."""

from . import addon, paths, sql
from .odoo import run_odoo, run_script
from .system import Stop, locked, say
from .templates import digest, ensure_base

FOLDER = paths.ROOT / "benchmarks"
PREFIX = "bench_odoo"


def bench(names=()):
    """Run all benchmarks, or those named, and return the exit status."""
    # Two runs at once would measure each other, and drop each other's databases.
    with locked("bench"):
        core = ensure_core()
        with_addon = ensure_addon(core)
        variables = {"BENCH_CORE": core, "BENCH_NAMES": ",".join(names)}
        script = "from benchmarks.run import main; main(env)"
        return run_script(with_addon, script, variables)


def ensure_core():
    """The name of the database without the addon."""
    source = "".join((FOLDER / name).read_text() for name in ("past.sql", "data.py"))
    base = ensure_base([], demo=False)
    name = f"{PREFIX}_{digest(base, source)}"
    if not sql.exists(name):
        drop_all_but()
        say("Making 100,000 leads with 400,000 movements ...")
        make(name, base, lambda target: fill(target, "fill"))
    return name


def ensure_addon(core):
    """The name of the same database with the addon as it is now."""
    name = f"{core}_{digest(addon.addon_hash())}"
    if not sql.exists(name):
        drop_all_but(core)
        say(f"Installing {paths.ADDON} on 100,000 leads ...")
        make(name, core, install)
    return name


def make(name, source, build):
    """Make a database out of another; nothing half built remains."""
    unfinished = f"{PREFIX}_unfinished"
    sql.drop_database(unfinished)
    sql.copy_database(source, unfinished)
    build(unfinished)
    sql.query("VACUUM (ANALYZE)", unfinished)
    sql.rename_database(unfinished, name)


def install(target):
    """Install the addon, which rebuilds the history, and fill what it brings."""
    words = ["-d", target, "-i", paths.ADDON, "--stop-after-init", "--no-http"]
    run_odoo(*words, log="bench.log", failure="The addon cannot be installed")
    fill(target, "fill_addon")


def fill(target, function):
    """Run one of the functions that make data."""
    script = f"from benchmarks.data import {function}; {function}(env)"
    if run_script(target, script):
        raise Stop("The data of the benchmarks cannot be made: the reason is above.")


def drop_all_but(kept=None):
    """Drop the databases of former states."""
    for name in sql.databases():
        if name.startswith(f"{PREFIX}_") and name != kept:
            sql.drop_database(name)
