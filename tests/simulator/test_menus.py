"""Menus: what may stand in one, and which one a person sees."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.conftest import Simulator

CREATE = "/cgi-bin/menu/create"


def click(**changes: Any) -> dict[str, Any]:
    return {"type": "click", "name": "限行", "key": "TODAY"} | changes


def view(host: str = "example.org") -> dict[str, Any]:
    return {"type": "view", "name": "网站", "url": f"https://{host}/"}


def under(*buttons: dict[str, Any]) -> dict[str, Any]:
    return {"button": [{"name": "更多", "sub_button": list(buttons)}]}


@pytest.mark.parametrize(
    ("menu", "expected"),
    [
        ({}, 40016),
        ({"button": []}, 40016),
        ({"button": [click()] * 4}, 40016),
        ({"button": ["x"]}, 40015),
        ({"button": [click(name="")]}, 40018),
        ({"button": [click(name="六个汉字太长")]}, 40018),
        ({"button": [click(type="dance")]}, 40017),
        ({"button": [click(key="")]}, 40019),
        ({"button": [click(key="k" * 129)]}, 40019),
        ({"button": [{"type": "view", "name": "网站"}]}, 40020),
        ({"button": [{"type": "view", "name": "网站", "url": "https://e.org/" + "x" * 1024}]}, 40020),
        ({"button": [{"type": "view", "name": "网站", "url": "javascript:alert(1)"}]}, 65317),
        (under(*[click()] * 6), 40023),
        (under({"name": "再下", "sub_button": [click()]}), 40022),
        (under(click(type="dance")), 40024),
        (under(click(name="名" * 21)), 40025),
        (under(click(key="")), 40026),
        (under({"type": "view", "name": "网站"}), 40027),
        (under(*[view(f"{n}.example.org") for n in range(4)]), 65316),
    ],
)
async def test_each_wrong_menu_has_its_code(
    simulator: Simulator, menu: dict[str, Any], expected: int
) -> None:
    assert (await simulator.api(CREATE, menu))["errcode"] == expected
    assert (await simulator.api("/cgi-bin/menu/get"))["errcode"] == 46003


async def test_a_menu_comes_back_as_it_was_made(simulator: Simulator) -> None:
    menu = {"button": [click(), {"name": "更多", "sub_button": [view()]}]}
    assert (await simulator.api(CREATE, menu))["errcode"] == 0
    leaf = {"sub_button": []}
    held = (await simulator.api("/cgi-bin/menu/get"))["menu"]["button"]
    assert held == [click() | leaf, {"name": "更多", "sub_button": [view() | leaf]}]
    shown = await simulator.api("/cgi-bin/get_current_selfmenu_info")
    assert shown["is_menu_open"] == 1
    assert shown["selfmenu_info"]["button"] == [click(), {"name": "更多", "sub_button": {"list": [view()]}}]
    assert (await simulator.api("/cgi-bin/menu/delete"))["errcode"] == 0
    assert (await simulator.api("/cgi-bin/get_current_selfmenu_info"))["is_menu_open"] == 0


async def test_a_conditional_menu_is_for_those_whom_its_rule_fits(simulator: Simulator) -> None:
    officer, citizen = [await simulator.openid(await simulator.follower()) for _ in range(2)]
    tag = (await simulator.api("/cgi-bin/tags/create", {"tag": {"name": "民警"}}))["tag"]["id"]
    await simulator.api("/cgi-bin/tags/members/batchtagging", {"openid_list": [officer], "tagid": tag})
    own = {"button": [click(name="简报")], "matchrule": {"tag_id": str(tag)}}
    assert (await simulator.api("/cgi-bin/menu/addconditional", own))["errcode"] == 65303
    await simulator.api(CREATE, {"button": [click()]})
    number = (await simulator.api("/cgi-bin/menu/addconditional", own))["menuid"]

    async def seen(openid: str) -> str:
        found = await simulator.api("/cgi-bin/menu/trymatch", {"user_id": openid})
        name: str = found["button"][0]["name"]
        return name

    assert (await seen(officer), await seen(citizen)) == ("简报", "限行")
    assert len((await simulator.api("/cgi-bin/menu/get"))["conditionalmenu"]) == 1
    assert (await simulator.api("/cgi-bin/menu/delconditional", {"menuid": number}))["errcode"] == 0
    assert await seen(officer) == "限行"
    assert (await simulator.api("/cgi-bin/menu/delconditional", {"menuid": number}))["errcode"] == 65301


@pytest.mark.parametrize(
    ("menu", "expected"),
    [
        ({"matchrule": {"tag_id": "1"}}, 65307),
        ({"button": [click()]}, 65304),
        ({"button": [click()], "matchrule": {}}, 65304),
        ({"button": [click(key="")], "matchrule": {"tag_id": "1"}}, 40019),
    ],
)
async def test_each_wrong_conditional_menu_has_its_code(
    simulator: Simulator, menu: dict[str, Any], expected: int
) -> None:
    await simulator.api(CREATE, {"button": [click()]})
    assert (await simulator.api("/cgi-bin/menu/addconditional", menu))["errcode"] == expected


async def test_nobody_is_matched_by_an_unknown_openid(simulator: Simulator) -> None:
    await simulator.api(CREATE, {"button": [click()]})
    assert (await simulator.api("/cgi-bin/menu/trymatch", {"user_id": "oNobody"}))["errcode"] == 65302
