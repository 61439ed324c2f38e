"""May this vehicle pass here, then? Answered from a city's cards alone: no clock, no database, no settings.

What no card settles is allowed only where the place is on record as open to the class; else it is unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from daxiang.domains.calendars.rules import Calendar, DayKind
from daxiang.domains.restrictions import reasons
from daxiang.domains.restrictions.errors import PlaceUnknown, TimeUnusable
from daxiang.domains.restrictions.ground import Ground
from daxiang.domains.restrictions.timeline import Cause, Line, Span, State, build_line, day_plan, next_change
from daxiang.domains.restrictions.values import (
    Card,
    Passage,
    Place,
    Question,
    Sanction,
    TailRule,
    VehicleClass,
)
from daxiang.kernel.clock import SHANGHAI

HORIZON_DAYS = 370
"""How far `until` looks ahead: a year and the holidays that may lie across its end."""

_YEARS = range(1990, 2100)


@dataclass(frozen=True, kw_only=True, eq=False)
class CityCards:
    """One city's rules, as one value: the pack's places and cards, and the calendar they are read by.

    `accounts`: kind of account -> its name in WeChat. `caution_after_days`: a card that was
    looked at longer ago is answered with a caution.
    """

    id: str
    name: str
    brief: str
    accounts: Mapping[str, str]
    caution_after_days: int
    places: Mapping[str, Place]
    cards: tuple[Card, ...]
    calendar: Calendar
    ground: Ground = field(default_factory=Ground)
    exemptible_uses: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        uses = {use for card in self.cards for clause in card.clauses for use in clause.who.exempt_uses}
        object.__setattr__(self, "exemptible_uses", frozenset(uses))

    def place(self, place_id: str) -> Place:
        """The place of this id; raises PlaceUnknown."""
        try:
            return self.places[place_id]
        except KeyError:
            raise PlaceUnknown(f"{self.name}没有录入这个地方：{place_id}。", place=place_id) from None

    def restricted_places(self) -> tuple[Place, ...]:
        """The places that some card speaks of, in the pack's order."""
        named = {place_id for card in self.cards for place_id in card.places}
        return tuple(place for place in self.places.values() if place.id in named)


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where the answer stands. `document_no` None: not on record."""

    title: str
    short_title: str
    document_no: str | None
    issuer: str | None
    since: datetime
    checked_on: date

    @property
    def line(self) -> str:
        """Title and document number on one line."""
        if self.issuer is None:  # a statement of ours about several notices, not a notice
            return self.title
        return f"{self.title}，{self.document_no or '文号未录入'}"


@dataclass(frozen=True, kw_only=True)
class Decision:
    """The answer. `until` is the next instant at which `passage` changes, None if none is seen within a year.

    `tail` is the digit that counted, `rule` the card that decided, `day` the kind of the day (None: not
    known), `readings` the passage under each kind that a day of an unloaded year can be, where they differ.
    `reason` is for a citizen.
    """

    place: str
    passage: Passage
    cause: Cause
    needs: tuple[str, ...]
    rule: str | None
    tail: str | None
    day: DayKind | None
    readings: tuple[tuple[DayKind, Passage], ...]
    sanction: Sanction | None
    until: datetime | None
    reason: str
    source: Source | None
    caution: str | None


class DaySpan(NamedTuple):
    """A stretch [start, end) of a day with one passage."""

    start: datetime
    end: datetime
    passage: Passage


def decide(cards: CityCards, question: Question) -> Decision:
    """The answer to one question. Raises PlaceUnknown, TimeUnusable."""
    at = _usable(question.at)
    line, tail = _line_of(cards, question), question.vehicle.tail_digit
    span = _span_at(line, tail, at)
    until = next_change(line, tail, span, HORIZON_DAYS)
    state = span.state
    used = tail if _counts_the_tail(state) else None
    source = _source(state)
    return Decision(
        place=question.place,
        passage=state.passage,
        cause=state.cause,
        needs=("tail",) if state.passage is Passage.CONDITIONAL else (),
        rule=state.card.id if state.card else None,
        tail=used,
        day=cards.calendar.kind(at.date()),
        readings=state.readings,
        sanction=_sanction(state, at),
        until=until,
        reason=reasons.reason(
            state=state,
            place=cards.place(question.place),
            vehicle=question.vehicle,
            tail=used,
            at=at,
            opens_at=until
            if until and _span_at(line, tail, until).state.passage is Passage.ALLOWED
            else None,
            holiday=cards.calendar.holiday_name(at.date()),
        ),
        source=source,
        caution=_caution(cards, state, source, at),
    )


def day_spans(cards: CityCards, question: Question, day: date) -> tuple[DaySpan, ...]:
    """The whole of that day in Beijing, gapless, for drawing it; the question's own time does not matter."""
    if day.year not in _YEARS:
        raise TimeUnusable("只能查1990年到2099年之间的日子。")
    line = _line_of(cards, question)
    merged: list[DaySpan] = []
    for span in day_plan(line, question.vehicle.tail_digit, day):
        if merged and merged[-1].passage is span.state.passage:
            merged[-1] = merged[-1]._replace(end=span.end)
        else:
            merged.append(DaySpan(span.start, span.end, span.state.passage))
    return tuple(merged)


