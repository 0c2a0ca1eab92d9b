"""Statements about whole databases, sent through psql."""

import re
import subprocess

from . import paths
from .postgres import client, client_environment, ensure_server
from .system import Stop, run

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,62}")


def psql_argv(database, *words):
    """The words that start psql on a database."""
    return [*client("psql"), "-X", "-d", database, *words]


def psql_environment():
    """The environment that leads psql to our server."""
    return {**client_environment(), **ensure_server().environment}


def call_psql(database, words):
    """Run psql in the foreground and return its exit status."""
    argv = psql_argv(database, *words)
    return subprocess.run(argv, env=psql_environment(), check=False).returncode


def query(statement, database="postgres"):
    """The rows of a statement, each as one string."""
    argv = psql_argv(database, "-Atq", "-v", "ON_ERROR_STOP=1")
    env = psql_environment()
    output = run(
        argv, input=statement, env=env, failure="PostgreSQL refused a statement"
    )
    return output.splitlines()


def check_name(name):
    """Stop at a name that needs quoting or that is no database of ours."""
    if not NAME.fullmatch(name) or name in ("postgres", "template0", "template1"):
        raise Stop(
            f"{name!r} cannot be a database: use letters, digits and underscores."
        )


def databases():
    """The names of all databases, the oldest first."""
    return query("SELECT datname FROM pg_database ORDER BY oid")


def exists(name):
    """Whether a database of that name is there."""
    return name in databases()


def copy_database(source, target):
    """Copy a database and its filestore."""
    query(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')
    copy_filestore(source, target)


def rename_database(source, target):
    """Rename a database and its filestore."""
    query(f'ALTER DATABASE "{source}" RENAME TO "{target}"')
    if filestore(source).exists():
        # Of a database of that name that was dropped without its filestore.
        run(["rm", "-rf", filestore(target)], failure="The filestore cannot be removed")
        filestore(source).rename(filestore(target))


def drop_database(name):
    """Drop a database, whoever is connected, and its filestore; absent is fine."""
    query(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    run(["rm", "-rf", filestore(name)], failure="The filestore cannot be removed")


def copy_filestore(source, target):
    """Copy the attachments of a database."""
    if filestore(source).exists():
        run(["rm", "-rf", filestore(target)], failure="The filestore cannot be removed")
        argv = ["cp", "-a", filestore(source), filestore(target)]
        run(argv, failure="The filestore cannot be copied")


def filestore(name):
    """Where Odoo keeps the attachments of a database."""
    return paths.DATA / "filestore" / name
