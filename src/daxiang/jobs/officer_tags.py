"""Officers wear the tag `officers` and their unit's; strangers and leavers none. What is wanted stands in the
roll, what the platform was told in `officer_tag`; the difference is what is done.

Putting a tag on or off may be repeated, so a lost answer costs a call and nothing else. Once in a while the
platform itself is asked who wears the tag: somebody who unfollowed and came back wears none.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import psycopg
import structlog

from daxiang.domains.officers import people_sql as sql
from daxiang.domains.officers.people_queries import Unit, path_of, units
from daxiang.domains.officers.people_sealed import openid_context
from daxiang.foundation.sealing import SealBroken, Sealer
from daxiang.integrations.outcomes import OutcomeUnknown, Refused, Unavailable
from daxiang.integrations.wechat.client import tags
from daxiang.integrations.wechat.client.client import WeChatClient
from daxiang.integrations.wechat.contacts.index import PersonIndex
from daxiang.jobs.briefing import TAG
from daxiang.jobs.sending import sleep_or_stop

log = structlog.get_logger()

EVERY_S = 5.0
LOOK_AGAIN_S = 6 * 3600.0
"""How often the platform is asked who wears the tag."""
PAUSE_S = 10.0
UNIT_KIND = "大队"
"""Of these units each has a tag; an account has room for a hundred."""


class Wearing(NamedTuple):
    """A person and a tag."""

    person: bytes
    tag: str


class OfficerTags:
    """Brings the tags of one account to where the roll says, until it is told to stop."""

    def __init__(
        self,
        client: WeChatClient,
        *,
        url: str,
        account: str,
        sealer: Sealer,
        index: PersonIndex,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._url = url
        self._account = account
        self._sealer = sealer
        self._index = index
        self._monotonic = monotonic
        self._numbers: dict[str, int] = {}
        self._looked_at: float | None = None

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            pause_s = EVERY_S
            try:
                if self._looked_at is None or self._monotonic() - self._looked_at > LOOK_AGAIN_S:
                    await self.look()
                    self._looked_at = self._monotonic()
                await self.round(stop)
            except (psycopg.Error, OSError, Refused, Unavailable, OutcomeUnknown) as error:
                log.warning("officer_tags_wait", reason=type(error).__name__)
                pause_s = PAUSE_S
            await sleep_or_stop(stop, pause_s)

    async def round(self, stop: asyncio.Event) -> int:
        """Put on what is missing and take off what is too much; how many changes. Off first: a leaver."""
        wanted, known = await asyncio.to_thread(self._differences)
        many = 0
        for tag, people in _by_tag({one: known[one] for one in known.keys() - wanted.keys()}).items():
            many += await self._do(tag, people, puts_on=False, stop=stop)
        for tag, people in _by_tag({one: wanted[one] for one in wanted.keys() - known.keys()}).items():
            many += await self._do(tag, people, puts_on=True, stop=stop)
        if many:
            log.info("officer_tags_changed", count=many)
        return many

    async def look(self) -> None:
        """Forget what the platform was told about whoever does not wear the tag."""
        numbers = await self._known_tags()
        if TAG not in numbers:
            return
        wearing = {
            self._index.person_of(self._account, openid)
            async for openid in tags.members(self._client, number=numbers[TAG])
        }
        await asyncio.to_thread(self._forget_others, wearing)

    async def _do(
        self, tag: str, people: list[tuple[bytes, bytes]], *, puts_on: bool, stop: asyncio.Event
    ) -> int:
        number = await self._number(tag)
        for start in range(0, len(people), tags.TAGGED_AT_ONCE):
            if stop.is_set():
                return start
            chunk = people[start : start + tags.TAGGED_AT_ONCE]
            openids = [found for person, sealed in chunk if (found := self._openid(person, sealed))]
            change = tags.put_on if puts_on else tags.take_off
            if openids:
                await change(self._client, number=number, openids=openids)
            await asyncio.to_thread(self._settle, tag, chunk, puts_on)
        return len(people)

    async def _number(self, tag: str) -> int:
        if tag not in self._numbers:
            self._numbers = await self._known_tags()
        if tag not in self._numbers:
            self._numbers[tag] = (await tags.create(self._client, name=tag)).number
        return self._numbers[tag]

    async def _known_tags(self) -> dict[str, int]:
        return {one.name: one.number for one in await tags.every(self._client)}

    def _openid(self, person: bytes, sealed: bytes) -> str:
        try:
            return self._sealer.open(sealed, openid_context(person)).decode()
        except SealBroken:
            log.error("officer_openid_does_not_open")
            return ""

    def _differences(self) -> tuple[dict[Wearing, bytes], dict[Wearing, bytes]]:
        with self._connected() as connection, connection.cursor() as cursor:
            tree = units(cursor)
            names = {one.id: unit_tag(tree, one.id) for one in tree}
            cursor.execute(sql.WANTED_TAGS, {"account": self._account})
            wanted: dict[Wearing, bytes] = {}
            for _, person, openid, unit in cursor.fetchall():
                for tag in (TAG, names.get(unit)):
                    if tag is not None:
                        wanted[Wearing(bytes(person), tag)] = bytes(openid)
            cursor.execute(sql.KNOWN_TAGS, {"account": self._account})
            known = {Wearing(bytes(one[0]), one[1]): bytes(one[2]) for one in cursor.fetchall()}
        return wanted, known

    def _settle(self, tag: str, people: list[tuple[bytes, bytes]], puts_on: bool) -> None:
        parameters: dict[str, Any] = {
            "account": self._account,
            "tag": tag,
            "persons": [person for person, _ in people],
            "openids": [openid for _, openid in people],
        }
        with self._connected() as connection:
            connection.execute(sql.KEEP_TAGS if puts_on else sql.DROP_TAGS, parameters)

    def _forget_others(self, wearing: set[bytes]) -> None:
        with self._connected() as connection, connection.cursor() as cursor:
            cursor.execute(sql.KNOWN_TAGS, {"account": self._account})
            gone = [bytes(person) for person, tag, _ in cursor.fetchall() if tag == TAG]
            missing = [person for person in gone if person not in wearing]
            if missing:
                cursor.execute(sql.DROP_TAGS, {"account": self._account, "tag": TAG, "persons": missing})

    def _connected(self) -> psycopg.Connection[tuple[Any, ...]]:
        return psycopg.connect(
            self._url, autocommit=True, connect_timeout=3, application_name="daxiang-officer-tags"
        )


def unit_tag(tree: list[Unit], unit: int) -> str | None:
    """The tag of the 大队 that a unit is or belongs to; None above them, or where its name is too long."""
    for one in path_of(tree, unit):
        if one.kind == UNIT_KIND:
            return one.name if len(one.name.encode()) <= tags.NAME_BYTES else f"单位{one.id}"
    return None


def _by_tag(wearing: dict[Wearing, bytes]) -> dict[str, list[tuple[bytes, bytes]]]:
    found: dict[str, list[tuple[bytes, bytes]]] = {}
    for one, openid in sorted(wearing.items()):
        found.setdefault(one.tag, []).append((one.person, openid))
    return found
