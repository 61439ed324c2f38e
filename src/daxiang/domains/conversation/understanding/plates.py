"""Whole plates in any spelling: 鄂a·１２３４５, 鄂 A 123 45, 鄂A幺二三四五, 粤Z1234港, A12345."""

from __future__ import annotations

import re

from daxiang.domains.conversation.meaning import Car
from daxiang.domains.conversation.understanding.normal import NUMERALS, digits
from daxiang.domains.conversation.understanding.parts import Found, Part, Readers
from daxiang.kernel.plates import PROVINCES, PlateUnreadable, read_plate

_HEARD_AS = {"饿": "鄂", "恶": "鄂", "俄": "鄂", "额": "鄂", "鹅": "鄂", "噩": "鄂", "遏": "鄂", "愕": "鄂"}
"""How a voice message spells what is said; a plate follows, or it is an ordinary word."""

_ENDING = re.compile("(?:学|警|挂|港|澳|领|应急)?")
_GROUP = re.compile("[A-Z0-9]+")
_JOINTS = re.compile("[ .-]")
_HEAD = re.compile(rf"(?P<head>[{PROVINCES}{''.join(_HEARD_AS)}] ?[A-Z])[ ,:/.-]?(?P<rest>.*)", re.DOTALL)
_GROUPS = re.compile(r"[A-Z0-9]+(?:[ .-][A-Z0-9]+)*")
_SPOKEN = re.compile(rf"[A-Z]?[{NUMERALS}]{{4,6}}[A-Z]?")
_TEMPORARY = re.compile(r"[临][ .-]?([A-Z0-9 ]{4,7})")
_MASKED = re.compile(r"[A-Z0-9]{0,2}[*?]+[ ]?(?P<end>[A-Z0-9]{1,3})(?![A-Z0-9])")
_EMBASSY = re.compile("[0-9]{6}使|使[0-9]{6}")
_WITHOUT_PROVINCE = re.compile(r"(?P<plate>[A-HJ-NP-Z] ?[A-Z0-9]{5,6})(?![A-Z0-9])")
_TYPED_AS_E = re.compile(r"E ?(?P<rest>[A-HJ-NP-Z] ?[A-Z0-9]{5,6})(?![A-Z0-9])")
"""鄂 as its first letter in pinyin."""
_SERIAL = re.compile(r"(?P<serial>(?=(?:[A-Z]*[0-9]){2})[A-HJ-NP-Z0-9]{5})(?![A-Z0-9])")


def _plate(text: str, at: int, limit: int) -> Found | None:
    head = _HEAD.match(text, at, limit)
    if head is None:
        return None
    area = _HEARD_AS.get(text[at], text[at]) + head["head"][-1]
    start = head.start("rest")
    return (
        _temporary(area, text, start, limit)
        or _spoken(area, text, start, limit)
        or _typed(area, text, start, limit)
    )


def _temporary(area: str, text: str, at: int, limit: int) -> Found | None:
    found = _TEMPORARY.match(text, at, limit)
    return _read(f"{area}临{found[1].replace(' ', '')}", found.end()) if found else None


def _spoken(area: str, text: str, at: int, limit: int) -> Found | None:
    found = _SPOKEN.match(text, at, limit)
    return _read(area + digits(found[0]), found.end()) if found else None


def _typed(area: str, text: str, at: int, limit: int) -> Found | None:
    """The first groups of the run of signs that are a plate, or what is wrong with it.

    A blank ends a plate of full length: in 鄂AK4006 5 and 皖HE4840 9.18 the rest is something else.
    """
    masked = _MASKED.match(text, at, limit)
    if masked is not None and (tail := [sign for sign in masked["end"] if sign.isdigit()]):
        return Part.TAIL, (Car(tail=tail[-1]),), masked.end()
    run = _GROUPS.match(text, at, limit)
    if run is None:
        return Part.FILLER, None, at
    groups = list(_GROUP.finditer(run[0]))
    ends = [group.end() for group in groups]
    is_spelt_out = all(len(group[0]) == 1 for group in groups)
    for end in reversed(ends) if is_spelt_out else ends:
        serial = _JOINTS.sub("", run[0][:end])
        if not 4 <= len(serial) <= 6:
            continue
        stop = at + end
        ending = _ENDING.match(text, stop, limit) if len(serial) == 4 else None
        whole = area + serial + (ending[0] if ending else "")
        if found := _read(whole, ending.end() if ending else stop):
            return found
    return _unreadable(area, text, at, run[0][: ends[0]], run[0])


def _unreadable(area: str, text: str, at: int, first: str, run: str) -> Found | None:
    serial = _JOINTS.sub("", run)
    if 4 <= len(serial) <= 8:
        return Part.PLATE, _what_is_wrong(area + serial), at + len(run)
    is_parted = text[at - 1] in " ,:/.-"
    if len(first) == 1 and is_parted and (tail := [sign for sign in first if sign.isdigit()]):
        return Part.TAIL, (Car(tail=tail[-1]),), at + len(first)
    return Part.PLATE, _what_is_wrong(area + first), at + len(first)


def _read(number: str, end: int) -> Found | None:
    try:
        return Part.PLATE, read_plate(number), end
    except PlateUnreadable:
        return None


def _what_is_wrong(number: str) -> str:
    """The sentence that tells the person what to look at."""
    try:
        read_plate(number)
    except PlateUnreadable as error:
        return str(error)
    return ""


def _embassy(text: str, at: int, limit: int) -> Found | None:
    found = _EMBASSY.match(text, at, limit)
    return _read(found[0], found.end()) if found else None


def _bare(text: str, at: int, limit: int) -> Found | None:
    """A12345 and 1234K: province or area are left out; the digit that counts is there all the same."""
    typed = _TYPED_AS_E.match(text, at, limit)
    if typed is not None and (read := _read("鄂" + typed["rest"].replace(" ", ""), typed.end())):
        return read
    found = _WITHOUT_PROVINCE.match(text, at, limit)
    if found is not None:
        number = found["plate"].replace(" ", "")
        for province in "鄂":  # any province reads alike
            if (read := _read(province + number, found.end())) and not isinstance(read[1], str):
                plate = read_plate(province + number)
                green = True if plate.is_new_energy else None
                return Part.TAIL, (Car(tail=plate.tail_digit, is_green=green),), found.end()
    serial = _SERIAL.match(text, at, limit)
    if serial is None or (at and text[at - 1].isalnum() and text[at - 1].isascii()):
        return None
    return Part.TAIL, (Car(tail=[sign for sign in serial[0] if sign.isdigit()][-1]),), serial.end()


_WORD = re.compile(r"[A-Z]{2,}(?![A-Z0-9])")


def _word(text: str, at: int, limit: int) -> Found | None:
    """A word in Latin letters that means nothing here: no letter of it is the end of a plate."""
    if at and text[at - 1].isascii() and text[at - 1].isalnum():
        return None
    found = _WORD.match(text, at, limit)
    return (Part.UNREAD, None, found.end()) if found else None


READERS: Readers = {
    PROVINCES + "".join(_HEARD_AS): _plate,
    "使": _embassy,
    "0123456789": lambda text, at, limit: _embassy(text, at, limit) or _bare(text, at, limit),
    "ABCDEFGHJKLMNPQRSTUVWXYZ": lambda text, at, limit: _bare(text, at, limit) or _word(text, at, limit),
    "IO": _word,
}
