"""Mass sending: quotas by kind of account, repeats, the administrator's half hour, the end that is told."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.callee import Callee
from tests.simulator.conftest import Simulator

ALL, LISTED = "/cgi-bin/message/mass/sendall", "/cgi-bin/message/mass/send"
EIGHT = "2026-11-24T08:00:00+08:00"
TEXT: dict[str, Any] = {"msgtype": "text", "text": {"content": "早上好"}}
TO_ALL: dict[str, Any] = {"filter": {"is_to_all": True}, **TEXT}


async def become_subscription(simulator: Simulator) -> None:
    held = (await simulator.get("/_sim/accounts"))["accounts"][0]
    await simulator.call("PUT", "/_sim/accounts", [held | {"kind": "subscription"}])


async def tagged(simulator: Simulator, count: int = 2) -> tuple[list[str], dict[str, Any]]:
    """Openids of tagged followers among others, and a mass send for them."""
    made = await simulator.post("/_sim/crowd", {"account": "service", "count": count + 1})
    openids: list[str] = made["openids"][:count]
    tag = (await simulator.api("/cgi-bin/tags/create", {"tag": {"name": "民警"}}))["tag"]["id"]
    await simulator.api("/cgi-bin/tags/members/batchtagging", {"openid_list": openids, "tagid": tag})
    return openids, {"filter": {"is_to_all": False, "tag_id": tag}, **TEXT}


async def send(simulator: Simulator, body: dict[str, Any], path: str = ALL) -> int:
    code: int = (await simulator.api(path, body))["errcode"]
    return code


def counted(callee: Callee) -> tuple[str, ...]:
    told = callee.calls[-1].fields
    assert told["Event"] == "MASSSENDJOBFINISH"
    return tuple(told[name] for name in ("Status", "TotalCount", "FilterCount", "SentCount", "ErrorCount"))


async def test_a_send_to_a_tag_reaches_it_at_once_and_its_end_is_told(
    simulator: Simulator, callee: Callee
) -> None:
    openids, body = await tagged(simulator)
    said = await simulator.api(ALL, body)
    await simulator.post("/_sim/settle")
    assert counted(callee) == ("send success", "2", "2", "2", "0")
    assert callee.calls[-1].fields["MsgID"] == str(said["msg_id"])
    got = [row for row in await simulator.truth() if row["kind"] == "mass_received"]
    assert len([user for row in got for user in row["users"]]) == len(openids)
    state = await simulator.api("/cgi-bin/message/mass/get", {"msg_id": said["msg_id"]})
    assert state == {"msg_id": said["msg_id"], "msg_status": "SEND_SUCCESS"}


async def test_a_send_to_all_waits_for_the_administrator(simulator: Simulator, callee: Callee) -> None:
    user = await simulator.follower()
    await simulator.api(ALL, TO_ALL)
    await simulator.post("/_sim/settle")
    assert len(await simulator.inbox(user)) == 1
    await simulator.post("/_sim/admin/confirm", {"account": "service"})
    await simulator.post("/_sim/settle")
    last = (await simulator.inbox(user))[-1]
    assert (last["content"], last["is_mass"]) == ("早上好", True)
    assert counted(callee) == ("send success", "1", "1", "1", "0")


async def test_an_administrator_who_refuses_or_is_silent_fails_it(
    simulator: Simulator, callee: Callee
) -> None:
    await become_subscription(simulator)
    await simulator.at(EIGHT)
    user = await simulator.follower()
    await simulator.api(ALL, TO_ALL)
    await simulator.post("/_sim/admin/confirm", {"account": "service", "accept": False})
    assert counted(callee)[0] == "err(40001)"
    await simulator.api(ALL, TO_ALL)
    await simulator.at("2026-11-24T08:30:00+08:00")
    await simulator.post("/_sim/settle")
    assert counted(callee)[0] == "err(40002)"
    assert len(await simulator.inbox(user)) == 1
    await simulator.set(mass_protection=False)
    assert await send(simulator, TO_ALL) == 0


async def test_a_subscription_account_sends_once_a_day(simulator: Simulator) -> None:
    await become_subscription(simulator)
    await simulator.at(EIGHT)
    openids, body = await tagged(simulator)
    assert await send(simulator, {"touser": openids, **TEXT}, LISTED) == 48001
    assert [await send(simulator, body) for _ in range(2)] == [0, 45028]
    await simulator.at("2026-11-25T00:00:00+08:00")
    assert await send(simulator, body) == 0


async def test_a_follower_gets_four_a_month_of_a_service_account(
    simulator: Simulator, callee: Callee
) -> None:
    await simulator.at(EIGHT)
    openids, _ = await tagged(simulator, 2)
    for number in range(5):
        assert await send(simulator, {"touser": openids, **TEXT}, LISTED) == 0
        await simulator.post("/_sim/settle")
        assert counted(callee)[1:4] == (("2", "2", "2") if number < 4 else ("2", "0", "0"))
    await simulator.at("2026-12-01T08:00:00+08:00")
    await send(simulator, {"touser": openids, **TEXT}, LISTED)
    await simulator.post("/_sim/settle")
    assert counted(callee)[3] == "2"


async def test_a_send_counts_in_the_month_in_which_it_arrives(simulator: Simulator, callee: Callee) -> None:
    await simulator.set(followers_monthly=1)
    await simulator.at("2026-11-30T23:50:00+08:00")
    _, body = await tagged(simulator, 1)
    await simulator.api(ALL, TO_ALL)
    await simulator.at("2026-12-01T00:05:00+08:00")
    await simulator.post("/_sim/admin/confirm", {"account": "service"})
    await simulator.post("/_sim/settle")
    assert counted(callee)[1:4] == ("2", "2", "2")
    assert await send(simulator, body) == 0
    await simulator.post("/_sim/settle")
    assert counted(callee)[1:4] == ("1", "0", "0")


async def test_whoever_blocks_is_filtered_out(simulator: Simulator, callee: Callee) -> None:
    user = await simulator.follower()
    other = await simulator.openid(await simulator.follower())
    await simulator.post(f"/_sim/users/{user}/consent", {"account": "service", "messages": False})
    await send(simulator, {"touser": [await simulator.openid(user), other], **TEXT}, LISTED)
    await simulator.post("/_sim/settle")
    assert counted(callee) == ("send success", "2", "1", "1", "0")


async def test_the_same_client_id_sends_once(simulator: Simulator) -> None:
    await simulator.at(EIGHT)
    _, body = await tagged(simulator)
    first = await simulator.api(ALL, body | {"clientmsgid": "briefing-2026-11-24"})
    again = body | {"clientmsgid": "briefing-2026-11-24"}
    assert await send(simulator, again) == 45066
    await simulator.at("2026-11-24T08:01:00+08:00")
    said = await simulator.api(ALL, again)
    assert (said["errcode"], said["msg_id"]) == (45065, first["msg_id"])
    assert await send(simulator, body | {"clientmsgid": "x" * 65}) == 45067


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"filter": None}, 40097),
        ({"filter": {"is_to_all": False, "tag_id": 999}}, 45159),
        ({"msgtype": "poem"}, 40008),
        ({"text": {"content": ""}}, 44004),
        ({"msgtype": "mpnews", "mpnews": {"media_id": "none"}}, 40007),
        ({"msgtype": "image", "image": {"media_id": "none"}}, 40007),
        ({"send_ignore_reprint": 2}, 40035),
    ],
)
async def test_each_wrong_mass_send_has_its_code(
    simulator: Simulator, change: dict[str, Any], expected: int
) -> None:
    assert await send(simulator, TO_ALL | change) == expected


async def test_each_wrong_list_has_its_code(simulator: Simulator) -> None:
    openids, _ = await tagged(simulator)
    for touser, expected in ((openids[:1], 40130), ([*openids, "oNobody"], 40003), ("x", 40031)):
        assert await send(simulator, {"touser": touser, **TEXT}, LISTED) == expected


async def test_sixty_requests_a_minute(simulator: Simulator) -> None:
    await simulator.at(EIGHT)
    openids, _ = await tagged(simulator)
    body = {"touser": openids, **TEXT}
    said = [await send(simulator, body, LISTED) for _ in range(61)]
    assert said == [0] * 60 + [45011]


async def test_a_preview_reaches_one_person(simulator: Simulator) -> None:
    user = await simulator.follower()
    path = "/cgi-bin/message/mass/preview"
    assert (await simulator.api(path, {"towxname": "李强", **TEXT}))["errcode"] == 0
    assert (await simulator.inbox(user))[-1]["is_preview"] is True
    assert (await simulator.api(path, {"towxname": "没有这个人", **TEXT}))["errcode"] == 40132
    assert (await simulator.api(path, {"touser": "oNobody", **TEXT}))["errcode"] == 40003


async def test_the_speed_can_be_set(simulator: Simulator) -> None:
    assert (await simulator.api("/cgi-bin/message/mass/speed/set", {"speed": 5}))["errcode"] == 45083
    assert (await simulator.api("/cgi-bin/message/mass/speed/set", {"speed": 4}))["errcode"] == 0
    assert await simulator.api("/cgi-bin/message/mass/speed/get", {}) == {"speed": 4, "realspeed": 10}
