"""The words of the restriction rules: what a card, a place and a vehicle are. Nothing is decided here.

A new kind of rule (weekday pairs, rotation tables, origin, permits) adds a value to one of these closed sets
and a line to the table that decides it; the form of a card stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from daxiang.domains.restrictions.days import Days, Hours
from daxiang.domains.restrictions.facts import FactName
from daxiang.domains.restrictions.history import Run
from daxiang.domains.restrictions.tails import Ending, Sign, Tail, TailRule, ending_of
from daxiang.kernel.plates import Plate, PlateKind


class VehicleClass(StrEnum):
    """The classes that notices speak of (GA 802)."""

    SMALL_PASSENGER = "small_passenger"
    MEDIUM_PASSENGER = "medium_passenger"
    LARGE_PASSENGER = "large_passenger"
    LIGHT_TRUCK = "light_truck"
    MEDIUM_TRUCK = "medium_truck"
    HEAVY_TRUCK = "heavy_truck"
    SPECIAL = "special"
    MOTORCYCLE = "motorcycle"
    TRAILER = "trailer"


class VehicleUse(StrEnum):
    """The uses that a card can exempt. A question may name any other use; no card exempts that."""

    PRIVATE = "private"
    TAXI = "taxi"
    RIDE_HAILING = "ride_hailing"
    BUS = "bus"
    SCHOOL_BUS = "school_bus"
    RENTAL = "rental"
    TRAINING = "training"
    MAIL = "mail"
    ENFORCEMENT = "enforcement"  # marked vehicles of the police and other offices
    RESCUE = "rescue"  # fire engines, ambulances, engineering rescue
    SANITATION = "sanitation"


class Passage(StrEnum):
    """May this vehicle pass? `conditional` names in `needs` the fact that is missing."""

    ALLOWED = "allowed"
    BANNED = "banned"
    UNKNOWN = "unknown"
    CONDITIONAL = "conditional"


class Confidence(StrEnum):
    """Where a statement comes from, from strong to weak."""

    LAW = "L"  # the text of the law or notice was read
    PAGE = "S"  # a page that reports it was read
    WEAK_PAGE = "S~"  # only re-posts and question pages
    KNOWN = "K"  # general knowledge, no page
    DOUBTED = "K?"  # the deciding fact itself is unproven: whatever it says, the answer is unknown


class Layer(StrEnum):
    """How a card lies upon others."""

    BASE = "base"  # bans by itself
    ADDITION = "addition"  # bans for a while and runs out for good; no other is expected
    WAIVER = "waiver"  # lifts clauses of a base card, for part of its places, days and hours


class Origin(StrEnum):
    """Where a plate comes from, seen from the city."""

    LOCAL = "local"
    NON_LOCAL = "non_local"


class Outcome(StrEnum):
    """What a clause does within its days and hours."""

    BANNED = "banned"
    CLOSED = "closed"  # shut to everybody for works; outside its hours it says nothing of who may pass
    UNKNOWN = "unknown"  # something is restricted, but what decides is not on record


class AlertLevel(StrEnum):
    """Levels of an alert for heavy air pollution (重污染天气预警)."""

    YELLOW = "yellow"
    ORANGE = "orange"
    RED = "red"


class Arrival(StrEnum):
    """Which arrival frees the day on which it falls."""

    EVER = "ever"  # the first one
    MONTH = "month"  # the first one in the month


class Once(StrEnum):
    """Within what several breaches count as one."""

    DAY = "day"
    FOUR_HOURS = "four_hours"


class SanctionKind(StrEnum):
    NONE = "none"
    WARNING = "warning"
    FINE = "fine"


@dataclass(frozen=True, kw_only=True)
class Sanction:
    """What follows from driving where it is banned. None: not on record, so it is not said.

    Rows of one `id` follow each other in time: the last whose `since` has come holds. `fine_fen` is in fen.
    `first_free`, `warn_first`: the first so many breaches are not punished, or warned of; `once_per`: within
    what several breaches are one (None: the notice, as far as it was read, does not say).
    """

    id: str
    since: datetime
    kind: SanctionKind
    fine_fen: int | None
    points: int | None
    legal_basis: str
    first_free: int = 0
    warn_first: int = 0
    once_per: Once | None = None


@dataclass(frozen=True, kw_only=True)
class Who:
    """The vehicles that a clause speaks of: classes, less exempt ones, uses, green plates where exempt.

    `unsaid_uses`, and None for green plates: the notice, as far as it was read, does not say. The bounds on
    seats count the driver's; None: no bound. `plates`, `not_plates`, `exempt_plates` are prefixes (川A, 京):
    of others than `plates`, and of `not_plates`, the notice does not speak; `exempt_plates` it frees; so
    with the kinds of plates, of which those that are exempt are so whatever their prefix.
    `green_until`: from then on green plates are exempt no more. `ends_in`: how the plate must end. `given`:
    facts that must hold; `exempt_given`: facts of which one frees. `exempt_arrival`: the day that is free.
    """

    classes: frozenset[VehicleClass]
    """Those that it binds and those that it frees."""
    exempt_uses: frozenset[VehicleUse]
    exempt_new_energy: bool | None
    unsaid_uses: frozenset[VehicleUse] = frozenset()
    exempt_classes: frozenset[VehicleClass] = frozenset()
    seats_at_least: int | None = None
    seats_at_most: int | None = None
    taller_than_m: float | None = None
    axles_at_least: int | None = None
    origin: Origin | None = None
    plates: tuple[str, ...] = ()
    not_plates: tuple[str, ...] = ()
    exempt_plates: tuple[str, ...] = ()
    plate_kinds: frozenset[PlateKind] = frozenset()
    not_plate_kinds: frozenset[PlateKind] = frozenset()
    exempt_plate_kinds: frozenset[PlateKind] = frozenset()
    green_until: datetime | None = None
    ends_in: Sign | None = None
    given: tuple[tuple[FactName, bool], ...] = ()
    exempt_given: frozenset[FactName] = frozenset()
    exempt_arrival: Arrival | None = None

    @property
    def prefixes(self) -> frozenset[str]:
        """Every prefix of a plate that it looks at."""
        return frozenset((*self.plates, *self.not_plates, *self.exempt_plates))

    @property
    def named_plate_kinds(self) -> frozenset[PlateKind]:
        """Every kind of plate that it looks at."""
        return self.plate_kinds | self.not_plate_kinds | self.exempt_plate_kinds

    @property
    def facts(self) -> frozenset[FactName]:
        """Every fact of the driver's that it looks at."""
        arrival = {FactName.FIRST_ARRIVAL} if self.exempt_arrival else set()
        return self.exempt_given | {name for name, _ in self.given} | arrival


