"""One bubble: at most ten lines and 190 characters, the weightiest lines first kept. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import NamedTuple

from daxiang.domains.conversation.cars import length
from daxiang.domains.conversation.replies import LONGEST_BUBBLE, MOST_LINES

REST = "其余的请分开问我。"


class Weight(IntEnum):
    """What stays when not all fits. The first is never dropped."""

    ANSWER = 0
    WAY = 1
    CAUTION = 1
    NEXT = 2
    WHY = 3
    SOURCE = 4
    ASIDE = 5


class Line(NamedTuple):
    text: str
    weight: Weight


class Bubble(NamedTuple):
    text: str
    is_cut: bool
    """Something stands only behind 看依据."""


def bubble(lines: Sequence[Line], *, room: int = LONGEST_BUBBLE) -> Bubble:
    """The lines in their order, as many as fit; the lightest, and of these the last, go first."""
    kept = [line for line in lines if line.text]
    is_cut = False
    while not _fits(kept, room):
        heaviest = max(line.weight for line in kept)
        if heaviest is Weight.ANSWER:
            return Bubble(_shortened(kept, room), is_cut=True)
        del kept[max(at for at, line in enumerate(kept) if line.weight == heaviest)]
        is_cut = is_cut or heaviest is not Weight.ASIDE
    return Bubble("\n".join(line.text for line in kept), is_cut)


def _shortened(answers: list[Line], room: int) -> str:
    """As many answers as fit, and the request to ask for the others by themselves."""
    kept, rest = answers, Line(REST, Weight.ANSWER)
    while len(kept) > 1 and not _fits([*kept, rest], room):
        kept = kept[:-1]
    return "\n".join(line.text for line in [*kept, rest])


def _fits(lines: Sequence[Line], room: int) -> bool:
    return len(lines) <= MOST_LINES and sum(length(line.text) + 1 for line in lines) - 1 <= room
