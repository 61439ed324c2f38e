"""The addresses under /_sim/: truth, clock, accounts, reset, and a sentence for every refusal."""

from __future__ import annotations

import json
from datetime import datetime

import pytest
from aiohttp.test_utils import TestClient, TestServer

from daxiang_simulator.app import make_app
from daxiang_simulator.world import Options
from tests.simulator.callee import Callee, body
from tests.simulator.conftest import Simulator, account

TUESDAY = "2026-11-24T08:12:00+08:00"


async def test_truth_tells_every_try_and_what_came_of_it(simulator: Simulator, callee: Callee) -> None:
    user = await simulator.follower()
    callee.behaviours = [body("", status=500)]
    said = await simulator.send(user, "5")
    await simulator.post(f"/_sim/users/{user}/unfollow", {"account": "service"})
    kinds = [row["kind"] for row in await simulator.truth()]
    assert kinds[:3] == ["followed", "sent", "delivered"]
    assert kinds[3:10] == ["sent"] * 3 + ["failed"] * 3 + ["service_error"]
    assert kinds[10] == "unfollowed"
    tried = [row for row in await simulator.truth() if row.get("msg_id") == said["msg_id"]]
    assert [row["try"] for row in tried if row["kind"] == "sent"] == [1, 2, 3]


async def test_truth_goes_on_where_the_last_page_ended(simulator: Simulator) -> None:
    await simulator.follower()
    first = await simulator.get("/_sim/truth?since=0&limit=2")
    rest = await simulator.get(f"/_sim/truth?since={first['next']}")
    assert [row["seq"] for row in first["truth"] + rest["truth"]] == [1, 2, 3]
    assert (await simulator.get(f"/_sim/truth?since={rest['next']}"))["truth"] == []


async def test_a_set_clock_is_in_the_file_and_in_every_message(
    simulator: Simulator, callee: Callee, options: Options
) -> None:
    assert (await simulator.call("POST", "/_sim/clock", {"now": TUESDAY, "rate": 0}))[0] == 200
    await simulator.follower()
    second = int(datetime.fromisoformat(TUESDAY).timestamp())
    assert options.clock is not None
    held = json.loads(options.clock.read_text())
    assert (held["simulated"], held["rate"]) == (second, 0)
    assert callee.calls[0].fields["CreateTime"] == callee.calls[0].query["timestamp"] == str(second)
    assert (await simulator.get("/_sim/clock"))["now"] == "2026-11-24T08:12:00.000+08:00"
    assert {row["at"] for row in await simulator.truth()} == {"2026-11-24T08:12:00.000+08:00"}


async def test_an_offset_of_nothing_brings_the_present_back(simulator: Simulator) -> None:
    await simulator.post("/_sim/clock", {"now": TUESDAY})
    now = datetime.fromisoformat((await simulator.post("/_sim/clock", {"offset_s": 0}))["now"])
    assert abs((now - datetime.now(now.tzinfo)).total_seconds()) < 60


async def test_another_pace_does_not_move_the_present(simulator: Simulator) -> None:
    await simulator.post("/_sim/clock", {"now": TUESDAY, "rate": 0})
    said = await simulator.post("/_sim/clock", {"rate": 2})
    assert said["rate"] == 2
    assert said["now"].startswith("2026-11-24T08:12:0")


async def test_without_a_clock_file_time_cannot_be_moved(options: Options) -> None:
    real = Options(state=options.state, accounts=options.accounts)
    async with TestClient(TestServer(make_app(real))) as client:
        status, said = await Simulator(client).call("POST", "/_sim/clock", {"now": TUESDAY})
    assert status == 409
    assert said["error"].endswith("。")


async def test_a_reset_forgets_people_and_truth_and_keeps_accounts(
    simulator: Simulator, options: Options
) -> None:
    await simulator.post("/_sim/clock", {"now": TUESDAY})
    user = await simulator.follower()
    assert (await simulator.call("POST", "/_sim/reset"))[0] == 200
    assert (await simulator.get("/_sim/users"))["users"] == await simulator.truth() == []
    assert (await simulator.call("GET", f"/_sim/users/{user}/inbox"))[0] == 404
    assert len((await simulator.get("/_sim/accounts"))["accounts"]) == 1
    assert options.clock is not None
    assert not options.clock.exists()


