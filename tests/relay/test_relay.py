"""The relay lane on a real PostgreSQL and a vendor on this machine: asked once, answered once, covered."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from wechatpy.replies import TextReply, TransferCustomerServiceReply

from daxiang.foundation.inbox.deferred import Settled, finish
from daxiang.foundation.inbox.operations import Received, open_answer
from daxiang.foundation.outbox.operations import claim
from daxiang.integrations.wechat.bodies import parse_fields
from daxiang.integrations.wechat.contacts.index import PersonIndex
from daxiang.integrations.wechat.protocol import Incoming
from daxiang.integrations.wechat.replies import text_reply
from daxiang.kernel.clock import SHANGHAI
from daxiang.sites.gateway import relay as relay_module
from daxiang.sites.gateway import vendor as vendor_module
from daxiang.sites.gateway.connections import Connections
from daxiang.sites.gateway.lane import LaneUnavailable
from daxiang.sites.gateway.owed import OwedInPostgres
from daxiang.sites.gateway.relay import RelayLane, Work
from daxiang.sites.gateway.vendor import VendorClient
from tests.inbox.test_inbox import SEALER, conninfo
from tests.relay.accounts import NOW, OPENID, ORIGINAL_ID, incoming, text, vendor
from tests.relay.vendors import Behave, TheirServer, http, says_hello, sealed, their_server

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

AT = datetime.fromtimestamp(NOW, UTC)
COVER = text_reply(to_user=OPENID, from_user=ORIGINAL_ID, created=NOW, content="这句我没看懂，对不住。")


class StoppedClock:
    def now(self) -> datetime:
        return AT


class Process:
    """One gateway process's relay: its own connections, its own memory."""

    def __init__(self, url: str, *, budget_s: float = 2.8, **limits: Any) -> None:
        self.owed = OwedInPostgres(
            account="service",
            connections=Connections(conninfo(), application_name="test-relay"),
            sealer=SEALER,
            index=PersonIndex(b"i" * 32),
            clock=StoppedClock(),
        )
        self.client = VendorClient(vendor(url), **limits)
        self.lane = RelayLane(account="service", vendor=self.client, owed=self.owed, budget_s=budget_s)

    async def say(
        self, body: bytes | None = None, *, cover: bytes = COVER, arrived: float | None = None
    ) -> bytes:
        one = incoming(body)
        return await self.lane.answer(one, received(one), cover, arrived=arrived)

    async def settled(self) -> None:
        """Until nothing is under way here any more."""
        while self.lane._carrying:
            await asyncio.wait(self.lane._carrying)

    async def stop(self) -> None:
        await self.lane.stop()


def received(one: Incoming) -> Received:
    return Received(
        identity=one.message.identity,
        day=one.message.created_at.astimezone(SHANGHAI).date(),
        account="service",
        kind=one.message.kind,
        created_at=one.message.created_at,
        received_at=AT,
        body=one.body,
        answer=b"",
    )


@pytest.fixture
async def theirs() -> AsyncIterator[TheirServer]:
    with psycopg.connect(conninfo(), autocommit=True) as connection:
        connection.execute(
            "TRUNCATE inbox_message, inbox_deferred, outbox_delivery, outbox_move, wechat_contact"
        )
    async with their_server() as server:
        yield server


Start = Callable[..., Process]


@pytest.fixture
async def start(theirs: TheirServer) -> AsyncIterator[Start]:
    """Starts one process more."""
    started: list[Process] = []

    def one(**options: Any) -> Process:
        started.append(Process(options.pop("url", theirs.url), **options))
        return started[-1]

    yield one
    for process in started:
        await process.stop()


def said(answer: bytes) -> str:
    fields = parse_fields(answer)
    assert (fields["ToUserName"], fields["FromUserName"]) == (OPENID, ORIGINAL_ID)
    return fields["Content"]


def kept() -> list[bytes]:
    with psycopg.connect(conninfo()) as connection:
        rows = connection.execute("SELECT identity, answer FROM inbox_message").fetchall()
    return [open_answer(answer, identity=identity, sealer=SEALER) for identity, answer in rows]


