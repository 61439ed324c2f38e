"""Looking at messages: what is shown and the record of the look, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from daxiang.domains.audit.operations import record_looks
from daxiang.domains.residents.queries import LeftMessage, left_messages
from daxiang.foundation.sealing import Sealer

PAGE = 20
PURPOSE = "处理群众留言"


@dataclass(frozen=True, kw_only=True)
class MessagesPage:
    messages: tuple[LeftMessage, ...]
    has_more: bool


def look_at_messages(*, who: str, before: int | None, sealer: Sealer, now: datetime) -> MessagesPage:
    """The next page of messages below that number, each look of `who` at one of them recorded first."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            found = left_messages(cursor, before=before, most=PAGE + 1, sealer=sealer)
        shown = tuple(found[:PAGE])
        record_looks(
            who=who,
            what="message",
            targets=[str(one.number) for one in shown],
            purpose=PURPOSE,
            at=now,
        )
    return MessagesPage(messages=shown, has_more=len(found) > PAGE)
