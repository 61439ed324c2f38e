"""A reply of the conversation as the platform takes it: one text, its choices below as links."""

from __future__ import annotations

from functools import lru_cache

from daxiang.domains.conversation.replies import Reply
from daxiang.integrations.wechat.replies import Text, text_with_choices


def in_a_bubble(reply: Reply) -> Text:
    """The reply as one passive message."""
    if not reply.choices:
        return Text(content=reply.text)
    return Text(content=reply.text + _below(reply.choices))


@lru_cache(maxsize=256)
def _below(choices: tuple[str, ...]) -> str:
    """The choices as they stand below any text: the text differs with every plate, they do not."""
    return text_with_choices("", choices)
