"""The simulator takes replies and menus of the forms that other people's tests render."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.simulator.callee import Callee
from tests.simulator.conftest import Simulator
from tests.simulator.proofs import proves
from tests.simulator.shapes import read_shape, shape_of
from tests.simulator.shapes.stories import Scene

HELD = tomllib.loads((Path(__file__).parent / "shapes/replies.toml").read_text("utf-8"))["reply"]
NAMES = {"title": "Title", "description": "Description", "picture": "PicUrl", "url": "Url"}


def rendered(words: list[str], values: dict[str, list[str]], at: str = "") -> str:
    """XML of the form that words describe, each leaf with a value of its own, which is noted by its path."""
    made = ""
    while words and (word := words.pop(0)) != ")":
        name, _, kind = word.rstrip("(").partition(":")
        path = f"{at}.{name}" if at else name
        if word.endswith("("):
            made += f"<{name}>{rendered(words, values, path)}</{name}>"
            continue
        held = values.setdefault(path, [])
        held.append(f"{path}-{len(held)}" if kind == "text" else "2")
        made += f"<{name}><![CDATA[{held[-1]}]]></{name}>" if kind == "text" else f"<{name}>2</{name}>"
    return made


def shown(raw: dict[str, Any], values: dict[str, list[str]]) -> dict[str, Any]:
    """What the phone must have of it."""
    if "articles" in raw["shows"]:
        inside = raw["shows"]["articles"][0]
        rows = [{ours: values[f"{inside}.{theirs}"][n] for ours, theirs in NAMES.items()} for n in range(2)]
        return {"articles": rows}
    return {ours: values[path][0] for ours, path in raw["shows"].items()}


@pytest.fixture
def scene(simulator: Simulator, callee: Callee) -> Scene:
    return Scene(simulator=simulator, callee=callee)


@pytest.mark.parametrize("raw", HELD, ids=lambda raw: raw["source"])
async def test_a_reply_of_this_form_reaches_the_person_whole(scene: Scene, raw: dict[str, Any]) -> None:
    await scene.simulator.set(one_article_replies=False)
    values: dict[str, list[str]] = {}
    inside = rendered(raw["has"].split(), values)
    user = (await scene.person())[0]
    scene.callee.behaviours = [scene.reply(f"<MsgType><![CDATA[{raw['kind']}]]></MsgType>{inside}")]
    said = await scene.simulator.send(user, "你好")
    expected = shown(raw, values)
    assert said["outcome"] == "answered"
    assert said["reply"]["kind"] == raw["kind"]
    assert {name: said["reply"][name] for name in expected} == expected
    if expected:
        assert {name: (await scene.simulator.inbox(user))[-1][name] for name in expected} == expected


# node-webot/co-wechat-api:test/fixture/*.json at 42c6e31 (MIT), as facts; the menus here are our own.
MENU = read_shape(
    "button[]( type:str? name:str key:str? sub_button[]( type:str? name:str? url:str? key:str? ) )"
)
RULE = read_shape(
    "group_id:str sex:str country:str province:str city:str client_platform_type:str",
)
OURS: list[dict[str, Any]] = [
    {"type": "click", "name": "限行", "key": "LIMITS"},
    {"type": "click", "name": "违法", "key": "FINES"},
    {
        "name": "更多",
        "sub_button": [
            {"type": "view", "name": "路况", "url": "https://traffic.example.com/roads"},
            {"type": "view", "name": "年检", "url": "https://traffic.example.com/inspection"},
            {"type": "click", "name": "人工", "key": "AGENT"},
        ],
    },
]
BY_PERSON = {
    "group_id": "2",
    "sex": "1",
    "country": "中国",
    "province": "湖北",
    "city": "武汉",
    "client_platform_type": "2",
}


@proves("POST /cgi-bin/menu/create", shape="co-wechat-api:test/fixture/menu.json")
async def test_a_menu_of_this_form_is_taken_and_comes_back_with_empty_sub_menus(scene: Scene) -> None:
    assert shape_of({"button": OURS}) == MENU
    assert (await scene.ask("/cgi-bin/menu/create", {"button": OURS}))["errcode"] == 0
    subs = [one | {"sub_button": []} for one in OURS[2]["sub_button"]]
    whole = [*(one | {"sub_button": []} for one in OURS[:2]), OURS[2] | {"sub_button": subs}]
    assert (await scene.ask("/cgi-bin/menu/get"))["menu"]["button"] == whole


@proves("POST /cgi-bin/menu/addconditional", shape="co-wechat-api:test/fixture/conditional_menu.json")
@proves("POST /cgi-bin/menu/addconditional", code=65320)
async def test_a_rule_of_this_form_is_refused_today_but_for_its_group_and_platform(scene: Scene) -> None:
    assert shape_of(BY_PERSON) == RULE
    buttons = [OURS[0], OURS[2] | {"sub_button": OURS[2]["sub_button"]}]
    await scene.ask("/cgi-bin/menu/create", {"button": OURS})
    path, body = "/cgi-bin/menu/addconditional", {"button": buttons, "matchrule": BY_PERSON}
    assert (await scene.ask(path, body))["errcode"] == 65320
    allowed = {name: BY_PERSON[name] for name in ("group_id", "client_platform_type")}
    for name in BY_PERSON.keys() - allowed.keys():
        one = body | {"matchrule": allowed | {name: BY_PERSON[name]}}
        assert (await scene.ask(path, one))["errcode"] == 65320
    assert shape_of(await scene.ask(path, body | {"matchrule": allowed})) == read_shape("menuid:str")


async def test_a_backslash_before_the_closing_quote_is_no_json(scene: Scene) -> None:
    """The defect of co-wechat-api:test/fixture/invalid.json, there an answer; a request with it has 47001."""
    query = {"access_token": await scene.simulator.token()}
    raw = '{"button":[{"type":"click","name":"限行\\","key":"K"}]}'.encode()
    async with scene.simulator.client.post("/cgi-bin/menu/create", params=query, data=raw) as response:
        assert (await response.json())["errcode"] == 47001


async def test_an_answer_that_is_no_json_can_be_asked_for(scene: Scene) -> None:
    fault = {"path": "/cgi-bin/user/info", "kind": "garbage", "value": 0, "rate": 1, "seed": 1}
    await scene.simulator.post("/_sim/faults", fault)
    _, body = await scene.raw("/cgi-bin/user/info", openid=await scene.follower())
    with pytest.raises(ValueError, match="Unterminated string"):
        json.loads(body)
