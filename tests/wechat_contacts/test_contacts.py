"""Contacts on a real PostgreSQL: found without being named, moved forward only, forgotten on demand."""

from __future__ import annotations

import asyncio
import hmac
import random
import re
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st

from daxiang.foundation.inbox.operations import keep_messages
from daxiang.foundation.sealing import SealBroken, Sealer
from daxiang.integrations.wechat.contacts.index import PersonIndex
from daxiang.integrations.wechat.contacts.models import Contact
from daxiang.integrations.wechat.contacts.operations import Touch, forget_contact, open_openid, touching
from daxiang.integrations.wechat.contacts.sql import STATEMENTS, TOUCH_CONTACTS
from tests.inbox.test_inbox import conninfo, message

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

SEALER = Sealer({"k1": b"1" * 32})
INDEX = PersonIndex(b"2" * 32)
DAY = datetime(2026, 11, 24, 8, tzinfo=UTC)
KINDS = ("text", "event:subscribe", "event:unsubscribe", "event:SCAN", "event:CLICK")


def touch(person: int, kind: str = "text", second: int = 0) -> Touch:
    openid = f"oInventedOpenid{person}"
    at = DAY + timedelta(seconds=second)
    return Touch("service", INDEX.person_of("service", openid), openid, kind, at)


@pytest.fixture
async def connection() -> AsyncIterator[psycopg.AsyncConnection[Any]]:
    async with await psycopg.AsyncConnection.connect(conninfo(), autocommit=True) as opened:
        await opened.execute("TRUNCATE inbox_message, wechat_contact")
        yield opened


async def write(connection: psycopg.AsyncConnection[Any], touches: Sequence[Touch]) -> None:
    await connection.execute(TOUCH_CONTACTS, touching(touches, SEALER), prepare=True)


async def rows(connection: psycopg.AsyncConnection[Any]) -> list[tuple[Any, ...]]:
    cursor = await connection.execute(
        "SELECT person, followed_at, unfollowed_at, last_message_at, last_click_at, last_click_kind"
        " FROM wechat_contact ORDER BY person"
    )
    return await cursor.fetchall()


async def openid_in(connection: psycopg.AsyncConnection[Any]) -> Any:
    cursor = await connection.execute("SELECT openid FROM wechat_contact")
    row = await cursor.fetchone()
    assert row is not None
    return row[0]


@given(key=st.binary(min_size=32, max_size=32), account=st.text(max_size=9), openid=st.text(max_size=40))
def test_the_index_is_the_standard_hmac_under_a_derived_key(key: bytes, account: str, openid: str) -> None:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"daxiang wechat contact index v1").derive(
        key
    )
    wanted = hmac.digest(derived, f"{account}\0{openid}".encode(), "sha256")
    assert PersonIndex(key).person_of(account, openid) == wanted


def test_the_same_openid_at_two_accounts_is_not_one_person() -> None:
    assert INDEX.person_of("service", "o1") != INDEX.person_of("subscription", "o1")


@pytest.mark.parametrize("seed", range(5))
async def test_any_order_and_any_grouping_of_events_comes_to_the_latest_moments(
    connection: psycopg.AsyncConnection[Any], seed: int
) -> None:
    rng = random.Random(seed)
    touches = [touch(rng.randrange(5), rng.choice(KINDS), rng.randrange(1000)) for _ in range(80)]
    left = rng.sample(touches * 2, 160)  # each twice: repeats
    while left:
        size = rng.randrange(1, 20)
        await write(connection, left[:size])
        left = left[size:]
    found = {row[0]: row[1:5] for row in await rows(connection)}
    assert found == latest(touches)


