"""Judges every reply after the clock has stopped: status, signature, seal, addressee, words, doubles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from bench.gateway import crypt
from bench.gateway.client import Answer
from bench.gateway.crypt import Account, ReplyWrong
from bench.gateway.messages import Asked

Expected = Callable[[str], str]
"""What must stand in the answer to a text."""


@dataclass(kw_only=True)
class Judged:
    """What was found wrong, by kind, and what each message was answered."""

    wrong: Counter[str] = field(default_factory=Counter)
    first_wrong: str = ""
    replies: dict[int, set[bytes]] = field(default_factory=dict)
    """MsgId -> the different right answers it got, decrypted; empty: it was asked and never answered."""

    @property
    def doubled(self) -> int:
        """Messages answered in two ways. A repeat must get the stored answer, the same to the last byte (the
        seal around it is new each time, so the plain replies are compared).
        """
        return sum(len(different) > 1 for different in self.replies.values())

    @property
    def never(self) -> int:
        """Messages that got no right answer to any of their deliveries."""
        return sum(not different for different in self.replies.values())

    @property
    def messages(self) -> int:
        """Different messages that were sent and came back with anything."""
        return len(self.replies)


def judge(
    answers: Iterable[Answer], asked: Sequence[Asked], *, account: Account, expected: Expected
) -> Judged:
    judged = Judged()
    for answer in answers:
        message = asked[answer.index]
        given = judged.replies.setdefault(message.number, set())
        try:
            given.add(_right(answer, message, account, expected))
        except ReplyWrong as wrong:
            judged.wrong[str(wrong)] += 1
            shown = wrong.plain or answer.body
            judged.first_wrong = (
                judged.first_wrong or f"{message.text}: {shown[:400].decode(errors='replace')}"
            )
    return judged


def _right(answer: Answer, message: Asked, account: Account, expected: Expected) -> bytes:
    """The plain reply, if everything about it is right; raises `ReplyWrong`."""
    if answer.status != 200:
        raise ReplyWrong(f"status {answer.status}")
    if answer.body.strip() in {b"", b"success"}:
        raise ReplyWrong("empty")
    try:
        plain = account.open_reply(answer.body)
    except ValueError as error:
        raise ReplyWrong("unreadable") from error
    if crypt.field(plain, b"ToUserName") != message.openid.encode():
        raise ReplyWrong("addressee")
    if crypt.field(plain, b"FromUserName") != account.original_id.encode():
        raise ReplyWrong("sender")
    if expected(message.text).encode() not in (crypt.field(plain, b"Content") or b""):
        raise ReplyWrong("words", plain)
    return plain