EVERYBODY = Who(classes=frozenset(VehicleClass), exempt_uses=frozenset(), exempt_new_energy=False)


@dataclass(frozen=True, kw_only=True)
class Clause:
    """One sentence of a notice: these vehicles, days, hours and tails are banned, or the place is shut.

    `places` None: all of the card's. `sanction` None: none is on record. `makeup_note`: how a notice is read
    for makeup workdays where it could be read otherwise; it is said along with the answer.
    """

    id: str
    says: str
    who: Who
    days: Days
    hours: tuple[Hours, ...]
    tail: Tail
    sanction: str | None
    places: frozenset[str] | None = None
    outcome: Outcome = Outcome.BANNED
    makeup_note: str | None = None
    run: Run | None = None
    alerts: frozenset[AlertLevel] = frozenset()

    def is_on(self, alert: AlertLevel | None) -> bool:
        """Whether it holds while this level brings its card into force."""
        return not self.alerts or alert in self.alerts

    @property
    def is_constant(self) -> bool:
        """Whether it says the same around the clock, every day, whatever the tail."""
        all_day = any(hours.is_all_day for hours in self.hours)
        return self.run is None and all_day and self.days.is_daily and self.tail.rule is TailRule.ALL

    def is_about(self, place_id: str) -> bool:
        return self.places is None or place_id in self.places


@dataclass(frozen=True, kw_only=True)
class Lift:
    """One sentence of a waiver: within these days and hours those clauses of that card are off."""

    says: str
    card: str
    clauses: frozenset[str]
    days: Days
    hours: tuple[Hours, ...]


@dataclass(frozen=True, kw_only=True)
class Provenance:
    """Who said it, where it was read, and who looked at it last. None: not on record.

    `verified_text` is the day as far as it is known (2021年), `verified_on` the first day that it can be.
    """

    issuer: str
    document_no: str | None
    url: str
    quote: str | None
    confidence: Confidence
    verified_on: date
    verified_text: str
    verified_by: str | None


