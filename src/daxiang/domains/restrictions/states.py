"""What holds at a place within one span, and what settled it. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from daxiang.domains.calendars.rules import DayKind
from daxiang.domains.restrictions.values import Card, Clause, OpenTo, Passage


class Cause(StrEnum):
    """What settled the passage; the texts follow it."""

    TAIL = "tail"  # banned: the tail is not today's
    CLASS = "class"  # banned: the class, whatever the tail
    SEATS = "seats"  # banned: so many seats
    HEIGHT = "height"  # banned: too tall
    ORIGIN = "origin"  # banned: plates from there
    PERMIT = "permit"  # banned: without the permit that it takes
    RUN_OVER = "run_over"  # banned: driven so many days in a row, now as many off
    CLOSED = "closed"  # banned: shut to everybody for works
    TAIL_FREE = "tail_free"  # allowed: the tail is today's
    DAY_FREE = "day_free"  # allowed: not a day on which the rule is in force
    HOURS_FREE = "hours_free"  # allowed: outside the hours
    WAIVED = "waived"  # allowed: a waiver lifts the clause
    EXEMPT_NEW_ENERGY = "exempt_new_energy"
    EXEMPT_USE = "exempt_use"
    EXEMPT_CLASS = "exempt_class"
    EXEMPT_PLATE = "exempt_plate"  # allowed: the notice frees plates of that place, or of that kind
    EXEMPT_FACT = "exempt_fact"  # allowed: what the driver told frees it (a permit, in transit)
    FIRST_ARRIVAL = "first_arrival"  # allowed: the day of the first arrival
    RUN_LEFT = "run_left"  # allowed: there are days left of those that may be driven in a row
    OPEN = "open"  # allowed: no card, and the place is on record as open to the class
    TAIL_MISSING = "tail_missing"  # conditional: the tail would settle it
    FACT_MISSING = "fact_missing"  # conditional: something else of the vehicle, or more than the tail
    MAKEUP_UNSAID = "makeup_unsaid"  # unknown: the notice does not say how makeup workdays count
    BRIDGE_UNSAID = "bridge_unsaid"  # unknown: nor how a weekday counts that is off only by bridging
    LETTER_UNSAID = "letter_unsaid"  # unknown: nor how a plate that ends in a letter counts
    EXEMPTION_UNSAID = "exemption_unsaid"  # unknown: nor whether this use, or a green plate, is exempt
    TABLE_ENDED = "table_ended"  # unknown: the published table of digits does not reach that day
    GAP = "gap"  # unknown: something is restricted, but what decides is not on record
    DOUBTED = "doubted"  # unknown: the deciding fact of the card is itself unproven
    CALENDAR_MISSING = "calendar_missing"  # unknown: that year's holidays are not loaded
    RUN_OUT = "run_out"  # unknown: a card has ended, or has not begun, and nothing else is on record
    NO_CARD = "no_card"  # unknown: nothing is on record for this vehicle here


@dataclass(frozen=True, kw_only=True)
class State:
    """What holds within one span. `readings`: the passage under each kind that an unknown day can be.

    `needs`: the facts whose lack leaves it open. `past`: the last card that has run out here.
    """

    passage: Passage
    cause: Cause
    card: Card | None = None
    clause: Clause | None = None
    open_to: OpenTo | None = None
    past: Card | None = None
    readings: tuple[tuple[DayKind, Passage], ...] = ()
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Span:
    """A stretch [start, end) of one day in which one state holds."""

    start: datetime
    end: datetime
    state: State
