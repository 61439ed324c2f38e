"""What a reply wants done, as writes: one function for each act, all inside the caller's transaction."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

import psycopg

from daxiang.domains.conversation.kept import CONSENT_VERSION, name_for_mark, own_car_json
from daxiang.domains.conversation.meaning import Car
from daxiang.domains.conversation.personal import what_stays
from daxiang.domains.conversation.replies import (
    Evening,
    Forget,
    LeaveMessage,
    Remember,
    Reply,
    SendPicture,
    TakeBack,
    TellMe,
)
from daxiang.domains.conversation.talk import car_json
from daxiang.domains.residents.marks import CarMarks
from daxiang.domains.residents.operations import (
    Resident,
    await_news,
    forget_all,
    forget_car,
    forgetting_talk,
    leave_message,
    own_messages,
    remember_car,
    set_evening,
    take_back_message,
)
from daxiang.foundation.inbox.operations import Statement
from daxiang.foundation.outbox.operations import enqueue
from daxiang.foundation.sealing import Sealer
from daxiang.foundation.settings import Retention
from daxiang.integrations.wechat.picture_delivery import picture_delivery
from daxiang.integrations.wechat.values import Message
from daxiang.kernel.errors import DomainError


class NoWayBack(DomainError):
    """Something was to be sent to a person to whom the platform lets us send nothing."""

    code = "no_way_back"


class _For(NamedTuple):
    """Whose wish it is, and when."""

    connection: psycopg.Connection[Any]
    message: Message
    resident: Resident
    now: datetime


class Performing:
    """Does acts, with the keys that it takes."""

    def __init__(self, *, sealer: Sealer, marks: CarMarks, retention: Retention) -> None:
        self._sealer = sealer
        self._marks = marks
        self._retention = retention

    def perform(
        self,
        connection: psycopg.Connection[Any],
        message: Message,
        resident: Resident,
        reply: Reply,
        now: datetime,
    ) -> tuple[Reply, tuple[Statement, ...]]:
        """Do what the reply wants done. Returns the reply as it holds then, and what is to be written last.

        Raises a `DomainError` with a sentence for the person when it cannot be done.
        """
        whose = _For(connection, message, resident, now)
        match reply.act:
            case Remember(car=car, is_for_evening=is_for_evening):
                self._remember(whose, car)
                if is_for_evening:
                    set_evening(connection, resident, on=True, now=now)
            case Forget(car=None):
                forget_all(connection, resident)
                text = reply.text.replace("{stays}", self._stays(whose))
                return replace(reply, text=text, talk=None), (forgetting_talk(resident),)
            case Forget(car=Car() as car):
                forget_car(connection, resident, mark=self._mark(resident, car))
            case Evening(on=on):
                set_evening(connection, resident, on=on, now=now)
            case LeaveMessage(words=words):
                number = leave_message(connection, resident, words=words, now=now, sealer=self._sealer)
                return replace(reply, text=reply.text.replace("{number}", str(number))), ()
            case TakeBack(number=wanted_number):
                number = take_back_message(connection, resident, number=wanted_number)
                return replace(reply, text=reply.text.replace("{number}", str(number))), ()
            case SendPicture() as wanted:
                self._send_picture(whose, wanted)
            case TellMe(places=places, day=day):
                await_news(connection, resident, places=places, day=day, now=now)
            case act:
                raise NotImplementedError(type(act).__name__)
        return reply, ()

    def _mark(self, resident: Resident, car: Car) -> bytes:
        return self._marks.mark_of(resident.account, resident.person, name_for_mark(car))

    def _stays(self, whose: _For) -> str:
        held = own_messages(whose.connection, whose.resident)
        return what_stays(
            [one.number for one in held],
            [one.number for one in held if one.is_unseen],
            message_days=self._retention.messages_days,
            inbox_days=self._retention.inbox_days,
        )

    def _remember(self, whose: _For, car: Car) -> None:
        remember_car(
            whose.connection,
            whose.resident,
            car=own_car_json(car),
            mark=self._mark(whose.resident, car),
            consent=CONSENT_VERSION,
            now=whose.now,
            sealer=self._sealer,
        )

    def _send_picture(self, whose: _For, wanted: SendPicture) -> None:
        delivery = picture_delivery(
            car_json(wanted.car),
            day=wanted.day,
            message=whose.message,
            account=whose.resident.account,
            person=whose.resident.person,
            now=whose.now,
        )
        if delivery is None:
            raise NoWayBack("图这会儿发不出去。给我发“今天的图”，我再发一次。")
        enqueue(whose.connection, delivery, sealer=self._sealer)
