"""What is left of a city's cards for one kind of vehicle at one place. Pure.

A *line* knows the place and all that matters of the vehicle but its tail: the clauses that bind it, those
that free it, and the instants at which something of them begins or ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import NamedTuple

from daxiang.domains.calendars.rules import Calendar
from daxiang.domains.restrictions.days import DAY_MINUTES, DayAs, Days
from daxiang.domains.restrictions.facts import ANY_DAY, SPENT, FactName, Facts, FactValue
from daxiang.domains.restrictions.history import Run
from daxiang.domains.restrictions.states import Cause, State
from daxiang.domains.restrictions.tails import Sign
from daxiang.domains.restrictions.values import (
    AlertLevel,
    Card,
    Clause,
    Layer,
    Lift,
    OpenTo,
    Origin,
    Outcome,
    Passage,
    Place,
    VehicleClass,
    Who,
)
from daxiang.kernel.plates import PlateKind


class Traits(NamedTuple):
    """All of a vehicle that clauses look at, but the digit of its tail. None: not known, or nobody asks.

    `origin`: how the plate begins (鄂A); `ends_in`: what stands at its end; `facts`: what the driver told.
    """

    vehicle_class: VehicleClass
    use: str
    new_energy: bool
    seats: int | None = None
    height_m: float | None = None
    is_local: bool | None = None
    origin: str | None = None
    plate_kind: PlateKind | None = None
    ends_in: Sign = Sign.DIGIT
    axles: int | None = None
    facts: Facts = ()

    def fact(self, name: FactName) -> FactValue:
        """What the driver told; False for what is taken for no unless told."""
        return dict(self.facts).get(name, False)


class CardAt(NamedTuple):
    """A card of a place and a stretch [start, end) in which it is in force there; None: without end.

    `alert`: the level that brings it into force.
    """

    card: Card
    start: datetime
    end: datetime | None
    alert: AlertLevel | None = None


@dataclass(frozen=True, kw_only=True)
class Bound:
    """A clause that binds the vehicle. `is_doubtful`: unless exempt, of which the notice says nothing.

    `green_until`: exempt as a green plate until then; `arrival`: the day of arrival that is free; `driven`:
    the days driven, for a clause that counts them.
    """

    clause: Clause
    is_doubtful: bool
    lifts: tuple[tuple[Card, Lift], ...]
    green_until: datetime | None = None
    arrival: FactValue = None
    driven: FactValue = None

    @property
    def is_constant(self) -> bool:
        """Whether it says the same around the clock, every day, come what may."""
        return self.clause.is_constant and not self.lifts and self.green_until is None and not self.arrival

    def is_free_arrival(self, day: date) -> bool:
        """Whether this is the day of arrival that is free."""
        return self.arrival == ANY_DAY or self.arrival == day


@dataclass(frozen=True, kw_only=True)
class LineCard:
    """One card as it meets one kind of vehicle: the clauses that bind it, or the exemption if none does."""

    card: Card
    start: datetime
    end: datetime | None
    bound: tuple[Bound, ...]
    exempt: State | None

    def is_in_force(self, at: datetime) -> bool:
        return self.start <= at and (self.end is None or at < self.end)

    @cached_property
    def is_constant(self) -> bool:
        """Whether nothing in it changes by day or hour."""
        return all(bound.is_constant for bound in self.bound)

    @cached_property
    def bans_always(self) -> bool:
        """Whether it bans this vehicle around the clock: while it is in force nothing else matters."""
        sure = any(
            bound.is_constant and not bound.is_doubtful and bound.clause.outcome is not Outcome.UNKNOWN
            for bound in self.bound
        )
        return sure and not self.card.is_doubted


@dataclass(frozen=True, kw_only=True, eq=False)
class Line:
    """All that can decide for one kind of vehicle at one place. Equal only to itself, so that plans keep."""

    cards: tuple[LineCard, ...]
    open_to: tuple[OpenTo, ...]
    marks: tuple[datetime, ...]  # the instants at which something comes into force or ends
    minutes: frozenset[int]  # minutes of a day at which some window begins or ends
    crosses_midnight: bool
    calendar: Calendar


def build_line(*, place: Place, cards: Sequence[CardAt], calendar: Calendar, traits: Traits) -> Line:
    """The line of a vehicle at a place."""
    waivers = [at.card for at in cards if at.card.layer is Layer.WAIVER]
    met = tuple(found for at in cards if (found := _meet(at, place, traits, waivers)) is not None)
    open_to = tuple(statement for statement in place.open_to if traits.vehicle_class in statement.classes)
    bound = [one for meet in met for one in meet.bound]
    lifts = [pair for one in bound for pair in one.lifts]
    windows = {hours for one in bound for hours in one.clause.hours} | {
        hours for _, lift in lifts for hours in lift.hours
    }
    return Line(
        cards=met,
        open_to=open_to,
        marks=tuple(sorted(_marks(met, bound, lifts, open_to))),
        minutes=frozenset(edge % DAY_MINUTES for hours in windows for edge in (hours.start, hours.end)),
        crosses_midnight=any(hours.end > DAY_MINUTES for hours in windows),
        calendar=calendar,
    )


def _marks(
    met: Iterable[LineCard],
    bound: Iterable[Bound],
    lifts: Iterable[tuple[Card, Lift]],
    open_to: Iterable[OpenTo],
) -> set[datetime]:
    marks = {edge for meet in met for edge in (meet.start, meet.end) if edge}
    marks |= {edge for card, _ in lifts for edge in (card.valid_from, card.valid_until) if edge}
    marks |= {one.green_until for one in bound if one.green_until}
    return marks | {statement.since for statement in open_to}


def _meet(at: CardAt, place: Place, traits: Traits, waivers: list[Card]) -> LineCard | None:
    """None when the card does not speak of this vehicle at all: that is neither a ban nor leave."""
    card = at.card
    bound: list[Bound] = []
    exempt: State | None = None
    for clause in card.clauses:
        if not clause.is_about(place.id) or not clause.is_on(at.alert) or not binds(clause.who, traits):
            continue
        cause = _exemption(clause.who, traits)
        if cause is not None and (cause is not Cause.EXEMPT_NEW_ENERGY or clause.who.green_until is None):
            exempt = State(passage=Passage.ALLOWED, cause=cause, card=card, clause=clause)
            continue
        lifts = tuple(
            (waiver, lift)
            for waiver in waivers
            for lift in waiver.lifts
            if lift.card == card.id and clause.id in lift.clauses
        )
        bound.append(
            Bound(
                clause=clause,
                is_doubtful=_is_unsaid(clause.who, traits),
                lifts=lifts,
                green_until=clause.who.green_until if cause else None,
                arrival=traits.fact(FactName.FIRST_ARRIVAL) if clause.who.exempt_arrival else None,
                driven=traits.fact(FactName.DAYS_DRIVEN) if clause.run else None,
            )
        )
    if not bound and exempt is None:
        return None
    return LineCard(card=card, start=at.start, end=at.end, bound=tuple(bound), exempt=exempt)


def binds(who: Who, traits: Traits) -> bool:
    """Whether a clause speaks of this vehicle. Every fact that it looks at is known here."""
    seats, height, is_local = traits.seats or 0, traits.height_m or 0.0, traits.is_local
    return (
        speaks_of_plate(who, traits)
        and (who.seats_at_least is None or seats >= who.seats_at_least)
        and (who.seats_at_most is None or seats <= who.seats_at_most)
        and (who.taller_than_m is None or height > who.taller_than_m)
        and (who.axles_at_least is None or (traits.axles or 0) >= who.axles_at_least)
        and (who.origin is None or (who.origin is Origin.LOCAL) is is_local)
        and all((traits.fact(name) is not False) is holds for name, holds in who.given)
    )


def speaks_of_plate(who: Who, traits: Traits) -> bool:
    """Whether a clause may speak of this vehicle as far as class and plate tell; what is not known may be."""
    begins = traits.origin
    if traits.vehicle_class not in who.classes or traits.plate_kind in who.not_plate_kinds:
        return False
    if traits.plate_kind in who.exempt_plate_kinds:
        return True
    return (
        (who.ends_in is None or who.ends_in is traits.ends_in)
        and (not who.plate_kinds or traits.plate_kind in who.plate_kinds)
        and (begins is None or not who.plates or begins.startswith(who.plates))
        and (begins is None or not who.not_plates or not begins.startswith(who.not_plates))
    )


def _exemption(who: Who, traits: Traits) -> Cause | None:
    if traits.vehicle_class in who.exempt_classes:
        return Cause.EXEMPT_CLASS
    if traits.use in who.exempt_uses:
        return Cause.EXEMPT_USE
    if traits.new_energy and who.exempt_new_energy:
        return Cause.EXEMPT_NEW_ENERGY
    if who.exempt_plates and (traits.origin or "").startswith(who.exempt_plates):
        return Cause.EXEMPT_PLATE
    if traits.plate_kind in who.exempt_plate_kinds:
        return Cause.EXEMPT_PLATE
    if any(traits.fact(name) is not False for name in who.exempt_given):
        return Cause.EXEMPT_FACT
    return None


def _is_unsaid(who: Who, traits: Traits) -> bool:
    return traits.use in who.unsaid_uses or (traits.new_energy and who.exempt_new_energy is None)


def may_be_over(bound: Bound, of: DayAs, calendar: Calendar) -> frozenset[bool]:
    """Whether this day must be an idle one under a clause that counts the days driven; both where days of a
    year not loaded, or bridged days, leave it open. On a day that is free in a reading, that one is left out.
    """
    run = bound.clause.run
    if run is None:
        return frozenset({True})
    ways = [days for days in bound.clause.days.read_alike if days.in_force(of) is not False]
    return frozenset(over for days in ways for over in _over(run, bound.driven, days, of.day, calendar))


def _over(run: Run, driven: FactValue, days: Days, day: date, calendar: Calendar) -> frozenset[bool]:
    def is_free(other: date) -> bool | None:
        core = calendar.is_core(other)
        said = {days.in_force(DayAs(other, kind, core)) for kind in calendar.readings(other)}
        return None if len(said) > 1 or None in said else said == {False}

    if isinstance(driven, frozenset):
        return run.may_be_over(driven, day, is_free)
    return frozenset({driven == SPENT and True in run.may_be_over(None, day, is_free)})
