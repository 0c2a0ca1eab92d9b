"""Making, dropping and remembering databases."""

from . import addon, sql, templates
from .system import Stop, say


def create(name, *, demo=False, modules=(), with_addon=True):
    """Make a database out of the cached template."""
    sql.check_name(name)
    if sql.exists(name):
        raise Stop(f"There is a database {name} already: ./dev dropdb {name} drops it.")
    if with_addon:
        sql.copy_database(templates.ensure_with_addon(modules, demo), name)
        remember_addon(name)
    else:
        sql.copy_database(templates.ensure_base(modules, demo), name)
    say(f"Database {name} is ready (admin / admin).")


def drop(name):
    """Remove a database and its files."""
    sql.check_name(name)
    if not sql.exists(name):
        raise Stop(f"There is no database {name}: ./dev psql postgres -l lists them.")
    sql.drop_database(name)


def remember_addon(name):
    """Note in the database which state of the addon it was made from."""
    sql.query(f"COMMENT ON DATABASE \"{name}\" IS 'addon {addon.addon_hash()}'")


def made_from(name):
    """The state of the addon that a database was made from, if known."""
    [comment] = sql.query(
        "SELECT coalesce(shobj_description(oid, 'pg_database'), '') FROM pg_database "
        f"WHERE datname = '{name}'"
    )
    return comment.removeprefix("addon ") or None
