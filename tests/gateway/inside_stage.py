"""The internal account with three officers on the roll, their browsers, and an edition of theirs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import psycopg
from django.db import connections
from django.test import Client

from daxiang.domains.briefings.content import Article, Content, Section, SectionKind
from daxiang.domains.briefings.operations import WORKER, EditionKind, Review, act, add_edition
from daxiang.domains.briefings.workflow import Action, Actor, Part
from daxiang.domains.officers.people import give_codes
from daxiang.domains.officers.people_marks import PeopleMarks
from daxiang.foundation.sealing import Sealer
from daxiang.foundation.settings import Settings
from daxiang.kernel.clock import SHANGHAI
from tests.gateway.chats import Chat
from tests.inbox.test_inbox import conninfo

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=SHANGHAI)
NUMBERS = [18326, 18327, 18328]
STRANGER = "只对本单位民警开放"
LI = Actor(name="li", parts=frozenset({Part.EDITOR}))


class Web:
    """A browser whose pages are asked from a thread of their own, as the web role does."""

    def __init__(self, **options: Any) -> None:
        self._client = Client(**options)

    async def get(self, page: str) -> Any:
        return await asyncio.to_thread(self._closing, self._client.get, page)

    async def post(self, page: str, fields: dict[str, str] | None = None) -> Any:
        return await asyncio.to_thread(self._closing, self._client.post, page, fields or {})

    @property
    def has_cookies(self) -> bool:
        return bool(self._client.cookies)

    def _closing(self, do: Callable[..., Any], *arguments: Any) -> Any:
        try:
            return do(*arguments)
        finally:
            connections.close_all()


def code_of(city: Settings, number: int) -> str:
    with psycopg.connect(conninfo(), autocommit=True) as link, link.cursor() as cursor:
        [given] = give_codes(
            cursor,
            marks=PeopleMarks(city.index_key),
            sealer=Sealer(city.data_keys),
            now=NOW,
            number=f"{number:06}",
        )
    return given.code


async def officer(city: Settings, opened: Callable[[int], Chat], number: int = NUMBERS[0]) -> Chat:
    chat = opened(number)
    assert "绑定好了" in await chat.says(f"绑定 {code_of(city, number)}")
    return chat


def written(cursor: psycopg.Cursor[Any], day: date) -> tuple[bytes, bytes]:
    """A draft of li's for that day, and its fingerprint."""
    article = Article(title="", paragraphs=("货车全天不能上桥。",))
    must = Section(kind=SectionKind.MUST, title="人人要知道", articles=(article,))
    content = Content(title="11月25日 周三 简报", teaser="昨日警情38起。", sections=(must,))
    before = datetime(day.year, day.month, day.day, 7, tzinfo=SHANGHAI)
    held = add_edition(
        cursor,
        day=day,
        kind=EditionKind.WEEKDAY,
        content=content,
        review=Review(reviewer="wu", deputy="sun", due_at=before + timedelta(minutes=30)),
        who="li",
        now=before,
    )
    cursor.execute("SELECT digest FROM briefing_edition WHERE id = %(id)s", {"id": held})
    [(digest,)] = cursor.fetchall()
    return held, bytes(digest)


def sent(day: date = date(2026, 11, 25)) -> bytes:
    reviewer = Actor(name="吴审", parts=frozenset({Part.REVIEWER}))
    eight = datetime(day.year, day.month, day.day, 8, tzinfo=SHANGHAI)
    before = eight - timedelta(hours=1)
    with (
        psycopg.connect(conninfo(), autocommit=True) as link,
        link.transaction(),
        link.cursor() as cursor,
    ):
        held, digest = written(cursor, day)
        for action, who in (
            (Action.SEND_FOR_REVIEW, LI),
            (Action.APPROVE, reviewer),
            (Action.SCHEDULE, LI),
        ):
            act(cursor, held, action, who, now=before, seen=digest, at=eight)
        for action in (Action.CLAIM, Action.ACCEPT):
            act(cursor, held, action, WORKER, now=eight)
    return held


async def in_thread(do: Callable[..., Any], *arguments: Any) -> Any:
    def closing() -> Any:
        try:
            return do(*arguments)
        finally:
            connections.close_all()

    return await asyncio.to_thread(closing)


async def proven(page: str, tail: str = "8326") -> Web:
    browser = Web()
    assert (await browser.post(f"{page}prove/", {"tail": tail}))["Location"] == page
    return browser
