"""What the service sees of the platform, and what the person sees of the service."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp import web
from wechatpy.crypto import WeChatCrypto

from tests.simulator.callee import (
    APP_ID,
    KEY,
    TOKEN,
    Behaviour,
    Call,
    Callee,
    body,
    choice,
    plain_reply,
    saying,
    sealed,
)
from tests.simulator.conftest import Simulator, account

FAULT = "该公众号提供的服务出现故障，请稍后再试"


async def test_following_tells_the_service_and_brings_its_greeting(
    simulator: Simulator, callee: Callee
) -> None:
    callee.behaviours = [saying(f"您好\n{choice('5')}")]
    said = await simulator.post(f"/_sim/users/{await simulator.person()}/follow", {"account": "service"})
    assert callee.calls[0].fields["Event"] == "subscribe"
    assert "MsgId" not in callee.calls[0].fields
    assert said["reply"]["content"] == "您好"
    assert said["reply"]["choices"] == [{"label": "5", "content": "5", "id": "1", "after": 1}]


async def test_a_question_is_answered_and_lies_in_the_inbox(simulator: Simulator) -> None:
    user = await simulator.follower()
    said = await simulator.send(user, "5")
    assert (said["outcome"], said["tries"], said["reply"]["content"]) == ("answered", 1, "好")
    held = (await simulator.get(f"/_sim/users/{user}/inbox?account=service"))["inbox"]
    assert [one["kind"] for one in held] == ["text", "text"]
    assert held[-1]["msg_id"] == said["msg_id"]


async def test_two_failures_are_tried_again_with_the_same_number_and_a_fresh_seal(
    simulator: Simulator, callee: Callee
) -> None:
    user = await simulator.follower()
    callee.behaviours = [body("", status=502), body("废话"), saying("好")]
    said = await simulator.send(user, "5")
    tries = callee.calls[1:]
    assert (said["outcome"], said["tries"], len(tries)) == ("answered", 3, 3)
    assert {(c.fields["MsgId"], c.fields["CreateTime"]) for c in tries} == {
        (said["msg_id"], tries[0].fields["CreateTime"])
    }
    assert len({c.query["nonce"] for c in tries}) == len({c.body for c in tries}) == 3


async def forged_token(call: Call) -> web.Response:
    return sealed(plain_reply(call, "假"), token="another")


async def forged_app_id(call: Call) -> web.Response:
    return sealed(plain_reply(call, "假"), app_id="wx9999999999999999")


async def to_somebody_else(call: Call) -> web.Response:
    return sealed(plain_reply(call, "假", to="oSomebodyElse"))


async def unsealed(call: Call) -> web.Response:
    return web.Response(text=plain_reply(call, "假"))


async def hung_up(_call: Call) -> web.Response:
    raise asyncio.CancelledError


@pytest.mark.parametrize(
    "behaviour",
    [forged_token, forged_app_id, to_somebody_else, unsealed, hung_up, body("废话"), body("", status=500)],
)
async def test_what_is_no_answer_three_times_shows_the_platforms_sentence(
    simulator: Simulator, callee: Callee, behaviour: Behaviour
) -> None:
    user = await simulator.follower()
    callee.behaviours = [behaviour]
    said = await simulator.send(user, "5")
    assert (said["outcome"], said["tries"], said["reply"]) == ("service_error", 3, None)
    last = (await simulator.get(f"/_sim/users/{user}/inbox?account=service"))["inbox"][-1]
    assert (last["kind"], last["content"]) == ("service_error", FAULT)


async def test_nobody_listening_is_a_service_error(simulator: Simulator, callee: Callee) -> None:
    user = await simulator.follower()
    await callee.server.close()
    assert (await simulator.send(user, "5"))["outcome"] == "service_error"


@pytest.mark.parametrize("words", ["", "success"])
async def test_an_acknowledgement_brings_nothing_to_the_person(
    simulator: Simulator, callee: Callee, words: str
) -> None:
    user = await simulator.follower()
    callee.behaviours = [body(words)]
    said = await simulator.send(user, "5")
    assert (said["outcome"], said["tries"], said["reply"]) == ("empty", 1, None)
    assert len((await simulator.get(f"/_sim/users/{user}/inbox?account=service"))["inbox"]) == 1


async def test_leaving_tells_the_service_and_no_answer_reaches_the_person(
    simulator: Simulator, callee: Callee
) -> None:
    user = await simulator.follower()
    said = await simulator.post(f"/_sim/users/{user}/unfollow", {"account": "service"})
    assert callee.calls[-1].fields["Event"] == "unsubscribe"
    assert said["reply"] is None
    assert len((await simulator.get(f"/_sim/users/{user}/inbox"))["inbox"]) == 1
    assert (await simulator.truth())[-1]["kind"] == "empty"


async def test_wechatpy_opens_our_callback_and_we_read_its_reply(
    simulator: Simulator, callee: Callee
) -> None:
    crypto = WeChatCrypto(TOKEN, KEY, APP_ID)

    async def through_wechatpy(call: Call) -> web.Response:
        q = call.query
        plain = crypto.decrypt_message(call.body, q["msg_signature"], q["timestamp"], q["nonce"])
        assert plain == call.plain
        reply = plain_reply(call, "wechatpy 说好")
        return web.Response(text=crypto.encrypt_message(reply, q["nonce"], q["timestamp"]))

    callee.behaviours = [through_wechatpy]
    user = await simulator.follower()
    assert (await simulator.send(user, "5]]><b>&"))["reply"]["content"] == "wechatpy 说好"
    assert callee.calls[-1].fields["Content"] == "5]]><b>&"


@pytest.mark.parametrize(
    ("mode", "elements"),
    [("plain", {"Content"}), ("compatible", {"Content", "Encrypt"}), ("safe", {"Encrypt"})],
)
async def test_each_mode_sends_what_the_platform_sends(
    simulator: Simulator, callee: Callee, mode: str, elements: set[str]
) -> None:
    await simulator.call("PUT", "/_sim/accounts", [account(callee.url(), mode=mode)])
    callee.behaviours = [unsealed if mode == "plain" else saying("好")]
    user = await simulator.follower()
    assert (await simulator.send(user, "5"))["outcome"] == "answered"
    found = {name for name in ("Content", "Encrypt") if f"<{name}>" in callee.calls[-1].body}
    assert found == elements
    assert ("msg_signature" in callee.calls[-1].query) == (mode != "plain")


async def test_what_one_person_sends_at_once_is_carried_one_after_the_other(
    simulator: Simulator, callee: Callee
) -> None:
    user = await simulator.follower()
    inside = most = 0

    async def watching(call: Call) -> web.Response:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        await asyncio.sleep(0)
        inside -= 1
        return sealed(plain_reply(call, call.fields["Content"]))

    callee.behaviours = [watching]
    said = await asyncio.gather(*(simulator.send(user, str(n)) for n in range(8)))
    assert most == 1
    assert [one["reply"]["content"] for one in said] == [str(n) for n in range(8)]
    assert len({one["msg_id"] for one in said}) == 8


async def test_a_tapped_choice_carries_its_menu_id(simulator: Simulator, callee: Callee) -> None:
    user = await simulator.follower()
    message = {"type": "text", "content": "5", "menu_id": "tail-5"}
    await simulator.post(f"/_sim/users/{user}/send", {"account": "service", "message": message})
    assert callee.calls[-1].fields["bizmsgmenuid"] == "tail-5"
