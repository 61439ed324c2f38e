"""`daxiang rules …`: the restriction rules by themselves. Needs no database and no Django."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from daxiang.config import cli_activate, cli_diff, cli_draft
from daxiang.config.cli_packs import add_option, cities_of
from daxiang.domains.calendars.china import china_calendar
from daxiang.domains.calendars.rules import DayKind
from daxiang.domains.conversation.account_menu import read_menu
from daxiang.domains.restrictions.aloud import card_lines, validity
from daxiang.domains.restrictions.queries import card_of, load_city, pack_folder
from daxiang.domains.restrictions.reasons import day_text
from daxiang.domains.restrictions.rules import Decision, decide
from daxiang.domains.restrictions.values import Card, Question, Vehicle, VehicleClass, VehicleUse
from daxiang.kernel.errors import DomainError
from daxiang.kernel.plates import Plate, read_plate

_KIND_NAMES = {
    DayKind.WORKDAY: "工作日",
    DayKind.WEEKEND: "休息日",
    DayKind.HOLIDAY: "放假",
    DayKind.MAKEUP_WORKDAY: "调休上班",
}


class LineNotACase(DomainError):
    """The line is not a case as cases/README describes it; `str(error)` names the field."""

    code: ClassVar[str] = "not_a_case"


class LineNotJson(DomainError):
    """The line is not one JSON object in UTF-8."""

    code: ClassVar[str] = "bad_json"


@dataclass(frozen=True)
class _Answered:
    line: dict[str, Any]
    is_bad: bool = False


def register(commands: argparse._SubParsersAction[Any]) -> None:
    """Add `rules` and its parts to the command."""
    rules = commands.add_parser("rules", help="the restriction rules: answer, list, show, check, calendar")
    add_option(rules)
    parts = rules.add_subparsers(title="parts", dest="part", required=True, metavar="PART")
    answer = parts.add_parser(
        "answer", help="cases on standard input, answers on standard output (JSON Lines)"
    )
    answer.set_defaults(run=_answer)
    listing = parts.add_parser("list", help="every card of every city")
    listing.add_argument("--json", action="store_true", help="print only JSON")
    listing.set_defaults(run=_list)
    show = parts.add_parser("show", help="read one card aloud")
    show.add_argument("card", metavar="CARD")
    show.set_defaults(run=_show)
    check = parts.add_parser("check", help="check a city's pack, or all of them")
    check.add_argument("city", metavar="CITY", nargs="?")
    check.set_defaults(run=_check)
    cli_activate.register(parts)
    cli_diff.register(parts)
    cli_draft.register(parts)
    calendar = parts.add_parser("calendar", help="the holidays and makeup workdays of a year")
    calendar.add_argument("year", metavar="YEAR", type=int)
    calendar.add_argument("--json", action="store_true", help="print only JSON")
    calendar.set_defaults(run=_calendar)


def _answer(args: argparse.Namespace) -> int:
    with cities_of(args.packs):
        return _answer_all()


def _answer_all() -> int:
    any_bad = False
    for answered in answers(sys.stdin.buffer):
        any_bad |= answered.is_bad
        # A lone surrogate, which JSON can name but UTF-8 cannot hold, goes out as the escape it came in as.
        text = json.dumps(answered.line, ensure_ascii=False).encode("utf-8", "backslashreplace")
        sys.stdout.buffer.write(text + b"\n")
    sys.stdout.buffer.flush()
    return 2 if any_bad else 0


def answers(lines: Iterable[bytes]) -> Iterator[_Answered]:
    """One answer for each line that is not blank, in order; a bad line gets its error in place."""
    for raw in lines:
        if not raw.strip():
            continue
        case_id: object = None
        try:
            case = _object(raw)
            case_id = _id(case)
            cards, question = load_city(_text(case, "city")), _question(case)
            yield _Answered(_answer_line(case_id, decide(cards, question)))
        except DomainError as error:
            yield _Answered(
                {"id": case_id, "error": {"code": error.code, "message": str(error)}}, is_bad=True
            )


def _object(raw: bytes) -> dict[str, Any]:
    try:
        case = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise LineNotJson("这一行不是 UTF-8 的 JSON。") from error
    if not isinstance(case, dict):
        raise LineNotACase("这一行要写成一个 JSON 对象。")
    return case


def _id(case: dict[str, Any]) -> str | int | None:
    value = case.get("id")
    if not isinstance(value, str | int | None):
        raise LineNotACase("id 要写成文字或整数。")
    return value


def _question(case: dict[str, Any]) -> Question:
    told = case.get("vehicle")
    if not isinstance(told, dict):
        raise LineNotACase("vehicle 要写成一个对象。")
    facts = case.get("facts")
    if not isinstance(facts, dict | None):
        raise LineNotACase("facts 要写成一个对象。")
    return Question(
        place=_text(case, "place"), at=_instant(case), vehicle=read_vehicle(told), facts=facts or {}
    )


def read_vehicle(told: dict[str, Any]) -> Vehicle:
    """The vehicle of a case, as cases/README describes it. Raises LineNotACase, PlateUnreadable."""
    plate = _plate(told, "plate")
    new_energy = _flag(told, "new_energy")
    try:
        vehicle_class = VehicleClass(_text(told, "class"))
    except ValueError:
        raise LineNotACase(f"vehicle.class 可写的有：{'、'.join(VehicleClass)}。") from None
    if new_energy is None:
        new_energy = plate is not None and plate.is_new_energy
    return Vehicle(
        plate=plate,
        vehicle_class=vehicle_class,
        use=_text(told, "use") if "use" in told else VehicleUse.PRIVATE,
        new_energy=new_energy,
        seats=_count(told, "seats"),
        height_m=_metres(told),
        is_local=_flag(told, "is_local"),
        axles=_count(told, "axles"),
        tractor_plate=_plate(told, "tractor_plate"),
    )


def _text(told: dict[str, Any], key: str) -> str:
    value = told.get(key)
    if not isinstance(value, str) or not value:
        raise LineNotACase(f"{key} 要写成一段文字。")
    return value


def _count(told: dict[str, Any], key: str) -> int | None:
    value = told.get(key)
    if value is not None and (type(value) is not int or value < 0):
        raise LineNotACase(f"vehicle.{key} 要写成整数。")
    return value


def _metres(told: dict[str, Any]) -> float | None:
    value = told.get("height_m")
    if value is not None and (type(value) not in (int, float) or not 0 < value < 10):
        raise LineNotACase("vehicle.height_m 要写成米数，比如 2.8。")
    return None if value is None else float(value)


def _flag(told: dict[str, Any], key: str) -> bool | None:
    value = told.get(key)
    if not isinstance(value, bool | None):
        raise LineNotACase(f"vehicle.{key} 要写成 true 或 false。")
    return value


def _plate(told: dict[str, Any], key: str) -> Plate | None:
    return None if told.get(key) is None else read_plate(_text(told, key))


def _instant(case: dict[str, Any]) -> datetime:
    try:
        return datetime.fromisoformat(_text(case, "at"))
    except ValueError:
        raise LineNotACase("at 要写成带时区的时间，比如 2026-11-24T08:30:00+08:00。") from None


def _answer_line(case_id: object, decision: Decision) -> dict[str, Any]:
    sanction = decision.sanction
    return {
        "id": case_id,
        "passage": decision.passage,
        "closed": decision.is_closed,
        "needs": list(decision.needs),
        "rule": decision.rule,
        "tail": decision.tail,
        "day": decision.day,
        "sanction": sanction
        and {"kind": sanction.kind, "fine_fen": sanction.fine_fen, "points": sanction.points},
        "until": decision.until and decision.until.isoformat(),
        "reason": decision.reason,
        "source": decision.source and decision.source.line,
        "caution": decision.page_caution,
    }


def _list(args: argparse.Namespace) -> int:
    with cities_of(args.packs) as cities:
        cards = [card for city in cities for card in load_city(city).cards]
    if args.json:
        print(json.dumps([_card_row(card) for card in cards], ensure_ascii=False))
    else:
        for card in cards:
            print(f"{card.city}  {card.id}  {card.title}  {validity(card)}")
    return 0 if cards else 1


def _card_row(card: Card) -> dict[str, Any]:
    return {
        "id": card.id,
        "city": card.city,
        "title": card.title,
        "document_no": card.provenance.document_no,
        "layer": card.layer,
        "places": list(card.places),
        "valid_from": card.valid_from.isoformat(),
        "valid_until": card.valid_until and card.valid_until.isoformat(),
        "verified_on": card.provenance.verified_text,
        "verified_by": card.provenance.verified_by,
    }


def _show(args: argparse.Namespace) -> int:
    with cities_of(args.packs) as cities:
        known = (card for city in cities for card in load_city(city).cards)
        card = next((card for card in known if card.id == args.card), None) or card_of(args.card)
        for line in card_lines(card, load_city(card.city).places):
            print(line)
    return 0


def _check(args: argparse.Namespace) -> int:
    with cities_of(args.packs, only=args.city) as cities:
        return _check_all([args.city] if args.city else cities)


def _check_all(cities: Iterable[str]) -> int:
    for city in cities:
        pack, _ = load_city(city), read_menu(pack_folder(city))
        print(f"{city}：{len(pack.cards)} 张规则卡，{len(pack.places)} 个地方，都对。")
        for card in pack.cards:
            print(f"  {card.id}  {card.short_title}  {validity(card)}")
        for place in pack.places.values():
            names = "、".join((place.short_name, *place.aliases))
            print(f"  {place.id}  {place.name}（{names}）")
    return 0


def _calendar(args: argparse.Namespace) -> int:
    calendar, year = china_calendar(), args.year
    if year not in calendar.years:
        print(f"{year}年的放假和调休安排还没录入。", file=sys.stderr)
        return 1
    days = [date(year, 1, 1) + timedelta(days=number) for number in range(366)]
    kinds = [(day, kind) for day in days if day.year == year and (kind := calendar.kind(day)) is not None]
    telling = [(day, kind) for day, kind in kinds if kind in (DayKind.HOLIDAY, DayKind.MAKEUP_WORKDAY)]
    if args.json:
        rows = [{"date": str(day), "kind": kind, "name": calendar.holiday_name(day)} for day, kind in telling]
        print(json.dumps({"year": year, "days": rows}, ensure_ascii=False))
        return 0
    for day, kind in telling:
        print(f"{day.month}月{day_text(day)}  {calendar.holiday_name(day) or ''}{_KIND_NAMES[kind]}")
    return 0
