"""Template messages and subscription notices: values, consents, repeats, and how each end is told."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.callee import Callee
from tests.simulator.conftest import Simulator

SEND, NOTICE = "/cgi-bin/message/template/send", "/cgi-bin/message/subscribe/bizsend"
CONTENT = "车牌号:{{car_number1.DATA}}\n违法时间:{{time2.DATA}}\n违法地点:{{thing3.DATA}}"
DATA = {
    "car_number1": {"value": "鄂A12345"},
    "time2": {"value": "2026-11-24 08:10"},
    "thing3": {"value": "解放大道江汉路口"},
}


async def prepared(simulator: Simulator, kind: str = "template") -> tuple[str, str]:
    template = {"template_id": "T1", "title": "违法提醒", "content": CONTENT, "kind": kind}
    assert (await simulator.call("POST", "/_sim/accounts/service/templates", template))[0] == 200
    user = await simulator.follower()
    return user, await simulator.openid(user)


def message(openid: str, **changes: Any) -> dict[str, Any]:
    return {"touser": openid, "template_id": "T1", "url": "https://example.org/m/1", "data": DATA} | changes


async def test_a_template_message_lands_as_a_card_and_its_end_is_told(
    simulator: Simulator, callee: Callee
) -> None:
    user, openid = await prepared(simulator)
    said = await simulator.api(SEND, message(openid))
    card = (await simulator.inbox(user))[-1]
    assert (card["kind"], card["title"], card["url"]) == ("template", "违法提醒", "https://example.org/m/1")
    assert card["pairs"][0] == {"label": "车牌号", "value": "鄂A12345"}
    assert card["msg_id"] == str(said["msgid"])
    await simulator.post("/_sim/settle")
    told = callee.calls[-1].fields
    assert (told["Event"], told["MsgID"], told["Status"]) == (
        "TEMPLATESENDJOBFINISH",
        str(said["msgid"]),
        "success",
    )
    assert told["FromUserName"] == openid
    behind = await simulator.get(f"/_sim/users/{user}/thread/{card['id']}")
    assert behind["call"].startswith(f"POST {SEND}")
    assert "TEMPLATESENDJOBFINISH" in behind["events"][0]["request"]
    row = next(row for row in await simulator.truth() if row["kind"] == "template_message")
    assert (row["msg_id"], row["openid"], row["data"]) == (str(said["msgid"]), openid, DATA)


async def test_who_blocks_messages_gets_nothing_and_the_account_hears_why(
    simulator: Simulator, callee: Callee
) -> None:
    user, openid = await prepared(simulator)
    await simulator.post(f"/_sim/users/{user}/consent", {"account": "service", "messages": False})
    assert (await simulator.api(SEND, message(openid)))["errcode"] == 0
    await simulator.post("/_sim/settle")
    assert callee.calls[-1].fields["Status"] == "failed:user block"
    assert [one["kind"] for one in await simulator.inbox(user)] == ["text"]


async def test_the_same_client_id_sends_once_in_ten_minutes(simulator: Simulator) -> None:
    await simulator.at("2026-11-24T12:00:00+08:00")
    user, openid = await prepared(simulator)
    other = await simulator.openid(await simulator.follower())
    first = await simulator.api(SEND, message(openid, client_msg_id="job-1"))
    await simulator.at("2026-11-24T12:09:59+08:00")
    assert await simulator.api(SEND, message(openid, client_msg_id="job-1")) == first
    assert (await simulator.api(SEND, message(other, client_msg_id="job-1")))["msgid"] != first["msgid"]
    await simulator.at("2026-11-24T12:10:00+08:00")
    assert (await simulator.api(SEND, message(openid, client_msg_id="job-1")))["msgid"] != first["msgid"]
    cards = [one for one in await simulator.inbox(user) if one["kind"] == "template"]
    assert len(cards) == 2


async def test_each_refused_template_message_has_its_code(simulator: Simulator) -> None:
    user, openid = await prepared(simulator)
    await simulator.api("/cgi-bin/tags/members/batchblacklist", {"openid_list": [openid]})
    assert (await simulator.api(SEND, message(openid)))["errcode"] == 43019
    await simulator.post(f"/_sim/users/{user}/unfollow", {"account": "service"})
    for sent, expected in (
        (message(openid), 43004),
        (message("oNobody"), 40003),
        (message(openid, template_id="T2"), 40037),
        (message(openid, data="x"), 47001),
        (message(openid, data=DATA | {"thing3": {"value": "长" * 21}}), 47003),
        (message(openid, client_msg_id="x" * 65), 40035),
    ):
        assert (await simulator.api(SEND, sent))["errcode"] == expected


async def test_the_days_quota_is_that_of_the_setting(simulator: Simulator) -> None:
    _, openid = await prepared(simulator)
    await simulator.set(template_daily=1)
    assert [(await simulator.api(SEND, message(openid)))["errcode"] for _ in range(2)] == [0, 45009]


async def test_templates_are_chosen_listed_and_dropped(simulator: Simulator) -> None:
    added = await simulator.api("/cgi-bin/template/api_add_template", {"template_id_short": "TM00015"})
    listed = (await simulator.api("/cgi-bin/template/get_all_private_template"))["template_list"]
    assert [one["template_id"] for one in listed] == [added["template_id"]]
    drop = {"template_id": added["template_id"]}
    said = [(await simulator.api("/cgi-bin/template/del_private_template", drop))["errcode"] for _ in "ab"]
    assert said == [0, 40037]
    assert "primary_industry" in await simulator.api("/cgi-bin/template/get_industry")


async def agree(simulator: Simulator, user: str, said: str, **more: Any) -> Any:
    body = {"account": "service", "templates": {"T1": said}, **more}
    return await simulator.post(f"/_sim/users/{user}/consent", body)


def notice(openid: str, **changes: Any) -> dict[str, Any]:
    return {"touser": openid, "template_id": "T1", "data": DATA} | changes


async def test_one_consent_is_one_notice(simulator: Simulator, callee: Callee) -> None:
    user, openid = await prepared(simulator, "one_time")
    assert (await simulator.api(NOTICE, notice(openid)))["errcode"] == 43101
    await agree(simulator, user, "accept")
    told = callee.calls[-1]
    assert told.fields["Event"] == "subscribe_msg_popup_event"
    assert "<SubscribeStatusString><![CDATA[accept]]></SubscribeStatusString>" in told.plain
    await agree(simulator, user, "accept")
    said = [(await simulator.api(NOTICE, notice(openid)))["errcode"] for _ in range(3)]
    assert said == [0, 0, 43101]
    await simulator.post("/_sim/settle")
    assert callee.calls[-1].fields["Event"] == "subscribe_msg_sent_event"


async def test_a_long_term_consent_holds_until_it_is_taken_back(simulator: Simulator, callee: Callee) -> None:
    user, openid = await prepared(simulator, "long_term")
    await agree(simulator, user, "accept")
    assert [(await simulator.api(NOTICE, notice(openid)))["errcode"] for _ in range(3)] == [0, 0, 0]
    await simulator.post("/_sim/settle")
    await agree(simulator, user, "reject", change=True)
    assert callee.calls[-1].fields["Event"] == "subscribe_msg_change_event"
    assert (await simulator.api(NOTICE, notice(openid)))["errcode"] == 43101


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("thing1", "二十个字以内都可以", "字" * 21),
        ("number1", "12.5", "十二"),
        ("letter1", "abcXYZ", "abc1"),
        ("symbol1", "!?#", "abc"),
        ("character_string1", "A-12_x", "有汉字"),
        ("time1", "2026年11月24日 15:01", "下午三点"),
        ("time2", "08:10", "25:00"),
        ("date1", "2026年11月24日", "明天"),
        ("amount1", "¥200.00", "二百元"),
        ("phone_number1", "+86-0766-66888866", "1" * 18),
        ("car_number1", "粤A8Z888挂", "粤A8Z888888挂"),
        ("name1", "李强", "名" * 11),
        ("phrase1", "已处理", "六个汉字的词"),
    ],
)
async def test_each_type_of_value_has_its_form(simulator: Simulator, name: str, good: str, bad: str) -> None:
    user, openid = await prepared(simulator, "long_term")
    template = {
        "template_id": "T1",
        "title": "提醒",
        "content": f"值:{{{{{name}.DATA}}}}",
        "kind": "long_term",
    }
    await simulator.post("/_sim/accounts/service/templates", template)
    await agree(simulator, user, "accept")
    said = [await simulator.api(NOTICE, notice(openid, data={name: {"value": v}})) for v in (good, bad, "")]
    assert [one["errcode"] for one in said] == [0, 47003, 47003]
    assert f"data.{name}.value" in said[1]["errmsg"]


async def test_notice_templates_come_from_the_library(simulator: Simulator) -> None:
    base = "/wxaapi/newtmpl"
    category = (await simulator.api(f"{base}/getcategory"))["data"][0]["id"]
    titles = await simulator.api(f"{base}/getpubtemplatetitles", ids=str(category), start="0", limit="2")
    tid = str(titles["data"][0]["tid"])
    words = (await simulator.api(f"{base}/getpubtemplatekeywords", tid=tid))["data"]
    chosen = {"tid": tid, "kidList": [words[0]["kid"], words[1]["kid"]], "sceneDesc": "违法提醒"}
    number = (await simulator.api(f"{base}/addtemplate", chosen))["priTmplId"]
    assert [one["priTmplId"] for one in (await simulator.api(f"{base}/gettemplate"))["data"]] == [number]
    for change, expected in (
        ({"tid": "0"}, 200014),
        ({"kidList": [1]}, 200020),
        ({"kidList": [1, 99]}, 200020),
        ({"sceneDesc": "字" * 16}, 200021),
    ):
        assert (await simulator.api(f"{base}/addtemplate", chosen | change))["errcode"] == expected
    drop = {"priTmplId": number}
    assert [(await simulator.api(f"{base}/deltemplate", drop))["errcode"] for _ in "ab"] == [0, 40037]


async def test_a_subscription_account_has_no_templates(simulator: Simulator, callee: Callee) -> None:
    held = (await simulator.get("/_sim/accounts"))["accounts"][0]
    await simulator.call("PUT", "/_sim/accounts", [held | {"kind": "subscription"}])
    _, openid = await prepared(simulator)
    assert (await simulator.api(SEND, message(openid)))["errcode"] == 48001
    assert (await simulator.api(NOTICE, notice(openid)))["errcode"] == 40037
