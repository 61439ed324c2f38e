"""What a plate's text tells: its tail, its end, its kind. Read from the characters alone."""

from __future__ import annotations

DIGITS = "0123456789"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def last_digit(plate: str) -> int | None:
    """The last Arabic digit, whatever stands behind it."""
    return next((int(sign) for sign in reversed(plate) if sign in DIGITS), None)


def ends_in(plate: str) -> str:
    """digit, letter or hanzi."""
    if plate[-1] in DIGITS:
        return "digit"
    return "letter" if plate[-1] in LETTERS else "hanzi"


def is_temporary(plate: str) -> bool:
    return "临" in plate


def is_embassy(plate: str) -> bool:
    return "使" in (plate[0], plate[-1])


def is_police(plate: str) -> bool:
    return plate.endswith("警")


def is_hong_kong(plate: str) -> bool:
    return plate.endswith("港")


def is_green(plate: str) -> bool:
    """A new-energy plate has one sign more than others; a temporary one and 应急 can have as many."""
    return len(plate) == 8 and not is_temporary(plate) and not plate.endswith("应急")


def tail(plate: str, *, letter: str, temporary: str = "last") -> int | None:
    """The digit that counts, None where the notice does not say. letter, temporary: last, zero or unknown.

    A Hanzi at the end (学 警 挂 使 港) never counts: the last digit before it does, in every city.
    """
    rule = temporary if is_temporary(plate) else letter if ends_in(plate) == "letter" else "last"
    return {"last": last_digit(plate), "zero": 0, "unknown": None}[rule]
