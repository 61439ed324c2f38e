"""For a command that runs once: the generation in force, where the database can be asked."""

from __future__ import annotations

import psycopg

from daxiang.domains.restrictions.generations.watch import Watch
from daxiang.foundation.database.url import database_url
from daxiang.foundation.settings import Settings


def adopt_in_force(settings: Settings) -> bool:
    """Adopt it in this process; False: the database is away, and the carried pack holds."""
    watch = Watch(lambda: database_url(settings), folder=settings.home / "packs")
    try:
        with psycopg.connect(database_url(settings), autocommit=True, connect_timeout=3) as connection:
            watch.look(connection)
    except psycopg.Error:
        return False
    return True
