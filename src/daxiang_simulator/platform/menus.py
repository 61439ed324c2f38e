"""The menu bar under a chat: the default one, and conditional ones for tags and kinds of phone."""

from __future__ import annotations

from typing import Any

from .custom import recipient
from .frame import Call, call
from .menu_rules import check_menu, menu_for
from .refusals import Refused

OK = {"errcode": 0, "errmsg": "ok"}
MOST_CONDITIONAL = 60
RULES = ("tag_id", "group_id", "client_platform_type")
PRIVATE = ("sex", "country", "province", "city", "language")
"""What a menu may no longer be chosen by: refused with 65320, says "个性化菜单接口"."""


@call("POST", "/cgi-bin/menu/create", daily=1_000)
def create(made: Call) -> dict[str, Any]:
    buttons = check_menu(made.body.get("button"))
    made.put("menu", "default", {"button": buttons, "menuid": made.world.numbers.next() % 10**9})
    made.tell_followers()
    return OK


@call("GET", "/cgi-bin/menu/get", daily=10_000)
def get(made: Call) -> dict[str, Any]:
    menus = made.shelf("menu")
    if "default" not in menus:
        raise Refused(46003)
    conditional = [menu for key, menu in menus.items() if key != "default"]
    held = menus["default"]
    if not conditional:
        return {"menu": {"button": held["button"]}}
    return {"menu": held, "conditionalmenu": conditional[::-1]}


@call("GET", "/cgi-bin/menu/delete", daily=1_000)
def delete(made: Call) -> dict[str, Any]:
    for key in list(made.shelf("menu")):
        made.drop("menu", key)
    made.tell_followers()
    return OK


@call("GET", "/cgi-bin/get_current_selfmenu_info", daily=10_000)
def current(made: Call) -> dict[str, Any]:
    held = made.shelf("menu").get("default")
    shown = [_with_list(one) for one in held["button"]] if held else []
    return {"is_menu_open": 1 if held else 0, "selfmenu_info": {"button": shown}}


@call("POST", "/cgi-bin/menu/addconditional", daily=2_000)
def add_conditional(made: Call) -> dict[str, Any]:
    if not made.account.setting("verified"):
        raise Refused(65306)
    menus = made.shelf("menu")
    if "default" not in menus:
        raise Refused(65303)
    if not made.body.get("button"):
        raise Refused(65307)
    rule = made.body.get("matchrule")
    if not isinstance(rule, dict) or not any(rule.get(name) for name in (*RULES, *PRIVATE)):
        raise Refused(65304)
    if any(rule.get(name) for name in PRIVATE):
        raise Refused(65320)
    if len(menus) > MOST_CONDITIONAL:
        raise Refused(65305)
    number = made.world.numbers.next() % 10**9
    buttons = check_menu(made.body["button"])
    made.put("menu", str(number), {"button": buttons, "matchrule": rule, "menuid": number})
    made.tell_followers()
    return {"menuid": str(number)}


@call("POST", "/cgi-bin/menu/delconditional", daily=2_000)
def delete_conditional(made: Call) -> dict[str, Any]:
    number = str(made.body.get("menuid"))
    if number == "default" or number not in made.shelf("menu"):
        raise Refused(65301)
    made.drop("menu", number)
    made.tell_followers()
    return OK


@call("POST", "/cgi-bin/menu/trymatch", daily=20_000)
def try_match(made: Call) -> dict[str, Any]:
    try:
        person = recipient(made, "user_id")
    except Refused as refused:
        raise Refused(65302) from refused
    menu = menu_for(made.shelf("menu"), made.world.followers.of(made.account, person))
    if menu is None:
        raise Refused(46003)
    return {"button": menu["button"]}


def _with_list(button: dict[str, Any]) -> dict[str, Any]:
    """A button as get_current_selfmenu_info shows it: sub-buttons in a list of their own."""
    subs = [
        {name: value for name, value in one.items() if name != "sub_button"} for one in button["sub_button"]
    ]
    rest = {name: value for name, value in button.items() if name != "sub_button"}
    return {**rest, "sub_button": {"list": subs}} if subs else rest