def latest(touches: Sequence[Touch]) -> dict[bytes, tuple[datetime | None, ...]]:
    """Each moment by its definition, one person and one kind at a time."""

    def newest(person: bytes, kinds: set[str]) -> datetime | None:
        return max((one.at for one in touches if one.person == person and one.kind in kinds), default=None)

    return {
        person: (
            newest(person, {"event:subscribe"}),
            newest(person, {"event:unsubscribe"}),
            newest(person, {"text"}),
            newest(person, {"event:subscribe", "event:SCAN", "event:CLICK"}),
        )
        for person in {one.person for one in touches}
    }


async def test_two_writers_that_touch_the_same_people_in_opposite_order_both_finish(
    connection: psycopg.AsyncConnection[Any],
) -> None:
    async with await psycopg.AsyncConnection.connect(conninfo(), autocommit=True) as other:
        for round_ in range(20):
            touches = [touch(number, second=round_) for number in range(100)]
            await asyncio.gather(write(connection, touches), write(other, touches[::-1]))
    assert len(await rows(connection)) == 100


async def test_messages_and_contacts_become_durable_together_or_not_at_all(
    connection: psycopg.AsyncConnection[Any],
) -> None:
    impossible = (TOUCH_CONTACTS, {**touching([touch(1)], SEALER), "click_kinds": None, "persons": None})
    with pytest.raises(psycopg.errors.IntegrityError):
        await keep_messages(connection, messages=[message(1)], sealer=SEALER, along=[impossible])
    cursor = await connection.execute("SELECT count(*) FROM inbox_message")
    assert await cursor.fetchone() == (0,)
    along = [(TOUCH_CONTACTS, touching([touch(1)], SEALER))]
    await keep_messages(connection, messages=[message(1)], sealer=SEALER, along=along)
    cursor = await connection.execute(
        "SELECT (SELECT xmin FROM inbox_message)::text = (SELECT xmin FROM wechat_contact)::text"
    )
    assert await cursor.fetchone() == (True,)


async def test_the_openid_is_sealed_and_opens_only_for_its_person(
    connection: psycopg.AsyncConnection[Any],
) -> None:
    await write(connection, [touch(1)])
    sealed = await openid_in(connection)
    assert b"oInvented" not in sealed
    assert open_openid(sealed, person=touch(1).person, sealer=SEALER) == "oInventedOpenid1"
    with pytest.raises(SealBroken):
        open_openid(sealed, person=touch(2).person, sealer=SEALER)


async def test_whoever_withdrew_consent_is_forgotten_until_a_later_follow(
    connection: psycopg.AsyncConnection[Any],
) -> None:
    await write(connection, [touch(1, "event:subscribe", 0)])
    with psycopg.connect(conninfo(), autocommit=True) as other:
        at = DAY + timedelta(seconds=10)
        forget_contact(other, account="service", person=touch(1).person, at=at, now=at)
    await write(connection, [touch(1, "text", 20), touch(1, "event:subscribe", 5)])
    forgotten = await openid_in(connection)
    await write(connection, [touch(1, "event:subscribe", 30)])
    assert (forgotten, await openid_in(connection) is None) == (None, False)


def test_the_model_says_what_the_table_holds() -> None:
    with psycopg.connect(conninfo(), autocommit=True) as opened:
        opened.execute("TRUNCATE wechat_contact")
        opened.execute(TOUCH_CONTACTS, touching([touch(1, "event:subscribe")], SEALER))
    held = Contact.objects.get(account="service", person=touch(1).person)
    assert (held.followed_at, held.last_click_kind, held.last_message_at) == (DAY, "follow", None)


@pytest.mark.parametrize("name", STATEMENTS)
def test_every_raw_statement_prepares_on_this_server(name: str) -> None:
    names = list(dict.fromkeys(re.findall(r"%\((\w+)\)s", STATEMENTS[name])))
    text = re.sub(r"%\((\w+)\)s", lambda match: f"${names.index(match[1]) + 1}", STATEMENTS[name])
    with psycopg.connect(conninfo(), autocommit=True) as opened:
        result = opened.pgconn.prepare(b"checked", text.encode())
    assert result.error_message == b""
