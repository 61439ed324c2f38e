"""`daxiang ask TEXT`: the very reply that the chat would give."""

from __future__ import annotations

import argparse
import json
import os
import sys
from dataclasses import asdict
from datetime import datetime
from typing import Any

from daxiang.config.ask_person import Asker, DatabaseAway, installed, reached
from daxiang.config.shared_clock import shared_clock
from daxiang.domains.conversation.answer import Reply
from daxiang.domains.conversation.queries import reply_to_text
from daxiang.foundation.environment import Environment, SettingWrong
from daxiang.foundation.settings import read_features
from daxiang.kernel.clock import SHANGHAI, FixedClock, clock_from


def register(commands: argparse._SubParsersAction[Any]) -> None:
    ask = commands.add_parser("ask", help="the very reply that the chat would give")
    ask.add_argument("text", help="what the citizen types, such as 5")
    ask.add_argument("--account", choices=("service", "subscription"), default="service")
    ask.add_argument("--openid", help="who asks: her talk and cars count, where the copy is up")
    ask.add_argument("--at", metavar="ISO", help="the instant, such as 2026-11-24T08:10:00+08:00 (now)")
    ask.add_argument("--json", action="store_true", help="print JSON only")
    ask.add_argument(
        "--commit", action="store_true", help="also keep and do what the gateway would; needs --openid"
    )
    ask.set_defaults(run=run)


def _instant(given: str | None) -> datetime:
    if given is None:
        return clock_from(shared_clock()).now()
    try:
        at = datetime.fromisoformat(given)
    except ValueError as error:
        raise SettingWrong(
            f"--at: {given!r} is not an ISO 8601 instant such as 2026-11-24T08:10:00+08:00."
        ) from error
    return FixedClock(at if at.tzinfo else at.replace(tzinfo=SHANGHAI)).now()


def as_json(reply: Reply) -> dict[str, Any]:
    """The reply as outside programs read it."""
    return {
        "kind": reply.kind,
        "text": reply.text,
        "choices": list(reply.choices),
        "advice": [
            {**asdict(place), "until": place.until.isoformat() if place.until else None}
            for place in reply.advice
        ],
    }


def _reply(args: argparse.Namespace) -> Reply:
    """By the copy in this home, where there is one: its cards, its people. Else by the carried pack."""
    at = _instant(args.at)
    if args.commit and not args.openid:
        raise SettingWrong("--commit: somebody must be asking; say who with --openid.")
    settings = installed()
    if settings is None:
        if args.commit:
            raise DatabaseAway("这里还没有装好的一份，什么都没有写。先运行 daxiang up。")
        env = Environment(os.environ)
        city, features = env.text("DAXIANG_CITY") or "wuhan", read_features(env)
        return reply_to_text(args.text, account_kind=args.account, city=city, at=at, features=features)
    asker = Asker(settings, account=args.account, openid=args.openid, now=at)
    with reached(settings) as connection:
        if not args.commit:
            return asker.reply(args.text, connection)
        if connection is None:
            raise DatabaseAway("连不上数据库，什么都没有写。看看这一份是不是在运行。")
        return asker.commit(args.text, connection)


def run(args: argparse.Namespace) -> int:
    try:
        reply = _reply(args)
    except DatabaseAway as away:
        print(f"daxiang: {away}", file=sys.stderr)
        return 1
    if args.json:
        json.dump(as_json(reply), sys.stdout, ensure_ascii=False)
        print()
    else:
        print(reply.text)
        if reply.choices:
            print("".join(f"〔{choice}〕" for choice in reply.choices))
    return 0