def deferred() -> int:
    with psycopg.connect(conninfo()) as connection:
        row = connection.execute("SELECT count(*) FROM inbox_deferred").fetchone()
    assert row is not None
    return int(row[0])


async def late() -> list[dict[str, Any]]:
    """What waits in the outbox, opened."""
    async with await psycopg.AsyncConnection.connect(conninfo(), autocommit=True) as connection:
        rows = await claim(connection, channels=["wechat.custom"], most=10, now=AT, sealer=SEALER)
    return [json.loads(row.payload) for row in rows]


def words(deliveries: list[dict[str, Any]]) -> list[str]:
    assert all(one["openid"] == OPENID for one in deliveries)
    return [one["content"]["text"]["content"] for one in deliveries]


class Gate:
    """Holds the vendor until the test lets it go on."""

    def __init__(self, behave: Behave = says_hello) -> None:
        self.opened = asyncio.Event()
        self._behave = behave

    async def __call__(self, message: Any) -> bytes | None:
        await self.opened.wait()
        return await self._behave(message)


async def resets(_: Any) -> None:
    return None


async def fails(_: Any) -> bytes:
    return http(b"oops", 500)


async def redirects(_: Any) -> bytes:
    return http(b"", 302, b"Location: /elsewhere\r\n")


async def babbles(_: Any) -> bytes:
    return http(b"<html>It works</html>")


async def floods(_: Any) -> bytes:
    return http(b"x" * 70_000)


async def breaks_http(_: Any) -> bytes:
    return b"SMTP 220 hello\r\n\r\n"


async def answers_another(message: Any) -> bytes:
    message._data["FromUserName"] = "oSomebodyElse"
    return sealed(TextReply(content="不是给你的"), message)


async def transfers(message: Any) -> bytes:
    return sealed(TransferCustomerServiceReply(), message)


async def test_the_vendors_answer_comes_back_and_is_kept(start: Start, theirs: TheirServer) -> None:
    answer = await start().say(text(number=7))
    assert said(answer) == "供应商答 7"
    assert (kept(), deferred(), await late(), theirs.seen) == ([answer], 0, [], [7])


@pytest.mark.parametrize("body", [b"", b"success"])
async def test_a_vendor_with_nothing_to_say_is_believed(
    start: Start, theirs: TheirServer, body: bytes
) -> None:
    async def silent(_: Any) -> bytes:
        return http(body)

    theirs.behave = silent
    assert await start().say() == b""
    assert (kept(), deferred(), await late()) == ([b""], 0, [])


@pytest.mark.parametrize(
    "behave",
    [resets, fails, redirects, babbles, floods, breaks_http, answers_another],
    ids=lambda one: one.__name__,
)
async def test_a_failing_vendor_is_covered_at_once_and_not_asked_again(
    start: Start, theirs: TheirServer, behave: Behave
) -> None:
    theirs.behave = behave
    process = start()
    assert await process.say() == await process.say() == COVER
    assert (kept(), deferred(), await late(), theirs.paths) == ([COVER], 0, [], ["/wx"])


async def test_a_vendor_that_is_away_is_covered_at_once(start: Start) -> None:
    assert await start(url="http://127.0.0.1:1/wx").say() == COVER


async def test_a_slow_vendors_answer_goes_out_later_once(start: Start, theirs: TheirServer) -> None:
    theirs.behave = gate = Gate()
    process = start(budget_s=0.05)
    assert await process.say(text(number=7)) == b""
    assert (kept(), deferred()) == ([], 1)
    gate.opened.set()
    await process.settled()
    assert (kept(), deferred(), theirs.seen) == ([b""], 0, [7])
    assert words(await late()) == ["供应商答 7"]


@pytest.mark.parametrize("behave", [resets, fails, babbles], ids=lambda one: one.__name__)
async def test_a_slow_vendor_that_fails_in_the_end_is_covered_later(
    start: Start, theirs: TheirServer, behave: Behave
) -> None:
    theirs.behave = gate = Gate(behave)
    process = start(budget_s=0.05)
    assert await process.say() == b""
    gate.opened.set()
    await process.settled()
    assert (kept(), words(await late())) == ([b""], ["这句我没看懂，对不住。"])


