"""`daxiang menu show|push`: the menu under the service account."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from typing import Any

from daxiang.foundation.demo import with_demo_values
from daxiang.foundation.settings import Settings, read_settings
from daxiang.integrations.outcomes import VendorFailure
from daxiang.integrations.wechat.client import menus
from daxiang.integrations.wechat.client.menus import Button, Entry, Press, checked
from daxiang.integrations.wechat.client.wiring import open_client
from daxiang.jobs.in_force import adopt_in_force
from daxiang.jobs.menus import wanted_menu

ACCOUNT = "service"
_PLACES = {Press.VIEW: "打开 {0.url}", Press.CLICK: "{0.key}"}


def register(commands: argparse._SubParsersAction[Any]) -> None:
    """Add `menu` and its parts to the command."""
    menu = commands.add_parser("menu", help="the menu under the service account: show, push")
    parts = menu.add_subparsers(title="parts", dest="part", required=True, metavar="PART")
    show = parts.add_parser("show", help="what the menu is to be, by the pack in force and the features")
    show.add_argument("--live", action="store_true", help="compare with what WeChat shows (one call)")
    show.add_argument("--json", action="store_true", help="print only JSON, as the platform takes it")
    show.set_defaults(run=_show)
    push = parts.add_parser("push", help="write it to WeChat now, whatever stands there")
    push.set_defaults(run=_push)


def _show(args: argparse.Namespace) -> int:
    settings = read_settings(with_demo_values())
    adopt_in_force(settings)
    wanted = wanted_menu(settings)
    if args.json:
        print(json.dumps({"button": checked(wanted) if wanted else []}, ensure_ascii=False))
    else:
        print("\n".join(_lines(wanted)) or "这个城市没有写菜单（menu.toml）。")
    if not args.live:
        return 0 if wanted else 1
    return asyncio.run(_compared(settings, wanted))


async def _compared(settings: Settings, wanted: tuple[Entry, ...]) -> int:
    try:
        async with open_client(settings, ACCOUNT) as client:
            held = await menus.get(client)
    except VendorFailure as failed:
        return _failed(failed)
    if held is None:
        print("微信上现在没有菜单。", file=sys.stderr)
    elif held.entries != wanted:
        print("微信上现在的菜单不一样：\n" + "\n".join(_lines(held.entries)), file=sys.stderr)
    else:
        print("微信上现在就是这样。", file=sys.stderr)
        return 0
    return 1


def _push(_args: argparse.Namespace) -> int:
    settings = read_settings(with_demo_values())
    adopt_in_force(settings)
    wanted = wanted_menu(settings)
    if not wanted:
        print("这个城市没有写菜单（menu.toml），什么都没有改动。", file=sys.stderr)
        return 1
    return asyncio.run(_pushed(settings, wanted))


async def _pushed(settings: Settings, wanted: tuple[Entry, ...]) -> int:
    try:
        async with open_client(settings, ACCOUNT) as client:
            await menus.create(client, wanted)
    except VendorFailure as failed:
        return _failed(failed)
    print("\n".join(_lines(wanted)))
    print("已经写到微信上；手机上最多过几分钟看到。", file=sys.stderr)
    return 0


def _failed(failed: VendorFailure) -> int:
    print(f"daxiang: 微信没有办成：{failed}。先看 worker 在不在运行，再试一次。", file=sys.stderr)
    return 1


def _lines(entries: Sequence[Entry]) -> list[str]:
    lines = []
    for entry in entries:
        if isinstance(entry, Button):
            lines.append(f"{entry.name}  {_does(entry)}")
        else:
            lines.append(entry.name)
            lines += [f"  {button.name}  {_does(button)}" for button in entry.buttons]
    return lines


def _does(button: Button) -> str:
    return _PLACES.get(button.press, button.press.value).format(button)
