"""What was not read of a text, and where it stands."""

from __future__ import annotations

from collections.abc import Sequence

from daxiang.domains.conversation.understanding.named_cars import is_negatable
from daxiang.domains.conversation.understanding.parts import Part, Token
from daxiang.kernel.plates import Plate

_SILENT = frozenset({Part.FILLER, Part.BREAK})
_TIMES = frozenset({Part.DAY, Part.PERIOD, Part.CLOCK, Part.NOW, Part.DELAY})
_CARS = frozenset({Part.PLATE, Part.TAIL, Part.LETTER, Part.NUMBER, Part.ODD, Part.KIND})
_FACTS = _CARS | frozenset({Part.PLACE, Part.BANK, Part.AREA, Part.CITY, Part.UNREAD, Part.NOT})
_BEFORE_A_CAR = frozenset(
    {"开", "开着", "开的", "开的是", "开个", "驾驶", "我", "我的", "我的车", "车是", "我开", "是", "坐"}
)
_BEHIND_A_CAR = _CARS | {Part.ASK, Part.PLACE}


def stands_for_a_car(tokens: Sequence[Token], text: str) -> bool:
    """Whether an unread word stands where a vehicle is named: 依维柯 6 大桥, 我开依维柯能走吗.

    It begins the text or follows 我开, and a tail, a place or 能走 stands behind it.
    """
    heard = [token for token in tokens if token.part is not Part.BREAK]
    for at, token in enumerate(heard):
        if token.part is not Part.UNREAD or token.end - token.start < 2:
            continue
        before = text[heard[at - 1].start : heard[at - 1].end] if at else ""
        behind = heard[at + 1].part if at + 1 < len(heard) else None
        if (not at or before in _BEFORE_A_CAR) and (behind is None or behind in _BEHIND_A_CAR):
            return True
    return False


def _has_green_plate(tokens: Sequence[Token]) -> bool:
    return any(isinstance(one.value, Plate) and one.value.is_new_energy for one in tokens)


_TAG = frozenset({"不", "没有", "没", "不是"})


def not_read(tokens: Sequence[Token], text: str) -> list[str]:
    """Words that were not read, and every negation of something that counts."""
    found = []
    for at, token in enumerate(tokens):
        if token.part is Part.UNREAD:
            said = text[token.start : token.end]
            if said != "电动车" or not _has_green_plate(tokens):
                found.append(said)
        elif token.part is Part.NOT:
            behind = next((one for one in tokens[at + 1 :] if one.part not in _SILENT), None)
            if behind is not None and not (behind.part is Part.KIND and is_negatable(behind)):
                if behind.part in _TIMES:
                    found.append(text[token.start : behind.end])
                elif behind.part in _FACTS:
                    found.append(text[token.start : token.end])
            elif behind is None and text[token.start : token.end] not in _TAG:
                found.append(text[token.start : token.end])
    return found
