"""Which vehicles a text binds: classes, seats, height, axles, where the plate comes from."""

from __future__ import annotations

import re
from dataclasses import dataclass

from daxiang.domains.restrictions.drafting.findings import Doubt
from daxiang.domains.restrictions.values import Origin, VehicleClass
from daxiang.kernel.plates import PROVINCES

_V = VehicleClass
_BUS = r"(?:载客汽车|载客车辆|载客机动车|客车|客运汽车)"
_TRUCK = r"(?:载货汽车|载货车辆|载货机动车|货运汽车|货运车辆|货车)"
_PASSENGER = (_V.SMALL_PASSENGER, _V.MEDIUM_PASSENGER, _V.LARGE_PASSENGER)
_TRUCKS = (_V.LIGHT_TRUCK, _V.MEDIUM_TRUCK, _V.HEAVY_TRUCK)
_AND = r"[、和及与]?"
_SMALL = rf"(?:小型\(含微型\)|小型{_AND}微型|微型{_AND}小型|小{_AND}微型|小型)"
_WITH = r"(?:\(含\)|\(含中型\)|及|含)"
_CLASSES = tuple(
    (re.compile(pattern), classes)
    for pattern, classes in (
        (rf"中型(?:{_WITH}以下|以下\(含(?:中型)?\)){_BUS}", (_V.SMALL_PASSENGER, _V.MEDIUM_PASSENGER)),
        (rf"中型(?:{_WITH}以上|以上\(含(?:中型)?\)){_BUS}", (_V.MEDIUM_PASSENGER, _V.LARGE_PASSENGER)),
        (rf"大型?{_AND}中型{_BUS}|中型?{_AND}大型{_BUS}", (_V.MEDIUM_PASSENGER, _V.LARGE_PASSENGER)),
        (
            rf"{_SMALL}{_AND}中型{_BUS}|中型{_AND}{_SMALL}{_BUS}|中小型{_BUS}",
            (_V.SMALL_PASSENGER, _V.MEDIUM_PASSENGER),
        ),
        (rf"大型{_BUS}|大客车", (_V.LARGE_PASSENGER,)),
        (rf"中型{_BUS}", (_V.MEDIUM_PASSENGER,)),
        (rf"{_SMALL}{_BUS}|小客车|微型{_BUS}", (_V.SMALL_PASSENGER,)),
        (rf"中型(?:{_WITH}以上|以上\(含(?:中型)?\)){_TRUCK}", (_V.MEDIUM_TRUCK, _V.HEAVY_TRUCK)),
        (rf"(?:重型{_AND}中型|中型{_AND}重型|中重型){_TRUCK}", (_V.MEDIUM_TRUCK, _V.HEAVY_TRUCK)),
        (rf"轻型{_AND}中型{_AND}重型{_TRUCK}|重型{_AND}中型{_AND}轻型{_TRUCK}", _TRUCKS),
        (
            rf"(?:轻型(?:\(含\)|及)以下|微型{_AND}轻型|轻型{_AND}微型|轻{_AND}微型|轻型){_TRUCK}",
            (_V.LIGHT_TRUCK,),
        ),
        (rf"重型{_TRUCK}", (_V.HEAVY_TRUCK,)),
        (rf"中型{_TRUCK}", (_V.MEDIUM_TRUCK,)),
        (rf"(?<!型)(?<!型\)){_TRUCK}", _TRUCKS),
        (r"专项作业车辆?", (_V.SPECIAL,)),
        (r"(?:半|全)?挂车(?!号|牌)", (_V.TRAILER,)),
        (r"摩托车", (_V.MOTORCYCLE,)),
        (rf"(?<!型)(?<!以下)(?<!以上)(?<!下\(含\)){_BUS}", _PASSENGER),
    )
)
_ANY = re.compile(r"机动车(?!号牌|牌照|车牌|驾驶|尾号|道|通行|所有|保有|污染|限行|实)|所有车辆|各类车辆")
_STRANGE = re.compile(
    r"轮式专用机械车|特型机动车|拖拉机|三轮汽车|低速汽车|小型汽车|轿车|危险[^,;、]{0,6}车|渣土车|混凝土[^,;、]{0,4}车"
    r"|皮卡|面包车|牵引车|电动自行车|非机动车|(?:载客|载货)汽车"
)


@dataclass(frozen=True, kw_only=True)
class ClassesTold:
    """Classes, and the words for vehicles of which none is known."""

    classes: frozenset[VehicleClass]
    strange: tuple[str, ...] = ()


def read_classes(plain: str) -> ClassesTold | None:
    """The classes that a text names; words that name no class of ours are given back."""
    found: set[VehicleClass] = set()
    text = plain
    for pattern, classes in _CLASSES:
        if pattern.search(text):
            found.update(classes)
            text = pattern.sub("□", text)
    strange = tuple(dict.fromkeys(_STRANGE.findall(text)))
    if not found and not strange:
        return None
    return ClassesTold(classes=frozenset(found), strange=strange)


def names_several(plain: str) -> bool:
    """Whether a text names vehicles more than once, so that a bound may be about some of them alone."""
    text, count = plain, 0
    for pattern, _ in _CLASSES:
        text, times = pattern.subn("□", text)
        count += times
    return count > 1


