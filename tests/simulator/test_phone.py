"""What a phone asks for and does: every kind of message, menus, codes, unread marks, what lies behind."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from tests.simulator.callee import Callee, body
from tests.simulator.conftest import Simulator

MENU: dict[str, Any] = {
    "button": [
        {"type": "click", "name": "今天限行", "key": "TODAY"},
        {
            "name": "更多",
            "sub_button": [
                {"type": "view", "name": "网站", "url": "https://example.org/m/"},
                {"type": "scancode_waitmsg", "name": "扫一扫", "key": "SCAN"},
                {"type": "pic_sysphoto", "name": "拍照", "key": "PHOTO"},
                {"type": "location_select", "name": "位置", "key": "PLACE"},
            ],
        },
    ]
}


async def act(simulator: Simulator, user: str, name: str, **more: Any) -> Any:
    return await simulator.post(f"/_sim/users/{user}/{name}", {"account": "service", **more})


@pytest.mark.parametrize(
    ("message", "fields"),
    [
        ({"type": "image"}, {"MsgType": "image"}),
        ({"type": "voice"}, {"MsgType": "voice", "Format": "amr"}),
        ({"type": "video"}, {"MsgType": "video"}),
        ({"type": "shortvideo"}, {"MsgType": "shortvideo"}),
        (
            {"type": "location", "latitude": 30.5928, "longitude": 114.3055, "label": "江汉路"},
            {"Location_X": "30.592800", "Location_Y": "114.305500", "Scale": "16", "Label": "江汉路"},
        ),
        (
            {"type": "link", "title": "通告", "url": "https://example.org/"},
            {"Title": "通告", "Url": "https://example.org/"},
        ),
    ],
)
async def test_every_kind_of_message_reaches_the_service(
    simulator: Simulator, callee: Callee, message: dict[str, Any], fields: dict[str, str]
) -> None:
    user = await simulator.follower()
    said = await act(simulator, user, "send", message=message)
    assert said["outcome"] == "answered"
    seen = callee.calls[-1].fields
    assert {name: seen[name] for name in fields} == fields
    assert seen["MsgId"] == said["msg_id"]
    last = (await simulator.get(f"/_sim/users/{user}/thread?account=service"))["thread"][-2]
    assert (last["side"], last["kind"]) == ("me", message["type"])


async def test_a_picture_that_was_sent_can_be_fetched_by_the_account(
    simulator: Simulator, callee: Callee
) -> None:
    user = await simulator.follower()
    await act(simulator, user, "send", message={"type": "image"})
    seen = callee.calls[-1].fields
    token = await simulator.token()
    address = f"/cgi-bin/media/get?access_token={token}&media_id={seen['MediaId']}"
    async with simulator.client.get(address) as response:
        fetched = await response.read()
        assert response.content_type == "image/png"
    async with simulator.client.get("/" + seen["PicUrl"].split("/", 3)[3]) as response:
        assert await response.read() == fetched


async def test_speech_is_recognised_only_where_it_is_switched_on(
    simulator: Simulator, callee: Callee
) -> None:
    user = await simulator.follower()
    voice = {"type": "voice", "recognition": "今天几号限行"}
    await act(simulator, user, "send", message=voice)
    assert "Recognition" not in callee.calls[-1].fields
    await simulator.set(speech_recognition=True)
    await act(simulator, user, "send", message=voice)
    assert callee.calls[-1].fields["Recognition"] == "今天几号限行"


async def test_any_event_can_be_made(simulator: Simulator, callee: Callee) -> None:
    user = await simulator.follower()
    place = {"Latitude": "30.5", "Longitude": "114.3", "Precision": "65.0"}
    await act(simulator, user, "send", message={"type": "event", "event": "LOCATION", "fields": place})
    assert callee.calls[-1].fields["Event"] == "LOCATION"
    assert callee.calls[-1].fields["Latitude"] == "30.5"
    assert "EventKey" not in callee.calls[-1].fields


async def test_the_menu_bar_and_its_buttons(simulator: Simulator, callee: Callee) -> None:
    user = await simulator.follower()
    address = f"/_sim/users/{user}/menu?account=service"
    assert (await simulator.get(address))["menu"] is None
    assert (await simulator.api("/cgi-bin/menu/create", MENU))["errcode"] == 0
    assert [one["name"] for one in (await simulator.get(address))["menu"]["button"]] == ["今天限行", "更多"]
    await act(simulator, user, "tap", menu="TODAY")
    assert callee.calls[-1].fields["Event"] == "CLICK"
    assert callee.calls[-1].fields["EventKey"] == "TODAY"
    opened = await act(simulator, user, "tap", button=[1, 0])
    assert opened["open"] == callee.calls[-1].fields["EventKey"] == "https://example.org/m/"
    await act(simulator, user, "tap", menu="SCAN", result="1234")
    assert "<ScanResult><![CDATA[1234]]></ScanResult>" in callee.calls[-1].plain
    await act(simulator, user, "tap", menu="PHOTO")
    assert "<Count>1</Count><PicList><item><PicMd5Sum>" in callee.calls[-1].plain
    await act(simulator, user, "tap", menu="PLACE", location={"latitude": 30.5, "longitude": 114.3})
    assert callee.calls[-2].fields["Event"] == "location_select"
    assert callee.calls[-1].fields["MsgType"] == "location"
    status, _ = await simulator.call("POST", f"/_sim/users/{user}/tap", {"account": "service", "menu": "X"})
    assert status == 400


async def test_a_tapped_choice_is_a_message_and_a_click(simulator: Simulator, callee: Callee) -> None:
    user = await simulator.follower()
    await act(simulator, user, "tap", choice={"content": "5", "id": "tail-5"})
    assert callee.calls[-1].fields["bizmsgmenuid"] == "tail-5"
    hello = {"touser": await simulator.openid(user), "msgtype": "text", "text": {"content": "您好"}}
    said = [(await simulator.api("/cgi-bin/message/custom/send", hello))["errcode"] for _ in range(9)]
    assert said == [0] * 8 + [45047]


async def test_a_code_with_a_scene_brings_a_follower_and_then_is_seen(
    simulator: Simulator, callee: Callee
) -> None:
    asked = {
        "expire_seconds": 600,
        "action_name": "QR_STR_SCENE",
        "action_info": {"scene": {"scene_str": "window-3"}},
    }
    made = await simulator.api("/cgi-bin/qrcode/create", asked)
    user = await simulator.person()
    await simulator.post(f"/_sim/users/{user}/scan", {"ticket": made["ticket"]})
    first = callee.calls[-1].fields
    assert (first["Event"], first["EventKey"], first["Ticket"]) == (
        "subscribe",
        "qrscene_window-3",
        made["ticket"],
    )
    await simulator.post(f"/_sim/users/{user}/scan", {"url": made["url"]})
    assert (callee.calls[-1].fields["Event"], callee.calls[-1].fields["EventKey"]) == ("SCAN", "window-3")
    known = await simulator.api("/cgi-bin/user/info", openid=await simulator.openid(user))
    assert (known["subscribe_scene"], known["qr_scene_str"]) == ("ADD_SCENE_QR_CODE", "window-3")
    async with simulator.client.get(f"/cgi-bin/showqrcode?ticket={made['ticket']}") as response:
        assert (await response.read()).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"action_name": "QR_CAT"}, 40052),
        ({"action_name": "QR_SCENE", "action_info": {}}, 40053),
        ({"action_name": "QR_SCENE", "action_info": {"scene": {"scene_id": 0}}}, 40053),
        ({"action_name": "QR_LIMIT_SCENE", "action_info": {"scene": {"scene_id": 100_001}}}, 40053),
        ({"action_name": "QR_STR_SCENE", "action_info": {"scene": {"scene_str": "x" * 65}}}, 40053),
        (
            {
                "action_name": "QR_SCENE",
                "action_info": {"scene": {"scene_id": 1}},
                "expire_seconds": 2_592_001,
            },
            40053,
        ),
    ],
)
async def test_a_code_that_cannot_be_has_its_code(
    simulator: Simulator, asked: dict[str, Any], expected: int
) -> None:
    assert (await simulator.api("/cgi-bin/qrcode/create", asked))["errcode"] == expected


async def test_chats_count_what_is_unread(simulator: Simulator) -> None:
    user = await simulator.follower()
    await simulator.send(user, "5")
    line = (await simulator.get(f"/_sim/users/{user}/chats"))["chats"][0]
    assert (line["unread"], line["following"], line["last"]["content"]) == (2, True, "好")
    await act(simulator, user, "read", id=line["last"]["id"])
    assert (await simulator.get(f"/_sim/users/{user}/chats"))["unread"] == 0
    await simulator.send(user, "6")
    assert (await simulator.get(f"/_sim/users/{user}/chats"))["unread"] == 1


async def test_a_thread_can_be_read_from_its_end(simulator: Simulator) -> None:
    user = await simulator.follower()
    for number in range(3):
        await simulator.send(user, str(number))
    address = f"/_sim/users/{user}/thread?account=service"
    whole = (await simulator.get(address))["thread"]
    last = (await simulator.get(f"{address}&before={whole[-1]['id']}&limit=2"))["thread"]
    assert last == whole[-3:-1]
    assert (await simulator.get(f"{address}&after={whole[-2]['id']}"))["thread"] == whole[-1:]


async def test_each_bubble_shows_what_lies_behind_it(simulator: Simulator, callee: Callee) -> None:
    callee.behaviours = [body("success")]
    user = await simulator.follower()
    await simulator.send(user, "5")
    hello = {"touser": await simulator.openid(user), "msgtype": "text", "text": {"content": "您好"}}
    await simulator.api("/cgi-bin/message/custom/send", hello)
    mine, theirs = (await simulator.get(f"/_sim/users/{user}/thread?account=service"))["thread"][-2:]
    address = f"/_sim/users/{user}/thread"
    assert "<Content>" in (await simulator.get(f"{address}/{mine['id']}"))["callback"]["request"]
    head, _, sent = (await simulator.get(f"{address}/{theirs['id']}"))["call"].partition("\n\n")
    assert head == "POST /cgi-bin/message/custom/send"
    assert json.loads(sent) == hello


async def test_a_phone_hears_at_once_that_a_chat_has_changed(simulator: Simulator) -> None:
    user = await simulator.follower()
    async with simulator.client.get(f"/_sim/users/{user}/events") as stream:
        assert (await stream.content.readline()).startswith(b"retry")
        await stream.content.readline()
        await simulator.send(user, "5")
        told = json.loads((await stream.content.readline()).removeprefix(b"data: "))
        assert told == {"kind": "thread", "account": "service"}


async def test_an_account_that_reads_json_gets_json(simulator: Simulator, callee: Callee) -> None:
    await simulator.set(format="json")
    held = (await simulator.get("/_sim/accounts"))["accounts"][0]
    await simulator.call("PUT", "/_sim/accounts", [held | {"mode": "plain"}])
    callee.behaviours = [body("success")]
    user = await simulator.follower()
    await simulator.send(user, "5")
    seen = json.loads(callee.calls[-1].body)
    assert (seen["MsgType"], seen["Content"], type(seen["CreateTime"])) == ("text", "5", int)
    assert callee.calls[-1].content_type == "application/json"
    reply = {"ToUserName": seen["FromUserName"], "FromUserName": seen["ToUserName"], "CreateTime": 1}
    callee.behaviours = [body(json.dumps(reply | {"MsgType": "text", "Content": "好"}))]
    assert (await simulator.send(user, "6"))["reply"]["content"] == "好"


async def test_while_keys_are_changed_both_are_in_use(simulator: Simulator, callee: Callee) -> None:
    user = await simulator.follower()
    callee.behaviours = [body("success")]
    await simulator.set(aes_key_next="B" * 43, next_key_share=0.5)
    for number in range(30):
        await simulator.send(user, str(number))
    used = [call.key for call in callee.calls[1:]]
    assert 5 < used.count("B" * 43) < 25


async def test_people_who_come_at_once_have_names_that_nobody_else_has(simulator: Simulator) -> None:
    await simulator.person("李强")
    asked = [simulator.post("/_sim/phone/people", {}) for _ in range(40)]
    names = [one["nickname"] for one in await asyncio.gather(*asked)]
    assert len({"李强", *names}) == 41
    assert (await simulator.get("/_sim/phone/name"))["name"] not in names


async def test_a_name_that_is_wished_for_is_given_once(simulator: Simulator) -> None:
    first, second = [(await simulator.post("/_sim/phone/people", {"wish": "陈小宝"})) for _ in range(2)]
    assert first["nickname"] == "陈小宝"
    assert second["nickname"] != "陈小宝"


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        ("bytes=0-3", 206, "bytes 0-3/{}"),
        ("bytes=-2", 206, "bytes {2}-{1}/{0}"),
        ("bytes=5-", 206, "bytes 5-{1}/{0}"),
        ("bytes=999999999-", 416, "bytes */{}"),
        ("lines=1-2", 416, "bytes */{}"),
    ],
)
async def test_a_player_gets_the_part_that_it_asks_for(
    simulator: Simulator, asked: str, status: int, said: str
) -> None:
    user = await simulator.follower()
    uploaded = await simulator.post(f"/_sim/users/{user}/media?account=service&type=video")
    async with simulator.client.get(uploaded["url"]) as response:
        whole = await response.read()
        assert response.headers["Accept-Ranges"] == "bytes"
    size = len(whole)
    async with simulator.client.get(uploaded["url"], headers={"Range": asked}) as response:
        assert response.status == status
        span = response.headers["Content-Range"]
        assert span == said.format(size, size - 1, size - 2)
        begin, end = span.removeprefix("bytes ").split("/")[0].split("-") if status == 206 else (size, size)
        assert await response.read() == whole[int(begin) : int(end) + 1]


async def test_what_one_may_subscribe_to_is_listed_with_what_is_left(simulator: Simulator) -> None:
    user = await simulator.follower()
    content = "业务名称:{{thing1.DATA}}\n办理状态:{{phrase2.DATA}}"
    for number, kind in (("once", "one_time"), ("long", "long_term")):
        held = {"template_id": number, "title": "进度提醒", "content": content, "kind": kind}
        await simulator.post("/_sim/accounts/service/templates", held)
    await act(simulator, user, "consent", templates={"once": "accept", "long": "accept"})
    await act(simulator, user, "consent", templates={"once": "accept"})
    listed = (await simulator.get(f"/_sim/users/{user}/notices?account=service"))["notices"]
    assert {one["template_id"]: (one["is_long_term"], one["left"]) for one in listed} == {
        "once": (False, 2),
        "long": (True, -1),
    }
    assert listed[0]["labels"] == ["业务名称", "办理状态"]
