"""`daxiang rules diff OLD NEW`: every stretch in which an answer changes, before a card goes live."""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

from daxiang.domains.restrictions.city_cards import CityCards
from daxiang.domains.restrictions.differences import Difference, Said, differences, places_of
from daxiang.domains.restrictions.packs import PackFiles, checked_files, lay_out, read_files, read_pack
from daxiang.domains.restrictions.queries import city_ids, packs_folder
from daxiang.domains.restrictions.values import Passage, Vehicle, VehicleClass
from daxiang.kernel.errors import DomainError
from daxiang.kernel.plates import read_plate

LONGEST = timedelta(days=5 * 366)
_WORDS: dict[Passage | None, str] = {
    Passage.ALLOWED: "能走",
    Passage.BANNED: "不能走",
    Passage.UNKNOWN: "不确定",
    Passage.CONDITIONAL: "看情况",
    None: "没有这个地方",
}


class DiffUnclear(DomainError):
    """What to compare is not clear; `str(error)` says what to write."""

    code: ClassVar[str] = "diff_unclear"


def register(parts: argparse._SubParsersAction[Any]) -> None:
    """Add `diff` to the parts of `daxiang rules`."""
    diff = parts.add_parser("diff", help="when the answers of two packs differ; exit status 1 where they do")
    diff.add_argument("old", metavar="OLD", help="a city, or the folder of a pack")
    diff.add_argument(
        "new", metavar="NEW", help="a city, a folder, or one card that joins or replaces in OLD"
    )
    diff.add_argument(
        "--plate", action="append", default=[], help="of this plate; may be given several times"
    )
    diff.add_argument("--tail", action="append", default=[], help="of a small car with this tail")
    diff.add_argument(
        "--class", dest="vehicle_class", default=VehicleClass.SMALL_PASSENGER, choices=VehicleClass
    )
    diff.add_argument("--place", action="append", default=[], help="at this place only")
    diff.add_argument("--from", dest="first", metavar="DATE", type=date.fromisoformat, required=True)
    diff.add_argument("--to", dest="last", metavar="DATE", type=date.fromisoformat, required=True)
    diff.add_argument("--json", action="store_true", help="one JSON object a line")
    diff.set_defaults(run=_diff)


def _diff(args: argparse.Namespace) -> int:
    if not args.first <= args.last <= args.first + LONGEST:
        raise DiffUnclear("--from 不能晚于 --to，一次最多比五年。")
    old_files = _files(args.old)
    new_files = _with_card(old_files, Path(args.new)) if args.new.endswith(".toml") else _files(args.new)
    with _read(old_files) as old, _read(new_files) as new:
        count = 0
        for place in args.place or places_of(old, new):
            if place not in old.places and place not in new.places:
                raise DiffUnclear(f"两边都没有这个地方：{place}。")
            for name, vehicle in _vehicles(args):
                for found in differences(
                    old, new, place=place, vehicle=vehicle, first=args.first, last=args.last
                ):
                    count += 1
                    print(_json_line(name, found) if args.json else _line(new, old, name, found))
    if not args.json:
        print(f"有{count}段不一样。" if count else "这段日子里，答案都一样。")
    return 1 if count else 0


def _files(named: str) -> PackFiles:
    if named in city_ids():
        return read_files(packs_folder() / named, city=named)
    folder = Path(named)
    if not folder.is_dir():
        raise DiffUnclear(f"没有这个城市，也没有这个文件夹：{named}。")
    return read_files(folder, city=folder.resolve().name)


def _with_card(old: PackFiles, path: Path) -> PackFiles:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DiffUnclear(f"读不了这张卡：{path}（{error}）。") from error
    return checked_files(old.city, {**old.files, f"restrictions/{path.name}": text})


@contextmanager
def _read(files: PackFiles) -> Iterator[CityCards]:
    with tempfile.TemporaryDirectory() as place:
        yield read_pack(lay_out(files, under=Path(place)), generation=files.digest)


def _vehicles(args: argparse.Namespace) -> Iterator[tuple[str, Vehicle]]:
    kind = VehicleClass(args.vehicle_class)
    for text in args.plate:
        plate = read_plate(text)
        yield plate.number, Vehicle(plate=plate, vehicle_class=kind, new_energy=plate.is_new_energy)
    tails = args.tail or (() if args.plate else tuple("0123456789"))
    for tail in tails:
        if tail not in tuple("0123456789"):
            raise DiffUnclear("--tail 要写一个数字，比如 5。")
        yield f"尾号{tail}", Vehicle(tail=tail, vehicle_class=kind)


def _line(new: CityCards, old: CityCards, name: str, found: Difference) -> str:
    place = (new.places.get(found.place) or old.places[found.place]).short_name
    span = f"{found.start:%Y-%m-%d %H:%M} – {_end(found)}"
    return f"{span}  {place}  {name}：{_words(found.before)} → {_words(found.after)}"


def _end(found: Difference) -> str:
    """24:00 of the day before, rather than midnight of the next."""
    end: datetime = found.end
    if end.hour or end.minute:
        return f"{end:%Y-%m-%d %H:%M}"
    return f"{end - timedelta(days=1):%Y-%m-%d} 24:00"


def _words(said: Said) -> str:
    parts = [said.rule or "没有卡"]
    if said.fine_fen is not None:
        parts.append(f"罚{said.fine_fen / 100:g}元")
    if said.points is not None:
        parts.append(f"记{said.points}分")
    return f"{_WORDS[said.passage]}（{'，'.join(parts)}）"


def _json_line(name: str, found: Difference) -> str:
    told = {
        "place": found.place,
        "vehicle": name,
        "from": found.start.isoformat(),
        "until": found.end.isoformat(),
        "before": {"passage": found.before.passage, "rule": found.before.rule},
        "after": {"passage": found.after.passage, "rule": found.after.rule},
    }
    return json.dumps(told, ensure_ascii=False)
