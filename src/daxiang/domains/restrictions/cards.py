"""From a city pack's files to values. One TOML file a card, written so that a clerk can read it aloud.

Everything is checked here, so that deciding never meets a surprise: PackWrong names the file and the field.
"""

from __future__ import annotations

import re
from pathlib import Path

from daxiang.domains.calendars.rules import Calendar, DayKind
from daxiang.domains.restrictions.crossings import read_places
from daxiang.domains.restrictions.errors import PackWrong
from daxiang.domains.restrictions.fields import Fields
from daxiang.domains.restrictions.rules import CityCards
from daxiang.domains.restrictions.values import (
    DAY_MINUTES,
    Card,
    Clause,
    Confidence,
    Days,
    Hours,
    Layer,
    LetterRule,
    MakeupWorkday,
    Place,
    Provenance,
    Sanction,
    SanctionKind,
    Tail,
    TailRule,
    VehicleClass,
    VehicleUse,
    Who,
)

FURTHER_NOTICE = "further_notice"
ALL_DAY = "all_day"
DAILY = "daily"
_WINDOW = re.compile(r"(\d{2}):(\d{2})-(\d{2}):(\d{2})")
_MAKEUP = {MakeupWorkday.RESTRICTED: True, MakeupWorkday.FREE: False, MakeupWorkday.UNKNOWN: None}


def read_city(folder: Path, calendar: Calendar) -> CityCards:
    """The pack in this folder (city.toml, crossings.toml, restrictions/*.toml), checked as a whole."""
    city = Fields.of_file(folder / "city.toml", file=f"{folder.name}/city.toml")
    places, ground = read_places(folder / "crossings.toml", file=f"{folder.name}/crossings.toml")
    cards = tuple(read_card(path, city=folder.name) for path in sorted(folder.glob("restrictions/*.toml")))
    _check_together(folder.name, places, cards)
    if city.text("id") != folder.name:
        city.wrong("id", f"要和文件夹同名：{folder.name}")
    accounts = city.table("accounts")
    pack = CityCards(
        id=folder.name,
        name=city.text("name"),
        brief=city.text("brief"),
        accounts={kind: accounts.text(kind) for kind in ("service", "subscription")},
        caution_after_days=city.count("caution_after_days"),
        places={place.id: place for place in places},
        cards=cards,
        calendar=calendar,
        ground=ground,
    )
    accounts.done()
    city.done()
    return pack


def read_card(path: Path, *, city: str) -> Card:
    """One card; its id is the file's name and its city the pack's."""
    top = Fields.of_file(path, file=f"{city}/restrictions/{path.name}")
    validity = top.table("validity")
    card = Card(
        id=_same(top, "id", path.stem, "文件名"),
        city=_same(top, "city", city, "城市文件夹"),
        title=top.text("title"),
        short_title=top.text("short_title"),
        layer=top.choice("layer", Layer),
        supersedes=top.texts("supersedes", may_be_empty=True),
        provenance=_provenance(top.table("provenance")),
        valid_from=validity.instant("from"),
        valid_until=validity.instant_or("until", FURTHER_NOTICE),
        places=top.texts("places"),
        clauses=tuple(_clause(fields) for fields in top.tables("clause")),
        sanctions=tuple(_sanction(fields) for fields in top.tables("sanction")),
    )
    if card.valid_until and card.valid_until <= card.valid_from:
        validity.wrong("until", f'要晚于 from；没有期限就写 "{FURTHER_NOTICE}"')
    for number, clause in enumerate(card.clauses, start=1):
        if clause.sanction not in {row.id for row in card.sanctions}:
            top.wrong(f"clause[{number}].sanction", f"写的 {clause.sanction} 没有对应的 [[sanction]]")
        if clause.id in {other.id for other in card.clauses[: number - 1]}:
            top.wrong(f"clause[{number}].id", f"{clause.id} 用过了，换一个")
    validity.done()
    top.done()
    return card


def _same(fields: Fields, key: str, expected: str, of: str) -> str:
    if fields.text(key) != expected:
        fields.wrong(key, f"要和{of}一样：{expected}")
    return expected