async def test_a_vendor_that_never_answers_is_covered_later(start: Start, theirs: TheirServer) -> None:
    theirs.behave = Gate()
    process = start(budget_s=0.05, limit_s=0.1)
    assert await process.say() == b""
    await process.settled()
    assert words(await late()) == ["这句我没看懂，对不住。"]


async def test_a_transfer_to_staff_is_passed_on_in_time(start: Start, theirs: TheirServer) -> None:
    theirs.behave = transfers
    assert parse_fields(await start().say())["MsgType"] == "transfer_customer_service"


async def test_a_transfer_that_comes_late_is_covered(start: Start, theirs: TheirServer) -> None:
    theirs.behave = gate = Gate(transfers)
    process = start(budget_s=0.05)
    await process.say()
    gate.opened.set()
    await process.settled()
    assert words(await late()) == ["这句我没看懂，对不住。"]


async def test_an_event_that_opens_no_window_gets_nothing_later(start: Start, theirs: TheirServer) -> None:
    head, _, _ = text().partition(b"<MsgType>")
    event = head + b"<MsgType>event</MsgType><Event>VIEW</Event><EventKey>http://a/</EventKey></xml>"
    theirs.behave = gate = Gate()
    process = start(budget_s=0.05)
    assert await process.say(event, cover=b"") == b""
    gate.opened.set()
    await process.settled()
    assert (kept(), deferred(), await late()) == ([b""], 0, [])


async def test_a_repeat_in_this_process_waits_for_the_same_answer(start: Start, theirs: TheirServer) -> None:
    theirs.behave = gate = Gate()
    process = start()
    first, again = asyncio.create_task(process.say()), asyncio.create_task(process.say())
    await theirs.asked.wait()
    gate.opened.set()
    assert await first == await again != b""
    assert theirs.seen == [1]


async def test_a_repeat_in_another_process_gets_the_stored_answer(start: Start, theirs: TheirServer) -> None:
    theirs.behave = gate = Gate()
    first = asyncio.create_task(start().say())
    await theirs.asked.wait()
    again = asyncio.create_task(start().say())
    gate.opened.set()
    assert await first == await again != b""
    assert (theirs.seen, len(kept())) == ([1], 1)


async def test_a_repeat_after_success_is_told_success_everywhere(start: Start, theirs: TheirServer) -> None:
    theirs.behave = gate = Gate()
    process = start(budget_s=0.05)
    assert await process.say() == await process.say() == b""
    gate.opened.set()
    await process.settled()
    assert await start().say() == await process.say() == b""
    assert (theirs.seen, len(await late())) == ([1], 1)