def read_any_vehicle(plain: str) -> ClassesTold | None:
    """机动车 alone, where a text names no class: all of them."""
    return ClassesTold(classes=frozenset(_V)) if _ANY.search(plain) else None


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """Bounds of seats, height and axles; a Doubt where the text can be read in two ways."""

    seats_at_least: int | None = None
    seats_at_most: int | None = None


_SEATS = re.compile(
    r"(?:(少于|不满|超过|多于)?(\d{1,2})(?:人|座)(位)?(\(含\)|\(含\d{1,2}座\)|及|含)?(以下|以上)?(\(含[^()]{0,6}\)|\(不含[^()]{0,6}\))?)"
)


def read_seats(plain: str) -> Bounds | Doubt | None:
    """7座(含)以下 -> at most 7; 7座以下 alone is in doubt: with or without seven?"""
    found: list[Bounds] = []
    for before, number, _, within, side, behind in _SEATS.findall(plain):
        count = int(number)
        if before in ("少于", "不满"):
            found.append(Bounds(seats_at_most=count - 1))
        elif before in ("超过", "多于"):
            found.append(Bounds(seats_at_least=count + 1))
        elif not side:
            return Doubt(f"{number}座是多少座起、多少座止")
        elif not within and not behind:
            return Doubt(f"{number}座{side}含不含{number}座")
        else:
            found.append(_bounds(count, side, is_within=not behind.startswith("(不含")))
    if len(set(found)) > 1:
        return Doubt("座位数有两种说法")
    return found[0] if found else None


def _bounds(count: int, side: str, *, is_within: bool) -> Bounds:
    if side == "以下":
        return Bounds(seats_at_most=count if is_within else count - 1)
    return Bounds(seats_at_least=count if is_within else count + 1)


def read_height(plain: str) -> float | Doubt | None:
    """The height in metres above which a vehicle is bound."""
    match = re.search(r"(?:高度?|总高)(?:超过|大于|高于|过)?(\d(?:\.\d{1,2})?)米", plain)
    if match is None:
        return None
    is_bound = re.search(r"限高|超过|大于|高于|高过", match[0]) or "限高" in plain
    return float(match[1]) if is_bound and 1 <= float(match[1]) <= 6 else Doubt("车高")


def read_axles(plain: str) -> int | Doubt | None:
    """From how many axles on a vehicle is bound."""
    match = re.search(r"(\d)轴(\(含\)|及|\(含\d轴\))?(以上)?(\(含[^()]{0,4}\))?", plain)
    if match is None:
        return None
    return int(match[1]) if match[3] and (match[2] or match[4]) else Doubt("几轴起")


@dataclass(frozen=True, kw_only=True)
class PlatesTold:
    """Where the plate must come from. All empty: said outright that it does not matter."""

    origin: Origin | None = None
    plates: tuple[str, ...] = ()
    not_plates: tuple[str, ...] = ()


_ONE = rf"[{PROVINCES}](?:[A-Z](?![A-Z0-9])|(?=牌))"
_LIST = re.compile(rf"(非)?({_ONE}(?:[、和及与,]?非?{_ONE})*)(?=号牌|牌|籍|号段|[、和及与,]|外|\b|$)")
_OUTSIDE = r"(?:外地|外埠|外省市?|外省区市|外市|非本市|非本地|非本省)"
_FROM = (
    r"(?:核发|籍|号牌|牌照|车牌|登记|注册|机动车|车辆"
    r"|载客|小型|微型|中型|大型|载货|货车|客车|轻型|重型|小客车)"
)
_IS_OUTSIDE = re.compile(rf"{_OUTSIDE}{_FROM}|非.{{1,3}}籍")
_IS_INSIDE = re.compile(
    r"(?<!非)(?:本市|本地|本埠|我市)(?:公安[^,;]{0,12})?(?:核发|籍|号牌|牌照|车牌|登记|注册|机动车|车辆|载客|小型|小客车)"
)
_BOTH = re.compile(
    rf"(?:含|包括|连同|及|和|、|与){_OUTSIDE}|{_OUTSIDE}[^,;]{{0,16}}(?:同样|同等|适用|一并|一样|按上述|按照上述)"
)


def prefixes_in(text: str) -> tuple[str, ...]:
    """Every beginning of a plate that a text names."""
    return tuple(dict.fromkeys(re.findall(_ONE, text)))


def read_plates(plain: str) -> PlatesTold | Doubt | None:
    """Where the plate comes from; None where a text says nothing of it."""
    lists = [(bool(match[1]), prefixes_in(match[2])) for match in _LIST.finditer(plain)]
    said = [pair for pair in lists if pair[1]]
    has_both = bool(_BOTH.search(plain))
    if has_both and all(not is_not for is_not, _ in said):
        return PlatesTold()
    if has_both or len(said) > 1:
        return Doubt("管哪里的号牌")
    if said:
        is_not, prefixes = said[0]
        return PlatesTold(not_plates=prefixes) if is_not else PlatesTold(plates=prefixes)
    outside, inside = bool(_IS_OUTSIDE.search(plain)), bool(_IS_INSIDE.search(plain))
    if outside and inside:
        return PlatesTold()
    if outside or inside:
        return PlatesTold(origin=Origin.NON_LOCAL if outside else Origin.LOCAL)
    return None
