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
    danger: Danger


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


_FIRE = re.compile(r"着火|起火|失火|火灾|冒烟|自燃|烧起来")
_INJURY = re.compile(
    r"受伤|流血|出血|昏迷|晕倒|没气|没呼吸|救命|快死|要死人|死人了|撞到人|撞人|人被压|被碾|心脏病|骨折|人没意识"
)
_CRASH = re.compile(
    r"被撞|撞车|撞了|撞上|追尾|翻车|出车祸|车祸|出事故|出了事故|发生事故|交通事故|刮蹭|剐蹭|蹭了"
)
_CRIME = re.compile(r"抢劫|抢车|持刀|拿刀|砍人|杀人|打人|劫持|绑架|跟踪我|威胁我")
_HARMLESS = re.compile(r"(怎么|如何)(处理|预防|避免)|预防|讲座|新闻|课堂")

_TAIL = re.compile(r"(?:我的)?(?:车牌)?(?:尾号|车尾)?是?([0-9])")
_LETTER = re.compile(r"(?:尾号)?是?([A-Z])")
_LIKE_A_PLATE = re.compile(r"[\u4e00-\u9fff][A-Z][A-Z0-9]{3,7}[\u4e00-\u9fff]{0,2}")
_HELP = frozenset({"帮助", "你好", "您好", "在吗", "HELP", "?", "菜单", "怎么用", "HI", "HELLO"})
_THANKS = frozenset({"谢谢", "谢谢您", "谢谢你", "多谢", "感谢", "谢了"})
_SEPARATORS = re.compile(r"[\s·.。•・\-—_,,、!!~]+")


_CARS = frozenset({PlateKind.ORDINARY, PlateKind.NEW_ENERGY_SMALL})


def danger_in(text: str) -> Danger | None:
    """The danger that a text speaks of, the gravest first; None when it speaks of none."""
    if _HARMLESS.search(text):
        return None
    for pattern, danger in (
        (_FIRE, Danger.FIRE),
        (_CRIME, Danger.CRIME),
        (_INJURY, Danger.INJURY),
        (_CRASH, Danger.CRASH),
    ):
        if pattern.search(text):
            return danger
    return None


def understand(text: str) -> Intent:
    """What a message means; danger before everything else."""
    line = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()
    if danger := danger_in(line):
        return InDanger(danger=danger)
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
