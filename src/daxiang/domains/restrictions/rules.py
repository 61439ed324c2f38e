"""May this vehicle pass here, then? Answered from a city's cards alone: no clock, no database, no settings.

What no card settles is allowed only where the place is on record as open to the class; else it is unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple

from daxiang.domains.calendars.rules import Calendar, DayKind
from daxiang.domains.restrictions import reasons
from daxiang.domains.restrictions.courses import (
    Course,
    build_course,
    course_plan,
    next_change,
    state_at,
)
from daxiang.domains.restrictions.errors import PlaceUnknown, TimeUnusable
from daxiang.domains.restrictions.ground import Ground
from daxiang.domains.restrictions.timeline import CardAt, Cause, Ending, State, Traits
from daxiang.domains.restrictions.values import (
    Card,
    Clause,
    Layer,
    Outcome,
    Passage,
    Place,
    Question,
    Sanction,
    TailRule,
    Vehicle,
    VehicleClass,
)
from daxiang.kernel.clock import SHANGHAI
from daxiang.kernel.plates import Plate

HORIZON_DAYS = 370
"""How far `until` looks ahead: a year and the holidays that may lie across its end."""

_YEARS = range(1990, 2100)


@dataclass(frozen=True, kw_only=True, eq=False)
class CityCards:
    """One city's rules, as one value: the pack's places and cards, and the calendar they are read by.

    `accounts`: kind of account -> its name in WeChat. `local_plates`: how a local plate begins (鄂A).
    `caution_after_days`: a card that was looked at longer ago is answered with a caution.
    """

    id: str
    name: str
    brief: str
    accounts: Mapping[str, str]
    local_plates: tuple[str, ...]
    caution_after_days: int
    places: Mapping[str, Place]
    cards: tuple[Card, ...]
    calendar: Calendar
    ground: Ground = field(default_factory=Ground)
    generation: str = ""
    """The digest of the pack it was read from, in hexadecimal; empty for a pack that was never activated."""
    exemptible_uses: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        looks = [clause.who for card in self.cards for clause in card.clauses]
        uses = {use for who in looks for use in who.exempt_uses | who.unsaid_uses}
        object.__setattr__(self, "exemptible_uses", frozenset(uses))

    def place(self, place_id: str) -> Place:
        """The place of this id; raises PlaceUnknown."""
        try:
            return self.places[place_id]
        except KeyError:
            raise PlaceUnknown(f"{self.name}没有录入这个地方：{place_id}。", place=place_id) from None

    def is_local(self, plate: Plate) -> bool:
        """Whether a plate is one of the city's own."""
        return plate.number.startswith(self.local_plates)

    def is_stale(self, checked_on: date, day: date) -> bool:
        """Whether a check is longer ago on that day than the city allows without a word of caution."""
        return day - checked_on > timedelta(days=self.caution_after_days)

    def restricted_places(self) -> tuple[Place, ...]:
        """The places that a question about a bare tail is about, in the pack's order: those with a lasting
        tail rule, even when that has run out and nothing is on record since.
        """
        return _restricted_places(self)

    def tail_places(self, at: datetime) -> tuple[Place, ...]:
        """The places with a tail rule in force on the day of that instant, in the pack's order."""
        return _tail_places(self, _usable(at).date())


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where the answer stands. None: not on record, or (`until`) until further notice.

    `checked_text`: the day of the last check as far as it is known (2021年); `checked_by`: who signed.
    """

    title: str
    short_title: str
    document_no: str | None
    issuer: str | None
    url: str | None
    quote: str | None
    since: datetime
    until: datetime | None
    checked_on: date
    checked_text: str
    checked_by: str | None

    @property
    def checked_line(self) -> str:
        """The line that asks to look at the signs, with the day of the last check."""
        return f"这条规定最近核对于 {self.checked_text}，请留意现场标志"

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
    `needs`: the facts of the vehicle (tail, seats, height_m, is_local) that a conditional answer hangs on.
    `reason` is for a citizen.
    `is_closed`: shut to everybody for works. `last`: the notice that has run out here.

    `caution` belongs into the answer itself: on the day asked about, the rule was last looked at longer ago
    than the city allows. Whoever answers today for another day asks `CityCards.is_stale` about today.
    `page_caution` belongs beside the source, also while nobody has signed for the rule.
    """

    place: str
    passage: Passage
    cause: Cause
    is_closed: bool
    needs: tuple[str, ...]
    rule: str | None
    tail: str | None
    day: DayKind | None
    readings: tuple[tuple[DayKind, Passage], ...]
    sanction: Sanction | None
    until: datetime | None
    reason: str
    source: Source | None
    last: Source | None
    caution: str | None
    page_caution: str | None


