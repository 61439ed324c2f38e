"""What the platform has said stays said: over a restart, and over a kill -9 in the middle of many sends."""

from __future__ import annotations

import asyncio
import signal
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import TestClient, TestServer, unused_port

from daxiang_simulator.app import make_app
from daxiang_simulator.world import Options
from tests.simulator.conftest import Simulator
from tests.simulator.test_survival import started

TEMPLATE = {"template_id": "T1", "title": "提醒", "content": "内容:{{thing1.DATA}}"}
SEND = "/cgi-bin/message/template/send"


def message(openid: str, number: int) -> dict[str, Any]:
    data = {"thing1": {"value": f"第{number}条"}}
    return {"touser": openid, "template_id": "T1", "data": data, "client_msg_id": f"job-{number}"}


SENDERS, ANSWERED, KILLS = 32, 150, 3


async def stream(options: Options, accepted: dict[int, int], until: int) -> None:
    """Start it, send from many sides at once, kill it when so many are answered; each has its msgid."""
    port = unused_port()
    async with started(options, port) as child, aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
        simulator = Simulator(session)
        token, openid = await simulator.token(), await receiver(simulator)

        killed = asyncio.Event()

        async def sender(first: int) -> None:
            for number in range(first, 10**6, SENDERS):
                said = await simulator.post(f"{SEND}?access_token={token}", message(openid, number))
                accepted[number] = said["msgid"]
                # Once: a second kill would collect the dead one behind the event loop's back.
                if len(accepted) >= until and not killed.is_set():
                    killed.set()
                    child.kill()

        first = max(accepted, default=0) + 1
        ends = [sender(first + one) for one in range(SENDERS)]
        broken = await asyncio.gather(*ends, return_exceptions=True)
        assert all(isinstance(one, aiohttp.ClientError) for one in broken), broken
        assert await child.wait() == -signal.SIGKILL


async def receiver(simulator: Simulator) -> str:
    """The follower who gets them all: the first one, made when there is none."""
    listed = await simulator.api("/cgi-bin/user/get")
    if listed["total"]:
        openid: str = listed["data"]["openid"][0]
        return openid
    # The client's ASCII bodies carry escapes, which the platform refuses; here they may.
    await simulator.set(template_events=False, escaped_unicode_refused=False)
    await simulator.post("/_sim/accounts/service/templates", TEMPLATE)
    made: str = (await simulator.post("/_sim/crowd", {"account": "service", "count": 1}))["openids"][0]
    return made


@pytest.mark.system
async def test_kill_9_again_and_again_loses_no_accepted_message_and_repeats_none(options: Options) -> None:
    accepted: dict[int, int] = {}
    for kills in range(1, KILLS + 1):
        await stream(options, accepted, until=kills * ANSWERED)
    async with TestClient(TestServer(make_app(options))) as client:
        after = Simulator(client)
        rows = [row for row in await after.truth() if row["kind"] == "template_message"]
        true = {row["client_msg_id"]: int(row["msg_id"]) for row in rows}
        assert len({*true.values()}) == len(true) == len(rows)
        assert {f"job-{n}": number for n, number in accepted.items()}.items() <= true.items()
        # Whoever saw no answer may ask again: what was true is not sent twice, the rest is sent.
        openid = await receiver(after)
        cards = {one["msg_id"] for one in await after.inbox(await _user(after, openid))}
        assert cards == {str(number) for number in true.values()}
        known = {int(name.removeprefix("job-")): number for name, number in true.items()}
        token = await after.token()
        for number in [*sorted(known)[-SENDERS:], max(known) + 1]:
            said = await after.post(f"{SEND}?access_token={token}", message(openid, number))
            assert (said["msgid"] == known.get(number)) is (number in known)


async def _user(simulator: Simulator, openid: str) -> str:
    people = (await simulator.get("/_sim/users"))["users"]
    return next(str(one["user"]) for one in people if openid in one["openids"].values())


async def test_a_restart_keeps_tokens_menus_tags_windows_and_what_is_due(options: Options) -> None:
    async with TestClient(TestServer(make_app(options))) as client:
        before = Simulator(client)
        await before.at("2026-11-24T07:00:00+08:00")
        user = await before.follower()
        await before.send(user, "5")
        token = await before.token()
        tag = (await before.api("/cgi-bin/tags/create", {"tag": {"name": "民警"}}))["tag"]["id"]
        menu = {"button": [{"type": "click", "name": "限行", "key": "TODAY"}]}
        await before.api("/cgi-bin/menu/create", menu)
        mass = {"filter": {"is_to_all": True}, "msgtype": "text", "text": {"content": "早上好"}}
        number = (await before.api("/cgi-bin/message/mass/sendall", mass))["msg_id"]
    async with TestClient(TestServer(make_app(options))) as client:
        after = Simulator(client)
        assert await after.token() == token
        assert [one["id"] for one in (await after.api("/cgi-bin/tags/get"))["tags"]][1:] == [tag]
        assert (await after.get(f"/_sim/users/{user}/menu?account=service"))["menu"] is not None
        hello = {"touser": await after.openid(user), "msgtype": "text", "text": {"content": "您好"}}
        said = [(await after.api("/cgi-bin/message/custom/send", hello))["errcode"] for _ in range(9)]
        assert said == [0] * 8 + [45047]
        await after.at("2026-11-24T07:30:00+08:00")
        await after.post("/_sim/settle")
        state = await after.api("/cgi-bin/message/mass/get", {"msg_id": number})
        assert state["msg_status"] == "SEND_FAIL"


async def test_a_reset_forgets_what_was_sent_and_keeps_templates_and_tokens(simulator: Simulator) -> None:
    await simulator.post("/_sim/accounts/service/templates", TEMPLATE)
    await simulator.api("/cgi-bin/tags/create", {"tag": {"name": "民警"}})
    token = await simulator.token()
    await simulator.post("/_sim/reset")
    assert await simulator.token() == token
    assert len((await simulator.api("/cgi-bin/tags/get"))["tags"]) == 1
    listed = await simulator.api("/cgi-bin/template/get_all_private_template")
    assert [one["template_id"] for one in listed["template_list"]] == ["T1"]


async def test_two_mass_sends_that_were_cut_off_reach_each_follower_once(options: Options) -> None:
    async with TestClient(TestServer(make_app(options))) as client:
        before = Simulator(client)
        await before.set(service_mass_daily=10)
        openids = (await before.post("/_sim/crowd", {"account": "service", "count": 2_600}))["openids"]
        body = {"touser": openids, "msgtype": "text", "text": {"content": "早上好"}}
        calls = [before.api("/cgi-bin/message/mass/send", body) for _ in range(3)]
        numbers = [one["msg_id"] for one in await asyncio.gather(*calls)]
        while len([row for row in await before.truth() if row["kind"] == "mass_received"]) < 4:
            continue
    async with TestClient(TestServer(make_app(options))) as client:
        after = Simulator(client)
        await after.post("/_sim/settle")
        rows = [row for row in await after.truth() if row["kind"] == "mass_received"]
        for number in numbers:
            reached = [user for row in rows if row["msg_id"] == str(number) for user in row["users"]]
            assert (len(reached), len(set(reached))) == (2_600, 2_600)
