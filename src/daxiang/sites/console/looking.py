"""Looking at messages, and being done with them: what is shown or done and its record in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from django.db import connection, transaction

from daxiang.domains.audit.operations import record_deed, record_looks
from daxiang.domains.residents.answering import Case, Step, cases, hold, move, write_answer
from daxiang.domains.residents.operations import see_messages
from daxiang.domains.residents.queries import LeftMessage, Which, left_message, left_messages
from daxiang.foundation.outbox.operations import enqueuing
from daxiang.foundation.sealing import Sealer
from daxiang.integrations.wechat.officer_answer import officer_answer
from daxiang.kernel.errors import DomainError

PAGE = 20
PURPOSE = "处理群众留言"


class NoWayToAnswer(DomainError):
    """The platform takes nothing for that person at present."""

    code: ClassVar[str] = "no_way_to_answer"


class Purpose(StrEnum):
    """Why somebody wants to see a message with its telephone and plate numbers."""

    CALL_BACK = "给留言人回电话"
    FIND_VEHICLE = "核对留言里的车辆"
    HAND_OVER = "转给别的单位办理"


@dataclass(frozen=True, kw_only=True)
class MessagesPage:
    cases: tuple[Case, ...]
    has_more: bool


def look_at_messages(
    *, who: str, before: int | None, which: Which, sealer: Sealer, now: datetime
) -> MessagesPage:
    """The next page of messages below that number, each look of `who` at one of them recorded first. What was
    looked at cannot be taken back any more by whoever left it.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            found = left_messages(cursor, before=before, most=PAGE + 1, sealer=sealer, which=which, who=who)
            shown = tuple(found[:PAGE])
            see_messages(cursor, numbers=[one.number for one in shown], now=now)
            known = cases(cursor, numbers=[one.number for one in shown], sealer=sealer)
        record_looks(
            who=who,
            what="message",
            targets=[str(one.number) for one in shown],
            purpose=PURPOSE,
            at=now,
        )
    return MessagesPage(cases=tuple(known[one.number] for one in shown), has_more=len(found) > PAGE)


def look_at_message(*, who: str, number: int, sealer: Sealer, now: datetime) -> Case | None:
    """One message, masked, with what was done about it; the look is recorded first. None: there is none."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            case = cases(cursor, numbers=[number], sealer=sealer).get(number)
            if case is None:
                return None
            see_messages(cursor, numbers=[number], now=now)
        record_looks(who=who, what="message", targets=[str(number)], purpose=PURPOSE, at=now)
    return case


def look_at_whole_message(
    *, who: str, number: int, purpose: Purpose, sealer: Sealer, now: datetime
) -> LeftMessage | None:
    """One message with nothing masked; the look is recorded first, with its purpose. None: there is none."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            found = left_message(cursor, number=number, sealer=sealer)
            if found is None:
                return None
            see_messages(cursor, numbers=[number], now=now)
        record_looks(who=who, what="message_unmasked", targets=[str(number)], purpose=purpose, at=now)
    return found


def act_on_message(*, who: str, number: int, step: Step, address: str, now: datetime) -> None:
    """Take a message, give it back, or be done with it. Raises `MessageGone`, `MessageHeld`."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            move(cursor, hold(cursor, number), step, who=who, now=now)
        record_deed(who=who, deed=_DEEDS[step], target=str(number), address=address, at=now)


def answer_message(*, who: str, number: int, words: str, address: str, sealer: Sealer, now: datetime) -> None:
    """Send an answer to whoever left the message, and keep it: both or neither. Raises `MessageGone`,
    `MessageHeld`, `NoWayToAnswer`.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            held = hold(cursor, number)
            if held.person is None:
                raise NoWayToAnswer("这位群众撤回了授权，发不到她的微信。留言里有电话的，请打电话。")
            mark = write_answer(cursor, held, words, who=who, now=now, sealer=sealer)
            delivery = officer_answer(
                cursor,
                account=held.account,
                person=held.person,
                words=f"民警回复您的留言（编号{number}）：\n{words}",
                mark=mark,
                now=now,
                sealer=sealer,
            )
            if delivery is None:
                raise NoWayToAnswer(
                    "发不到她的微信：48小时里她没有来过，微信不让我们先开口。留言里有电话的，请打电话；"
                    "她再发消息来，就又能回了。"
                )
            cursor.execute(*enqueuing([delivery], sealer))
        record_deed(who=who, deed="message_answered", target=str(number), address=address, at=now)


_DEEDS = {
    Step.TAKE: "message_taken",
    Step.GIVE_BACK: "message_given_back",
    Step.CLOSE: "message_closed",
}
