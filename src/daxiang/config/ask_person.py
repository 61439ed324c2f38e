"""What `daxiang ask` takes from a copy that is up: the cards in force, the asker's state; and with `--commit`
what the gateway would write.
"""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any
from xml.sax.saxutils import escape

import psycopg
import structlog

from daxiang.domains.conversation.answer import Reply
from daxiang.domains.residents.operations import Resident
from daxiang.domains.residents.queries import NOBODY, read_state
from daxiang.domains.restrictions.generations.watch import Watch
from daxiang.foundation.database.url import database_url
from daxiang.foundation.demo import with_demo_values
from daxiang.foundation.environment import Environment
from daxiang.foundation.inbox.operations import Received
from daxiang.foundation.sealing import Sealer
from daxiang.foundation.settings import Settings, read_home, read_settings
from daxiang.integrations.wechat.acts import Act, Sender, Told, carry_out
from daxiang.integrations.wechat.bodies import Format
from daxiang.integrations.wechat.contacts.index import PersonIndex
from daxiang.integrations.wechat.conversing import Conversation, conversation_of
from daxiang.integrations.wechat.reading import read_message
from daxiang.integrations.wechat.replies import PassiveReply, render
from daxiang.integrations.wechat.values import Message
from daxiang.kernel.clock import SHANGHAI
from daxiang.kernel.errors import DomainError

Connection = psycopg.Connection[Any]


class DatabaseAway(DomainError):
    """The database cannot be reached, so nothing was done. Start the copy, or look at DATABASE_URL."""

    code = "database_away"


def installed() -> Settings | None:
    """The settings of the copy in this home; None where nobody has set one up. Writes nothing."""
    env = Environment(os.environ)
    if env.text("DAXIANG_DATA_KEYS") is None and not (read_home() / "demo.json").exists():
        return None
    return read_settings(with_demo_values())


@contextmanager
def reached(settings: Settings) -> Iterator[Connection | None]:
    """A connection to its database, with the cards in force there adopted; None when it is away."""
    url = database_url(settings)
    try:
        connection = psycopg.connect(url, autocommit=True, connect_timeout=2, application_name="daxiang-ask")
    except psycopg.OperationalError:
        yield None
        return
    with connection:
        try:
            with _told_on_standard_error():
                Watch(lambda: url, folder=settings.home / "packs").look(connection)
        except psycopg.errors.UndefinedTable:  # not migrated yet: the carried pack holds
            yield None
            return
        yield connection


_NOBODY = "nobody"
"""Who asks where no --openid was given: a message without a sender is none."""


@contextmanager
def _told_on_standard_error() -> Iterator[None]:
    """Lines about what goes on, which would else stand before the answer."""
    before = structlog.get_config()
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    try:
        yield
    finally:
        structlog.configure(**before)


class Asker:
    """One person who asks this copy, at one account, at one instant."""

    def __init__(self, settings: Settings, *, account: str, openid: str | None, now: datetime) -> None:
        self._settings = settings
        self._account = account
        self._openid = openid
        self._now = now
        self._sealer = Sealer(settings.data_keys)
        self._conversation: Conversation = conversation_of(settings, self._sealer)

    def reply(self, text: str, connection: Connection | None) -> Reply:
        """What the chat would say; the state is read where the database is up. Writes nothing."""
        message = read_message(self._body(text))
        asked = self._conversation.asked(message, now=self._now)
        assert asked is not None  # noqa: S101 (a text is always the conversation's)
        state = NOBODY
        if connection is not None and self._openid is not None:
            state = read_state(connection, self._resident(), sealer=self._sealer)
        reply = self._conversation.reply(asked, account=self._account, now=self._now, state=state)
        return replace(reply, text=reply.text.replace("{number}", "……"))

    def commit(self, text: str, connection: Connection) -> Reply:
        """Do what the gateway would do for this text, and give the reply that is kept with it."""
        body = self._body(text)
        message = read_message(body)
        replies: list[Reply] = []

        def operation(connection: Connection, message: Message, sender: Sender, now: datetime) -> Told:
            done = self._conversation.conversed(connection, message, sender, now)
            assert done is not None  # noqa: S101 (a text is always the conversation's)
            replies.append(done.reply)
            return done.told

        resident = self._resident()
        act = Act(
            message=message,
            received=_received(message, body, account=self._account, now=self._now),
            sender=Sender(account=resident.account, person=resident.person),
            operation=operation,
            now=self._now,
        )
        rendered = partial(_rendered, message)
        carry_out(connection, act, sealer=self._sealer, render=rendered, is_passive=lambda: True)
        return replies[-1]

    def _resident(self) -> Resident:
        index = PersonIndex(self._settings.index_key)
        return Resident(self._account, index.person_of(self._account, self._openid or ""))

    def _body(self, text: str) -> bytes:
        """The message as the platform would bring it, with a number of its own."""
        to_user = self._settings.accounts[self._account].original_id
        return (
            f"<xml><ToUserName>{escape(to_user)}</ToUserName>"
            f"<FromUserName>{escape(self._openid or _NOBODY)}</FromUserName>"
            f"<CreateTime>{int(self._now.timestamp())}</CreateTime><MsgType>text</MsgType>"
            f"<Content>{escape(text)}</Content><MsgId>{secrets.randbits(62)}</MsgId></xml>"
        ).encode()


def _received(message: Message, body: bytes, *, account: str, now: datetime) -> Received:
    day = message.created_at.astimezone(SHANGHAI).date()
    return Received(message.identity, day, account, message.kind, message.created_at, now, body, b"")


def _rendered(message: Message, reply: PassiveReply | None) -> bytes:
    if reply is None:
        return b""
    created = int(message.created_at.timestamp())
    return render(
        reply, to_user=message.from_user, from_user=message.to_user, created=created, format=Format.XML
    )
