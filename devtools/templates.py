"""Databases that are built once and copied ever after.

A base template holds Odoo with the addon's dependencies; from it a template with
the addon is made, named after the content of the addon's folder.
"""

import hashlib

from . import addon, paths, sql
from .odoo import run_odoo
from .odoo_source import odoo_key
from .system import locked, say

PREFIX = "template_odoo"
KEPT = 3


def ensure_base(modules, demo):
    """The name of the template with the dependencies and further modules only."""
    wanted = sorted({*addon.manifest()["depends"], *modules})
    key = digest(odoo_key(), ",".join(wanted), str(demo))
    name = f"{PREFIX}_{key}"
    with locked("templates"):
        if not sql.exists(name):
            say(f"Building the template with {', '.join(wanted)} ...")
            build(name, None, wanted, demo)
    return name


def ensure_with_addon(modules, demo):
    """The name of the template with the addon as it is now."""
    base = ensure_base(modules, demo)
    name = f"{base}_{digest(addon.addon_hash())}"
    with locked("templates"):
        if not sql.exists(name):
            say(f"Building the template with {paths.ADDON} ...")
            build(name, base, [paths.ADDON], demo)
            drop_old(base)
    return name


def build(name, source, modules, demo):
    """Install modules, into a copy or from nothing; nothing half built remains."""
    unfinished = f"{PREFIX}_unfinished"
    sql.drop_database(unfinished)
    if source:
        sql.copy_database(source, unfinished)
    words = ["-d", unfinished, "-i", ",".join(modules)]
    words += ["--with-demo"] if demo else []
    run_odoo(
        *words,
        "--stop-after-init",
        "--no-http",
        log=f"{name}.log",
        failure=f"Odoo could not install {', '.join(modules)}",
    )
    sql.rename_database(unfinished, name)
    # Nobody connects to a template, so that it can always be copied.
    sql.query(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')


def drop_old(base):
    """Drop the templates of former states of the addon but the newest few."""
    states = [name for name in sql.databases() if name.startswith(f"{base}_")]
    for name in states[:-KEPT]:
        sql.drop_database(name)


def digest(*parts):
    """A short digest of texts."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]
