"""`daxiang officers import|codes|end|roster`: who is an officer, and who is on duty when."""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg

from daxiang.config.shared_clock import shared_clock
from daxiang.domains.duty.roster import bring_roster, read_roster
from daxiang.domains.officers.people import bring_roll, end_officers, give_codes, officer_of_number
from daxiang.domains.officers.people_marks import PeopleMarks
from daxiang.domains.officers.roll import CODE_FOR, read_roll
from daxiang.foundation.database.url import database_url
from daxiang.foundation.demo import with_demo_values
from daxiang.foundation.environment import SettingWrong
from daxiang.foundation.sealing import Sealer
from daxiang.foundation.settings import Settings, read_settings
from daxiang.kernel.clock import clock_from

_TOLD = {
    "added": "新的",
    "changed": "改了",
    "same": "没有变",
    "back": "回来了",
    "refused": "没有收",
}
_LARGEST = 20_000_000


def register(commands: argparse._SubParsersAction[Any]) -> None:
    officers = commands.add_parser("officers", help="the roll of officers, their binding codes, their shifts")
    parts = officers.add_subparsers(title="parts", dest="part", required=True, metavar="PART")
    bring = parts.add_parser("import", help="take over a CSV roll, with a report of every line")
    bring.add_argument("file", metavar="FILE", type=Path)
    bring.add_argument("--leavers", action="store_true", help="whoever is not in the file has left")
    bring.add_argument("--dry-run", action="store_true", help="report, and change nothing")
    bring.set_defaults(run=_import)
    codes = parts.add_parser("codes", help="new binding codes for all who are not bound, as CSV")
    codes.add_argument("--number", metavar="NUMBER", help="for one officer alone")
    codes.add_argument("--minutes", type=int, default=int(CODE_FOR.total_seconds()) // 60, metavar="N")
    codes.set_defaults(run=_codes)
    end = parts.add_parser("end", help="an officer has left: access and tags end")
    end.add_argument("number", metavar="NUMBER")
    end.set_defaults(run=_end)
    shifts = parts.add_parser("roster", help="take over a CSV file of shifts")
    shifts.add_argument("file", metavar="FILE", type=Path)
    shifts.set_defaults(run=_roster)


def _import(args: argparse.Namespace) -> int:
    settings, roll = _settings(), read_roll(_read(args.file))
    now = clock_from(shared_clock()).now()
    with _transaction(settings, keeps=not args.dry_run) as cursor:
        brought = bring_roll(
            cursor,
            roll,
            ends_leavers=args.leavers,
            marks=PeopleMarks(settings.index_key),
            sealer=Sealer(settings.data_keys),
            now=now,
        )
    for row in brought.rows:
        print(f"第{row.line}行\t{_TOLD[row.outcome]}{'：' + row.why if row.why else ''}")
    counted = "，".join(f"{name}{brought.count(outcome)}" for outcome, name in _TOLD.items())
    print(f"{'（只看看，什么都没有改）' if args.dry_run else ''}{counted}，离岗{brought.left}。")
    if args.leavers and brought.count("refused"):
        print("有几行没有收，所以没有让任何人离岗：改好这几行再来一次。")
    return 1 if brought.count("refused") else 0


def _codes(args: argparse.Namespace) -> int:
    if not 1 <= args.minutes <= 60 * 24 * 14:
        raise SettingWrong("--minutes: 1 to 20160, two weeks.")
    settings = _settings()
    with _transaction(settings) as cursor:
        given = give_codes(
            cursor,
            marks=PeopleMarks(settings.index_key),
            sealer=Sealer(settings.data_keys),
            now=clock_from(shared_clock()).now(),
            number=args.number,
            lasts=timedelta(minutes=args.minutes),
        )
    written = csv.writer(sys.stdout)
    written.writerow(["警号", "姓名", "绑定码"])
    written.writerows([one.number, one.name, one.code] for one in given)
    print(f"{len(given)}个，{args.minutes}分钟内有效，只显示这一次。", file=sys.stderr)
    return 0


def _end(args: argparse.Namespace) -> int:
    settings = _settings()
    with _transaction(settings) as cursor:
        officer = officer_of_number(cursor, args.number, marks=PeopleMarks(settings.index_key))
        end_officers(cursor, [officer], now=clock_from(shared_clock()).now())
    print(f"{args.number}：离岗了，内部号已经打不开，标签马上取下。")
    return 0


def _roster(args: argparse.Namespace) -> int:
    settings, planned = _settings(), read_roster(_read(args.file))
    with _transaction(settings) as cursor:
        many = bring_roster(cursor, planned, marks=PeopleMarks(settings.index_key))
    print(f"排好了{many}个班。")
    return 0


def _settings() -> Settings:
    return read_settings(with_demo_values())


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > _LARGEST:
            raise SettingWrong(f"{path}: larger than {_LARGEST // 1_000_000} MB.")
        return path.read_bytes()
    except OSError as error:
        raise SettingWrong(f"{path}: {error.strerror}.") from error


@contextmanager
def _transaction(settings: Settings, *, keeps: bool = True) -> Iterator[psycopg.Cursor[Any]]:
    """A cursor inside one transaction; `keeps`: whether it is committed."""
    with (
        psycopg.connect(database_url(settings), autocommit=True, connect_timeout=5) as connection,
        connection.transaction(force_rollback=not keeps),
        connection.cursor() as cursor,
    ):
        yield cursor
