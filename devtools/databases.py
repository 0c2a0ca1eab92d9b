"""Making and dropping databases."""

from . import sql, templates
from .system import Stop, say


def create(name, *, demo=False, modules=(), with_addon=True):
    """Make a database out of the cached template."""
    sql.check_name(name)
    if sql.exists(name):
        raise Stop(
            f"The database {name} exists already: ./dev dropdb {name} removes it."
        )
    ensure = templates.ensure_with_addon if with_addon else templates.ensure_base
    sql.copy_database(ensure(modules, demo), name)
    say(f"Database {name} is ready (admin / admin).")


def drop(name):
    """Remove a database and its files."""
    sql.check_name(name)
    if not sql.exists(name):
        raise Stop(f"There is no database {name}: ./dev psql postgres -l lists them.")
    sql.drop_database(name)
