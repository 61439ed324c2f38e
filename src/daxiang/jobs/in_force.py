"""For a command that runs once: the generation in force, where the database can be asked."""

from __future__ import annotations

import psycopg

from daxiang.domains.restrictions.generations.sql import FIND_ACTIVE, FIND_CONTENT
from daxiang.domains.restrictions.packs import lay_out, read_pack, stored_files
from daxiang.domains.restrictions.queries import adopt
from daxiang.foundation.database.url import database_url
from daxiang.foundation.settings import Settings


def adopt_in_force(settings: Settings) -> bool:
    """Adopt it in this process; False: none is known, or the database is away, and the carried pack holds.

    Raises PackWrong where another version of the program has checked it and this one cannot read it.
    """
    city = settings.city
    try:
        with psycopg.connect(database_url(settings), autocommit=True, connect_timeout=3) as connection:
            active = connection.execute(FIND_ACTIVE, {"city": city}).fetchone()
            row = active and connection.execute(FIND_CONTENT, {"digest": active[0]}).fetchone()
    except psycopg.Error:
        return False
    if not active or not row:
        return False
    folder = lay_out(stored_files(city, row[0]), under=settings.home / "packs")
    adopt(city, read_pack(folder, generation=active[0]), folder)
    return True
