"""Whether a process can serve, and if not, why.

`/healthz` says that a process is alive and asks nobody; `/readyz` asks what it needs and lists what is
missing.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable

import psycopg

Check = Callable[[], str | None]
"""None when all is well, else one short English reason without secrets or personal data."""

ALIVE = b'{"alive":true}'
_DATABASE_S = 1.0


def readiness(checks: Iterable[Check]) -> tuple[int, bytes]:
    """(200, {"ready": true, "reasons": []}) when every check is content, else (503, the reasons of all that
    are not).
    """
    reasons = [reason for check in checks if (reason := _asked(check)) is not None]
    body = {"ready": not reasons, "reasons": reasons}
    return (503 if reasons else 200), json.dumps(body, separators=(",", ":")).encode()


def _asked(check: Check) -> str | None:
    try:
        return check()
    except Exception as error:  # outermost frame of a check: a reason, not a 500 without one
        return f"check failed: {type(error).__name__}"


def database_reachable(url: str, *, within_s: float = _DATABASE_S) -> Check:
    """PostgreSQL answers a query on a fresh connection within that time.

    Asynchronous inside, because libpq itself never gives up in under two seconds. Call it from a thread
    without an event loop of its own.
    """

    async def ask() -> None:
        async with asyncio.timeout(within_s):
            async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
                await connection.execute("SELECT 1")

    def check() -> str | None:
        try:
            asyncio.run(ask())
        except TimeoutError:
            return f"database: no answer within {within_s:g} s"
        except (psycopg.Error, OSError) as error:
            return f"database: not reachable ({type(error).__name__})"
        return None

    return check


def city_pack_loaded(load: Callable[[], object]) -> Check:
    """The city's rules can be read: without them every answer would be a guess."""

    def check() -> str | None:
        try:
            load()
        except Exception as error:  # whatever is wrong with a pack, the reason is the same
            return f"city pack: not loaded ({type(error).__name__})"
        return None

    return check
