"""What is said to a photo, a video, a link, a file: nobody can look at it here yet."""

from __future__ import annotations

from daxiang.domains.conversation import texts
from daxiang.domains.conversation.facts import Feature
from daxiang.domains.conversation.replies import Reply, ReplyKind
from daxiang.domains.restrictions.queries import load_city

_UNSEEN = "有人受伤：马上打120，再打122。\n照片、视频、链接、文件我这里还看不了，"
UNSEEN = f"{_UNSEEN}请用一句话告诉我：\n出了事故，说“撞车了”；问怎么过江，发车牌的最后一位。"
UNSEEN_DESK = "要给民警看的，说“给民警留言”，写清是哪里、什么事。"
UNSEEN_INSIDE = f"{_UNSEEN}请打字。"
"""Whatever is neither words, nor speech, nor a place: it may be the photo of a crash."""


def reply_to_unseen(*, account_kind: str, city: str, features: frozenset[str] = frozenset()) -> Reply:
    """To a photo, a video, a link, a file: nobody can look at it here, so what to do is said at once."""
    if account_kind == "subscription":
        stranger = texts.stranger(load_city(city).accounts["service"]).removesuffix(texts.EMERGENCY_LINE)
        return Reply(kind=ReplyKind.TALK, text=f"{UNSEEN_INSIDE}\n{stranger}".rstrip())
    if Feature.MESSAGE not in features:
        return Reply(kind=ReplyKind.TALK, text=UNSEEN, choices=("撞车了",))
    text = f"{UNSEEN}\n{UNSEEN_DESK}"
    return Reply(kind=ReplyKind.TALK, text=text, choices=("撞车了", "给民警留言"))
