"""The commands of `./dev` and their options."""

import argparse
import os
import sys

from . import paths
from .system import Stop

# The commands that start another program, with the number of words that are ours.
PASSING = {"odoo": 1, "shell": 2, "psql": 2}


def main(argv):
    """Run one command and return the exit status."""
    sys.pycache_prefix = str(paths.CACHE / "pycache")
    own = own_words(argv)
    options = make_parser().parse_args(argv[:own])
    options.rest = argv[own:]
    try:
        return options.handle(options) or 0
    except Stop as reason:
        print(reason, file=sys.stderr)
        return 2
    except PermissionError as refused:
        print(
            f"{refused.filename} may not be changed by this user: run ./dev as the "
            "user who made the folder .odoo.",
            file=sys.stderr,
        )
        return 2
    except KeyboardInterrupt:
        return 130


def own_words(argv):
    """How many words are ours; those behind go to the program the command starts."""
    return PASSING.get(argv[0], len(argv)) if argv else 0


def make_parser():
    """The parser of all commands."""
    parser = argparse.ArgumentParser(prog="./dev", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for add in GROUPS:
        add(commands)
    return parser


def add_command(commands, name, handle, text):
    """Add one command."""
    command = commands.add_parser(name, help=text, description=text)
    command.set_defaults(handle=handle)
    return command


def add_run_commands(commands):
    """run, clean."""
    text = "serve a database with demo data, made when it is missing"
    command = add_command(commands, "run", serve, text)
    command.add_argument("--port", type=int, default=8069)
    command.add_argument("--db", metavar="NAME", help="another database")
    command.add_argument("--workers", type=int, default=0, metavar="N")
    command.add_argument("--sample", metavar="DIR", help="load the data set of DIR")
    add_command(commands, "clean", clean, "stop PostgreSQL and remove what ./dev made")


def add_database_commands(commands):
    """createdb, dropdb, psql."""
    command = add_command(
        commands, "createdb", createdb, "make a database with the addon"
    )
    command.add_argument("name")
    command.add_argument("--demo", action="store_true", help="with demo data")
    command.add_argument("--modules", default="", help="further modules: a,b")
    command.add_argument(
        "--without-addon", action="store_true", help="dependencies only"
    )
    command = add_command(commands, "dropdb", dropdb, "remove a database and its files")
    command.add_argument("name")
    command = add_command(commands, "psql", psql, "open psql on a database")
    command.add_argument("name")


def add_odoo_commands(commands):
    """odoo, shell."""
    add_command(commands, "odoo", odoo, "Odoo's own command line")
    text = "Odoo's shell on a database; runs the script on standard input, if any"
    command = add_command(commands, "shell", shell, text)
    command.add_argument("name")


def add_check_commands(commands):
    """test, lint, bench, shots."""
    command = add_command(commands, "test", test, "run every test, or those with tags")
    command.add_argument("tags", nargs="?", metavar="ODOO_TEST_TAGS")
    command.add_argument("--core", action="store_true", help="Odoo's own tests instead")
    command = add_command(commands, "lint", lint, "run the linters")
    command.add_argument("names", nargs="*", metavar="LINTER", help="some linters only")
    command.add_argument("--fix", action="store_true", help="mend what can be mended")
    command = add_command(commands, "bench", bench, "run the benchmarks")
    command.add_argument("names", nargs="*", metavar="NAME", help="some of them only")
    command = add_command(commands, "shots", shots, "save a picture of every screen")
    command.add_argument("folder", metavar="DIR")
    command.add_argument("--db", metavar="NAME", help="another database")


GROUPS = (
    add_run_commands,
    add_database_commands,
    add_odoo_commands,
    add_check_commands,
)


def serve(options):
    """Serve a database."""
    from .serve import serve as serve_database

    try:
        return serve_database(options.port, options.db, options.workers, options.sample)
    except KeyboardInterrupt:
        return 0


def clean(_options):
    """Remove what the tools made."""
    from .clean import clean as remove_everything

    remove_everything()


def createdb(options):
    """Make a database."""
    from .databases import create

    modules = [name for name in options.modules.split(",") if name]
    create(
        options.name,
        demo=options.demo,
        modules=modules,
        with_addon=not options.without_addon,
    )


def dropdb(options):
    """Remove a database."""
    from .databases import drop

    drop(options.name)


def psql(options):
    """Open psql."""
    from .sql import call_psql

    return call_psql(options.name, options.rest)


def odoo(options):
    """Pass everything to Odoo."""
    from .odoo import call_odoo

    return call_odoo(*options.rest)


def shell(options):
    """Open Odoo's shell, or run the script on standard input."""
    from .odoo import call_odoo

    quiet = [] if os.isatty(sys.stdin.fileno()) else ["--log-level=warn"]
    return call_odoo("shell", "-d", options.name, "--no-http", *quiet, *options.rest)


def test(options):
    """Run the tests."""
    if options.core:
        from .core_tests import test_core

        return test_core()
    from .testing import test as run_tests

    return run_tests(options.tags)


def lint(options):
    """Run the linters."""
    from .lint import LINTERS
    from .lint import lint as run_linters
    from .testing import report, tell

    unknown = set(options.names) - set(LINTERS)
    if unknown:
        raise Stop(f"No linter {', '.join(unknown)}: there are {', '.join(LINTERS)}.")
    outcomes = run_linters(options.names or LINTERS, options.fix)
    for outcome in outcomes:
        tell(outcome)
    return report(outcomes)


def bench(options):
    """Run the benchmarks."""
    from .bench import bench as run_benchmarks

    return run_benchmarks(options.names)


def shots(options):
    """Take the pictures."""
    from .shots import shots as take_pictures

    return take_pictures(options.folder, options.db)
