"""What a request asks: a tail, a day and a kind of vehicle, or words, with the words before them.

The page keeps nothing between two requests. A question that leans on an earlier one carries it along
(`after`); what was typed goes in a form's body, never in an address of ours.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from urllib.parse import urlencode

from django.http import QueryDict

from daxiang.domains.conversation.meaning import Asks, Car
from daxiang.domains.conversation.understand import danger_in
from daxiang.domains.conversation.understanding.normal import LONGEST
from daxiang.domains.restrictions.values import VehicleClass, VehicleUse
from daxiang.sites.public.errors import AddressUnusable
from daxiang.sites.public.plates_hidden import masked

LONGEST_WORDS = 200
"""Characters of a question. Words of danger are looked for in all that the chat would read."""
MOST_BEFORE = 3
"""Earlier questions that are carried along; the talk before those is forgotten."""
MOST_KEPT = 4 * LONGEST
"""Characters of what was typed that come back in the field."""
LAST_DAY = timedelta(days=400)
FIRST_DAY = timedelta(days=31)
"""How far from today a day may be asked for by address."""

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
KINDS: Mapping[str, Car] = {
    "car": Car(),
    "green": Car(is_green=True),
    "taxi": Car(use=VehicleUse.TAXI),
    "truck": Car(vehicle_class=VehicleClass.LIGHT_TRUCK),
}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One question. `tail`, `day` and `kind` are checked; `words` is what was typed, `before` what leaned on.

    `wrong`: what in the address could not be used; what was typed is kept.
    """

    tail: str = ""
    day: date | None = None
    kind: str = "car"
    words: str = ""
    before: tuple[str, ...] = ()
    wrong: AddressUnusable | None = None

    @property
    def is_empty(self) -> bool:
        return not (self.tail or self.words or self.day or self.kind != "car")

    @property
    def is_typed(self) -> bool:
        """Whether somebody's own words are in it, which may hold a plate."""
        return bool(self.words or self.before)

    @property
    def shown(self) -> str:
        """The words as a page shows them that has them from an address: a plate is masked."""
        return masked(self.words)

    @property
    def has_choice(self) -> bool:
        """Whether it names a tail, a day or a kind apart from any words."""
        return bool(self.tail or self.day or self.kind != "car")

    @property
    def choice(self) -> Asked:
        """Without any words: what a preview may name, because words may hold a plate."""
        return Asked(tail=self.tail, day=self.day, kind=self.kind)

    @property
    def intent(self) -> Asks:
        """What the chosen tail, day and kind ask."""
        car = replace(KINDS[self.kind], tail=self.tail or None)
        return Asks(cars=() if car == Car() else (car,), days=(self.day,) if self.day else ())

    def pairs(self) -> list[tuple[str, str]]:
        """The question as fields of an address."""
        named = [("tail", self.tail), ("day", self.day.isoformat() if self.day else "")]
        named += [("kind", "" if self.kind == "car" else self.kind)]
        named += [("after", words) for words in self.before] + [("q", self.words)]
        return [(name, value) for name, value in named if value]

    def leaned_on(self) -> list[tuple[str, str]]:
        """The fields that the next question carries along."""
        pairs = [pair for pair in self.pairs() if pair[0] != "q"]
        return pairs + ([("after", self.words)] if self.words else [])

    def address(self, home: str) -> str:
        """Where this question is answered under that page."""
        return _address(home, self.pairs())

    def then(self, home: str, words: str) -> str:
        """The address of a follow-up to this question."""
        return _address(home, [*self.leaned_on(), ("q", words)])


def _address(home: str, pairs: list[tuple[str, str]]) -> str:
    return f"{home}?{urlencode(pairs)}" if pairs else home


def read_asked(query: QueryDict, *, today: date) -> Asked:
    """The question of an address or of a form. Never raises: what cannot be used is said in `wrong`.

    Somebody who may be hurt is never sent back to write it better: danger leaves nothing wrong.
    """
    words = _clean(" ".join(query.getlist("q")))
    before = tuple(one[:LONGEST] for one in map(_clean, query.getlist("after")) if one)[-MOST_BEFORE:]
    asked = Asked(words=words, before=before)
    tail, wrong = "", None
    try:
        tail = _one(query, "tail")
        if tail and not is_tail(tail):  # a whole plate in the place of a digit is a question like any other
            asked, tail = replace(asked, words=asked.words or tail), ""
        day, kind = read_day(_one(query, "day"), today=today), _read_kind(_one(query, "kind"))
        _check_length(asked.words)
        return replace(asked, tail=tail, day=day, kind=kind)
    except AddressUnusable as error:
        wrong = None if danger_in(asked.words) else error
    return replace(asked, tail=tail, wrong=wrong)


def _one(query: QueryDict, name: str) -> str:
    """The field's only value. Raises AddressUnusable: two values that differ are two questions."""
    values = {_clean(one) for one in query.getlist(name)}
    if len(values) > 1:
        raise AddressUnusable(
            "同一项写了两遍，不知道该看哪个。",
            english="One field is given twice, and we cannot tell which counts.",
        )
    return values.pop() if values else ""


def _check_length(words: str) -> None:
    if len(words) > LONGEST_WORDS:
        raise AddressUnusable(
            f"话太长，没看完：一次最多{LONGEST_WORDS}个字，只写尾号、日子和桥名就行。",
            english=f"That is too long: at most {LONGEST_WORDS} characters. Plate, day and bridge will do.",
        )


def is_tail(text: str) -> bool:
    """Whether a text is one digit as a key writes it."""
    return len(text) == 1 and text in "0123456789"


def read_day(text: str, *, today: date) -> date | None:
    """A day as 2026-11-24, or None for an empty text. Raises AddressUnusable."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        raise AddressUnusable("日子要写成 2026-11-24 这样。", english="Write the day like 2026-11-24.")
    if not today - FIRST_DAY <= day <= today + LAST_DAY:
        raise AddressUnusable(
            "只能查前后一年左右的日子。", english="Only days within about a year can be looked up."
        )
    return day


def _read_kind(text: str) -> str:
    if text and text not in KINDS:
        raise AddressUnusable("没有这种车可选。", english="There is no such vehicle to choose.")
    return text or "car"


def _clean(text: str) -> str:
    return _CONTROLS.sub(" ", text).strip()[:MOST_KEPT]


def kind_of(car: Car) -> str | None:
    """The kind that an address names this car by, or None where it would lose something of it."""
    for kind, like in KINDS.items():
        if replace(like, tail=car.tail) == car:
            return kind
    return None
