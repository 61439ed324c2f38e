"""Two unmodified versions of wechatpy open every callback, and the simulator reads all their replies."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from aiohttp import FormData

import daxiang_simulator
from daxiang_simulator.messages import KINDS
from daxiang_simulator.platform.menu_rules import KEYED
from tests.simulator.callee import ORIGINAL_ID, Call, Callee, body
from tests.simulator.clients.children import NEWEST, SECRETS, VERSIONS, child
from tests.simulator.conftest import Simulator

PICTURE = {"count": "1"}
SCANNED = {"scan_type": "qrcode", "scan_result": "https://a.example/1"}
EXPECTED: dict[str, tuple[str, dict[str, str]]] = {
    "text": ("TextMessage", {"content": "5]]><b>&"}),
    "image": ("ImageMessage", {}),
    "voice": ("VoiceMessage", {"format": "amr", "recognition": "今天限行吗"}),
    "video": ("VideoMessage", {}),
    "shortvideo": ("ShortVideoMessage", {}),
    "location": ("LocationMessage", {"location_x": "30.550000", "location_y": "114.280000", "scale": "16"}),
    "link": ("LinkMessage", {"title": "通告", "url": "https://a.example/n"}),
    "miniprogrampage": ("MiniProgramPageMessage", {"title": "违法查询", "page_path": "pages/fines"}),
    "subscribe": ("SubscribeEvent", {}),
    "subscribe qrscene_bridge": ("SubscribeScanEvent", {"scene_id": "bridge"}),
    "unsubscribe": ("UnsubscribeEvent", {}),
    "SCAN": ("ScanEvent", {"scene_id": "bridge"}),
    "LOCATION": ("LocationEvent", {"latitude": "30.55", "longitude": "114.28", "precision": "40.0"}),
    "CLICK": ("ClickEvent", {"key": "today"}),
    "VIEW": ("ViewEvent", {"url": "https://city.example/m/"}),
    "view_miniprogram": ("ViewMiniProgramEvent", {"page_path": "pages/pay"}),
    "scancode_push": ("ScanCodePushEvent", SCANNED),
    "scancode_waitmsg": ("ScanCodeWaitMsgEvent", SCANNED),
    "pic_sysphoto": ("PicSysPhotoEvent", PICTURE),
    "pic_photo_or_album": ("PicPhotoOrAlbumEvent", PICTURE),
    "pic_weixin": ("PicWeChatEvent", PICTURE),
    "location_select": ("LocationSelectEvent", {"location_x": "30.550000", "label": "长江大桥"}),
    "TEMPLATESENDJOBFINISH": ("TemplateSendJobFinishEvent", {"status": "success"}),
    "MASSSENDJOBFINISH": (
        "MassSendJobFinishEvent",
        {"total_count": "2", "sent_count": "2", "error_count": "0"},
    ),
    "kf_create_session": ("KfCreateSessionEvent", {"account": "chen@gh"}),
    "kf_close_session": ("KfCloseSessionEvent", {"account": "chen@gh"}),
    # The released wechatpy has no class for these; it must still tell from whom they came.
    "PUBLISHJOBFINISH": ("UnknownMessage", {}),
    "subscribe_msg_popup_event": ("UnknownMessage", {}),
    "subscribe_msg_change_event": ("UnknownMessage", {}),
    "subscribe_msg_sent_event": ("UnknownMessage", {}),
    "user_authorization_revoke": ("UnknownMessage", {}),
}
"""Kind of message or name of event -> wechatpy's class, and fields as text."""
AGREED = "{'TemplateId': 'notice-1', 'SubscribeStatusString': 'accept'"
NEWER: dict[str, tuple[str, dict[str, str]]] = {
    "subscribe_msg_popup_event": (
        "SubscribeMsgPopupEvent",
        {"subscribes": f"[{AGREED}, 'PopupScene': '1'}}]"},
    ),
    "subscribe_msg_change_event": ("SubscribeMsgChangeEvent", {"subscribes": f"[{AGREED}}}]"}),
    "subscribe_msg_sent_event": ("SubscribeMsgSentEvent", {"event": "subscribe_msg_sent_event"}),
}
"""What the newest has a class for besides."""
PLACE = {"latitude": 30.55, "longitude": 114.28, "label": "长江大桥"}
PROGRAM = {"appid": "wx0", "thumb_url": "https://a.example/t.jpg", "thumb_media_id": "thumb"}
SENT: list[dict[str, Any]] = [
    {"type": "text", "content": "5]]><b>&"},
    {"type": "image"},
    {"type": "voice", "recognition": "今天限行吗"},
    {"type": "video"},
    {"type": "shortvideo"},
    {"type": "location", **PLACE},
    {"type": "link", "title": "通告", "url": "https://a.example/n"},
    {"type": "miniprogrampage", "title": "违法查询", "pagepath": "pages/fines", **PROGRAM},
    {
        "type": "event",
        "event": "LOCATION",
        "fields": {"Latitude": "30.55", "Longitude": "114.28", "Precision": "40.0"},
    },
]
NOTICE = {
    "template_id": "notice-1",
    "title": "检验到期提醒",
    "content": "车牌号:{{car_number1.DATA}}",
    "kind": "one_time",
}
CAR = {"car_number1": {"value": "鄂A12345"}}