class DaySpan(NamedTuple):
    """A stretch [start, end) of a day with one passage."""

    start: datetime
    end: datetime
    passage: Passage


def decide(cards: CityCards, question: Question) -> Decision:
    """The answer to one question. Raises PlaceUnknown, TimeUnusable."""
    return decide_on(cards, course_for(cards, question.place, question.vehicle), question.at)


def decide_on(cards: CityCards, course: Course, at: datetime) -> Decision:
    """As `decide`, of a vehicle's course at a place, which `course_for` gives: for who asks it many times."""
    at = _usable(at)
    day = at.date()
    for number, span in enumerate(course_plan(course, day)):
        if at < span.end:
            return _decision(cards, course, day, number)
    raise AssertionError("a plan reaches to midnight")


@lru_cache(maxsize=65_536)
def _decision(cards: CityCards, course: Course, day: date, number: int) -> Decision:
    """The answer of one span of a day: nothing in it changes before the span's end."""
    span = course_plan(course, day)[number]
    state, at = span.state, span.start
    until = next_change(course, span, HORIZON_DAYS)
    opens = until and state_at(course_plan(course, until.date()), until).passage is Passage.ALLOWED
    used = course.tail if _counts_the_tail(state) else None
    source = _source(state)
    told = reasons.Told(
        state=state,
        place=course.place,
        traits=course.traits,
        tail=used,
        at=at,
        opens_at=until if opens else None,
        kind=cards.calendar.kind(day),
        holiday=cards.calendar.holiday_name(day),
    )
    stale, unsigned = _cautions(cards, state, source, day)
    return Decision(
        place=course.place.id,
        passage=state.passage,
        cause=state.cause,
        is_closed=state.cause is Cause.CLOSED,
        needs=state.needs,
        rule=state.card.id if state.card else None,
        tail=used,
        day=told.kind,
        readings=state.readings,
        sanction=_sanction(state, at),
        until=until,
        reason=reasons.reason(told),
        source=source,
        last=_card_source(state.past) if state.past else None,
        caution=stale,
        page_caution=stale or unsigned,
    )


def day_spans(cards: CityCards, question: Question, day: date) -> tuple[DaySpan, ...]:
    """The whole of that day in Beijing, gapless, for drawing it; the question's own time does not matter."""
    if day.year not in _YEARS:
        raise TimeUnusable("只能查1990年到2099年之间的日子。")
    spans: list[DaySpan] = []
    for span in course_plan(course_for(cards, question.place, question.vehicle), day):
        if spans and spans[-1].passage is span.state.passage:
            spans[-1] = spans[-1]._replace(end=span.end)
        else:
            spans.append(DaySpan(span.start, span.end, span.state.passage))
    return tuple(spans)


def closures_at(cards: CityCards, place_id: str, at: datetime) -> tuple[Clause, ...]:
    """The closures for works that are on record for a place at that instant, whatever the hour."""
    return tuple(
        clause
        for card, end in cards_at(cards.cards, place_id)
        if card.valid_from <= at and (end is None or at < end)
        for clause in card.clauses
        if clause.outcome is Outcome.CLOSED and clause.is_about(place_id)
    )


def cards_at(cards: tuple[Card, ...], place_id: str) -> tuple[CardAt, ...]:
    """The cards of a place, each with the instant at which it ends there by itself or by its successor."""
    here = [card for card in cards if place_id in card.places]
    ended: list[CardAt] = []
    for card in here:
        ends = [later.valid_from for later in here if card.id in later.supersedes]
        ends += [card.valid_until] if card.valid_until else []
        ended.append((card, min(ends, default=None)))
    return tuple(ended)


@lru_cache(maxsize=1024)
def _tail_places(cards: CityCards, day: date) -> tuple[Place, ...]:
    midnight = datetime.combine(day, time(), SHANGHAI)
    return tuple(
        place
        for place in cards.places.values()
        if any(
            card.valid_from < midnight + timedelta(days=1) and (end is None or midnight < end)
            for card, end in _tail_cards(cards, place)
        )
    )


