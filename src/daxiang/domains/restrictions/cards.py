"""From a city pack's files to values. One TOML file a card, written so that a clerk can read it aloud.

Everything is checked here, so that deciding never meets a surprise: PackWrong names the file and the field.
"""

from __future__ import annotations

import re
from datetime import time
from pathlib import Path

from daxiang.domains.calendars.rules import Calendar, DayKind
from daxiang.domains.restrictions.crossings import read_places
from daxiang.domains.restrictions.errors import PackWrong
from daxiang.domains.restrictions.fields import Fields
from daxiang.domains.restrictions.rules import CityCards
from daxiang.domains.restrictions.values import (
    DAY_MINUTES,
    EVERY_WEEKDAY,
    EVERYBODY,
    Card,
    Clause,
    Confidence,
    Days,
    Hours,
    Layer,
    LetterRule,
    Lift,
    MakeupWorkday,
    Origin,
    Outcome,
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
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MAKEUP = {MakeupWorkday.RESTRICTED: True, MakeupWorkday.FREE: False, MakeupWorkday.UNKNOWN: None}


def read_city(folder: Path, calendar: Calendar) -> CityCards:
    """The pack in this folder (city.toml, crossings.toml, restrictions/*.toml), checked as a whole."""
    city = Fields.of_file(folder / "city.toml", file=f"{folder.name}/city.toml")
    places, ground = read_places(folder / "crossings.toml", file=f"{folder.name}/crossings.toml")
    cards = tuple(read_card(path, city=folder.name) for path in sorted(folder.glob("restrictions/*.toml")))
    check_together(folder.name, places, cards)
    if city.text("id") != folder.name:
        city.wrong("id", f"要和文件夹同名：{folder.name}")
    accounts = city.table("accounts")
    pack = CityCards(
        id=folder.name,
        name=city.text("name"),
        brief=city.text("brief"),
        accounts={kind: accounts.text(kind) for kind in ("service", "subscription")},
        local_plates=city.texts("local_plates"),
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
    layer = top.choice("layer", Layer)
    is_waiver = layer is Layer.WAIVER
    card = Card(
        id=_same(top, "id", path.stem, "文件名"),
        city=_same(top, "city", city, "城市文件夹"),
        title=top.text("title"),
        short_title=top.text("short_title"),
        layer=layer,
        supersedes=top.texts("supersedes", may_be_empty=True),
        provenance=_provenance(top.table("provenance")),
        valid_from=validity.instant("from"),
        valid_until=validity.instant_or("until", FURTHER_NOTICE),
        places=top.texts("places"),
        clauses=() if is_waiver else _clauses(top),
        sanctions=tuple(_sanction(fields) for fields in top.tables("sanction", may_be_missing=True)),
        lifts=tuple(_lift(fields) for fields in top.tables("lift")) if is_waiver else (),
    )
    if card.valid_until and card.valid_until <= card.valid_from:
        validity.wrong("until", f'要晚于 from；没有期限就写 "{FURTHER_NOTICE}"')
    validity.done()
    top.done()
    _check_card(top, card)
    return card


def _clauses(top: Fields) -> tuple[Clause, ...]:
    bans = (_clause(fields) for fields in top.tables("clause", may_be_missing=True))
    closures = (_closure(fields) for fields in top.tables("closure", may_be_missing=True))
    return (*bans, *closures)


def _check_card(top: Fields, card: Card) -> None:
    """What a card's parts must be to each other."""
    if card.layer is not Layer.WAIVER and not card.clauses:
        top.wrong("clause", "没有写；至少要有一段 [[clause]] 或 [[closure]]")
    counts = {Outcome.BANNED: 0, Outcome.CLOSED: 0}
    for number, clause in enumerate(card.clauses):
        counts[clause.outcome] += 1
        where = f"{'closure' if clause.outcome is Outcome.CLOSED else 'clause'}[{counts[clause.outcome]}]"
        if clause.sanction is not None and clause.sanction not in {row.id for row in card.sanctions}:
            top.wrong(f"{where}.sanction", f"写的 {clause.sanction} 没有对应的 [[sanction]]")
        if clause.id in {other.id for other in card.clauses[:number]}:
            top.wrong(f"{where}.id", f"{clause.id} 用过了，换一个")
        for place_id in sorted((clause.places or frozenset()) - set(card.places)):
            top.wrong(f"{where}.places", f"里的 {place_id} 不在这张卡的 places 里")


def _same(fields: Fields, key: str, expected: str, of: str) -> str:
    if fields.text(key) != expected:
        fields.wrong(key, f"要和{of}一样：{expected}")
    return expected


def _provenance(fields: Fields) -> Provenance:
    verified_on, verified_text = fields.day_as_far_as_known("verified_on")
    told = Provenance(
        issuer=fields.text("issuer"),
        document_no=fields.text_or_unknown("document_no"),
        url=fields.text("url"),
        quote=fields.text_or_unknown("quote"),
        confidence=fields.choice("confidence", Confidence),
        verified_on=verified_on,
        verified_text=verified_text,
        verified_by=fields.text_or_unknown("verified_by"),
    )
    fields.done()
    return told


def _clause(fields: Fields) -> Clause:
    clause = Clause(
        id=fields.text("id"),
        says=fields.text("says"),
        places=frozenset(fields.texts("places")) if fields.has("places") else None,
        who=_who(fields.table("who")),
        days=_days(fields),
        makeup_note=fields.text_if_any("makeup_note"),
        hours=_hours(fields),
        tail=_tail(fields.table("tail")),
        sanction=fields.text_or_unknown("sanction"),
    )
    fields.done()
    return clause


def _closure(fields: Fields) -> Clause:
    """A place shut to everybody for works: no vehicle, tail or sanction to speak of."""
    clause = Clause(
        id=fields.text("id"),
        says=fields.text("says"),
        places=frozenset(fields.texts("places")) if fields.has("places") else None,
        who=EVERYBODY,
        days=_days(fields),
        hours=_hours(fields),
        tail=Tail(rule=TailRule.ALL, letter=None),
        sanction=None,
        outcome=Outcome.CLOSED,
    )
    fields.done()
    return clause


def _lift(fields: Fields) -> Lift:
    lift = Lift(
        says=fields.text("says"),
        card=fields.text("of"),
        clauses=frozenset(fields.texts("clauses")),
        days=_days(fields),
        hours=_hours(fields),
    )
    fields.done()
    return lift


def _who(fields: Fields) -> Who:
    who = Who(
        classes=frozenset(fields.choices("classes", VehicleClass)),
        exempt_uses=frozenset(fields.choices("exempt_uses", VehicleUse, may_be_empty=True)),
        unsaid_uses=frozenset(fields.choices("unsaid_uses", VehicleUse))
        if fields.has("unsaid_uses")
        else frozenset(),
        exempt_new_energy=fields.flag_or_unknown("exempt_new_energy"),
        seats_at_least=fields.count_if_any("seats_at_least"),
        seats_at_most=fields.count_if_any("seats_at_most"),
        taller_than_m=fields.number("taller_than_m", low=1, high=6) if fields.has("taller_than_m") else None,
        origin=fields.choice("origin", Origin) if fields.has("origin") else None,
    )
    for use in sorted(who.exempt_uses & who.unsaid_uses):
        fields.wrong("unsaid_uses", f"里的 {use} 也写在 exempt_uses 里，只留一处")
    fields.done()
    return who


def _days(fields: Fields) -> Days:
    """`days` names kinds of day, days of the week, or "daily"; of makeup workdays it is said apart."""
    words = fields.texts("days")
    makeup = fields.choice("makeup_workday", MakeupWorkday)
    if words == (DAILY,):
        if makeup is not MakeupWorkday.RESTRICTED:
            fields.wrong("makeup_workday", '要写 "restricted"，因为 days 是每天')
        return Days(restricted=dict.fromkeys(DayKind, True))
    plain = (DayKind.WORKDAY, DayKind.WEEKEND, DayKind.HOLIDAY)
    if all(word in WEEKDAYS for word in words):
        restricted: dict[DayKind, bool | None] = dict.fromkeys(plain, True)
        weekdays = frozenset(WEEKDAYS.index(word) for word in words)
    else:
        for word in words:
            if word not in plain:
                right = f'{"、".join(plain)}；或者只写星期几（{WEEKDAYS[0]}…），或者只写 ["{DAILY}"]'
                fields.wrong("days", f"不能写 {word!r}，可写的有：{right}")
        restricted, weekdays = {kind: kind in words for kind in plain}, EVERY_WEEKDAY
    return Days(restricted=restricted | {DayKind.MAKEUP_WORKDAY: _MAKEUP[makeup]}, weekdays=weekdays)


def _hours(fields: Fields) -> tuple[Hours, ...]:
    return tuple(_window(fields, text) for text in fields.texts("hours"))


def _window(fields: Fields, text: str) -> Hours:
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
    if sanction.since.time() != time():
        fields.wrong("from", "要写成零点，比如 2022-04-01T00:00:00")
    fields.done()
    return sanction


def check_together(city: str, places: tuple[Place, ...], cards: tuple[Card, ...]) -> None:
    """What no file can know alone: places that a card names exist, and so does what it lifts."""
    known = {place.id for place in places}
    clauses = {card.id: {clause.id for clause in card.clauses} for card in cards}
    for card in cards:
        file = f"{city}/restrictions/{card.id}.toml"
        for place_id in card.places:
            if place_id not in known:
                right = "、".join(sorted(known))
                raise PackWrong(f"{file}：places 里的 {place_id} 没有录入，可写的有：{right}。")
        for number, lift in enumerate(card.lifts, start=1):
            if lift.card not in clauses:
                raise PackWrong(f"{file}：lift[{number}].of 写的 {lift.card} 没有这张卡。")
            for clause in sorted(lift.clauses - clauses[lift.card]):
                right = "、".join(sorted(clauses[lift.card]))
                where = f"{file}：lift[{number}].clauses 里的 {clause}"
                raise PackWrong(f"{where} 不是 {lift.card} 的一段，可写的有：{right}。")
