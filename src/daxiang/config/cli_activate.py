"""`daxiang rules activate CITY [DIR]` and `rules history CITY`: which pack is in force, live in a second."""

from __future__ import annotations

import argparse
import getpass
import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

import psycopg

from daxiang.domains.conversation.account_menu import read_menu
from daxiang.domains.restrictions.generations.operations import activate
from daxiang.domains.restrictions.generations.sql import FIND_ACTIVE, LIST_SWITCHES
from daxiang.domains.restrictions.packs import lay_out, read_files, read_pack
from daxiang.domains.restrictions.queries import packs_folder
from daxiang.foundation.database.url import database_url
from daxiang.foundation.demo import with_demo_values
from daxiang.foundation.settings import read_settings
from daxiang.kernel.clock import SHANGHAI, clock_from
from daxiang.kernel.errors import DomainError

_SHORT = 12


class DatabaseAway(DomainError):
    """The database cannot be reached, so nothing was changed. Start the copy, or look at DATABASE_URL."""

    code: ClassVar[str] = "database_away"


def register(parts: argparse._SubParsersAction[Any]) -> None:
    """Add both to the parts of `daxiang rules`."""
    act = parts.add_parser("activate", help="check a pack and bring it into force, live within a second")
    act.add_argument("city", metavar="CITY")
    act.add_argument("folder", metavar="DIR", nargs="?", type=Path, help="the pack (the carried one)")
    act.add_argument("--json", action="store_true", help="print only JSON")
    act.set_defaults(run=_activate)
    history = parts.add_parser("history", help="which packs of a city were in force, the newest first")
    history.add_argument("city", metavar="CITY")
    history.add_argument("--json", action="store_true", help="print only JSON")
    history.set_defaults(run=_history)


def _activate(args: argparse.Namespace) -> int:
    folder = args.folder or packs_folder() / args.city
    pack = read_files(folder, city=args.city)
    with tempfile.TemporaryDirectory() as place:
        laid_out = lay_out(pack, under=Path(place))
        cards = read_pack(laid_out, generation=pack.digest)
        read_menu(laid_out)
    settings = read_settings(with_demo_values())
    now = clock_from(settings.clock_file).now()
    with _connected() as connection:
        done = activate(connection, pack=pack, at=now, by=getpass.getuser())
    told = {"city": args.city, "generation": done.digest, "before": done.before, "changed": done.is_change}
    if args.json:
        print(json.dumps(told, ensure_ascii=False))
    elif done.is_change:
        print(f"{cards.name}：新的一版 {done.digest[:_SHORT]} 已经生效，{len(cards.cards)} 张规则卡。")
    else:
        print(f"{cards.name}：这一版 {done.digest[:_SHORT]} 本来就在用，没有改动。")
    return 0


def _history(args: argparse.Namespace) -> int:
    with _connected() as connection:
        active = connection.execute(FIND_ACTIVE, {"city": args.city}).fetchone()
        rows = connection.execute(LIST_SWITCHES, {"city": args.city, "most": 100}).fetchall()
    if args.json:
        moves = [
            {"at": at.astimezone(SHANGHAI).isoformat(), "before": before, "after": after, "by": by}
            for at, before, after, by in rows
        ]
        print(json.dumps({"active": active and active[0], "switches": moves}, ensure_ascii=False))
        return 0 if rows else 1
    for at, before, after, by in rows:
        was = before[:_SHORT] if before else "（第一版）"
        print(f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}  {was} → {after[:_SHORT]}  {by}")
    if not rows:
        print(f"{args.city}：还没有启用过任何一版。", file=sys.stderr)
    return 0 if rows else 1


@contextmanager
def _connected() -> Iterator[psycopg.Connection[Any]]:
    url = database_url(read_settings(with_demo_values()))
    try:
        with psycopg.connect(url, autocommit=True, connect_timeout=3) as connection:
            yield connection
    except psycopg.OperationalError as error:
        raise DatabaseAway("连不上数据库，什么都没有改动。请先启动（daxiang up），再试一次。") from error
