"""wechatpy, which shares nothing with us, asks for the same things in the same words."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from wechatpy import WeChatClient as Wechatpy

from daxiang.integrations.wechat.client import (
    customer_service,
    mass,
    menus,
    qrcodes,
    tags,
    templates,
    users,
)
from daxiang.integrations.wechat.client.client import WeChatClient
from tests.wechat_client.conftest import Platform

OPENID = "oInventedOpenidOfNobody00001"
ANSWER = {
    "errcode": 0,
    "msg_id": 1,
    "media_id": "m",
    "msgid": 1,
    "ticket": "t",
    "tag": {"id": 9, "name": "a"},
}
ANSWER |= {"msg_status": "SENDING", "menuid": "1", "openid": OPENID, "tagid_list": [1], "kf_list": []}
BUTTON = {"type": "click", "name": "今天限行", "key": "today"}
OURS = menus.Button(name="今天限行", press=menus.Press.CLICK, key="today")

Ours = Callable[[WeChatClient], Awaitable[Any]]
Theirs = Callable[[Any], Any]


class Recorded:
    """A `requests` session that sends nothing and keeps what it was to send."""

    def __init__(self) -> None:
        self.sent: tuple[str, str, Any] = ("", "", None)

    def request(self, *, method: str, url: str, **given: Any) -> Recorded:
        data = given.get("data")
        self.sent = (method.upper(), url.split("weixin.qq.com")[1], json.loads(data) if data else None)
        return self

    def raise_for_status(self) -> None:
        """Nothing went wrong."""

    content = json.dumps(ANSWER).encode()

    def json(self) -> Any:
        return dict(ANSWER)


def say(**message: Any) -> Ours:
    kind = next(iter(message))
    return lambda c: customer_service.send(c, openid=OPENID, message=message[kind])


PAIRS: dict[str, tuple[Ours, Theirs]] = {
    "text": (
        say(text=customer_service.Text(content="在")),
        lambda w: w.message.send_text(OPENID, "在"),
    ),
    "image": (
        say(image=customer_service.Image(media_id="m")),
        lambda w: w.message.send_image(OPENID, "m"),
    ),
    "published article": (
        say(article=customer_service.Article(media_id="m")),
        lambda w: w.message.send_articles(OPENID, "m"),
    ),
    "menu": (
        lambda c: menus.create(c, [OURS]),
        lambda w: w.menu.create({"button": [BUTTON]}),
    ),
    "menu of a person": (lambda c: menus.shown_to(c, OPENID), lambda w: w.menu.try_match(OPENID)),
    "delete menu": (menus.delete, lambda w: w.menu.delete()),
    "new tag": (lambda c: tags.create(c, name="民警"), lambda w: w.tag.create("民警")),
    "rename tag": (lambda c: tags.rename(c, number=9, name="交警"), lambda w: w.tag.update(9, "交警")),
    "delete tag": (lambda c: tags.delete(c, number=9), lambda w: w.tag.delete(9)),
    "tag persons": (
        lambda c: tags.put_on(c, number=9, openids=["a", "b"]),
        lambda w: w.tag.tag_user(9, ["a", "b"]),
    ),
    "untag persons": (
        lambda c: tags.take_off(c, number=9, openids=["a"]),
        lambda w: w.tag.untag_user(9, ["a"]),
    ),
    "tags of a person": (lambda c: tags.of(c, openid=OPENID), lambda w: w.tag.get_user_tag(OPENID)),
    "block": (lambda c: tags.block(c, openids=["a"]), lambda w: w.tag.batch_black_list(["a"])),
    "remark": (
        lambda c: users.set_remark(c, openid=OPENID, remark="张警官"),
        lambda w: w.user.update_remark(OPENID, "张警官"),
    ),
    "state of a mass send": (lambda c: mass.state(c, msg_id=7), lambda w: w.message.get_mass("7")),
    "QR code": (
        lambda c: qrcodes.temporary(c, scene=7, life_s=600),
        lambda w: w.qrcode.create(
            {"expire_seconds": 600, "action_name": "QR_SCENE", "action_info": {"scene": {"scene_id": 7}}}
        ),
    ),
    "delete template": (
        lambda c: templates.delete(c, template_id="t"),
        lambda w: w.template.del_private_template("t"),
    ),
    "template message": (
        lambda c: templates.send(
            c, openid=OPENID, template_id="t", values={"thing1": "通报"}, url="https://a.cn"
        ),
        lambda w: w.message.send_template(OPENID, "t", {"thing1": {"value": "通报"}}, "https://a.cn"),
    ),
    "card": (say(card=customer_service.Card(card_id="c")), lambda w: w.message.send_card(OPENID, "c")),
    "voice": (
        say(voice=customer_service.Voice(media_id="m")),
        lambda w: w.message.send_voice(OPENID, "m"),
    ),
    "choices": (
        say(choices=customer_service.Choices(head="满意吗", choices=(("1", "满意"),), tail="谢谢")),
        lambda w: w.message.send_msg_menu(
            OPENID,
            {"head_content": "满意吗", "list": [{"id": "1", "content": "满意"}], "tail_content": "谢谢"},
        ),
    ),
    "page of a mini program": (
        say(
            page=customer_service.MiniProgramPage(title="缴", app_id="wx", page_path="p", thumb_media_id="t")
        ),
        lambda w: w.message.send_mini_program_page(
            OPENID, {"title": "缴", "appid": "wx", "pagepath": "p", "thumb_media_id": "t"}
        ),
    ),
    "staff": (customer_service.staff_accounts, lambda w: w.customservice.get_accounts()),
    "open a session": (
        lambda c: customer_service.open_session(c, openid=OPENID, staff_account="a@b"),
        lambda w: w.customservice.create_session(OPENID, "a@b"),
    ),
    "mass send to a list": (
        lambda c: mass.send_to(
            c, openids=["a", "b"], content=mass.Articles(media_id="m"), client_msg_id="job"
        ),
        lambda w: w.message.send_mass_article(["a", "b"], "m", client_msg_id="job"),
    ),
    "preview": (
        lambda c: mass.preview(c, content=mass.Voice(media_id="m"), wechat="zhang"),
        lambda w: w.message.send_mass_voice("zhang", "m", preview=True),
    ),
    "delete a mass send": (
        lambda c: mass.delete(c, msg_id=7),
        lambda w: w.message.delete_mass(7),
    ),
}


@pytest.mark.parametrize("name", PAIRS)
async def test_both_ask_the_same(client: WeChatClient, platform: Platform, name: str) -> None:
    ours, theirs = PAIRS[name]
    platform.says(ANSWER)
    other = Wechatpy("wx1", "secret", access_token="token")
    recorded = other._http = Recorded()
    theirs(other)
    await ours(client)
    seen = platform.last
    method, path, body = recorded.sent
    for one in (body or {}, seen.body or {}):  # theirs always says the default, ours where it can matter
        if one.get("send_ignore_reprint") == 0:
            del one["send_ignore_reprint"]
    assert (seen.method, seen.path, seen.body) == (method, path, body)
