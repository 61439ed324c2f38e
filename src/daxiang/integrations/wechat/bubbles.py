"""A reply of the conversation as the platform takes it: one text, its choices below as links."""

from __future__ import annotations

from functools import lru_cache

from daxiang.domains.conversation.replies import Reply
from daxiang.integrations.wechat.replies import Text, text_with_choices


def in_a_bubble(reply: Reply) -> Text:
    """The reply as one passive message."""
    if not reply.choices:
        return Text(content=reply.text)
    return Text(content=_with_choices(reply.text, reply.choices))


@lru_cache(maxsize=256)
def _with_choices(text: str, choices: tuple[str, ...]) -> str:
    return text_with_choices(text, choices)
