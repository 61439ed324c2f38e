"""The first generation of a city: the pack that the program carries."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import psycopg

from daxiang.domains.restrictions.generations.operations import Activated, activate
from daxiang.domains.restrictions.generations.sql import LIST_SWITCHES
from daxiang.domains.restrictions.packs import read_files, read_pack
from daxiang.domains.restrictions.queries import packs_folder

SEED = "seed"
"""Who switched, where it was the program itself."""


def is_seeded(connection: psycopg.Connection[Any], *, city: str) -> bool:
    """Whether `seed` has nothing to do. Reads the files, but parses none."""
    last = connection.execute(LIST_SWITCHES, {"city": city, "most": 1}).fetchone()
    return last is not None and (
        last[3] != SEED or last[2] == read_files(packs_folder() / city, city=city).digest
    )


def seed(connection: psycopg.Connection[Any], *, city: str, at: datetime) -> Activated | None:
    """Bring the carried pack into force, where nobody has ever activated another by hand.

    So a new version of the program brings its new pack along, and never takes back what a person decided.
    None: a person decided.
    """
    folder = packs_folder() / city
    pack = read_files(folder, city=city)
    last = connection.execute(LIST_SWITCHES, {"city": city, "most": 1}).fetchone()
    if last is not None:
        _at, _before, after, by = last
        if by != SEED:
            return None
        if after == pack.digest:
            return Activated(digest=pack.digest, before=after, is_change=False)
    read_pack(folder, generation=pack.digest)
    return activate(connection, pack=pack, at=at, by=SEED)
