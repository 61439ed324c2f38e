"""From a city pack's files to values. One TOML file a card, written so that a clerk can read it aloud.

Everything is checked here, so that deciding never meets a surprise: PackWrong names the file and the field.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, time
from pathlib import Path

from daxiang.domains.calendars.rules import Calendar
from daxiang.domains.restrictions.city_cards import Alert, CityCards
from daxiang.domains.restrictions.clauses import (
    WEEKDAYS,
    read_clause,
    read_closure,
    read_lift,
    read_prefixes,
)
from daxiang.domains.restrictions.crossings import read_places
from daxiang.domains.restrictions.errors import PackWrong
from daxiang.domains.restrictions.fields import Fields
from daxiang.domains.restrictions.ground import Ground
from daxiang.domains.restrictions.values import (
    AlertLevel,
    Card,
    Clause,
    Confidence,
    Layer,
    Once,
    Outcome,
    Place,
    Provenance,
    Sanction,
    SanctionKind,
)

FURTHER_NOTICE = "further_notice"
PLACES, CROSSINGS = "places.toml", "crossings.toml"


def read_city(folder: Path, calendar: Calendar) -> CityCards:
    """The pack in this folder (city.toml, crossings.toml or places.toml, restrictions/*.toml), as a whole."""
    city = Fields.of_file(folder / "city.toml", file=f"{folder.name}/city.toml")
    places, ground = _places(folder)
    paths = sorted(folder.glob("restrictions/*.toml"))
    tops = [Fields.of_file(path, file=f"{folder.name}/restrictions/{path.name}") for path in paths]
    cards = tuple(_card(top, path.stem, folder.name) for path, top in zip(paths, tops, strict=True))
    _check_together(tops, places, cards)
    if city.text("id") != folder.name:
        city.wrong("id", f"要和文件夹同名：{folder.name}")
    is_served = city.has("accounts")
    accounts = city.table("accounts") if is_served else None
    pack = CityCards(
        id=folder.name,
        name=city.text("name"),
        province=city.text_if_any("province") or "",
        brief=city.text("brief"),
        accounts={kind: accounts.text(kind) for kind in ("service", "subscription")} if accounts else {},
        local_plates=read_prefixes(city, "local_plates"),
        caution_after_days=_caution(city),
        places={place.id: place for place in places},
        cards=cards,
        calendar=calendar,
        ground=ground,
        headline=_headline(city, places),
        lon=city.number("lon", low=73, high=136) if city.has("lon") else None,
        lat=city.number("lat", low=3, high=54) if city.has("lat") else None,
        no_tail_rule=city.text_if_any("no_tail_rule"),
        alerts=_alerts(folder),
    )
    if accounts:
        accounts.done()
    city.done()
    return pack


def _places(folder: Path) -> tuple[tuple[Place, ...], Ground]:
    """Those of crossings.toml, then those of places.toml; a pack has one of the files at least."""
    files = [name for name in (CROSSINGS, PLACES) if (folder / name).is_file()]
    read = [read_places(folder / name, file=f"{folder.name}/{name}") for name in files or [PLACES]]
    places = tuple(place for found, _ in read for place in found)
    if len({place.id for place in places}) < len(places):
        raise PackWrong(f"{folder.name}：{CROSSINGS} 和 {PLACES} 里有同一个地方，只留一处。")
    return places, read[0][1]


def _caution(city: Fields) -> int:
    days = city.count_between("caution_after_days", low=1, high=3650)
    if days is None:
        city.wrong("caution_after_days", "没有写")
    return days


def _headline(city: Fields, places: tuple[Place, ...]) -> tuple[str, ...]:
    """The places that a question about the whole city is about; left out: those with a tail rule."""
    if not city.has("headline"):
        return ()
    known = [place.id for place in places]
    for place_id in (ids := city.texts("headline", may_be_empty=True)):
        if place_id not in known:
            city.wrong("headline", f"里的 {place_id} 没有录入，可写的有：{'、'.join(known)}")
    return ids


def _alerts(folder: Path) -> tuple[Alert, ...]:
    """The alerts on record; without the file none is."""
    path = folder / "alerts.toml"
    if not path.is_file():
        return ()
    top = Fields.of_file(path, file=f"{folder.name}/alerts.toml")
    found = tuple(_alert(fields) for fields in top.tables("alert", may_be_missing=True))
    for number, alert in enumerate(found):
        for other in found[:number]:
            if alert.level is other.level and _overlap(alert, other):
                top.wrong(f"alert[{number + 1}].from", "和前面同一级别的一段重叠")
    top.done()
    return found


def _overlap(one: Alert, other: Alert) -> bool:
    return (one.end is None or other.start < one.end) and (other.end is None or one.start < other.end)


def _alert(fields: Fields) -> Alert:
    alert = Alert(
        level=fields.choice("level", AlertLevel),
        start=fields.instant("from"),
        end=fields.instant_or("until", FURTHER_NOTICE),
        source=fields.text("source"),
    )
    if alert.end and alert.end <= alert.start:
        fields.wrong("until", f'要晚于 from；还没解除就写 "{FURTHER_NOTICE}"')
    fields.done()
    return alert


def read_card(path: Path, *, city: str) -> Card:
    """One card; its id is the file's name and its city the pack's."""
    return _card(Fields.of_file(path, file=f"{city}/restrictions/{path.name}"), path.stem, city)


def _card(top: Fields, stem: str, city: str) -> Card:
    validity = top.table("validity")
    layer = top.choice("layer", Layer)
    is_waiver = layer is Layer.WAIVER
    card = Card(
        id=_same(top, "id", stem, "文件名"),
        city=_same(top, "city", city, "城市文件夹"),
        title=top.text("title"),
        short_title=top.text("short_title"),
        layer=layer,
        supersedes=top.texts("supersedes", may_be_empty=True),
        provenance=_provenance(top.table("provenance")),
        valid_from=validity.instant("from"),
        valid_until=validity.instant_or("until", FURTHER_NOTICE),
        places=top.texts("places"),
        clauses=() if is_waiver else _clauses(top, _makeup_as(top)),
        sanctions=tuple(_sanction(fields) for fields in top.tables("sanction", may_be_missing=True)),
        lifts=tuple(read_lift(fields) for fields in top.tables("lift")) if is_waiver else (),
        alerts=frozenset(top.choices("alert", AlertLevel)) if top.has("alert") else frozenset(),
        replaces=frozenset(top.texts("replaces")) if top.has("replaces") else frozenset(),
    )
    if card.valid_until and card.valid_until <= card.valid_from:
        validity.wrong("until", f'要晚于 from；没有期限就写 "{FURTHER_NOTICE}"')
    validity.done()
    top.done()
    _check_card(top, card)
    _check_sanctions(top, card)
    return card


def _clauses(top: Fields, makeup_as: Mapping[date, int]) -> tuple[Clause, ...]:
    bans = (read_clause(fields, makeup_as) for fields in top.tables("clause", may_be_missing=True))
    closures = (read_closure(fields) for fields in top.tables("closure", may_be_missing=True))
    return (*bans, *closures)


def _makeup_as(top: Fields) -> dict[date, int]:
    """Makeup workday -> the weekday in whose place it is worked; Monday is 0."""
    if not top.has("makeup_as"):
        return {}
    table, found = top.table("makeup_as"), {}
    for text in table.names():
        try:
            day = date.fromisoformat(text)
        except ValueError:
            table.wrong(text, "要写成日期，比如 2023-06-25")
        word = table.text(text)
        if word not in WEEKDAYS[:5]:
            table.wrong(text, f"不能写 {word!r}，可写的有：{'、'.join(WEEKDAYS[:5])}")
        if day.weekday() < 5:
            table.wrong(text, "不是周六、周日")
        found[day] = WEEKDAYS.index(word)
    return found


def _check_card(top: Fields, card: Card) -> None:
    """What a card's parts must be to each other."""
    if card.layer is Layer.WAIVER and card.alerts:
        top.wrong("alert", "不写在 waiver 里")
    if card.replaces and not (card.alerts or card.layer is Layer.ADDITION):
        top.wrong("replaces", '只和 alert 或 layer = "addition" 一起写；长期接替用 supersedes')
    if top.has("makeup_as") and all(clause.days.makeup_as is None for clause in card.clauses):
        top.wrong("makeup_as", '没有哪一段用到；要用就写 makeup_workday = "as_weekday"')
    if card.layer is not Layer.WAIVER and not card.clauses:
        top.wrong("clause", "没有写；至少要有一段 [[clause]] 或 [[closure]]")
    counts = {"clause": 0, "closure": 0}
    for number, clause in enumerate(card.clauses):
        part = "closure" if clause.outcome is Outcome.CLOSED else "clause"
        counts[part] += 1
        where = f"{part}[{counts[part]}]"
        if clause.sanction is not None and clause.sanction not in {row.id for row in card.sanctions}:
            top.wrong(f"{where}.sanction", f"写的 {clause.sanction} 没有对应的 [[sanction]]")
        for level in sorted(clause.alerts - card.alerts):
            top.wrong(f"{where}.alert", f"里的 {level} 没有写在这张卡的 alert 里")
        for other in card.clauses[:number]:
            if clause.id == other.id:
                top.wrong(f"{where}.id", f"{clause.id} 用过了，换一个")
            if replace(clause, id=other.id, says=other.says) == other:
                top.wrong(where, f"和 {other.id} 一段管的完全一样，只留一段")
        for place_id in sorted((clause.places or frozenset()) - set(card.places)):
            top.wrong(f"{where}.places", f"里的 {place_id} 不在这张卡的 places 里")


def _check_sanctions(top: Fields, card: Card) -> None:
    """Each row is some clause's, begins once, and says no more than its kind."""
    used = {clause.sanction for clause in card.clauses}
    for number, row in enumerate(card.sanctions, start=1):
        where = f"sanction[{number}]"
        if row.id not in used:
            top.wrong(f"{where}.id", f"{row.id} 没有哪一段用到")
        if any((row.id, row.since) == (other.id, other.since) for other in card.sanctions[: number - 1]):
            top.wrong(f"{where}.from", f"和前面一段 {row.id} 同一天开始，只留一段")
        if card.valid_until is not None and row.since >= card.valid_until:
            top.wrong(f"{where}.from", f"要早于这张卡的 until（{card.valid_until.date()}）")


def _same(fields: Fields, key: str, expected: str, of: str) -> str:
    if fields.text(key) != expected:
        fields.wrong(key, f"要和{of}一样：{expected}")
    return expected


def _provenance(fields: Fields) -> Provenance:
    verified_on, verified_text = fields.day_as_far_as_known("verified_on")
    told = Provenance(
        issuer=fields.text("issuer"),
        document_no=fields.text_or_unknown("document_no"),
        url=_address(fields, "url"),
        quote=fields.text_or_unknown("quote"),
        confidence=fields.choice("confidence", Confidence),
        verified_on=verified_on,
        verified_text=verified_text,
        verified_by=fields.text_or_unknown("verified_by"),
    )
    fields.done()
    return told


def _address(fields: Fields, key: str) -> str:
    text = fields.text(key)
    if not re.fullmatch(r"https?://[^\s/]+\S*", text):
        fields.wrong(key, "要写成网址，比如 https://example.org/notice.html")
    return text


LEAST_FINE_FEN, MOST_FINE_FEN, MOST_POINTS = 500, 500_000, 12
"""What the Road Traffic Safety Law (art. 89 to 99) knows: 5 to 5,000 yuan; at most 12 points."""


def _sanction(fields: Fields) -> Sanction:
    sanction = Sanction(
        id=fields.text("id"),
        since=fields.instant("from"),
        kind=fields.choice("kind", SanctionKind),
        fine_fen=fields.count_or_unknown("fine_fen"),
        points=fields.count_or_unknown("points"),
        legal_basis=fields.text("legal_basis"),
        first_free=fields.count_if_any("first_free") or 0,
        warn_first=fields.count_if_any("warn_first") or 0,
        once_per=fields.choice("once_per", Once) if fields.has("once_per") else None,
    )
    if sanction.since.time() != time():
        fields.wrong("from", "要写成零点，比如 2022-04-01T00:00:00")
    _check_amounts(fields, sanction)
    fields.done()
    return sanction


def _check_amounts(fields: Fields, sanction: Sanction) -> None:
    fine = sanction.fine_fen
    if sanction.kind is not SanctionKind.FINE and fine != 0:
        fields.wrong("fine_fen", f'要写 0，因为 kind = "{sanction.kind}"')
    is_odd = fine is not None and (fine % 100 or not LEAST_FINE_FEN <= fine <= MOST_FINE_FEN)
    if sanction.kind is SanctionKind.FINE and is_odd:
        fields.wrong("fine_fen", "要写成分，5元到5000元之间的整元，比如100元写 10000")
    if sanction.points is not None and sanction.points > MOST_POINTS:
        fields.wrong("points", f"要写成0到{MOST_POINTS}之间的整数")


def _check_together(tops: Sequence[Fields], places: tuple[Place, ...], cards: tuple[Card, ...]) -> None:
    """What no file can know alone: places and cards that a card names exist, and so does what it lifts."""
    known = {place.id for place in places}
    clauses = {card.id: {clause.id for clause in card.clauses} for card in cards}
    for top, card in zip(tops, cards, strict=True):
        for place_id in card.places:
            if place_id not in known:
                top.wrong("places", f"里的 {place_id} 没有录入，可写的有：{'、'.join(sorted(known))}")
        for other_id in card.supersedes:
            begun = [one for one in cards if one.id == other_id and one.valid_from < card.valid_from]
            if other_id in clauses and other_id != card.id and not begun:
                top.wrong("supersedes", f"里的 {other_id} 不比这张卡早，不能由它接替")
        for other in sorted(card.replaces | set(card.supersedes)):
            if other not in clauses or other == card.id:
                field = "replaces" if other in card.replaces else "supersedes"
                top.wrong(field, f"里的 {other} 不是这个城市的另一张卡")
        for number, lift in enumerate(card.lifts, start=1):
            if lift.card not in clauses:
                top.wrong(f"lift[{number}].of", f"写的 {lift.card} 没有这张卡")
            for clause in sorted(lift.clauses - clauses[lift.card]):
                right = "、".join(sorted(clauses[lift.card]))
                said = f"里的 {clause} 不是 {lift.card} 的一段，可写的有：{right}"
                top.wrong(f"lift[{number}].clauses", said)
