"""`./dev bench`: the benchmarks, on databases that are made once and kept."""

from . import addon, paths, sql
from .odoo import run_odoo, run_script
from .system import Stop, locked, say
from .templates import digest, ensure_base, ensure_with_addon

FOLDER = paths.ROOT / "benchmarks"
PREFIX = "bench_odoo"
CUSTOM_PREFIX = "bench_custom"
SHARING_PREFIX = "bench_sharing"
MILLION_PREFIX = "bench_million"


def bench(names=()):
    """Run all benchmarks, or those named, and return the exit status."""
    # Two runs at once would measure each other, and drop each other's databases.
    with locked("bench"):
        core = ensure_core()
        with_addon = ensure_addon(core)
        variables = {
            "BENCH_CORE": core,
            "BENCH_CUSTOM": ensure_custom(with_addon),
            "BENCH_SHARING": ensure_sharing(core, with_addon),
            "BENCH_MILLION": ensure_million(with_addon, names),
            "BENCH_NAMES": ",".join(names),
        }
        script = "from benchmarks.run import main; main(env)"
        return run_script(with_addon, script, variables)


def ensure_core():
    """The name of the database without the addon."""
    base = ensure_base([], demo=False)
    name = f"{PREFIX}_{digest(base, read('past.sql', 'data.py'))}"
    if not sql.exists(name):
        drop_others(PREFIX)
        say("Making 100,000 leads with 400,000 movements ...")
        make(name, base, lambda target: fill(target, "fill"))
    return name


def ensure_addon(core):
    """The name of the same database with the addon as it is now."""
    name = f"{core}_{digest(addon.addon_hash())}"
    if not sql.exists(name):
        drop_others(PREFIX, [core])
        say(f"Installing {paths.ADDON} on 100,000 leads ...")
        make(name, core, install)
    return name


def ensure_million(with_addon, names):
    """The name of the database with ten times as much; made when it is measured."""
    name = f"{MILLION_PREFIX}_{digest(with_addon, read('grow.sql'))}"
    if names and "report_growth" not in names:
        return ""
    if not sql.exists(name):
        drop_others(MILLION_PREFIX)
        say("Making a million opportunities ...")
        make(name, with_addon, lambda target: sql.query(read("grow.sql"), target))
    return name


def ensure_custom(with_addon):
    """What the names of the databases with custom fields begin with."""
    source = read("custom_data.py", "custom_layout.py")
    begin = f"{CUSTOM_PREFIX}_{digest(with_addon, source)}"
    template = ensure_with_addon([], demo=False)
    sources = dict.fromkeys(("with", "without", "hand"), template)
    sources["group"] = with_addon
    drop_others(CUSTOM_PREFIX, [f"{begin}_{side}" for side in sources])
    for side, made_from in sources.items():
        if not sql.exists(f"{begin}_{side}"):
            say(f"Making the database {side} of the custom fields ...")
            make(f"{begin}_{side}", made_from, filler(side))
    return begin


def filler(side):
    """What fills one of these, without the room that an update of all leads leaves."""

    def build(target):
        fill(target, f"fill_{side}", "custom_data")
        sql.query("VACUUM FULL crm_lead", target)

    return build


def ensure_sharing(core, with_addon):
    """What the names of the databases of the shares begin with."""
    begin = f"{SHARING_PREFIX}_{digest(with_addon, read('sharing_data.py'))}"
    sources = {"core": core, "unshared": with_addon, "shared": with_addon}
    drop_others(SHARING_PREFIX, [f"{begin}_{side}" for side in sources])
    for side, source in sources.items():
        if not sql.exists(f"{begin}_{side}"):
            say(f"Making the database {side} of the shares ...")
            build = fill_shared if side == "shared" else mix
            make(f"{begin}_{side}", source, build)
    return begin


def fill_shared(target):
    """Share opportunities."""
    fill(target, "fill_shared", "sharing_data")
    mix(target)


def mix(target):
    """Store the leads in the same order everywhere, and as they come in: one for this
    salesperson, one for that. The updates of an installation leave them in another."""
    sql.query("CREATE INDEX crm_lead_mixed ON crm_lead (md5(id::text))", target)
    sql.query("CLUSTER crm_lead USING crm_lead_mixed", target)
    sql.query("DROP INDEX crm_lead_mixed", target)


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


def fill(target, function, module="data"):
    """Run one of the functions that make data."""
    script = f"from benchmarks.{module} import {function}; {function}(env)"
    if run_script(target, script):
        raise Stop("The data of the benchmarks cannot be made: the reason is above.")


def read(*names):
    """The text of files that data is made from."""
    return "".join((FOLDER / name).read_text() for name in names)


def drop_others(prefix, kept=()):
    """Drop the databases of former states."""
    for name in sql.databases():
        if name.startswith(f"{prefix}_") and name not in kept:
            sql.drop_database(name)