def cards_at(cards: tuple[Card, ...], place_id: str) -> tuple[tuple[Card, datetime | None], ...]:
    """The cards of a place, each with the instant at which it ends there by itself or by its successor."""
    here = [card for card in cards if place_id in card.places]
    ended: list[tuple[Card, datetime | None]] = []
    for card in here:
        ends = [later.valid_from for later in here if card.id in later.supersedes]
        ends += [card.valid_until] if card.valid_until else []
        ended.append((card, min(ends, default=None)))
    return tuple(ended)


def _usable(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise TimeUnusable("时间要带时区，比如 2026-11-24T08:30:00+08:00。")
    # One year of slack keeps the change of zone inside what a datetime can hold.
    if at.year not in _YEARS or (at := at.astimezone(SHANGHAI)).year not in _YEARS:
        raise TimeUnusable("只能查1990年到2099年之间的时间。")
    return at


def _line_of(cards: CityCards, question: Question) -> Line:
    vehicle = question.vehicle
    use = vehicle.use if vehicle.use in cards.exemptible_uses else ""
    return _line(cards, question.place, vehicle.vehicle_class, use, vehicle.new_energy)


@lru_cache(maxsize=4096)
def _line(cards: CityCards, place_id: str, vehicle_class: VehicleClass, use: str, new_energy: bool) -> Line:
    """Kept, so that a second question about such a vehicle finds its day plans too."""
    return build_line(
        place=cards.place(place_id),
        cards=cards_at(cards.cards, place_id),
        calendar=cards.calendar,
        vehicle_class=vehicle_class,
        use=use,
        new_energy=new_energy,
    )


def _span_at(line: Line, tail: str | None, at: datetime) -> Span:
    return next(span for span in day_plan(line, tail, at.date()) if at < span.end)


def _counts_the_tail(state: State) -> bool:
    if state.clause is None or state.cause in (Cause.EXEMPT_USE, Cause.EXEMPT_NEW_ENERGY):
        return False
    return state.clause.tail.rule is not TailRule.ALL


def _sanction(state: State, at: datetime) -> Sanction | None:
    if state.passage is not Passage.BANNED or state.card is None or state.clause is None:
        return None
    return state.card.sanction(state.clause, at)


def _source(state: State) -> Source | None:
    if state.card:
        told = state.card.provenance
        return Source(
            title=state.card.title,
            short_title=state.card.short_title,
            document_no=told.document_no,
            issuer=told.issuer,
            since=state.card.valid_from,
            checked_on=told.verified_on,
        )
    if state.open_to:
        return Source(
            title=state.open_to.source,
            short_title=state.open_to.source,
            document_no=None,
            issuer=None,
            since=state.open_to.since,
            checked_on=state.open_to.checked_on,
        )
    return None


def _caution(cards: CityCards, state: State, source: Source | None, at: datetime) -> str | None:
    """The line for a rule that nobody has signed for, or last looked at longer ago than the city allows."""
    if source is None:
        return None
    signed = state.card is None or state.card.provenance.verified_by is not None
    fresh = at.date() - source.checked_on <= timedelta(days=cards.caution_after_days)
    return None if signed and fresh else f"这条规定最近核对于 {source.checked_on}，请留意现场标志"