@pytest.fixture(params=list(VERSIONS))
def version(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


def key(call: Call) -> str:
    """How EXPECTED calls a callback."""
    fields = call.fields
    if fields["MsgType"] != "event":
        return fields["MsgType"]
    scanned = f" {fields['EventKey']}" if fields.get("EventKey", "").startswith("qrscene_") else ""
    return fields["Event"] + scanned


async def everything(simulator: Simulator) -> None:
    """Bring about every kind of message and every event."""
    await simulator.set(speech_recognition=True, news_in_custom=8)
    user = await simulator.follower()
    for message in SENT:
        await simulator.post(f"/_sim/users/{user}/send", {"account": "service", "message": message})
    await _menu(simulator, user)
    await _codes(simulator, user)
    await _endings(simulator, user)
    await _agents(simulator, user)
    await simulator.post(f"/_sim/users/{user}/unfollow", {"account": "service"})


async def _menu(simulator: Simulator, user: str) -> None:
    pressed = [
        {"type": "view", "name": "办事", "url": "https://city.example/m/"},
        {"type": "click", "name": "今天", "key": "today"},
        {
            "type": "miniprogram",
            "name": "缴",
            "url": "https://a.example/",
            "appid": "wx1",
            "pagepath": "pages/pay",
        },
    ]
    pressed += [{"type": kind, "name": kind[-5:], "key": kind} for kind in sorted(KEYED - {"click"})]
    for start in range(0, len(pressed), 3):
        await simulator.api("/cgi-bin/menu/create", {"button": pressed[start : start + 3]})
        for place in range(len(pressed[start : start + 3])):
            tap = {
                "account": "service",
                "button": [place],
                "result": "https://a.example/1",
                "location": PLACE,
            }
            await simulator.post(f"/_sim/users/{user}/tap", tap)


async def _codes(simulator: Simulator, user: str) -> None:
    asked = {
        "expire_seconds": 600,
        "action_name": "QR_STR_SCENE",
        "action_info": {"scene": {"scene_str": "bridge"}},
    }
    ticket = (await simulator.api("/cgi-bin/qrcode/create", asked))["ticket"]
    for one in (user, await simulator.person("新来的")):
        await simulator.post(f"/_sim/users/{one}/scan", {"ticket": ticket})


async def _endings(simulator: Simulator, user: str) -> None:
    openid, service = await simulator.openid(user), {"account": "service"}
    template = (await simulator.api("/cgi-bin/template/api_add_template", {"template_id_short": "TM1"}))[
        "template_id"
    ]
    message = {"touser": openid, "template_id": template, "data": {"keyword1": {"value": "五和零"}}}
    await simulator.api("/cgi-bin/message/template/send", message)
    await simulator.post("/_sim/accounts/service/templates", NOTICE)
    for more in ({}, {"change": True}):
        agreed = service | {"templates": {"notice-1": "accept"}} | more
        await simulator.post(f"/_sim/users/{user}/consent", agreed)
    notice = {"touser": openid, "template_id": "notice-1", "data": CAR}
    await simulator.api("/cgi-bin/message/subscribe/bizsend", notice)
    await simulator.post(f"/_sim/users/{user}/consent", service | {"revoke": True})
    tag = {"filter": {"is_to_all": False, "tag_id": 2}, "msgtype": "text", "text": {"content": "通报"}}
    openids = [openid, await simulator.openid(await simulator.follower())]
    await simulator.api("/cgi-bin/tags/members/batchtagging", {"tagid": 2, "openid_list": openids})
    await simulator.api("/cgi-bin/message/mass/sendall", tag)
    await _published(simulator)


async def _published(simulator: Simulator) -> None:
    """An article of pictures needs no cover; its picture comes from the library."""
    picture = await _in_library(simulator)
    article = {"article_type": "newspic", "title": "今天", "content": "五和零"}
    article |= {"image_info": {"image_list": [{"image_media_id": picture}]}}
    draft = await simulator.api("/cgi-bin/draft/add", {"articles": [article]})
    await simulator.api("/cgi-bin/freepublish/submit", {"media_id": draft["media_id"]})
    await simulator.post("/_sim/settle", {})


async def _in_library(simulator: Simulator) -> str:
    query = {"access_token": await simulator.token(), "type": "image"}
    form = FormData()
    form.add_field("media", b"\x89PNG\r\n\x1a\n" + b"\0" * 32, filename="a.png")
    address = "/cgi-bin/material/add_material"
    async with simulator.client.post(address, params=query, data=form) as answer:
        number: str = (await answer.json())["media_id"]
        return number


async def _agents(simulator: Simulator, user: str) -> None:
    agent = {"kf_account": "chen@gh", "nickname": "小陈"}
    await simulator.api("/customservice/kfaccount/add", agent)
    await simulator.post("/_sim/agents", {"account": "service", "kf_account": "chen@gh", "online": True})
    session = {"kf_account": "chen@gh", "openid": await simulator.openid(user)}
    for verb in ("create", "close"):
        await simulator.api(f"/customservice/kfsession/{verb}", session)
        await simulator.post("/_sim/settle", {})


def test_nothing_that_the_simulator_can_tell_is_left_out() -> None:
    root = Path(daxiang_simulator.__file__).parent
    text = "".join(path.read_text(encoding="utf-8") for path in sorted(root.rglob("*.py")))
    events = set(re.findall(r'event_fields\(\s*"(\w+)"', text))
    events |= set(re.findall(r'"(kf_\w+_session|subscribe_msg_\w+_event)"', text))
    assert {"subscribe", "PUBLISHJOBFINISH", "kf_close_session"} <= events
    assert (events | KINDS.keys() | KEYED - {"click"}) - EXPECTED.keys() == set()


async def test_every_callback_is_opened_and_has_the_class_and_fields_that_it_should(
    simulator: Simulator, callee: Callee, version: str
) -> None:
    expected = EXPECTED | (NEWER if version == NEWEST else {})
    await everything(simulator)
    lines = [{"query": call.query, "body": call.body} for call in callee.calls]
    read = await child(version, "tests.simulator.clients.reader", *SECRETS, lines=lines)
    found: dict[str, tuple[str, dict[str, str]]] = {}
    for call, one in zip(callee.calls, read, strict=True):
        name, fields = key(call), one["fields"]
        wanted = expected.get(name, ("", {}))[1]
        found[name] = (one["class"], {field: fields.get(field, "") for field in wanted})
        assert (fields["source"], fields["target"]) == (call.fields["FromUserName"], ORIGINAL_ID)
        assert (fields["time"], fields["id"]) == (call.fields["CreateTime"], _number(call))
    assert found == expected


def _number(call: Call) -> str:
    """The id that wechatpy gives a message: its MsgId, or of an event's the MsgID, or none."""
    return call.fields.get("MsgId") or call.fields.get("MsgID") or "0"


async def test_all_its_replies_reach_the_person(simulator: Simulator, callee: Callee, version: str) -> None:
    user = await simulator.follower()
    await simulator.send(user, "5")
    asked = {"query": callee.calls[-1].query, "body": callee.calls[-1].body}
    replies = await child(version, "tests.simulator.clients.replier", *SECRETS, lines=[asked])
    shown = {}
    for reply in replies:
        callee.behaviours = [body(reply["body"])]
        said = await simulator.send(user, reply["kind"])
        assert said["tries"] == 1, reply["kind"]
        shown[reply["kind"]] = said["reply"]
    assert {kind: one and one["kind"] for kind, one in shown.items()} == {
        one["kind"]: one["kind"] for one in replies
    } | {"empty": None}
    assert shown["text"]["content"] == "您好 <b>&"
    assert [shown[kind]["media_id"] for kind in ("image", "voice", "video")] == ["picture", "sound", "film"]
    assert shown["news"]["articles"][0]["picture"] == "https://a.example/1.jpg"
    assert shown["music"]["hqmusicurl"] == "https://a.example/2"