async def test_after_a_kill_the_vendor_is_not_asked_again(
    start: Start, theirs: TheirServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed, one = start(), incoming()
    work = Work(incoming=one, received=received(one), cover=COVER, arrived=time.monotonic())
    assert await killed.owed.claim([work]) == [True]
    monkeypatch.setattr(relay_module, "REPEAT_S", 0.2)
    assert await start().say() == b""
    assert (theirs.seen, deferred()) == ([], 1)


async def test_whoever_settles_first_is_right_and_the_other_adds_nothing(
    start: Start, theirs: TheirServer
) -> None:
    theirs.behave = gate = Gate()
    process = start(budget_s=0.05)
    assert await process.say() == b""
    async with await psycopg.AsyncConnection.connect(conninfo(), autocommit=True) as worker:
        await finish(worker, settled=[Settled(received(incoming()), None)], sealer=SEALER)
    gate.opened.set()
    await process.settled()
    assert (kept(), await late(), deferred()) == ([b""], [], 0)


async def test_what_waited_behind_its_senders_last_message_is_acknowledged_at_once(
    start: Start, theirs: TheirServer
) -> None:
    process = start()
    assert await process.say(arrived=time.monotonic() - 2.9) == b""
    await process.settled()
    assert (words(await late()), theirs.seen) == (["供应商答 1"], [1])


class Owing:
    """The database, which can be away for the claims or for the settling."""

    def __init__(self, owed: OwedInPostgres, *away: str) -> None:
        self._owed = owed
        self.away = set(away)

    async def claim(self, works: Sequence[Work]) -> Sequence[bool]:
        self._reach("claim")
        return await self._owed.claim(works)

    async def settle(self, works: Sequence[Work]) -> Sequence[bytes]:
        self._reach("settle")
        return await self._owed.settle(works)

    async def look(self, works: Sequence[Work]) -> Sequence[bytes | None]:
        return await self._owed.look(works)

    async def close(self) -> None:
        await self._owed.close()

    def _reach(self, what: str) -> None:
        if what in self.away:
            raise psycopg.OperationalError("away")


async def test_a_vendor_is_not_asked_about_what_is_not_durable(
    start: Start, theirs: TheirServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay_module, "DURABLE_S", 0.1)
    process, one = start(), incoming()
    lane = RelayLane(account="service", vendor=process.client, owed=Owing(process.owed, "claim"))
    with pytest.raises(LaneUnavailable):
        await lane.answer(one, received(one), COVER)
    assert theirs.seen == []


async def test_an_answer_that_could_not_be_kept_in_time_goes_out_later_once(
    start: Start, theirs: TheirServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay_module, "DURABLE_S", 0.2)
    process, one = start(), incoming()
    owing = Owing(process.owed, "settle")
    lane = RelayLane(account="service", vendor=process.client, owed=owing, budget_s=0.1)
    with pytest.raises(LaneUnavailable):
        await lane.answer(one, received(one), COVER)
    owing.away.clear()
    monkeypatch.setattr(relay_module, "DURABLE_S", 4.2)
    assert await lane.answer(one, received(one), COVER) == b""
    assert (words(await late()), theirs.seen, deferred()) == (["供应商答 1"], [1], 0)


async def test_after_failures_in_a_row_the_vendor_rests(start: Start, theirs: TheirServer) -> None:
    theirs.behave = fails
    process = start()
    answers = [await process.say(text(number=number)) for number in range(1, 9)]
    assert answers == [COVER] * 8
    assert theirs.seen == [1, 2, 3, 4, 5]


async def test_whoever_finds_the_vendor_busy_for_too_long_is_covered(
    start: Start, theirs: TheirServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay_module, "TURN_S", 0.05)
    monkeypatch.setattr(relay_module, "LAST_TURN_S", 0.05)
    theirs.behave = gate = Gate()
    process = start(at_once=1)
    first = asyncio.create_task(process.say(text(number=1)))
    await theirs.asked.wait()
    assert await process.say(text(number=2)) == COVER
    gate.opened.set()
    assert said(await first) == "供应商答 1"
    assert theirs.seen == [1]


async def test_a_fault_of_our_own_is_covered_too(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    process = start()

    async def breaks(*_: Any, **__: Any) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(process.client, "ask", breaks)
    assert await process.say() == COVER


async def test_nobody_waits_for_a_vendor_that_hangs_with_all_it_has(
    start: Start, theirs: TheirServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vendor_module, "LATE_AFTER_S", 0.0)
    monkeypatch.setattr(relay_module, "TURN_S", 60.0)  # the test's time is over before
    theirs.behave = gate = Gate()
    process = start(at_once=1, late_at_once=0, budget_s=60.0)
    first = asyncio.create_task(process.say(text(number=1)))
    await theirs.asked.wait()
    assert await process.say(text(number=2)) == COVER
    gate.opened.set()
    await first


async def test_the_window_of_a_late_answer_is_opened_in_the_transaction_that_claims_the_message(
    start: Start, theirs: TheirServer
) -> None:
    theirs.behave = gate = Gate()
    waiting = asyncio.create_task(start().say())
    await theirs.asked.wait()
    with psycopg.connect(conninfo()) as connection:
        found = connection.execute(
            "SELECT contact.last_message_at, contact.xmin::text = owed.xmin::text"
            " FROM wechat_contact AS contact, inbox_deferred AS owed"
        ).fetchall()
    assert found == [(AT, True)]
    gate.opened.set()
    await waiting
