"""Customer-service messages: both windows, and what each kind looks like on the phone."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.callee import Callee, body
from tests.simulator.conftest import Simulator

PATH = "/cgi-bin/message/custom/send"
NOON = "2026-11-24T12:00:00+08:00"


async def say(simulator: Simulator, openid: str, **message: Any) -> int:
    message = message or {"msgtype": "text", "text": {"content": "您好"}}
    code: int = (await simulator.api(PATH, {"touser": openid, **message}))["errcode"]
    return code


async def test_five_messages_after_a_message_within_48_hours(simulator: Simulator) -> None:
    await simulator.at(NOON)
    user = await simulator.follower()
    await simulator.send(user, "5")
    openid = await simulator.openid(user)
    await simulator.at("2026-11-24T12:01:00+08:00")
    assert [await say(simulator, openid) for _ in range(6)] == [0] * 5 + [45047]
    await simulator.send(user, "6")
    await simulator.at("2026-11-26T12:00:59+08:00")
    assert await say(simulator, openid) == 0
    await simulator.at("2026-11-26T12:01:00+08:00")
    assert await say(simulator, openid) == 45015


async def test_three_messages_in_the_minute_after_a_follow(simulator: Simulator) -> None:
    await simulator.at(NOON)
    openid = await simulator.openid(await simulator.follower())
    assert [await say(simulator, openid) for _ in range(4)] == [0, 0, 0, 45047]
    await simulator.at("2026-11-24T12:01:00+08:00")
    assert await say(simulator, openid) == 45015


async def test_a_message_lands_on_the_phone_with_its_choices(simulator: Simulator, callee: Callee) -> None:
    callee.behaviours = [body("success")]
    user = await simulator.follower()
    openid = await simulator.openid(user)
    menu = {"head_content": "满意吗？", "list": [{"id": "101", "content": "满意"}], "tail_content": "谢谢"}
    assert await say(simulator, openid, msgtype="msgmenu", msgmenu=menu) == 0
    link = {"content": '请看<a href="https://example.org/">这里</a>'}
    assert await say(simulator, openid, msgtype="text", text=link) == 0
    first, second = await simulator.inbox(user)
    assert first["choices"] == [{"label": "满意", "content": "满意", "id": "101"}]
    assert (second["content"], second["links"][0]["url"]) == ("请看这里", "https://example.org/")
    row = (await simulator.truth())[-1]
    assert (row["kind"], row["openid"], row["id"]) == ("custom_message", openid, second["id"])
    assert row["message"]["text"] == link


async def test_whoever_left_or_never_came_cannot_be_reached(simulator: Simulator) -> None:
    user = await simulator.follower()
    openid = await simulator.openid(user)
    await simulator.post(f"/_sim/users/{user}/unfollow", {"account": "service"})
    assert await say(simulator, openid) == 45015
    assert await say(simulator, "oNobody") == 40003


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ({"msgtype": "poem", "poem": {}}, 40008),
        ({"msgtype": "text", "text": {"content": ""}}, 44004),
        ({"msgtype": "text", "text": {"content": "好" * 683}}, 45002),
        ({"msgtype": "image", "image": {"media_id": "none"}}, 40007),
        ({"msgtype": "image", "image": {}}, 41006),
        ({"msgtype": "news", "news": {"articles": []}}, 44003),
        ({"msgtype": "news", "news": {"articles": [{"title": "a"}, {"title": "b"}]}}, 45008),
        ({"msgtype": "text", "text": {"content": "a"}, "customservice": {"kf_account": "a@b"}}, 65401),
    ],
)
async def test_each_wrong_message_has_its_code(
    simulator: Simulator, message: dict[str, Any], expected: int
) -> None:
    openid = await simulator.openid(await simulator.follower())
    assert await say(simulator, openid, **message) == expected


async def test_the_body_must_be_json_with_its_own_letters(simulator: Simulator) -> None:
    address = f"{PATH}?access_token={await simulator.token()}"
    for raw, expected in ((b"", 44002), (b"{", 47001), (b"[]", 47001), (b'{"a":"\\u4f60"}', 40033)):
        async with simulator.client.post(address, data=raw) as response:
            assert (await response.json())["errcode"] == expected


async def test_who_is_not_verified_may_not(simulator: Simulator) -> None:
    openid = await simulator.openid(await simulator.follower())
    await simulator.set(verified=False)
    assert await say(simulator, openid) == 48001
