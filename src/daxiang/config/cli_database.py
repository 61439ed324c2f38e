"""The database of this home and its tables: `daxiang database`, `migrate`, `manage`.

What needs Django is imported where it is used: most starts find their tables up to date and never load it.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
import time
from typing import Any

from daxiang.foundation.database.cluster import Cluster, accepts_connections
from daxiang.foundation.database.failures import ClusterFailure
from daxiang.foundation.database.place import Place
from daxiang.foundation.database.url import database_url
from daxiang.foundation.settings import Settings, read_home
from daxiang.foundation.supervisor.lifeline import hold_on
from daxiang.kernel.clock import clock_from
from daxiang.kernel.errors import DomainError

_SETTINGS_MODULE = "daxiang.config.django_settings"


def register(commands: argparse._SubParsersAction[Any]) -> None:
    database = commands.add_parser("database", help="run the private PostgreSQL of this home")
    database.set_defaults(run=run_database)
    migrate = commands.add_parser("migrate", help="bring the tables up to date")
    migrate.set_defaults(run=run_migrate)
    manage = commands.add_parser("manage", help="Django's commands", add_help=False)
    manage.add_argument("arguments", nargs=argparse.REMAINDER)
    manage.set_defaults(run=run_manage)


def refuse(error: Exception, status: int = 1) -> int:
    """One line on standard error; the exit status."""
    print(f"daxiang: {error}", file=sys.stderr)
    return status


def migration_failures() -> tuple[type[Exception], ...]:
    """What bringing the tables up to date may end in; each says in one sentence what to do."""
    from daxiang.foundation.database import migrate

    return (
        migrate.DatabaseUnreachable,
        migrate.ServerTooOld,
        migrate.AnotherMigrates,
        migrate.MigrationBlocked,
    )


def look_at_tables(
    env: dict[str, str], own: Place | None, patience_s: float, given_up: threading.Event
) -> bool:
    """Wait for the database (`own`: the place of our own cluster), then say whether its tables are up to
    date. Once `given_up` the answer is of no use to anybody.
    """
    from daxiang.foundation.database.migrate import DatabaseUnreachable, is_up_to_date

    os.environ.update({name: env[name] for name in ("DAXIANG_HOME", "DATABASE_URL")})
    from daxiang.config.django_settings import INSTALLED_APPS

    deadline = time.monotonic() + patience_s
    while True:
        while own is not None and not accepts_connections(own) and time.monotonic() < deadline:
            if given_up.wait(0.03):
                return False
        try:
            return is_up_to_date(env["DATABASE_URL"], INSTALLED_APPS) and _is_seeded(env)
        except DatabaseUnreachable:
            if time.monotonic() >= deadline:
                raise
        if given_up.wait(0.03):
            return False


def _is_seeded(env: dict[str, str]) -> bool:
    """Whether the pack that the program carries is in force, or a person has decided for another."""
    import psycopg

    from daxiang.domains.restrictions.generations.seeding import is_seeded

    with psycopg.connect(env["DATABASE_URL"], autocommit=True, connect_timeout=3) as connection:
        try:
            return is_seeded(connection, city=env.get("DAXIANG_CITY") or "wuhan")
        except DomainError:
            return False  # the long way says what is wrong with the pack


class _StopAsked(BaseException):
    """SIGTERM or SIGINT came; not an `Exception`, so that nothing on the way takes it for a failure."""


def run_database(_: argparse.Namespace) -> int:
    """In the foreground until SIGTERM (0), until PostgreSQL ends (1), or refused for good (2)."""
    hold_on(signal.SIGTERM)

    def asked(*_: object) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        raise _StopAsked

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, asked)
    cluster = Cluster(read_home())
    try:
        cluster.start(lock_patience_s=3.0)
        cluster.wait()
    except _StopAsked:
        return 0
    except ClusterFailure as error:
        return refuse(error, status=2 if error.lasting else 1)
    finally:
        cluster.stop()
    return refuse(RuntimeError("PostgreSQL ended by itself."))


def run_migrate(_: argparse.Namespace) -> int:
    hold_on()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", _SETTINGS_MODULE)
    import django

    from daxiang.config.django_settings import DAXIANG, INSTALLED_APPS
    from daxiang.foundation.database.migrate import migrate

    django.setup()
    try:
        migrate(database_url(DAXIANG), INSTALLED_APPS)
    except migration_failures() as error:
        return refuse(error)
    _seed(DAXIANG)
    return 0


def _seed(settings: Settings) -> None:
    """The carried pack into force; one that cannot be read keeps nobody from starting, and is told."""
    import psycopg

    from daxiang.domains.restrictions.generations.seeding import seed

    try:
        with psycopg.connect(database_url(settings), autocommit=True, connect_timeout=3) as connection:
            seed(connection, city=settings.city, at=clock_from(settings.clock_file).now())
    except DomainError as error:
        print(f"daxiang: {error}", file=sys.stderr)


def run_manage(args: argparse.Namespace) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", _SETTINGS_MODULE)
    from django.core.management import execute_from_command_line

    execute_from_command_line(["daxiang manage", *args.arguments])
    return 0
