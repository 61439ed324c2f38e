"""Whom a notice leaves free, item by item, and what is left of a sentence without its exceptions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from daxiang.domains.restrictions.drafting.days import is_about_days
from daxiang.domains.restrictions.drafting.vehicles import prefixes_in
from daxiang.domains.restrictions.facts import FactName
from daxiang.domains.restrictions.values import Arrival, VehicleUse
from daxiang.kernel.plates import PlateKind

_U, _K, _F = VehicleUse, PlateKind, FactName
_ITEMS: tuple[tuple[re.Pattern[str], tuple[object, ...]], ...] = tuple(
    (re.compile(pattern), values)
    for pattern, values in (
        (r"空驶|未载客|空载", ()),
        (r"非新能源", ()),
        (r"网约车|网络预约出租(?:汽|客)?车", (_U.RIDE_HAILING,)),
        (r"出租(?:汽|客)?车|巡游(?:出租)?车|的士", (_U.TAXI,)),
        (r"校车", (_U.SCHOOL_BUS,)),
        (r"公交|公共汽车|公共电汽?车|公共汽电车", (_U.BUS,)),
        (r"邮政", (_U.MAIL,)),
        (r"教练车", (_U.TRAINING,)),
        (r"租赁(?:汽|客)?车", (_U.RENTAL,)),
        (r"环卫|洒水车|清扫车|清障车?(?!碍)", (_U.SANITATION,)),
        (r"消防|救护|工程救险|工程抢险|抢险救?[援灾]|救援", (_U.RESCUE,)),
        (r"执法|制式|统一标[识志]|公务标[识志]", (_U.ENFORCEMENT,)),
        (r"警车|警用", (_K.POLICE,)),
        (r"使、?领馆|使馆、领馆|使馆和领馆|外交", (_K.EMBASSY, _K.CONSULATE)),
        (r"使馆", (_K.EMBASSY,)),
        (r"领馆", (_K.CONSULATE,)),
        (r"港澳|香港[、和及]?澳门", (_K.HONG_KONG, _K.MACAU)),
        (r"香港|港牌", (_K.HONG_KONG,)),
        (r"澳门|澳牌", (_K.MACAU,)),
        (r"进京证|进京通行证|入城证", (_F.ENTRY_PERMIT,)),
        (r"通行证|通行码", (_F.PASS,)),
        (r"过境", (_F.TRANSIT,)),
        (r"新能源(?!大|重|轻|中|货|载货)", ("green",)),
    )
)
_CONDITION = re.compile(r"执行(?:紧急)?(?:任务|公务)|正在|作业时|期间")
_SPLIT = re.compile(r"[、,;]|以及|和(?!国)|及|与|或者?")
_OUT_IN_BRACKETS = re.compile(r"\(([^()]*?)除外\)")
_EXCEPT = re.compile(r"(?<![开清解排])除(?!外)([^,;()]+?)(?:以外|之外|外)")
_OUT = re.compile(r"([^,;:()]*?)除外")
_FREE = re.compile(
    r"不受[^,;]{0,24}(?:限制|约束|限行)|不限行|不在[^,;]{0,10}(?:限行|限制)?(?:之列|范围)|不纳入|不列入|不适用"
    r"|豁免|(?:可以?|允许|准许|准予)(?:正常)?(?:通行|行驶)(?!证)"
)
_DRIVES = re.compile(r"尾号|单号|双号")


@dataclass(frozen=True, kw_only=True)
class Exempt:
    """Who is free. `strange`: items that are in no closed set of ours; `conditions`: of an item, unread."""

    uses: frozenset[VehicleUse] = frozenset()
    kinds: frozenset[PlateKind] = frozenset()
    given: frozenset[FactName] = frozenset()
    plates: tuple[str, ...] = ()
    has_green: bool = False
    arrival: Arrival | None = None
    strange: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return self == Exempt()


NOBODY = Exempt()


def together(parts: Iterable[Exempt]) -> Exempt:
    """All of these."""
    found = tuple(parts)
    return Exempt(
        uses=frozenset().union(*(one.uses for one in found)),
        kinds=frozenset().union(*(one.kinds for one in found)),
        given=frozenset().union(*(one.given for one in found)),
        plates=tuple(dict.fromkeys(prefix for one in found for prefix in one.plates)),
        has_green=any(one.has_green for one in found),
        arrival=next((one.arrival for one in found if one.arrival), None),
        strange=tuple(dict.fromkeys(text for one in found for text in one.strange)),
    )


def is_exemption(plain: str) -> bool:
    """Whether the whole sentence frees somebody: 以下车辆不受限制, …可以通行."""
    match = _FREE.search(plain)
    if match is None or (_DRIVES.search(plain) and "不受" not in plain and "不限行" not in plain):
        return False
    freed = re.split(r"[,;:]", plain[: match.start()])[-1]
    return not (is_about_days(freed) and "车" not in freed)


def read_exemption(plain: str) -> Exempt:
    """A sentence that frees, read as a whole; or an item of such a list."""
    first = _arrival(plain)
    if first is not None:
        return first
    match = _FREE.search(plain)
    if match is None:
        return _items(plain)
    behind = plain[match.end() :]
    if ":" in behind:
        return _items(behind.partition(":")[2])
    if ":" in plain[: match.start()]:
        return _items(plain[: match.start()].rpartition(":")[2])
    return _items(plain[: match.start()])


def _arrival(plain: str) -> Exempt | None:
    if not re.search(r"首次|第一次", plain) or not re.search(r"当[日天]", plain):
        return None
    is_monthly = bool(re.search(r"每月|当月|每个?自然月", plain))
    return Exempt(arrival=Arrival.MONTH if is_monthly else Arrival.EVER)


def read_exceptions(plain: str) -> Exempt:
    """What a binding sentence leaves out (…除外, 除…外)."""
    found = []
    text = plain
    for pattern in (_OUT_IN_BRACKETS, _EXCEPT):
        found += [_items(match[1]) for match in pattern.finditer(text)]
        text = pattern.sub("", text)
    for match in _OUT.finditer(text):
        found.append(_items(_with_the_list_before(text, match)))
    return together(found)


def without_exceptions(plain: str) -> str:
    """What is left to say whom, when and where it binds; nothing of a sentence that only frees."""
    if is_exemption(plain):
        return ""
    text = _EXCEPT.sub("", _OUT_IN_BRACKETS.sub("", plain))
    for match in reversed(list(_OUT.finditer(text))):
        item = _with_the_list_before(text, match)
        text = text[: match.end() - len("除外") - len(item)] + text[match.end() :]
    return re.sub(r"\(?(?:含|包括)新能源[^,;()、和及]*\)?", "", text)


def _with_the_list_before(text: str, match: re.Match[str]) -> str:
    """公交车,出租车除外: back over commas for as long as what stands there is an item of ours."""
    start = match.start()
    while start > 0 and text[start - 1] in ",;":
        before = re.split(r"[,;:()]", text[: start - 1])[-1]
        found = _items(before)
        if not before or found.strange or found.is_empty:
            break
        start -= len(before) + 1
    return text[start : match.end() - len("除外")]


def _items(text: str) -> Exempt:
    return together(_item(one) for one in _parts(text) if not _is_filler(one))


def _parts(text: str) -> list[str]:
    text = re.sub(r"使[、和及]领馆|使馆[、和及]领馆", "使领馆", text.replace("使、领馆", "使领馆"))
    text = re.sub(r"\(([^()]*)\)", lambda match: match[1] if "号牌" in match[1] else "", text)
    return [part for part in _SPLIT.split(text) if part]


def _is_filler(text: str) -> bool:
    bare = re.sub(r"[()等]|其[他它中]|的|是|但|上述|以下|下列|车辆|机动车|汽车|情形|均|都|也", "", text)
    return not bare or (is_about_days(text) and not re.search(r"车", text))


def _item(text: str) -> Exempt:
    condition = (text,) if _CONDITION.search(text) else ()
    for pattern, values in _ITEMS:
        if pattern.search(text):
            if not values:
                return Exempt(strange=(text,))
            return Exempt(
                uses=frozenset(one for one in values if isinstance(one, VehicleUse)),
                kinds=frozenset(one for one in values if isinstance(one, PlateKind)),
                given=frozenset(one for one in values if isinstance(one, FactName)),
                has_green="green" in values,
                strange=condition,
            )
    if prefixes := prefixes_in(text):
        return Exempt(plates=prefixes)
    return Exempt(strange=(text,))
