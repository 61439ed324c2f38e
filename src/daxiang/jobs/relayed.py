"""The cover for a message whose relay is gone: the vendor may have seen it, so nobody asks it again."""

from __future__ import annotations

from datetime import datetime

from daxiang.domains.conversation.queries import reply_to_text
from daxiang.domains.conversation.unseen import reply_to_unseen
from daxiang.foundation.outbox.operations import Delivery
from daxiang.foundation.settings import Account
from daxiang.integrations.wechat.conversing import is_unseen
from daxiang.integrations.wechat.late import late_answer
from daxiang.integrations.wechat.messages import TextMessage
from daxiang.integrations.wechat.relayed import as_customer_service
from daxiang.integrations.wechat.replies import Text, text_with_choices
from daxiang.integrations.wechat.values import Message


def cover_delivery(
    message: Message, *, account: Account, person: bytes, city: str, now: datetime
) -> Delivery | None:
    """What the conversation says where there is no vendor, for the outbox; None where it says nothing (to an
    event) or the person can no longer be written to.
    """
    if is_unseen(message):
        reply = reply_to_unseen(account_kind=account.kind, city=city)
    elif isinstance(message, TextMessage):
        reply = reply_to_text(message.content, account_kind=account.kind, city=city, at=now)
    else:
        return None
    content = as_customer_service(Text(content=text_with_choices(reply.text, reply.choices)))
    if content is None:
        return None
    return late_answer(content, message=message, account=account.name, person=person, now=now)