@lru_cache(maxsize=16)
def _restricted_places(cards: CityCards) -> tuple[Place, ...]:
    """A rule that ended with something on record since is history; one that ended with nothing after it is
    still asked for, and the answer is that nobody knows.
    """
    return tuple(
        place
        for place in cards.places.values()
        if any(
            end is None or not _has_sequel(cards, place, end)
            for card, end in _tail_cards(cards, place)
            if card.layer is Layer.BASE
        )
    )


def _tail_cards(cards: CityCards, place: Place) -> tuple[CardAt, ...]:
    """The cards of a place in which some clause looks at the tail there."""
    return tuple(
        (card, end)
        for card, end in cards_at(cards.cards, place.id)
        if any(clause.tail.rule is not TailRule.ALL and clause.is_about(place.id) for clause in card.clauses)
    )


def _has_sequel(cards: CityCards, place: Place, end: datetime) -> bool:
    """Whether something is on record for a place from the end of its rule on."""
    later = any(card.valid_from >= end for card, _ in cards_at(cards.cards, place.id))
    return later or any(statement.since >= end for statement in place.open_to)


def _usable(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise TimeUnusable("时间要带时区，比如 2026-11-24T08:30:00+08:00。")
    # One year of slack keeps the change of zone inside what a datetime can hold.
    if at.year in _YEARS and at.tzinfo is SHANGHAI:
        return at
    if at.year not in _YEARS or (at := at.astimezone(SHANGHAI)).year not in _YEARS:
        raise TimeUnusable("只能查1990年到2099年之间的时间。")
    return at


def course_for(cards: CityCards, place_id: str, vehicle: Vehicle) -> Course:
    """How a vehicle's passage runs at a place. Raises PlaceUnknown."""
    return _course(
        cards,
        place_id,
        vehicle.vehicle_class,
        vehicle.use if vehicle.use in cards.exemptible_uses else "",
        vehicle.new_energy,
        vehicle.seats,
        vehicle.height_m,
        _is_local(cards, vehicle),
        vehicle.tail_digit,
        vehicle.ends_in_letter,
    )


def _is_local(cards: CityCards, vehicle: Vehicle) -> bool | None:
    if vehicle.is_local is not None or vehicle.plate is None:
        return vehicle.is_local
    return cards.is_local(vehicle.plate)


@lru_cache(maxsize=8192)
def _course(
    cards: CityCards,
    place_id: str,
    vehicle_class: VehicleClass,
    use: str,
    new_energy: bool,
    seats: int | None,
    height_m: float | None,
    is_local: bool | None,
    digit: str | None,
    is_letter: bool,
) -> Course:
    """Kept, so that a second question about such a vehicle finds its plans and answers too."""
    return build_course(
        place=cards.place(place_id),
        cards=cards_at(cards.cards, place_id),
        calendar=cards.calendar,
        traits=Traits(vehicle_class, use, new_energy, seats, height_m, is_local),
        ending=Ending(digit, is_letter),
    )


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
        return _card_source(state.card)
    if state.open_to:
        said = state.open_to
        return Source(
            title=said.source,
            short_title=said.source,
            document_no=None,
            issuer=None,
            url=None,
            quote=None,
            since=said.since,
            until=None,
            checked_on=said.checked_on,
            checked_text=said.checked_text,
            checked_by=None,
        )
    return None


def _card_source(card: Card) -> Source:
    told = card.provenance
    return Source(
        title=card.title,
        short_title=card.short_title,
        document_no=told.document_no,
        issuer=told.issuer,
        url=told.url,
        quote=told.quote,
        since=card.valid_from,
        until=card.valid_until,
        checked_on=told.verified_on,
        checked_text=told.verified_text,
        checked_by=told.verified_by,
    )


def _cautions(
    cards: CityCards, state: State, source: Source | None, day: date
) -> tuple[str | None, str | None]:
    """The line for a rule last looked at longer ago than the city allows, and for one not signed for."""
    if source is None:
        return None, None
    line, is_stale = source.checked_line, cards.is_stale(source.checked_on, day)
    is_unsigned = state.card is not None and source.checked_by is None
    return line if is_stale else None, line if is_unsigned else None
