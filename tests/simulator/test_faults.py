"""Faults: each kind, how often, and the same again by the same seed."""

from __future__ import annotations

import json
from typing import Any

import aiohttp
import pytest

from tests.simulator.conftest import Simulator, account

PATH = "/cgi-bin/message/custom/send"


async def hello(simulator: Simulator, openid: str) -> dict[str, Any]:
    body = {"touser": openid, "msgtype": "text", "text": {"content": "您好"}}
    said: dict[str, Any] = await simulator.api(PATH, body)
    return said


async def ready(simulator: Simulator) -> tuple[str, str]:
    user = await simulator.follower()
    await simulator.send(user, "5")
    return user, await simulator.openid(user)


async def arrived(simulator: Simulator, user: str) -> int:
    return len([one for one in await simulator.inbox(user) if one.get("content") == "您好"])


async def test_a_code_is_said_and_nothing_happens(simulator: Simulator) -> None:
    user, openid = await ready(simulator)
    await simulator.post("/_sim/faults", {"path": PATH, "kind": "errcode", "value": 48004, "count": 1})
    assert (await hello(simulator, openid))["errcode"] == 48004
    assert await arrived(simulator, user) == 0
    assert (await hello(simulator, openid))["errcode"] == 0
    assert await arrived(simulator, user) == 1


async def test_a_lost_answer_has_its_effect_and_its_truth(simulator: Simulator) -> None:
    user, openid = await ready(simulator)
    await simulator.post("/_sim/faults", {"path": PATH, "kind": "lost_answer"})
    with pytest.raises(aiohttp.ClientError):
        await hello(simulator, openid)
    assert await arrived(simulator, user) == 1
    assert [row["kind"] for row in await simulator.truth()][-2:] == ["faulted", "custom_message"]


async def test_a_timeout_says_nothing_and_does_nothing(simulator: Simulator) -> None:
    user, openid = await ready(simulator)
    await simulator.post("/_sim/faults", {"path": PATH, "kind": "timeout", "value": 0.01})
    with pytest.raises(aiohttp.ClientError):
        await hello(simulator, openid)
    assert await arrived(simulator, user) == 0


@pytest.mark.parametrize(
    ("fault", "status", "effect"),
    [
        ({"kind": "http", "value": 503}, 503, 0),
        ({"kind": "http", "value": 502, "effect": True}, 502, 1),
        ({"kind": "garbage"}, 200, 1),
        ({"kind": "garbage", "effect": False}, 200, 0),
        ({"kind": "slow", "value": 0.001}, 200, 1),
    ],
)
async def test_what_is_no_answer_of_the_platform(
    simulator: Simulator, fault: dict[str, Any], status: int, effect: int
) -> None:
    user, openid = await ready(simulator)
    token = await simulator.token()
    await simulator.post("/_sim/faults", {"path": "/cgi-bin/message/*", **fault})
    body = {"touser": openid, "msgtype": "text", "text": {"content": "您好"}}
    raw = json.dumps(body, ensure_ascii=False).encode()
    async with simulator.client.post(f"{PATH}?access_token={token}", data=raw) as response:
        assert response.status == status
    assert await arrived(simulator, user) == effect


async def struck(simulator: Simulator, seed: int) -> list[bool]:
    """Which of 40 calls meet a fault of rate a half."""
    await simulator.call("DELETE", "/_sim/faults")
    await simulator.post(
        "/_sim/faults",
        {"path": "/cgi-bin/getcallbackip", "kind": "errcode", "value": -1, "rate": 0.5, "seed": seed},
    )
    return [(await simulator.api("/cgi-bin/getcallbackip")).get("errcode") == -1 for _ in range(40)]


async def test_the_same_seed_strikes_the_same_calls(simulator: Simulator) -> None:
    first, again, other = [await struck(simulator, seed) for seed in (7, 7, 8)]
    assert first == again != other
    assert 5 < sum(first) < 35


async def test_a_fault_can_concern_one_account_and_be_lifted(simulator: Simulator) -> None:
    held = (await simulator.get("/_sim/accounts"))["accounts"]
    another = account(held[0]["callback"], name="another", app_id="wx0000000000000002")
    await simulator.call("PUT", "/_sim/accounts", [*held, another])
    fault = {"path": "/cgi-bin/stable_token", "kind": "errcode", "value": -1, "account": "another"}
    await simulator.post("/_sim/faults", fault)
    assert await simulator.token()
    ordered = await simulator.post("/_sim/faults", fault | {"account": "service"})
    with pytest.raises(KeyError):
        await simulator.token()
    assert (await simulator.get("/_sim/faults"))["faults"][1]["met"] == 1
    await simulator.call("DELETE", f"/_sim/faults?id={ordered['id']}")
    assert await simulator.token()


@pytest.mark.parametrize(
    "wrong",
    [{"kind": "earthquake"}, {"path": ""}, {"rate": 2}, {"value": "x"}, {"count": True}, {"account": 5}],
)
async def test_a_fault_that_makes_no_sense_is_refused(simulator: Simulator, wrong: dict[str, Any]) -> None:
    fault = {"path": PATH, "kind": "errcode"} | wrong
    status, said = await simulator.call("POST", "/_sim/faults", fault)
    assert (status, said["error"][-1]) == (400, "。")
