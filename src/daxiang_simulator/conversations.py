"""What a person does with an account, what comes of it, and the record of both in one transaction."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from .accounts import Account
from .bodies import Tree
from .callbacks import CallbackSender, Exchange, Outcome
from .clock import SharedClock
from .feed import Feed
from .messages import Message, event_fields
from .metrics import Metrics
from .people import NoSuchPerson, Person
from .platform.followers import Followers
from .received import Numbers, received_row
from .store import Statement, Store
from .truth import Kind, truth_row

FAULT = "该公众号提供的服务出现故障，请稍后再试"
"""The platform's own sentence, word for word."""


class NotFollowing(Exception):
    """The person does not follow the account, so nothing can be sent to it."""


class Conversations:
    """The platform between people and accounts. What one person does is done in order."""

    def __init__(
        self,
        *,
        store: Store,
        clock: SharedClock,
        sender: CallbackSender,
        metrics: Metrics,
        numbers: Numbers,
        followers: Followers,
        feed: Feed,
    ) -> None:
        self._store = store
        self._clock = clock
        self._sender = sender
        self._metrics = metrics
        self._numbers = numbers
        self._followers = followers
        self._feed = feed

    async def load(self) -> None:
        """Go on numbering after the greatest number in the store."""
        rows = await self._store.read(
            "SELECT coalesce(max(id), 0) FROM (SELECT id FROM message UNION ALL SELECT id FROM received)"
        )
        self._numbers.go_on_after(rows[0][0])

    async def send(
        self,
        person: Person,
        account: Account,
        *,
        kind: str,
        fields: Tree,
        windows: tuple[str, ...] = ("message",),
    ) -> dict[str, Any]:
        """Send a message or let an event happen, and wait for what comes of it. Raises NotFollowing.

        `windows` are those that this act opens for the account's own messages.
        """
        async with person.in_order:
            if account.name not in person.following:
                raise NotFollowing(account.display_name)
            for window in windows:
                self._followers.open_window(account, person, window, at=self._clock.now())
            return await self._carry(person, account, self._message(person, account, kind, fields))

    async def follow(
        self,
        person: Person,
        account: Account,
        *,
        scene: str = "ADD_SCENE_SEARCH",
        qr: dict[str, Any] | None = None,
        event: Tree | None = None,
    ) -> dict[str, Any]:
        """Follow the account, which hears of it; a second time changes nothing and says so.

        `event` replaces the plain subscription of somebody who scanned a QR code.
        """
        async with person.in_order:
            if account.name in person.following:
                return _result(None, None) | {"already": True}
            statement = ("INSERT INTO following (user, account) VALUES (?, ?)", (person.user, account.name))
            self._followers.came(account, person, at=self._clock.now(), scene=scene, qr=qr)
            await self._turn(person, account, Kind.FOLLOWED, statement)
            person.following.add(account.name)
            happened = self._message(person, account, "event", event or event_fields("subscribe"))
            return await self._carry(person, account, happened)

    async def unfollow(self, person: Person, account: Account) -> dict[str, Any]:
        """Leave the account. It hears of it, but whatever it answers reaches nobody."""
        async with person.in_order:
            if account.name not in person.following:
                return _result(None, None) | {"already": True}
            statement = ("DELETE FROM following WHERE user = ? AND account = ?", (person.user, account.name))
            self._followers.left(account, person)
            await self._turn(person, account, Kind.UNFOLLOWED, statement)
            person.following.discard(account.name)
            event = self._message(person, account, "event", event_fields("unsubscribe", None))
            return await self._carry(person, account, event, is_listening=False)

    async def tell(self, account: Account, person: Person | None, fields: Tree, *, openid: str = "") -> None:
        """Bring the account an event of the platform's own, such as the end of a mass send.

        It is about a person, or about nobody in particular; whatever the service answers reaches nobody.
        """
        message = self._message(person, account, "event", fields, openid=openid)
        await self._carry(person, account, message, is_listening=False, origin="platform")

    async def _turn(self, person: Person, account: Account, kind: Kind, statement: Statement) -> None:
        if person.forgotten:
            raise NoSuchPerson(person.user)
        facts = _facts(person, account)
        await self._store.write(statement, truth_row(kind, at=self._clock.now(), **facts))

    def _message(
        self, person: Person | None, account: Account, kind: str, fields: Tree, *, openid: str = ""
    ) -> Message:
        return Message(
            msg_id=self._numbers.next(),
            kind=kind,
            openid=person.openid(account) if person else openid,
            created=int(self._clock.now()),
            fields=fields,
            is_event=kind == "event",
        )

    async def _carry(
        self,
        person: Person | None,
        account: Account,
        message: Message,
        *,
        is_listening: bool = True,
        origin: str = "person",
    ) -> dict[str, Any]:
        recorder = self._recorder(person, account, message, origin)
        exchange = await self._sender.deliver(account, message, recorder)
        _still_here(person)
        if exchange.outcome is Outcome.ANSWERED and not is_listening:
            exchange = _unheard(exchange)
        await self._store.write(*self._ending(person, account, message, exchange, is_listening=is_listening))
        self._metrics.count(exchange)
        if person:
            self._feed.wake([(person.user, account.name)])
        return _result(message, exchange)

    def _recorder(
        self, person: Person | None, account: Account, message: Message, origin: str
    ) -> Callable[[int], Awaitable[None]]:
        """Writes each try before it leaves, the first one together with the message itself."""
        facts = _facts(person, account, message)

        async def record(number: int) -> None:
            _still_here(person)
            row = truth_row(Kind.SENT, at=self._clock.now(), **facts, **{"try": number})
            first = [_message_row(person, account, message, origin)] if number == 1 else []
            await self._store.write(*first, row)
            if first and person:
                self._feed.wake([(person.user, account.name)])

        return record

    def _ending(
        self,
        person: Person | None,
        account: Account,
        message: Message,
        exchange: Exchange,
        *,
        is_listening: bool,
    ) -> list[Statement]:
        """What is written once all tries are over: the outcome, what the person sees, the truth of it."""
        at, facts = self._clock.now(), _facts(person, account, message)
        told = (exchange.outcome.value, exchange.tries)
        attempts = json.dumps(exchange.attempts, ensure_ascii=False)
        rows: list[Statement] = [
            (
                _ENDED,
                (*told, exchange.elapsed_ms, exchange.request, exchange.response, attempts, message.msg_id),
            )
        ]
        rows += [
            truth_row(Kind.FAILED, at=at, **facts, **{"try": number}, reason=reason)
            for number, reason in enumerate(exchange.failures, 1)
        ]
        shown = exchange.reply
        if exchange.outcome is Outcome.SERVICE_ERROR and is_listening:
            shown = {"kind": "service_error", "content": FAULT}
        if person is not None and shown is not None and shown["kind"] == "transfer_customer_service":
            self._followers.wait_for_agent(account, person, at=at)
            shown = None
        if shown is not None and person is not None:
            number = self._numbers.next()
            rows.append(received_row(number, person, account, at=at, shown=shown, answers_to=message.msg_id))
        rows.append(truth_row(_ENDINGS[exchange.outcome], at=at, **facts, reply=exchange.reply))
        return rows