async def test_who_does_not_follow_cannot_send(simulator: Simulator, callee: Callee) -> None:
    user = await simulator.person()
    message = {"account": "service", "message": {"type": "text", "content": "5"}}
    status, said = await simulator.call("POST", f"/_sim/users/{user}/send", message)
    assert (status, said["error"]) == (409, "还没有关注武汉交警，发不了消息；请先关注。")
    assert callee.calls == []


async def test_following_twice_tells_the_service_once(simulator: Simulator, callee: Callee) -> None:
    user = await simulator.follower()
    said = await simulator.post(f"/_sim/users/{user}/follow", {"account": "service"})
    assert said["already"] is True
    assert len(callee.calls) == 1


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/_sim/users", b"{"),
        ("/_sim/users", b"[]"),
        ("/_sim/users", b"\xff\xfe"),
        ("/_sim/users", b'{"nickname": ""}'),
        ("/_sim/users", b'{"nickname": "\\ud800"}'),
        ("/_sim/users/USER/send", b'{"account": "service"}'),
        ("/_sim/users/USER/send", b'{"account": "service", "message": {"type": "poem"}}'),
        ("/_sim/users/USER/send", b'{"account": "service", "message": {"type": "text", "content": 5}}'),
        (
            "/_sim/users/USER/send",
            b'{"account": "service", "message": {"type": "text", "content": "\\u0000"}}',
        ),
        ("/_sim/clock", b"{}"),
        ("/_sim/clock", b'{"now": "tomorrow"}'),
        ("/_sim/clock", b'{"now": 5}'),
        ("/_sim/clock", b'{"rate": -1}'),
        ("/_sim/clock", b'{"rate": NaN}'),
        ("/_sim/clock", b'{"rate": true}'),
    ],
)
async def test_what_cannot_be_understood_gets_one_sentence(
    simulator: Simulator, path: str, sent: bytes
) -> None:
    address = path.replace("USER", await simulator.follower())
    async with simulator.client.post(address, data=sent) as response:
        said = await response.json()
    assert response.status == 400
    assert said["error"].endswith("。")
    assert said["error"].count("。") == 1


@pytest.mark.parametrize(
    "change",
    [{"kind": "shop"}, {"mode": "open"}, {"aes_key": "short"}, {"callback": "ftp://x"}, {"name": ""}],
)
async def test_a_bad_account_is_refused_and_changes_nothing(
    simulator: Simulator, change: dict[str, str]
) -> None:
    before = await simulator.get("/_sim/accounts")
    status, said = await simulator.call("PUT", "/_sim/accounts", [account("http://127.0.0.1:1/") | change])
    assert (status, said["error"][-1]) == (400, "。")
    assert await simulator.get("/_sim/accounts") == before


async def test_unknown_people_accounts_and_pages_have_a_sentence(simulator: Simulator) -> None:
    user = await simulator.person()
    for path in (
        "/nothing",
        "/_sim/users/u0/inbox",
        f"/_sim/users/{user}/inbox?account=x",
        "/_sim/phone/x.js",
    ):
        status, said = await simulator.call("GET", path)
        assert status == 404
        assert said["error"].endswith("。")


async def test_the_phone_comes_with_its_files_and_a_strict_policy(simulator: Simulator) -> None:
    names = ("", *(f"_sim/phone/{n}" for n in ("phone.js", "phone.css", "tokens.css", "logo.svg")))
    for name in names:
        async with simulator.client.get(f"/{name}") as response:
            text = await response.text()
            assert response.status == 200
            assert response.headers["Content-Security-Policy"].startswith("default-src 'self'")
            assert "innerHTML" not in text
    assert (await simulator.get("/_sim/phone/config"))["accounts"][0]["display_name"] == "武汉交警"


async def test_health_readiness_and_figures(simulator: Simulator) -> None:
    user = await simulator.follower()
    await simulator.send(user, "5")
    assert (await simulator.call("GET", "/healthz"))[0] == 200
    assert (await simulator.call("GET", "/readyz"))[0] == 200
    async with simulator.client.get("/metrics") as response:
        assert 'simulator_callbacks_total{outcome="answered"} 2' in await response.text()