@dataclass(frozen=True, kw_only=True, eq=False)
class Card:
    """One notice, in force in [valid_from, valid_until); None: until further notice (另行通知).

    `alerts`: only while one of these levels is on; empty: always. `replaces`: cards that are off at its
    places for whomever it speaks of, while it is in force.
    """

    id: str
    city: str
    title: str
    short_title: str
    layer: Layer
    supersedes: tuple[str, ...]
    provenance: Provenance
    valid_from: datetime
    valid_until: datetime | None
    places: tuple[str, ...]
    clauses: tuple[Clause, ...]
    sanctions: tuple[Sanction, ...]
    lifts: tuple[Lift, ...] = ()
    alerts: frozenset[AlertLevel] = frozenset()
    replaces: frozenset[str] = frozenset()

    @property
    def is_doubted(self) -> bool:
        """Whether what it says is itself unproven: it can then make nothing certain."""
        return self.provenance.confidence is Confidence.DOUBTED

    def sanction(self, clause: Clause, at: datetime) -> Sanction | None:
        """The sanction that this clause carries at that instant; None when none is on record."""
        rows = [row for row in self.sanctions if row.id == clause.sanction and row.since <= at]
        return max(rows, key=lambda row: row.since, default=None)


class PlaceKind(StrEnum):
    """What a place is. Only bridges and tunnels with a river lead from bank to bank."""

    BRIDGE = "bridge"
    TUNNEL = "tunnel"
    ROAD = "road"
    AREA = "area"


@dataclass(frozen=True, kw_only=True)
class OpenTo:
    """It is on record that since that instant no rule but the cards bans these classes here."""

    classes: frozenset[VehicleClass]
    since: datetime
    source: str
    checked_on: date
    checked_text: str
    confidence: Confidence


@dataclass(frozen=True, kw_only=True, eq=False)
class Place:
    """A place that people name. `stand_ins`: the places to take instead when this one is closed, the first to
    be named first; `stand_ins_to`: the same where the bank to be reached is known.

    `river`, `banks` (left and right as the water flows) and `order` (from upstream) are those of a crossing,
    and empty elsewhere. Several places may share an alias (二桥). `bounds`: an area's edge, as the notice
    has it.
    """

    id: str
    name: str
    short_name: str
    aliases: tuple[str, ...]
    kind: PlaceKind
    river: str
    banks: tuple[str, ...]
    order: int | None
    speed_kmh: int | None
    lon: float
    lat: float
    datum: str
    confidence: Confidence
    bounds: str | None
    stand_ins: tuple[str, ...]
    stand_ins_to: Mapping[str, tuple[str, ...]]
    open_to: tuple[OpenTo, ...]

    @property
    def is_crossing(self) -> bool:
        """Whether it leads over or under a river."""
        return bool(self.river)


@dataclass(frozen=True, kw_only=True)
class Vehicle:
    """What is known of the vehicle. Without a plate a bare `tail` digit may be given; `use` is any word.

    `seats` with the driver's, `height_m` in metres. `is_local` None: as the plate's first two signs say.
    """

    vehicle_class: VehicleClass = VehicleClass.SMALL_PASSENGER
    plate: Plate | None = None
    tail: str | None = None
    use: str = VehicleUse.PRIVATE
    new_energy: bool = False
    seats: int | None = None
    height_m: float | None = None
    is_local: bool | None = None
    axles: int | None = None
    tractor_plate: Plate | None = None

    def __post_init__(self) -> None:
        if self.tail is not None and self.tail not in tuple("0123456789"):
            raise ValueError(f"a bare tail is one Arabic digit, not {self.tail!r}")

    @property
    def tail_digit(self) -> str | None:
        """The plate's last Arabic digit, or the bare tail."""
        return self.plate.tail_digit if self.plate else self.tail

    @property
    def ending(self) -> Ending:
        """How the plate ends: which digit counts is the notice's to say."""
        is_trailer = self.vehicle_class is VehicleClass.TRAILER
        return ending_of(self.plate, self.tail, is_trailer=is_trailer, tractor=self.tractor_plate)


@dataclass(frozen=True, kw_only=True)
class Question:
    """May this vehicle pass this place at this instant? `facts`: what only the asker knows (a permit)."""

    place: str
    at: datetime
    vehicle: Vehicle
    facts: Mapping[str, object] = field(default_factory=dict)
