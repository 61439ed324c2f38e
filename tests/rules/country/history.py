"""开四停四 (Guiyang until 2025, Guangzhou), day by day.

The worked example: in on the 1st, may drive 1 to 4, banned 5 to 8, free from the 9th. In on 1 and 2 only: the
idle 3rd ends the run, four idle days are needed (3, 4, 5, 6), banned on the 5th, free from the 7th.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, timedelta

State = tuple[str, int]
"""("fresh", 0) · ("run", days driven in a row, 1 to 4) · ("stop", idle days in a row so far, 0 to 3)."""

FRESH: State = ("fresh", 0)
LOOK_BACK = 16
"""Days, more than any history can matter: eight days bring any state about from a fresh start."""


def may_drive(state: State) -> bool:
    """Whether a car in this state may be in the area on the day that begins."""
    return state == FRESH or state in {("run", 1), ("run", 2), ("run", 3)}


def after(state: State, *, driven: bool, enforced: bool, free_days: str) -> State:
    """The next morning's state. free_days: what a day without the rule does, "reset" or "count_as_stop"."""
    if not enforced and free_days == "reset":
        return FRESH
    if driven and enforced:
        if state == FRESH:
            return ("run", 1)
        if may_drive(state):
            return ("run", state[1] + 1)
        return ("stop", 0)  # in against the rule: the four days of rest begin anew
    if state == FRESH:
        return FRESH
    idle = 1 if state[0] == "run" else state[1] + 1
    return FRESH if idle == 4 else ("stop", idle)


def states_on(
    day: date,
    driven: Collection[date] | None,
    enforced: Callable[[date], Collection[bool]],
    free_days: str,
) -> set[State]:
    """Every state in which the car can begin that day.

    driven: the days on which it was in, complete; None: not known, so any. enforced: whether the rule held on
    a day, both answers where that is not known.
    """
    first = day - timedelta(days=LOOK_BACK) if driven is None else min([*driven, day])
    states = {FRESH}
    while first < day:
        was_in = (True, False) if driven is None else (first in driven,)
        states = {
            after(state, driven=choice, enforced=held, free_days=free_days)
            for state in states
            for choice in was_in
            for held in enforced(first)
        }
        first += timedelta(days=1)
    return states
