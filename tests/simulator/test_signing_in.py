"""Web sign-in, tickets for pages, quotas and refused calls looked up, agents."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from tests.simulator.callee import APP_ID, Callee, body
from tests.simulator.conftest import Simulator

BACK = "https://example.org/m/callback?next=1"
NOON = "2026-11-24T12:00:00+08:00"


def address(scope: str = "snsapi_base", **changes: str) -> str:
    asked = {"appid": APP_ID, "redirect_uri": BACK, "response_type": "code", "scope": scope, "state": "s1"}
    query = "&".join(f"{name}={quote(value, safe='')}" for name, value in (asked | changes).items())
    return f"https://open.weixin.qq.com/connect/oauth2/authorize?{query}#wechat_redirect"


async def code_for(simulator: Simulator, user: str, scope: str = "snsapi_base", **more: Any) -> str:
    said = await simulator.post(f"/_sim/users/{user}/authorize", {"url": address(scope), **more})
    return parse_qs(urlsplit(said["location"]).query)["code"][0]


async def change(simulator: Simulator, given: str, **changes: str) -> Any:
    asked = {"appid": APP_ID, "secret": "secret", "code": given, "grant_type": "authorization_code"} | changes
    return await simulator.get("/sns/oauth2/access_token?" + "&".join(f"{n}={v}" for n, v in asked.items()))


async def test_a_code_becomes_the_openid_once_and_within_five_minutes(simulator: Simulator) -> None:
    await simulator.at(NOON)
    user = await simulator.person()
    said = await simulator.post(f"/_sim/users/{user}/authorize", {"url": address()})
    query = parse_qs(urlsplit(said["location"]).query)
    assert (query["next"], query["state"]) == (["1"], ["s1"])
    granted = await change(simulator, query["code"][0])
    assert granted["openid"] == await simulator.openid(user)
    assert granted.keys() == {"access_token", "expires_in", "refresh_token", "openid", "scope"}
    assert (await change(simulator, query["code"][0]))["errcode"] == 40163
    late = await code_for(simulator, user)
    await simulator.at("2026-11-24T12:05:00+08:00")
    assert (await change(simulator, late))["errcode"] == 40029


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"code": ""}, 41008),
        ({"code": "none"}, 40029),
        ({"appid": "wx0"}, 40013),
        ({"secret": "wrong"}, 40125),
        ({"grant_type": "x"}, 40002),
    ],
)
async def test_each_wrong_change_has_its_code(
    simulator: Simulator, changes: dict[str, str], expected: int
) -> None:
    code = await code_for(simulator, await simulator.person())
    assert (await change(simulator, code, **changes))["errcode"] == expected


async def test_who_agreed_shows_a_name_and_who_did_not_does_not(simulator: Simulator) -> None:
    user = await simulator.person("王芳")
    silent = await change(simulator, await code_for(simulator, user))
    query = f"access_token={silent['access_token']}&openid={silent['openid']}"
    assert (await simulator.get(f"/sns/userinfo?{query}"))["errcode"] == 48001
    open_ = await change(simulator, await code_for(simulator, user, "snsapi_userinfo"))
    query = f"access_token={open_['access_token']}&openid={open_['openid']}"
    assert (await simulator.get(f"/sns/userinfo?{query}"))["nickname"] == "王芳"
    assert (await simulator.get(f"/sns/auth?{query}"))["errcode"] == 0
    assert (await simulator.get("/sns/auth?access_token=x&openid=y"))["errcode"] == 40001
    again = f"appid={APP_ID}&grant_type=refresh_token&refresh_token={open_['refresh_token']}"
    fresh = await simulator.get(f"/sns/oauth2/refresh_token?{again}")
    assert fresh["access_token"] != open_["access_token"]
    wrong = f"appid={APP_ID}&grant_type=refresh_token&refresh_token=x"
    assert (await simulator.get(f"/sns/oauth2/refresh_token?{wrong}"))["errcode"] == 40030


async def test_the_person_is_asked_and_may_say_no(simulator: Simulator) -> None:
    user = await simulator.person()
    body = {"url": address("snsapi_userinfo"), "accept": None}
    asked = await simulator.post(f"/_sim/users/{user}/authorize", body)
    assert asked["ask"] == {"account": "service", "scope": "snsapi_userinfo"}
    refused = await simulator.post(f"/_sim/users/{user}/authorize", body | {"accept": False})
    assert refused == {"location": None}


async def test_whoever_only_looks_is_nobody(simulator: Simulator) -> None:
    user = await simulator.person()
    code = await code_for(simulator, user, "snsapi_userinfo", snapshot=True)
    granted = await change(simulator, code)
    assert granted["is_snapshotuser"] == 1
    assert granted["openid"] != await simulator.openid(user)


@pytest.mark.parametrize(
    ("url", "number"),
    [
        (address(appid="wx0"), "10012"),
        (address(redirect_uri=""), "10011"),
        (address(redirect_uri="https://elsewhere.example/"), "10003"),
        (address(scope="all"), "10010"),
    ],
)
async def test_the_phone_opens_no_wrong_address(simulator: Simulator, url: str, number: str) -> None:
    await simulator.set(oauth_domains=["example.org"])
    user = await simulator.person()
    status, said = await simulator.call("POST", f"/_sim/users/{user}/authorize", {"url": url})
    assert (status, number in said["error"]) == (400, True)


async def test_a_subscription_account_cannot_sign_anybody_in(simulator: Simulator) -> None:
    held = (await simulator.get("/_sim/accounts"))["accounts"][0]
    await simulator.call("PUT", "/_sim/accounts", [held | {"kind": "subscription"}])
    user = await simulator.person()
    _, said = await simulator.call("POST", f"/_sim/users/{user}/authorize", {"url": address()})
    assert "10005" in said["error"]
    assert (await change(simulator, "any"))["errcode"] == 48001
    assert (await simulator.api("/cgi-bin/qrcode/create", {}))["errcode"] == 48001


async def test_a_ticket_stays_for_two_hours(simulator: Simulator) -> None:
    await simulator.at(NOON)
    path = "/cgi-bin/ticket/getticket"
    first = await simulator.api(path, type="jsapi")
    assert (first["errcode"], first["expires_in"]) == (0, 7200)
    await simulator.at("2026-11-24T13:59:59+08:00")
    assert (await simulator.api(path, type="jsapi"))["ticket"] == first["ticket"]
    await simulator.at("2026-11-24T14:00:00+08:00")
    assert (await simulator.api(path, type="jsapi"))["ticket"] != first["ticket"]


async def test_a_quota_is_seen_spent_and_cleared(simulator: Simulator) -> None:
    path = "/cgi-bin/menu/create"
    asked = {"cgi_path": path}
    before = (await simulator.api("/cgi-bin/openapi/quota/get", asked))["quota"]
    await simulator.api(path, {})
    after = (await simulator.api("/cgi-bin/openapi/quota/get", asked))["quota"]
    assert (after["used"], after["remain"]) == (before["used"] + 1, before["remain"] - 1)
    assert (await simulator.api("/cgi-bin/openapi/quota/clear", asked))["errcode"] == 0
    assert (await simulator.api("/cgi-bin/openapi/quota/get", asked))["quota"]["used"] == 0
    for wrong, expected in (("/cgi-bin/none", 76021), ("/sns/userinfo", 76022)):
        said = await simulator.api("/cgi-bin/openapi/quota/get", {"cgi_path": wrong})
        assert said["errcode"] == expected


async def test_all_quotas_are_cleared_ten_times_a_month(simulator: Simulator) -> None:
    asked = {"appid": APP_ID}
    said = [(await simulator.api("/cgi-bin/clear_quota", asked))["errcode"] for _ in range(9)]
    by_secret = {"appid": APP_ID, "appsecret": "secret"}
    said += [(await simulator.post("/cgi-bin/clear_quota/v2", by_secret))["errcode"] for _ in range(2)]
    assert said == [0] * 10 + [48006]
    assert (await simulator.api("/cgi-bin/clear_quota", {"appid": "wx0"}))["errcode"] == 40013


async def test_a_refused_call_can_be_looked_up_by_its_rid(simulator: Simulator) -> None:
    refused = await simulator.api("/cgi-bin/menu/create", {"button": []})
    rid = refused["errmsg"].rpartition("rid: ")[2]
    found = (await simulator.api("/cgi-bin/openapi/rid/get", {"rid": rid}))["request"]
    assert "40016" in found["response_body"]
    assert found["request_url"] == "access_token=***"
    for wrong, expected in (("a-b-c", 76001), ("x", 76002)):
        assert (await simulator.api("/cgi-bin/openapi/rid/get", {"rid": wrong}))["errcode"] == expected


async def test_the_way_to_the_service_is_tried(simulator: Simulator, callee: Callee) -> None:
    said = await simulator.api("/cgi-bin/callback/check", {"action": "all", "check_operator": "DEFAULT"})
    assert (said["dns"][0]["ip"], said["ping"][0]["package_loss"]) == ("127.0.0.1", "0%")
    await callee.server.close()
    said = await simulator.api("/cgi-bin/callback/check", {"action": "ping", "check_operator": "UNICOM"})
    assert said["ping"][0]["package_loss"] == "100%"


async def test_agents_and_their_sessions(simulator: Simulator, callee: Callee) -> None:
    base = "/customservice"
    agent = {"kf_account": "wang@traffic", "nickname": "小王"}
    said = [(await simulator.api(f"{base}/kfaccount/add", agent))["errcode"] for _ in "ab"]
    assert said == [0, 61453]
    for name, expected in (("wang", 61452), ("x" * 31 + "@a", 61454), ("小王@a", 61455)):
        sent = agent | {"kf_account": name}
        assert (await simulator.api(f"{base}/kfaccount/add", sent))["errcode"] == expected
    listed = (await simulator.api("/cgi-bin/customservice/getkflist"))["kf_list"]
    assert (listed[0]["kf_account"], listed[0]["kf_nick"]) == ("wang@traffic", "小王")
    user = await simulator.follower()
    openid = await simulator.openid(user)
    session = {"kf_account": "wang@traffic", "openid": openid}
    assert (await simulator.api(f"{base}/kfsession/create", session))["errcode"] == 65415
    await simulator.post("/_sim/agents", {"account": "service", "kf_account": "wang@traffic", "online": True})
    assert (await simulator.api(f"{base}/kfsession/create", session))["errcode"] == 0
    await simulator.post("/_sim/settle")
    assert callee.calls[-1].fields["Event"] == "kf_create_session"
    held = await simulator.api(f"{base}/kfsession/getsession", openid=openid)
    assert held["kf_account"] == "wang@traffic"
    online = (await simulator.api("/cgi-bin/customservice/getonlinekflist"))["kf_online_list"]
    assert online[0]["accepted_case"] == 1
    assert (await simulator.api(f"{base}/kfsession/close", session))["errcode"] == 0
    assert (await simulator.api(f"{base}/kfsession/close", session))["errcode"] == 65413
    hello = {"touser": openid, "msgtype": "text", "text": {"content": "我是小王"}}
    hello["customservice"] = {"kf_account": "wang@traffic"}
    await simulator.api("/cgi-bin/message/custom/send", hello)
    assert (await simulator.inbox(user))[-1]["agent"] == "小王"
    gone = await simulator.api(f"{base}/kfaccount/del", kf_account="wang@traffic")
    assert gone["errcode"] == 0


async def test_a_chat_that_is_handed_over_waits_for_an_agent(simulator: Simulator, callee: Callee) -> None:
    held = (await simulator.get("/_sim/accounts"))["accounts"][0]
    await simulator.call("PUT", "/_sim/accounts", [held | {"mode": "plain"}])
    user = await simulator.follower()
    openid = await simulator.openid(user)
    reply = f"<xml><ToUserName>{openid}</ToUserName><FromUserName>{held['original_id']}</FromUserName>"
    reply += "<CreateTime>1</CreateTime><MsgType>transfer_customer_service</MsgType></xml>"
    callee.behaviours = [body(reply)]
    before = len(await simulator.inbox(user))
    await simulator.send(user, "人工")
    assert len(await simulator.inbox(user)) == before
    waiting = await simulator.api("/customservice/kfsession/getwaitcase")
    assert [one["openid"] for one in waiting["waitcaselist"]] == [openid]
