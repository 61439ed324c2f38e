"""From a pack's crossings.toml or places.toml to values: places, ways, routes, rivers, districts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from daxiang.domains.restrictions.fields import Fields
from daxiang.domains.restrictions.ground import District, Ground, River, Route
from daxiang.domains.restrictions.values import Confidence, OpenTo, Place, PlaceKind, VehicleClass

DATUM = "WGS-84"


def read_places(path: Path, *, file: str) -> tuple[tuple[Place, ...], Ground]:
    """The places of a city, in the file's order, and the ground they lie on."""
    top = Fields.of_file(path, file=file)
    if top.text("datum") != DATUM:
        top.wrong("datum", f"要写 {DATUM}（坐标一律用这一种）")
    places = tuple(_place(fields) for fields in top.tables("place"))
    ground = Ground(
        rivers=tuple(_river(fields) for fields in top.tables("river", may_be_missing=True)),
        districts=tuple(_district(fields) for fields in top.tables("district", may_be_missing=True)),
        ways=dict(_way(fields) for fields in top.tables("way", may_be_missing=True)),
        routes=tuple(_route(fields) for fields in top.tables("route", may_be_missing=True)),
    )
    top.done()
    _check_named(top, places, ground)
    return places, ground


def _place(fields: Fields) -> Place:
    river = fields.text_if_any("river") or ""
    place = Place(
        id=fields.text("id"),
        name=fields.text("name"),
        short_name=fields.text("short_name"),
        aliases=fields.texts("aliases", may_be_empty=True),
        kind=fields.choice("kind", PlaceKind),
        river=river,
        banks=fields.texts("banks") if river else (),
        order=fields.count("order") if river else None,
        speed_kmh=fields.count_if_any("speed_kmh"),
        lon=fields.number("lon", low=73, high=136),
        lat=fields.number("lat", low=3, high=54),
        datum=DATUM,
        confidence=fields.choice("confidence", Confidence),
        bounds=fields.text_if_any("bounds"),
        stand_ins=fields.texts("stand_ins", may_be_empty=True),
        stand_ins_to=_stand_ins_to(fields),
        open_to=tuple(_open_to(statement) for statement in fields.tables("open_to", may_be_missing=True)),
    )
    if river and len(place.banks) != 2:
        fields.wrong("banks", "要写两岸，顺水看先左后右")
    fields.done()
    return place


def _stand_ins_to(fields: Fields) -> dict[str, tuple[str, ...]]:
    if not fields.has("stand_ins_to"):
        return {}
    table = fields.table("stand_ins_to")
    return {bank: table.texts(bank) for bank in table.names()}


def _open_to(fields: Fields) -> OpenTo:
    checked_on, checked_text = fields.day_as_far_as_known("checked_on")
    statement = OpenTo(
        classes=frozenset(fields.choices("classes", VehicleClass)),
        since=fields.instant("since"),
        source=fields.text("source"),
        checked_on=checked_on,
        checked_text=checked_text,
        confidence=fields.choice("confidence", Confidence),
    )
    fields.done()
    return statement


def _river(fields: Fields) -> River:
    river = River(
        name=fields.text("name"),
        left=fields.text_if_any("left"),
        right=fields.text_if_any("right"),
        line=fields.points("line"),
    )
    fields.done()
    return river


def _district(fields: Fields) -> District:
    district = District(
        name=fields.text("name"),
        aliases=fields.texts("aliases", may_be_empty=True),
        bank=fields.text("bank"),
        lon=fields.number("lon", low=73, high=136),
        lat=fields.number("lat", low=3, high=54),
        confidence=fields.choice("confidence", Confidence),
    )
    fields.done()
    return district


def _way(fields: Fields) -> tuple[tuple[str, str], tuple[str, ...]]:
    ends = (fields.text("from"), fields.text("to"))
    crossings = fields.texts("crossings")
    fields.done()
    return ends, crossings


def _route(fields: Fields) -> Route:
    route = Route(
        around=fields.text("around"),
        from_bank=fields.text("from_bank"),
        to=fields.texts("to"),
        from_roads=fields.texts("from"),
        via=fields.texts("via"),
        crossings=fields.texts("crossings"),
        source=fields.text("source"),
        url=fields.text("url"),
        confidence=fields.choice("confidence", Confidence),
    )
    fields.done()
    return route


def _check_named(top: Fields, places: tuple[Place, ...], ground: Ground) -> None:
    """What is named exists: stand-ins, ways and routes name places, and banks are those of the crossings."""
    known = _once(top, [place.id for place in places])
    banks = {bank for place in places for bank in place.banks}
    for number, place in enumerate(places, start=1):
        for other in (*place.stand_ins, *(one for ids in place.stand_ins_to.values() for one in ids)):
            if other not in known - {place.id}:
                top.refuse(f"place[{number}].stand_ins", f"里的 {other} 不是另一个录入的地方")
    for field, ids in _led(ground):
        for one in ids:
            if one not in known:
                top.refuse(field, f"里的 {one} 没有录入，可写的有：{'、'.join(sorted(known))}")
    for field, bank in _banks_named(places, ground):
        if bank not in banks:
            right = "、".join(sorted(banks))
            top.refuse(field, f"里的 {bank} 不是哪条江的一岸，可写的有：{right}")


def _led(ground: Ground) -> Iterable[tuple[str, tuple[str, ...]]]:
    for number, ids in enumerate(ground.ways.values(), start=1):
        yield f"way[{number}].crossings", ids
    for number, route in enumerate(ground.routes, start=1):
        yield f"route[{number}].around", (route.around,)
        yield f"route[{number}].crossings", route.crossings


def _banks_named(places: tuple[Place, ...], ground: Ground) -> Iterable[tuple[str, str]]:
    for number, place in enumerate(places, start=1):
        yield from ((f"place[{number}].stand_ins_to", bank) for bank in place.stand_ins_to)
    for number, ends in enumerate(ground.ways, start=1):
        yield from ((f"way[{number}].{key}", bank) for key, bank in zip(("from", "to"), ends, strict=True))
    for number, route in enumerate(ground.routes, start=1):
        yield f"route[{number}].from_bank", route.from_bank
        yield from ((f"route[{number}].to", bank) for bank in route.to)
    for number, district in enumerate(ground.districts, start=1):
        yield f"district[{number}].bank", district.bank
    for number, river in enumerate(ground.rivers, start=1):
        yield from ((f"river[{number}].left", bank) for bank in (river.left,) if bank)
        yield from ((f"river[{number}].right", bank) for bank in (river.right,) if bank)


def _once(top: Fields, ids: Sequence[str]) -> set[str]:
    """The ids as a set; refuses one that is used twice."""
    seen: set[str] = set()
    for number, one in enumerate(ids, start=1):
        if one in seen:
            top.refuse(f"place[{number}].id", f"{one} 写了两次，只留一段")
        seen.add(one)
    return seen
