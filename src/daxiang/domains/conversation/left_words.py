"""Which words are for the officers, while theirs are awaited. Pure.

In doubt they are the message: it has a number and can be taken back, and a question is soon asked again.
"""

from __future__ import annotations

import re

from daxiang.domains.conversation.meaning import (
    Asks,
    Heard,
    Intent,
    SentPlace,
    Small,
    SmallTalk,
    WantsCar,
    Wish,
)
from daxiang.domains.conversation.understanding.normal import bare, normal

LONGEST_BARE = 12
"""Letters, figures and Hanzi of what is certainly a question or a wish: 那周六呢, 尾号5明天能走吗."""
LONGEST_CALL = 4
"""Of what only calls for the officers: 我要投诉, 提个建议."""
_REACHABLE = re.compile("[0-9]{7}")
"""A telephone number: nobody asks with it."""
_NO_MESSAGE = {Small.THANKS, Small.GREETING, Small.BYE, Small.HELP, Small.HUMAN}
"""Alone they say nothing that an officer could act on."""


def may_be_message(intent: Intent, words: str) -> bool:
    """Whether `words`, which mean `intent`, are the message where one is awaited: no bare question, no wish
    (不用了, 撤回留言, 忘记), no bare thanks. Danger is looked for before.
    """
    if isinstance(intent, Heard):
        intent = intent.meaning
    if not words.strip() or isinstance(intent, SentPlace):
        return False
    if isinstance(intent, WantsCar) and intent.words:
        return False  # 留言：… and 撤回留言 1003 are whole as they stand
    line = bare(normal(words))
    if len(line) > LONGEST_BARE or _REACHABLE.search(line):
        return True
    return not _is_no_message(intent, line)


def _is_no_message(intent: Intent, line: str) -> bool:
    if isinstance(intent, Asks):
        return not (intent.unread or intent.is_cut)
    if isinstance(intent, WantsCar) and intent.wish is Wish.LEAVE_MESSAGE:
        return "留言" in line or len(line) <= LONGEST_CALL  # 建议大桥早上放开 is one already
    return isinstance(intent, WantsCar) or (isinstance(intent, SmallTalk) and intent.kind in _NO_MESSAGE)