def _provenance(fields: Fields) -> Provenance:
    told = Provenance(
        issuer=fields.text("issuer"),
        document_no=fields.text_or_unknown("document_no"),
        url=fields.text("url"),
        quote=fields.text("quote"),
        confidence=fields.choice("confidence", Confidence),
        verified_on=fields.day("verified_on"),
        verified_by=fields.text_or_unknown("verified_by"),
    )
    fields.done()
    return told


def _clause(fields: Fields) -> Clause:
    clause = Clause(
        id=fields.text("id"),
        says=fields.text("says"),
        who=_who(fields.table("who")),
        days=_days(fields),
        hours=tuple(_hours(fields, text) for text in fields.texts("hours")),
        tail=_tail(fields.table("tail")),
        sanction=fields.text("sanction"),
    )
    fields.done()
    return clause


def _who(fields: Fields) -> Who:
    who = Who(
        classes=frozenset(fields.choices("classes", VehicleClass)),
        exempt_uses=frozenset(fields.choices("exempt_uses", VehicleUse, may_be_empty=True)),
        exempt_new_energy=fields.flag("exempt_new_energy"),
    )
    fields.done()
    return who


def _days(fields: Fields) -> Days:
    """`days` names the kinds in force, or "daily"; makeup workdays are said apart, as notices forget them."""
    words = fields.texts("days")
    makeup = fields.choice("makeup_workday", MakeupWorkday)
    if words == (DAILY,):
        if makeup is not MakeupWorkday.RESTRICTED:
            fields.wrong("makeup_workday", '要写 "restricted"，因为 days 是每天')
        return Days(restricted=dict.fromkeys(DayKind, True))
    plain = (DayKind.WORKDAY, DayKind.WEEKEND, DayKind.HOLIDAY)
    for word in words:
        if word not in plain:
            fields.wrong("days", f'不能写 {word!r}，可写的有：{"、".join(plain)}，或者只写 ["{DAILY}"]')
    restricted: dict[DayKind, bool | None] = {kind: kind in words for kind in plain}
    return Days(restricted=restricted | {DayKind.MAKEUP_WORKDAY: _MAKEUP[makeup]})


def _hours(fields: Fields, text: str) -> Hours:
    if text == ALL_DAY:
        return Hours(start=0, end=DAY_MINUTES)
    found = _WINDOW.fullmatch(text)
    if not found:
        fields.wrong("hours", f'不能写 {text!r}，要写成 "07:00-22:00" 或 "{ALL_DAY}"')
    hour, minute, end_hour, end_minute = (int(part) for part in found.groups())
    start, end = hour * 60 + minute, end_hour * 60 + end_minute
    if minute > 59 or end_minute > 59 or start >= DAY_MINUTES or end > DAY_MINUTES or start == end:
        fields.wrong("hours", f"里的 {text!r} 不是一段钟点")
    # A window that ends before it begins crosses midnight.
    return Hours(start=start, end=end if end > start else end + DAY_MINUTES)


def _tail(fields: Fields) -> Tail:
    rule = fields.choice("rule", TailRule)
    letter = None if rule is TailRule.ALL else fields.choice("letter", LetterRule)
    fields.done()
    return Tail(rule=rule, letter=letter)


def _sanction(fields: Fields) -> Sanction:
    sanction = Sanction(
        id=fields.text("id"),
        since=fields.instant("from"),
        kind=fields.choice("kind", SanctionKind),
        fine_fen=fields.count_or_unknown("fine_fen"),
        points=fields.count_or_unknown("points"),
        legal_basis=fields.text("legal_basis"),
    )
    fields.done()
    return sanction


def _check_together(city: str, places: tuple[Place, ...], cards: tuple[Card, ...]) -> None:
    """What no file can know alone: every place that a card names exists."""
    known = {place.id for place in places}
    for card in cards:
        for place_id in card.places:
            if place_id not in known:
                file = f"{city}/restrictions/{card.id}.toml"
                raise PackWrong(
                    f"{file}：places 里的 {place_id} 没有录入，可写的有：{'、'.join(sorted(known))}。"
                )
