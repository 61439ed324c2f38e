"""What a message means. Pure: no model, no network, no clock.

The text is brought into one spelling, looked at for danger, cut into pieces by one scan, and the pieces
are read together. What was not read is told (`Asks.unread`): half a question is never taken for a whole one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from daxiang.domains.conversation.meaning import (
    Asks,
    Car,
    Heard,
    InCrash,
    InDanger,
    Intent,
    NotUnderstood,
    Small,
    SmallTalk,
    WantsCar,
    Wish,
)
from daxiang.domains.conversation.understanding.danger import crash_step, danger_of
from daxiang.domains.conversation.understanding.danger import danger_in as danger_in
from daxiang.domains.conversation.understanding.danger import dangers_in as dangers_in
from daxiang.domains.conversation.understanding.english import in_chinese
from daxiang.domains.conversation.understanding.english import may_be_english as may_be_english
from daxiang.domains.conversation.understanding.names import Names as Names
from daxiang.domains.conversation.understanding.names import names_of as names_of
from daxiang.domains.conversation.understanding.normal import bare, normal
from daxiang.domains.conversation.understanding.penalties import asks_penalty
from daxiang.domains.conversation.understanding.reading import read
from daxiang.domains.conversation.understanding.scan import scan
from daxiang.domains.conversation.understanding.small_talk import WORDS as SMALL_WORDS
from daxiang.domains.conversation.understanding.wishes import NO, YES, message_in, taken_back_in
from daxiang.kernel.clock import SHANGHAI
from daxiang.kernel.plates import PROVINCES, PlateUnreadable, read_plate

LONGEST_QUESTION = 120
"""Signs in which a question is asked; what is longer is a story, and nobody's answer in one bubble."""
_CORRECTION = re.compile(
    "(?:不对|错了|说错了)?[, ]*([^是]{0,6})不是([^是,]{1,8}?)[, ]*(?:而是|是)(?!不是)(.+)"
)
"""不是5是6: only what is right counts, and the rest of the question stays."""
_DIGITS: dict[str, Intent] = {digit: Asks(cars=(Car(tail=digit),)) for digit in "0123456789"}
"""What is tapped and typed most of all."""
_WHOLE: dict[str, Intent] = {
    **dict.fromkeys(YES, WantsCar(wish=Wish.YES)),
    **dict.fromkeys((f"{no}{thanks}" for no in NO for thanks in ("谢谢", "")), WantsCar(wish=Wish.NO)),
    "早": SmallTalk(kind=Small.GREETING),
    "单": Asks(cars=(Car(is_odd=True),), leans=True),
    "双": Asks(cars=(Car(is_odd=False),), leans=True),
}
"""Words that mean this only when nothing else is said."""
_AT_ONCE = _DIGITS | {
    word: SmallTalk(kind=kind)
    for word, (_, kind) in SMALL_WORDS.items()
    if isinstance(kind, Small) and kind in (Small.HELP, Small.GREETING, Small.THANKS, Small.BYE)
}
"""One word that is the whole text, as it was typed; `test_alone` holds that the long way reads it alike."""
_PLATE = re.compile(f"[{PROVINCES}][A-Za-z][ ·]?[A-Za-z0-9]{{5,6}}")
_QUESTION_MARKS = re.compile(r"\s*[?？¿\s]+\s*")


def understand(
    text: str, *, now: datetime, names: Names, english: Mapping[str, str] = MappingProxyType({})
) -> Intent:
    """What a text means when it is said at `now` (aware), danger before everything else.

    `english`: the city's places as `in_chinese` takes them.
    """
    first = without_city(text)
    return first if isinstance(first, Intent) else in_city(first, now=now, names=names, english=english)


class Spelt(NamedTuple):
    """A text, and its one spelling (`normal`)."""

    text: str
    line: str


def without_city(text: str) -> Intent | Spelt:
    """What a text means that needs no city's words, danger before everything else; else how it is spelt."""
    if (meant := _AT_ONCE.get(text)) is not None:
        return meant
    if _PLATE.fullmatch(text) and (whole_plate := _plate(text)) is not None:
        return whole_plate
    line = normal(text)
    plain = bare(line)
    if (danger := danger_of(plain, line)) is not None:
        return danger
    if (whole := _WHOLE.get(plain)) is not None:
        return whole
    if asks_penalty(plain):
        return SmallTalk(kind=Small.PENALTY)
    if not plain:
        return SmallTalk(kind=Small.HELP) if _QUESTION_MARKS.fullmatch(text) else NotUnderstood(words=text)
    if (step := crash_step(plain)) is not None:
        return step
    if "留言" in line and (words := message_in(text)):
        return WantsCar(wish=Wish.LEAVE_MESSAGE, words=words)
    if "留言" in line and (number := taken_back_in(line)) is not None:
        return WantsCar(wish=Wish.TAKE_BACK, words=number)
    if len(line) > LONGEST_QUESTION:
        return NotUnderstood(words=text)
    return Spelt(text, line)


def in_city(
    said: Spelt, *, now: datetime, names: Names, english: Mapping[str, str] = MappingProxyType({})
) -> Intent:
    """What a text means that is about driving, or talk; as `understand`."""
    line = in_chinese(said.line, english)
    return _read(said.text, line, now=now.astimezone(SHANGHAI), names=names)


def _plate(text: str) -> Intent | None:
    try:
        return Asks(cars=(Car(plate=read_plate(text)),))
    except PlateUnreadable:
        return None


def _read(text: str, line: str, *, now: datetime, names: Names) -> Intent:
    if "不是" in line and (corrected := _CORRECTION.fullmatch(line)) is not None:
        line = corrected[1] + corrected[3]
        meant = read(scan(line, names), line, now=now, names=names)
        return replace(meant, leans=True) if isinstance(meant, Asks) and not meant.readings else meant
    meant = read(scan(line, names), line, now=now, names=names)
    return NotUnderstood(words=text) if isinstance(meant, NotUnderstood) else meant


def heard(recognition: str, *, now: datetime, names: Names) -> Intent:
    """What a voice message means, by the text that was recognised. Danger comes back as it is."""
    words = recognition.strip().rstrip("。.")
    meant = understand(words, now=now, names=names)
    return meant if isinstance(meant, InDanger | InCrash) else Heard(words=words, meaning=meant)
