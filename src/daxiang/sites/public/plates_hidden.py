"""Whole plates taken out of what came by an address, before the page shows it or carries it on.

Whoever looks at a screen, or is sent a copy of the page, need not read the plate; the answer names it masked.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from daxiang.kernel.plates import PROVINCES, Plate, PlateKind, PlateUnreadable, read_plate

_JOINT = r"[ ·.・•\-]?"
_RUN = re.compile(
    rf"[{PROVINCES}]{_JOINT}[A-Z](?:{_JOINT}[A-Z0-9]){{4,6}}(?:{_JOINT}[学警挂港澳领])?", re.IGNORECASE
)
_FEWEST_SIGNS = 6


def masked(text: str) -> str:
    """Every plate as it may be shown: 鄂A·1***5."""
    return _replaced(text, lambda plate: plate.masked)


def by_tail(text: str) -> str:
    """Every plate as what an answer rests on: 鄂A牌尾号5, 绿牌尾号8; what leans on it finds the same."""
    return _replaced(text, _tail)


def _tail(plate: Plate) -> str:
    if plate.is_new_energy:
        return f"绿牌尾号{plate.tail_digit}"
    is_plain = plate.kind is PlateKind.ORDINARY and plate.tail_digit is not None
    return f"{plate.number[:2]}牌尾号{plate.tail_digit}" if is_plain else plate.masked


def _replaced(text: str, way: Callable[[Plate], str]) -> str:
    spelt = unicodedata.normalize("NFKC", text)
    return _RUN.sub(lambda found: _of_run(found[0], way), spelt) if _RUN.search(spelt) else text


def _of_run(run: str, way: Callable[[Plate], str]) -> str:
    """The longest plate that the run begins with; a run that is none is masked like one."""
    for end in range(len(run), _FEWEST_SIGNS - 1, -1):
        try:
            return way(read_plate(run[:end])) + run[end:]
        except PlateUnreadable:
            continue
    return f"{run[:2]}***{run[-1]}"
