"""Bring the tables up to date: once, by one process at a time, and in no time when there is nothing to do.

After a migration the comment on `django_migrations` keeps a fingerprint of all migration files together with
the count and the last id of the rows in that table. When all three still hold, nothing is to be done, and to
see that neither Django nor a single model has to be imported. Whoever migrates by hand changes the rows, and
then the long way is taken. Only the database is asked, so the answer is right after a restore too.
"""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import errors, sql

OLDEST_SERVER = 150_000
_LOCK = 0x6461_7869_616E_6701
"""An advisory lock of our own: "daxiang" and a number."""
_STATE = """
    SELECT obj_description(to_regclass('django_migrations'), 'pg_class'), count(*), coalesce(max(id), 0)
    FROM django_migrations
"""


class DatabaseUnreachable(Exception):
    """No connection; the sentence says why as the server or the system told it."""


class ServerTooOld(Exception):
    """The server is older than PostgreSQL 15."""


class AnotherMigrates(Exception):
    """Another process migrates this database and did not come to an end in time."""


class MigrationBlocked(Exception):
    """A table stayed locked by a long transaction; the migration that waited for it changed nothing."""


def fingerprint(apps: Sequence[str]) -> str:
    """A digest of every migration file of these apps (as in INSTALLED_APPS), found without importing any."""
    digest = hashlib.sha256()
    for app in apps:
        folder = _folder(app)
        digest.update(f"{app}\n".encode())
        for file in sorted((folder / "migrations").glob("*.py")) if folder else ():
            digest.update(f"{file.name} {hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def _folder(app: str) -> Path | None:
    """`a.b.c` or `a.b.c.apps.SomeConfig`: the deepest part that is a folder."""
    top, *rest = app.split(".")
    spec = importlib.util.find_spec(top)
    if spec is None or not spec.submodule_search_locations:
        return None
    folder = Path(spec.submodule_search_locations[0])
    for part in rest:
        if not (folder / part).is_dir():
            break
        folder /= part
    return folder


def is_up_to_date(url: str, apps: Sequence[str]) -> bool:
    """Whether nothing is to be migrated. Raises `DatabaseUnreachable` or `ServerTooOld`."""
    with _connection(url) as connection:
        try:
            found = connection.execute(_STATE).fetchone()
        except errors.UndefinedTable:
            return False
    assert found is not None  # noqa: S101 - an aggregate always has its row
    return bool(found[0] == _mark(apps, found[1], found[2]))


def migrate(url: str, apps: Sequence[str], *, patience_s: int = 60) -> None:
    """Apply what is missing; Django must be set up with the same database.

    Raises `DatabaseUnreachable`, `ServerTooOld`, `AnotherMigrates` or `MigrationBlocked`.
    """
    with _connection(url) as connection:
        _lock(connection, patience_s)
        _apply()
        found = connection.execute(_STATE).fetchone()
        assert found is not None  # noqa: S101 - an aggregate always has its row
        connection.execute(
            sql.SQL("COMMENT ON TABLE django_migrations IS {}").format(
                sql.Literal(_mark(apps, found[1], found[2]))
            )
        )


def _mark(apps: Sequence[str], count: int, last: int) -> str:
    return f"{fingerprint(apps)} {count} {last}"


@contextmanager
def _connection(url: str) -> Iterator[psycopg.Connection]:
    try:
        connection = psycopg.connect(
            url, autocommit=True, connect_timeout=3, application_name="daxiang migrate"
        )
    except psycopg.OperationalError as error:
        said = str(error).strip().splitlines()
        raise DatabaseUnreachable(
            f"The database cannot be reached: {said[0] if said else 'no reason given'}"
        ) from error
    with connection:
        if connection.info.server_version < OLDEST_SERVER:
            raise ServerTooOld(
                f"The database server is PostgreSQL {connection.info.server_version // 10_000}; "
                f"{OLDEST_SERVER // 10_000} or newer is needed."
            )
        yield connection


def _lock(connection: psycopg.Connection, patience_s: int) -> None:
    connection.execute(sql.SQL("SET lock_timeout = {}").format(sql.Literal(f"{patience_s}s")))
    try:
        connection.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
    except errors.LockNotAvailable as error:
        raise AnotherMigrates(
            f"Another process has been migrating this database for {patience_s} s; try again when it is done."
        ) from error


def _apply() -> None:
    from django.core.management import call_command
    from django.db import OperationalError, connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SET lock_timeout = '10s'"
        )  # a waiting DDL statement would stop every reader behind it
    try:
        call_command("migrate", interactive=False, verbosity=0)
    except OperationalError as error:
        if isinstance(error.__cause__, errors.LockNotAvailable):
            raise MigrationBlocked(
                "A table stayed locked for 10 s by another transaction, so migrating stopped; try again."
            ) from error
        raise
    finally:
        connection.close()
