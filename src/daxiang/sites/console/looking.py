"""Looking at messages, and being done with them: what is shown or done and its record in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import connection, transaction

from daxiang.domains.audit.operations import record_deed, record_looks
from daxiang.domains.residents.operations import close_message, see_messages
from daxiang.domains.residents.queries import LeftMessage, left_message, left_messages
from daxiang.foundation.sealing import Sealer

PAGE = 20
PURPOSE = "处理群众留言"


class Purpose(StrEnum):
    """Why somebody wants to see a message with its telephone and plate numbers."""

    CALL_BACK = "给留言人回电话"
    FIND_VEHICLE = "核对留言里的车辆"
    HAND_OVER = "转给别的单位办理"


@dataclass(frozen=True, kw_only=True)
class MessagesPage:
    messages: tuple[LeftMessage, ...]
    has_more: bool


def look_at_messages(*, who: str, before: int | None, sealer: Sealer, now: datetime) -> MessagesPage:
    """The next page of messages below that number, each look of `who` at one of them recorded first. What was
    looked at cannot be taken back any more by whoever left it.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            found = left_messages(cursor, before=before, most=PAGE + 1, sealer=sealer)
            shown = tuple(found[:PAGE])
            see_messages(cursor, numbers=[one.number for one in shown], now=now)
        record_looks(
            who=who,
            what="message",
            targets=[str(one.number) for one in shown],
            purpose=PURPOSE,
            at=now,
        )
    return MessagesPage(messages=shown, has_more=len(found) > PAGE)


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


def done_with_message(*, who: str, number: int, address: str, now: datetime) -> bool:
    """The officers are done with a message. False when it was so already, or is gone."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            is_done = close_message(cursor, number=number, now=now)
        if is_done:
            record_deed(who=who, deed="message_closed", target=str(number), address=address, at=now)
    return is_done
