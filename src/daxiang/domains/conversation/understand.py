"""What a message means. Pure: no model, no network, no clock.

Only what is certain is understood: a line with anything more in it than a tail or a plate is not guessed
at, because "明天 5" answered for today would be a wrong answer.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from daxiang.kernel.plates import Plate, PlateKind, PlateUnreadable, read_plate


class Danger(StrEnum):
    """What kind of help is needed first."""

    INJURY = "injury"
    CRASH = "crash"
    FIRE = "fire"
    CRIME = "crime"


@dataclass(frozen=True, kw_only=True)
class Intent:
    """What a message means."""


@dataclass(frozen=True, kw_only=True)
class InDanger(Intent):
    dangers: frozenset[Danger]


@dataclass(frozen=True, kw_only=True)
class AsksByTail(Intent):
    """May this car drive today? With the whole plate where the person gave it."""

    tail: str
    plate: Plate | None = None


@dataclass(frozen=True, kw_only=True)
class GaveLetter(Intent):
    """The tail is a letter; the digit before it decides, and we were not told it."""

    letter: str


@dataclass(frozen=True, kw_only=True)
class PlateNotReadable(Intent):
    """Something that looks like a plate and is none; `advice` says what to do."""

    advice: str


@dataclass(frozen=True, kw_only=True)
class OtherPlate(Intent):
    """A readable plate of a kind whose vehicle we cannot tell from the number (学, 挂, 警 …)."""

    plate: Plate


@dataclass(frozen=True, kw_only=True)
class AsksForHelp(Intent):
    """A greeting, or 帮助."""


@dataclass(frozen=True, kw_only=True)
class GaveThanks(Intent):
    """谢谢."""


@dataclass(frozen=True, kw_only=True)
class NotUnderstood(Intent):
    """Nothing that we are sure of."""


_FIRE = re.compile(r"着火|起火|失火|火灾|冒烟|自燃|烧起来|著火")
_INJURY = re.compile(
    r"受[伤傷]|流血|出血|昏迷|晕倒|人没气|没呼吸|救命|快死|要死人|死人了|撞到人|撞人|撞死|人被压|被碾"
    r"|心脏病|骨折|人没意识"
)
_CRASH = re.compile(
    r"被撞|撞车|撞了|撞上|撞到|相撞|撞我|车撞|追尾|翻车|车祸|車禍|出事故|出了事故|发生事故|交通事故|刮蹭|剐蹭|蹭了"
)
_CRIME = re.compile(r"抢劫|抢车(?!位|道)|持刀|拿刀|砍人|杀人|打人(?!工)|劫持|绑架|跟踪我|威胁我")
_ONLY_TALK = re.compile(r"预防|避免|讲座|课堂")
"""A crash that is only spoken about. It silences nothing graver: an injury is an injury in any sentence."""

_TAIL = re.compile(r"(?:我的)?(?:车牌)?(?:尾号|车尾)?是?([0-9])")
_LETTER = re.compile(r"(?:尾号)?是?([A-Z])")
_LIKE_A_PLATE = re.compile(r"[\u4e00-\u9fff][A-Z][A-Z0-9]{3,7}[\u4e00-\u9fff]{0,2}")
_HELP = frozenset({"帮助", "你好", "您好", "在吗", "HELP", "?", "菜单", "怎么用", "HI", "HELLO"})
_THANKS = frozenset({"谢谢", "谢谢您", "谢谢你", "多谢", "感谢", "谢了"})
_SEPARATORS = re.compile(r"[\s·.。•・\-—_,,、!!~]+")


_CARS = frozenset({PlateKind.ORDINARY, PlateKind.NEW_ENERGY_SMALL})


def dangers_in(text: str) -> frozenset[Danger]:
    """Every danger that a text speaks of; all of their numbers belong on the first line."""
    found = {
        danger
        for danger, pattern in ((Danger.FIRE, _FIRE), (Danger.CRIME, _CRIME), (Danger.INJURY, _INJURY))
        if pattern.search(text)
    }
    if _CRASH.search(text) and not _ONLY_TALK.search(text):
        found.add(Danger.CRASH)
    return frozenset(found)


def understand(text: str) -> Intent:
    """What a message means; danger before everything else."""
    line = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()
    if dangers := dangers_in(line):
        return InDanger(dangers=dangers)
    if match := _TAIL.fullmatch(line):
        return AsksByTail(tail=match[1])
    if match := _LETTER.fullmatch(line):
        return GaveLetter(letter=match[1])
    if _LIKE_A_PLATE.fullmatch(line):
        return _plate(line)
    if line in _HELP:
        return AsksForHelp()
    if line in _THANKS:
        return GaveThanks()
    return NotUnderstood()


def _plate(line: str) -> Intent:
    try:
        plate = read_plate(line)
    except PlateUnreadable as error:
        return PlateNotReadable(advice=str(error))
    if plate.tail_digit is None or plate.kind not in _CARS:
        return OtherPlate(plate=plate)
    return AsksByTail(tail=plate.tail_digit, plate=plate)
