"""What follows from driving where it is banned, as far as a notice says it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from daxiang.domains.restrictions.drafting.findings import Doubt
from daxiang.domains.restrictions.values import Once, SanctionKind

_ABOUT = re.compile(r"处罚|罚款|警告|记\d{1,2}分|扣\d{1,2}分|不罚|免罚|禁令标[志识]")
_FINE = re.compile(r"(?:罚款?|处以?|处)(?:人民币)?(\d{2,5})元|(\d{2,5})元(?:的)?罚款")
_FROM_TO = re.compile(r"\d+元?以?上?(?:至|到|-)\d+元|以上\d+元以下|\d+元以[上下]")
_POINTS = re.compile(r"(?:记|扣)(\d{1,2})分")
_LAW = re.compile(
    r"《[^《》]{2,40}》(?:\([^()]{1,24}\))?第[0-9一二三四五六七八九十百]{1,8}条(?:第[0-9一二三四五六七八九十]{1,3}[款项])*"
)
_FIRST = re.compile(r"(?:首次|第[1一]次|初次)[^;]{0,24}?(警告|不予?处?罚|免罚|免予处罚|教育)")
_SO_MANY = re.compile(r"前([0-9一二两三四五])次[^;]{0,24}?(警告|不予?处?罚|免罚|免予处罚)")
_DAY = re.compile(r"(?:同[一1]|[一1]|当)[日天][^,;]{0,20}(?:多次|[2两二]次)[^,;]{0,16}(?:[一1]次)")
_FOUR_HOURS = re.compile(r"4小时[^,;]{0,24}(?:[一1]次|不再|不重复)")
_NUMBERS = {"一": 1, "两": 2, "二": 2, "三": 3, "四": 4, "五": 5}


@dataclass(frozen=True, kw_only=True)
class SanctionTold:
    """None: not said. `kind` None: neither a fine nor a warning is named."""

    kind: SanctionKind | None = None
    fine_fen: int | None = None
    points: int | None = None
    law: str | None = None
    first_free: int | None = None
    warn_first: int | None = None
    once_per: Once | None = None


def is_about_sanctions(plain: str) -> bool:
    """Whether a text says what follows from a breach."""
    return bool(_ABOUT.search(plain)) and not re.search(r"根据|为(?:了|进一步|加强)", plain[:6])


def read_sanction(plain: str) -> SanctionTold | Doubt | None:
    """What one sentence says of it; its parts may be spread over several."""
    if not is_about_sanctions(plain):
        return None
    fines = {int(one or other) for one, other in _FINE.findall(plain)}
    points = {int(one) for one in _POINTS.findall(plain)}
    if len(fines) > 1 or len(points) > 1 or _FROM_TO.search(plain):
        return Doubt("罚多少、记几分：写了不止一种，请照原文写")
    first_free, warn_first = _grace(plain)
    law = _LAW.search(plain)
    return SanctionTold(
        kind=_kind(plain, has_fine=bool(fines), is_warned_first=bool(warn_first)),
        fine_fen=fines.pop() * 100 if fines else None,
        points=points.pop() if points else 0 if re.search(r"不(?:予)?(?:记|扣)分", plain) else None,
        law=law[0] if law else None,
        first_free=first_free,
        warn_first=warn_first,
        once_per=_once(plain),
    )


def _kind(plain: str, *, has_fine: bool, is_warned_first: bool) -> SanctionKind | None:
    if has_fine or "罚款" in plain:
        return SanctionKind.FINE
    return SanctionKind.WARNING if "警告" in plain and not is_warned_first else None


def _grace(plain: str) -> tuple[int | None, int | None]:
    """The first so many that are free, and that are warned of."""
    found = [(1, match[1]) for match in _FIRST.finditer(plain)]
    found += [(_NUMBERS.get(match[1]) or int(match[1]), match[2]) for match in _SO_MANY.finditer(plain)]
    free = next((number for number, word in found if word not in ("警告", "教育")), None)
    warned = next((number for number, word in found if word in ("警告", "教育")), None)
    return free, warned


def _once(plain: str) -> Once | None:
    if _FOUR_HOURS.search(plain):
        return Once.FOUR_HOURS
    return Once.DAY if _DAY.search(plain) else None


def joined(one: SanctionTold, other: SanctionTold) -> SanctionTold | None:
    """Two sentences of one sanction; None where they speak against each other."""
    parts: dict[str, object] = {}
    for name in ("kind", "fine_fen", "points", "law", "first_free", "warn_first", "once_per"):
        mine, theirs = getattr(one, name), getattr(other, name)
        if mine is not None and theirs is not None and mine != theirs and name != "law":
            return None
        parts[name] = theirs if mine is None else mine
    return SanctionTold(**parts)  # type: ignore[arg-type]  # the very fields, taken from two of its kind
