"""The commands of `./dev` and their options."""

import argparse
import os
import sys

from . import (
    bench,
    clean,
    core_tests,
    databases,
    lint,
    odoo,
    serve,
    shots,
    sql,
    testing,
)
from .system import Stop

# The commands that start another program, with the number of words that are ours.
PASSING = {"odoo": 1, "shell": 2, "psql": 2}


def main(argv):
    """Run one command and return the exit status."""
    own = own_words(argv)
    options = make_parser().parse_args(argv[:own])
    options.rest = argv[own:]
    try:
        return HANDLERS[options.command](options) or 0
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


def add_command(commands, name, text):
    """Add one command."""
    return commands.add_parser(name, help=text, description=text)


def add_run_commands(commands):
    """run, clean."""
    text = "serve a database with demo data, made when it is missing"
    command = add_command(commands, "run", text)
    command.add_argument("--port", type=int, default=8069)
    command.add_argument("--db", metavar="NAME", help="another database")
    command.add_argument("--workers", type=int, default=0, metavar="N")
    command.add_argument("--sample", metavar="DIR", help="load the data set of DIR")
    add_command(commands, "clean", "stop PostgreSQL and remove what ./dev made")


def add_database_commands(commands):
    """createdb, dropdb, psql."""
    command = add_command(commands, "createdb", "make a database with the addon")
    command.add_argument("name")
    command.add_argument("--demo", action="store_true", help="with demo data")
    command.add_argument("--modules", default="", help="further modules: a,b")
    command.add_argument(
        "--without-addon", action="store_true", help="dependencies only"
    )
    command = add_command(commands, "dropdb", "remove a database and its files")
    command.add_argument("name")
    command = add_command(commands, "psql", "open psql on a database")
    command.add_argument("name")


def add_odoo_commands(commands):
    """odoo, shell."""
    add_command(commands, "odoo", "Odoo's own command line")
    text = "Odoo's shell on a database; runs the script on standard input, if any"
    command = add_command(commands, "shell", text)
    command.add_argument("name")


def add_check_commands(commands):
    """test, lint, bench, shots."""
    command = add_command(commands, "test", "run every test, or those with tags")
    command.add_argument("tags", nargs="?", metavar="ODOO_TEST_TAGS")
    command.add_argument("--core", action="store_true", help="Odoo's own tests instead")
    command = add_command(commands, "lint", "run the linters")
    command.add_argument("names", nargs="*", metavar="LINTER", help="some linters only")
    command.add_argument("--fix", action="store_true", help="mend what can be mended")
    command = add_command(commands, "bench", "run the benchmarks")
    command.add_argument("names", nargs="*", metavar="NAME", help="some of them only")
    command = add_command(commands, "shots", "save a picture of every screen")
    command.add_argument("folder", metavar="DIR")
    command.add_argument("--db", metavar="NAME", help="another database")


GROUPS = (
    add_run_commands,
    add_database_commands,
    add_odoo_commands,
    add_check_commands,
)


def run_server(options):
    """Serve a database until Ctrl-C, which is no failure."""
    try:
        return serve.serve(options.port, options.db, options.workers, options.sample)
    except KeyboardInterrupt:
        return 0


def create_database(options):
    """Make a database."""
    databases.create(
        options.name,
        demo=options.demo,
        modules=[name for name in options.modules.split(",") if name],
        with_addon=not options.without_addon,
    )


def open_shell(options):
    """Open Odoo's shell, or run the script on standard input."""
    quiet = [] if os.isatty(sys.stdin.fileno()) else [odoo.QUIET]
    return odoo.call_odoo(*odoo.shell_words(options.name, *quiet, *options.rest))


def run_linters(options):
    """Run the linters, or those named."""
    unknown = set(options.names) - set(lint.LINTERS)
    if unknown:
        known = ", ".join(lint.LINTERS)
        raise Stop(f"No linter {', '.join(unknown)}: there are {known}.")
    outcomes = lint.lint(options.names or lint.LINTERS, options.fix)
    for outcome in outcomes:
        testing.tell(outcome)
    return testing.report(outcomes)


def run_tests(options):
    """Run our tests or Odoo's own."""
    return core_tests.test_core() if options.core else testing.test(options.tags)


HANDLERS = {
    "run": run_server,
    "clean": lambda _options: clean.clean(),
    "createdb": create_database,
    "dropdb": lambda options: databases.drop(options.name),
    "psql": lambda options: sql.call_psql(options.name, options.rest),
    "odoo": lambda options: odoo.call_odoo(*options.rest),
    "shell": open_shell,
    "test": run_tests,
    "lint": run_linters,
    "bench": lambda options: bench.bench(options.names),
    "shots": lambda options: shots.shots(options.folder, options.db),
}