_ENDED = """UPDATE message SET outcome = ?, tries = ?, elapsed_ms = ?, request = ?, response = ?, attempts = ?
WHERE id = ?"""
_ENDINGS = {
    Outcome.ANSWERED: Kind.DELIVERED,
    Outcome.EMPTY: Kind.EMPTY,
    Outcome.SERVICE_ERROR: Kind.SERVICE_ERROR,
}


def _still_here(person: Person | None) -> None:
    """Raises NoSuchPerson when the simulator was reset while we waited."""
    if person is not None and person.forgotten:
        raise NoSuchPerson(person.user)


def _message_row(person: Person | None, account: Account, message: Message, origin: str) -> Statement:
    """The row of a message as it leaves the phone, or of an event as it leaves the platform."""
    columns = "id, user, account, kind, is_event, words, at, body, origin"
    body = json.dumps(message.fields, ensure_ascii=False)
    what = (message.kind, message.is_event, message.words(), message.created, body, origin)
    return (
        f"INSERT INTO message ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 (fixed columns)
        (message.msg_id, person.user if person else "", account.name, *what),
    )


def _facts(person: Person | None, account: Account, message: Message | None = None) -> dict[str, Any]:
    facts: dict[str, Any] = {"user": person.user if person else None, "account": account.name}
    facts["openid"] = person.openid(account) if person else None
    if message is not None:
        facts |= {"id": str(message.msg_id), "msg_id": _public_id(message), "msg_type": message.kind}
        facts |= {"words": message.words(), "create_time": message.created}
    return facts


def _public_id(message: Message) -> str | None:
    """MsgId as the service saw it, as text because JavaScript's numbers end at 53 bits; an event has none."""
    return None if message.is_event else str(message.msg_id)


def _unheard(exchange: Exchange) -> Exchange:
    """An answer to somebody who has left: the platform takes it for an acknowledgement."""
    return replace(exchange, outcome=Outcome.EMPTY, reply=None)


def _result(message: Message | None, exchange: Exchange | None) -> dict[str, Any]:
    """What the API says of a message that was sent; without one, of an act that was already done."""
    return {
        "reply": exchange.reply if exchange else None,
        "tries": exchange.tries if exchange else 0,
        "elapsed_ms": exchange.elapsed_ms if exchange else 0,
        "outcome": (exchange.outcome if exchange else Outcome.EMPTY).value,
        "msg_id": _public_id(message) if message else None,
    }
