"""The address of a person, looked up at the moment of sending: gone as soon as she withdrew consent."""

from __future__ import annotations

from typing import Any

import psycopg

from daxiang.foundation.sealing import SealBroken, Sealer
from daxiang.integrations.wechat.contacts.operations import open_openid
from daxiang.integrations.wechat.contacts.sql import FIND_OPENID


async def openid_of(
    connection: psycopg.AsyncConnection[Any], *, account: str, person: bytes, sealer: Sealer
) -> str | None:
    """The openid; None for a stranger, for who was forgotten, and where no key opens it."""
    found = await connection.execute(FIND_OPENID, {"account": account, "person": person})
    row = await found.fetchone()
    if row is None or row[0] is None:
        return None
    try:
        return open_openid(bytes(row[0]), person=person, sealer=sealer)
    except SealBroken:
        return None
