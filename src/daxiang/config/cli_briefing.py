"""`daxiang briefing import|list|quiz`: incidents by file, the editions of these days, the week's question."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg

from daxiang.config.shared_clock import shared_clock
from daxiang.domains.briefings.incidents import read_incidents
from daxiang.domains.briefings.operations import import_incidents
from daxiang.domains.briefings.queries import editions
from daxiang.domains.duty.quiz import add_quiz
from daxiang.foundation.database.url import database_url
from daxiang.foundation.demo import with_demo_values
from daxiang.foundation.environment import SettingWrong
from daxiang.foundation.settings import read_settings
from daxiang.kernel.clock import SHANGHAI, clock_from

_LARGEST = 20_000_000
_DAYS = 14


def register(commands: argparse._SubParsersAction[Any]) -> None:
    briefing = commands.add_parser("briefing", help="incidents by file, the editions of these days, the quiz")
    parts = briefing.add_subparsers(title="parts", dest="part", required=True, metavar="PART")
    bring = parts.add_parser("import", help="take over a CSV file of incidents: all of it or nothing")
    bring.add_argument("file", metavar="FILE", type=Path)
    bring.set_defaults(run=_import)
    parts.add_parser("list", help="the editions of two weeks").set_defaults(run=_list)
    quiz = parts.add_parser("quiz", help="the officers' question from now on")
    quiz.add_argument("question", metavar="QUESTION")
    quiz.add_argument("choice", metavar="CHOICE", nargs="+", help="two to four; a * begins the right one")
    quiz.add_argument("--because", default="", metavar="WHY", help="said after the answer")
    quiz.add_argument("--days", type=int, default=7, metavar="N")
    quiz.set_defaults(run=_quiz)


def _import(args: argparse.Namespace) -> int:
    try:
        if args.file.stat().st_size > _LARGEST:
            raise SettingWrong(f"{args.file}: larger than {_LARGEST // 1_000_000} MB.")
        found = read_incidents(args.file.read_bytes())
    except OSError as error:
        raise SettingWrong(f"{args.file}: {error.strerror}.") from error
    with _transaction() as cursor:
        now = clock_from(shared_clock()).now()
        fresh, changed = import_incidents(cursor, found, who="os:import", now=now)
    same = len({one.source_key for one in found}) - fresh - changed
    print(f"新的{fresh}件，改了{changed}件，没有变的{same}件。")
    return 0


def _list(_args: argparse.Namespace) -> int:
    today = clock_from(shared_clock()).now().astimezone(SHANGHAI).date()
    with _transaction() as cursor:
        found = editions(cursor, first=today - timedelta(days=_DAYS), last=today + timedelta(days=_DAYS))
    for one in found:
        print(f"{one.day}\t{one.kind}\t{one.status}\t第{one.revision}稿\t{one.approved_by or ''}")
    if not found:
        print("这几天没有简报。")
    return 0


def _quiz(args: argparse.Namespace) -> int:
    right = [place for place, one in enumerate(args.choice, start=1) if one.startswith("*")]
    if len(right) != 1 or not 2 <= len(args.choice) <= 4 or not 1 <= args.days <= 31:
        raise SettingWrong("CHOICE: two to four, exactly one begins with a *; --days: 1 to 31.")
    now = clock_from(shared_clock()).now()
    with _transaction() as cursor:
        add_quiz(
            cursor,
            opens_at=now,
            ends_at=now + timedelta(days=args.days),
            question=args.question,
            choices=[one.removeprefix("*") for one in args.choice],
            correct=right[0],
            because=args.because,
        )
    print("题目出好了，民警回“测验”就能看到。")
    return 0


@contextmanager
def _transaction() -> Iterator[psycopg.Cursor[Any]]:
    url = database_url(read_settings(with_demo_values()))
    with (
        psycopg.connect(url, autocommit=True, connect_timeout=5) as connection,
        connection.transaction(),
        connection.cursor() as cursor,
    ):
        yield cursor
