"""Where a page leads on. No plate ever stands in an address, because addresses lie in histories and in
proxies' logs, and are passed on.

What was chosen (a digit, a day, a kind of vehicle) is a link. What was typed, and all that leans on it, goes
in the body of a form.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from daxiang.sites.public.asked import Asked, kind_of
from daxiang.sites.public.found import Found
from daxiang.sites.public.told import Tap

_BASIS = "看依据"


@dataclass(frozen=True, kw_only=True)
class Onward:
    """Something to press: a link, or, where `address` is empty, words to be posted with what they lean on."""

    label: str
    words: str
    address: str = ""


def onward(taps: Iterable[Tap], asked: Asked, home: str) -> tuple[Onward, ...]:
    """What can be pressed after this question; the basis stands on this very page."""
    return tuple(Onward(label=tap.label, words=tap.words, address=_address(tap, asked, home)) for tap in taps)


def _address(tap: Tap, asked: Asked, home: str) -> str:
    if tap.words == _BASIS:
        return "#sources"
    return "" if asked.is_typed else asked.then(home, tap.words)


def choice_of(found: Found) -> Asked:
    """What a link may say of this answer: the tail, the day, the kind of vehicle; nothing that was typed.

    Empty, where that would be another question's answer.
    """
    if not found.asked.is_typed:
        return found.asked.choice
    kind = kind_of(replace(found.car, plate=None, tail=found.car.tail_digit))
    if kind is None or len(found.cases) != 1:
        return Asked()
    day = found.frame.start.date()
    return Asked(tail=found.car.tail_digit or "", kind=kind, day=None if day == found.now.date() else day)
