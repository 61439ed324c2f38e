"""How a call ends, by what the platform or the network does."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any

import pytest
from aiohttp import ClientSession, web
from hypothesis import given
from hypothesis import strategies as st
from prove.instance import free_ports

from daxiang.integrations.outcomes import OutcomeUnknown, Refused, Unavailable, VendorFailure
from daxiang.integrations.wechat.client import client as client_module
from daxiang.integrations.wechat.client.answers import failure, read_json
from daxiang.integrations.wechat.client.checks import Unfit
from daxiang.integrations.wechat.client.client import Endpoint, Kind, WeChatClient
from daxiang.integrations.wechat.client.transport import Answer, encoded
from tests.wechat_client.conftest import ACCOUNT, QUICK, FixedTokens, Platform


def endpoint(kind: Kind, method: str = "POST") -> Endpoint:
    return Endpoint(path="/cgi-bin/anything", kind=kind, method=method, limit=10_000)


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "PAUSE_S", 0.0)


async def never(_request: web.Request) -> web.Response:
    await asyncio.Event().wait()
    return web.Response()


async def cut_off(request: web.Request) -> web.Response:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


async def half(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": "100"})
    await response.prepare(request)
    await response.write(b'{"errcode":0')
    assert request.transport is not None
    request.transport.abort()
    return response


UNREADABLE: dict[str, Any] = {
    "no answer in time": never,
    "the connection cut": cut_off,
    "half an answer": half,
    "garbage": b"{'errcode': 0",
    "an empty body": b"",
    "a list": b"[]",
    "an errcode that is a word": {"errcode": "none"},
    "too long": b'{"a":"' + b"a" * 20_000 + b'"}',
    "HTTP 500": lambda _: _response(500),
    "HTTP 502 with a success in it": lambda _: _response(502, b'{"errcode":0}'),
    "a redirection": lambda _: _response(302),
    "HTTP 404": lambda _: _response(404),
}


async def _response(status: int, body: bytes = b"<html>") -> web.Response:
    return web.Response(status=status, body=body, headers={"Location": "/elsewhere"})


@pytest.mark.parametrize("how", UNREADABLE)
async def test_an_act_without_a_readable_answer_is_unknown_and_not_repeated(
    client: WeChatClient, platform: Platform, how: str
) -> None:
    platform.says(UNREADABLE[how])
    with pytest.raises(OutcomeUnknown):
        await client.call(endpoint(Kind.ACT), body={"a": 1})
    assert len(platform.seen) == 1


@pytest.mark.parametrize("how", UNREADABLE)
async def test_a_read_without_a_readable_answer_is_tried_three_times_and_then_unavailable(
    client: WeChatClient, platform: Platform, how: str
) -> None:
    platform.says(UNREADABLE[how])
    with pytest.raises(Unavailable):
        await client.call(endpoint(Kind.READ), body={"a": 1})
    assert len(platform.seen) == 3


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_no_act_is_repeated_behind_our_back_when_a_kept_connection_breaks(
    client: WeChatClient, platform: Platform, method: str
) -> None:
    platform.says({"errcode": 0}, cut_off, {"errcode": 0})
    await client.call(endpoint(Kind.ACT, method))
    with pytest.raises(OutcomeUnknown):
        await client.call(endpoint(Kind.ACT, method))
    assert len(platform.seen) == 2


async def test_a_repeatable_call_gets_its_answer_after_one_was_lost(
    client: WeChatClient, platform: Platform
) -> None:
    platform.says(cut_off, {"errcode": 0, "msgid": 7})
    assert (await client.call(endpoint(Kind.REPEATABLE)))["msgid"] == 7


@pytest.mark.parametrize("then", [{"errcode": -1}, {"errcode": 45047}, {"errcode": 45009}])
async def test_one_lost_answer_keeps_a_repeatable_call_unknown_whatever_comes_after(
    client: WeChatClient, platform: Platform, then: dict[str, int]
) -> None:
    platform.says(cut_off, then)
    with pytest.raises(OutcomeUnknown):
        await client.call(endpoint(Kind.REPEATABLE))


@pytest.mark.parametrize("kind", list(Kind))
async def test_a_refused_connection_is_unavailable_because_nothing_left(
    session: ClientSession, kind: Kind
) -> None:
    base = f"http://127.0.0.1:{free_ports(1)[0]}"
    client = WeChatClient(
        account=ACCOUNT, base_url=base, session=session, tokens=FixedTokens(), timeouts=QUICK
    )
    with pytest.raises(Unavailable) as failed:
        await client.call(endpoint(kind))
    assert failed.value.code == "no_connection"


async def test_busy_is_unavailable_for_an_act_after_one_try(client: WeChatClient, platform: Platform) -> None:
    platform.says({"errcode": -1, "errmsg": "system error rid: 6566-a-b"})
    with pytest.raises(Unavailable) as failed:
        await client.call(endpoint(Kind.ACT))
    assert (failed.value.code, failed.value.rid, len(platform.seen)) == (-1, "6566-a-b", 1)


async def test_busy_is_asked_again_where_that_does_no_harm(client: WeChatClient, platform: Platform) -> None:
    platform.says({"errcode": -1}, {"errcode": -1}, {"total": 3})
    assert await client.call(endpoint(Kind.READ)) == {"total": 3}


async def test_a_refusal_is_final_and_keeps_the_words_and_the_rid_apart(
    client: WeChatClient, platform: Platform
) -> None:
    platform.says({"errcode": 45015, "errmsg": "response out of time limit rid: 656642a1-1b2c3d4e-5f607182"})
    with pytest.raises(Refused) as failed:
        await client.call(endpoint(Kind.REPEATABLE))
    assert failed.value.rid == "656642a1-1b2c3d4e-5f607182"
    assert failed.value.message == "response out of time limit"
    assert len(platform.seen) == 1


@pytest.mark.parametrize("code", [40001, 40014, 42001])
async def test_a_refused_token_is_replaced_once_and_the_call_made_again(
    client: WeChatClient, platform: Platform, code: int
) -> None:
    platform.says({"errcode": code}, {"errcode": 0, "ok": 1})
    assert (await client.call(endpoint(Kind.ACT)))["ok"] == 1
    assert [seen.query["access_token"] for seen in platform.seen] == ["token-1", "token-2"]


@pytest.mark.parametrize("kind", list(Kind))
async def test_a_second_refused_token_ends_the_call_without_a_loop(
    client: WeChatClient, platform: Platform, kind: Kind
) -> None:
    platform.says({"errcode": 40001})
    with pytest.raises(Unavailable):
        await client.call(endpoint(kind))
    assert len(platform.seen) == 2


async def test_no_exception_holds_the_token_or_the_secret(client: WeChatClient, platform: Platform) -> None:
    said = []
    for reply in (*UNREADABLE.values(), {"errcode": 40001}):
        platform.says(reply)
        with pytest.raises(VendorFailure) as failed:
            await client.call(endpoint(Kind.ACT))
        chain: BaseException | None = failed.value
        while chain is not None:
            said.append(f"{chain!r} {chain}")
            chain = chain.__cause__ or (None if chain.__suppress_context__ else chain.__context__)
    assert "token-" not in " ".join(said)


async def test_bodies_leave_as_characters_and_never_as_escapes(
    client: WeChatClient, platform: Platform
) -> None:
    await client.call(endpoint(Kind.ACT), body={"content": "今天能走 🚗\u2028"})
    assert "今天能走 🚗\u2028".encode() in platform.last.raw


@given(st.recursive(st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_no_character_is_ever_escaped_but_what_json_demands(value: Any) -> None:
    try:
        raw = encoded(value)
    except Unfit:  # half a surrogate pair is no character
        return
    assert json.loads(raw) == value
    assert re.search(rb"(?<!\\)(?:\\\\)*\\u(?!00[01])", raw) is None


@given(st.binary(max_size=200))
def test_whatever_bytes_come_they_are_a_success_or_one_of_the_three(body: bytes) -> None:
    answer = Answer(status=200, content_type="text/plain", filename=None, body=body)
    try:
        fields: object = read_json(answer)
    except (Refused, Unavailable, OutcomeUnknown):
        return
    assert isinstance(fields, dict)


@given(st.text(max_size=80))
def test_an_errmsg_of_any_form_is_kept(words: str) -> None:
    made = failure(40037, f"{words} rid: 6566-ab-cd")
    assert made.rid == "6566-ab-cd"
    assert made.message in {words, words.rstrip()}
