"""What the platform would refuse never leaves this machine, and one sentence says why."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from daxiang.integrations.wechat.client import (
    customer_service,
    drafts,
    mass,
    media,
    menus,
    qrcodes,
    subscription,
    tags,
    templates,
    users,
)
from daxiang.integrations.wechat.client.checks import Unfit
from daxiang.integrations.wechat.client.client import WeChatClient
from daxiang.integrations.wechat.client.files import MEBIBYTE, Sort
from tests.wechat_client.conftest import Platform

CLICK = menus.Button(name="一", press=menus.Press.CLICK, key="k")
ARTICLE = drafts.Article(title="题", content="正文", thumb_media_id="t")
TEXT = mass.Text(content="通知")
JPEG, PNG = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"


def view(host: str) -> menus.Button:
    return menus.Button(name="一", press=menus.Press.VIEW, url=f"https://{host}/")


def menu(*entries: menus.Entry) -> Callable[[WeChatClient], Awaitable[Any]]:
    return lambda c: menus.create(c, entries)


def draft(**changes: Any) -> Callable[[WeChatClient], Awaitable[Any]]:
    return lambda c: drafts.add(c, articles=[replace(ARTICLE, **changes)])


def text(words: str) -> Callable[[WeChatClient], Awaitable[Any]]:
    return lambda c: customer_service.send(c, openid="o", message=customer_service.Text(content=words))


def file(sort: Sort, content: bytes) -> Callable[[WeChatClient], Awaitable[Any]]:
    return lambda c: media.upload(c, sort=sort, content=content)


UNFIT: dict[str, Callable[[WeChatClient], Awaitable[Any]]] = {
    "no button": menu(),
    "four buttons": menu(*[CLICK] * 4),
    "six below": menu(menus.Submenu(name="一", buttons=(CLICK,) * 6)),
    "none below": menu(menus.Submenu(name="一", buttons=())),
    "four domains": menu(
        view("a.cn"), view("b.cn"), menus.Submenu(name="一", buttons=(view("c.cn"), view("d.cn")))
    ),
    "a long name": menu(replace(CLICK, name="六个汉字名字")),
    "no name": menu(replace(CLICK, name="")),
    "no key": menu(replace(CLICK, key="")),
    "a long key": menu(replace(CLICK, key="k" * 129)),
    "a link without scheme": menu(replace(view("a.cn"), url="a.cn")),
    "no match": lambda c: menus.add_conditional(c, [CLICK], menus.Match()),
    "a tag name of 31 bytes": lambda c: tags.create(c, name="a" * 31),
    "nobody to tag": lambda c: tags.put_on(c, number=1, openids=[]),
    "101 followers": lambda c: users.many(c, openids=["o"] * 101),
    "an empty text": text(""),
    "a text of 2,049 bytes": text("a" * 2049),
    "half a character": text("\ud83d"),
    "no openid": lambda c: customer_service.send(c, openid="", message=customer_service.Text(content="在")),
    "an empty value": lambda c: templates.send(c, openid="o", template_id="t", values={"first": ""}),
    "no values": lambda c: subscription.send(c, openid="o", template_id="t", values={}),
    "one keyword": lambda c: subscription.add(c, title=1, keywords=[1], scene="提醒"),
    "a long scene": lambda c: subscription.add(c, title=1, keywords=[1, 2], scene="提" * 16),
    "no clientmsgid": lambda c: mass.send_to_all(c, content=TEXT, client_msg_id=""),
    "a clientmsgid of 65 bytes": lambda c: mass.send_to_all(c, content=TEXT, client_msg_id="a" * 65),
    "one person": lambda c: mass.send_to(c, openids=["o"], content=TEXT, client_msg_id="a"),
    "a preview for nobody": lambda c: mass.preview(c, content=TEXT),
    "speed 5": lambda c: mass.set_speed(c, speed=5),
    "a title of 33": draft(title="题" * 33),
    "an author of 17": draft(author="人" * 17),
    "a digest of 129": draft(digest="摘" * 129),
    "20,000 characters": draft(content="文" * 20_000),
    "no cover": draft(thumb_media_id=""),
    "21 pictures": draft(pictures=("m",) * 21),
    "nine articles": lambda c: drafts.add(c, articles=[ARTICLE] * 9),
    "21 drafts a page": lambda c: drafts.page(c, most=21),
    "scene 0": lambda c: qrcodes.temporary(c, scene=0, life_s=60),
    "scene 100,001 for good": lambda c: qrcodes.permanent(c, scene=100_001),
    "a scene of 65": lambda c: qrcodes.permanent(c, scene="s" * 65),
    "31 days": lambda c: qrcodes.temporary(c, scene=1, life_s=31 * 86400),
    "no file": file(Sort.IMAGE, b""),
    "a picture over 2 MB": file(Sort.IMAGE, PNG + b"0" * 2 * MEBIBYTE),
    "a thumbnail over 64 KB": file(Sort.THUMB, JPEG + b"0" * 64 * 1024),
    "a thumbnail that is a png": file(Sort.THUMB, PNG),
    "a web page as a picture": file(Sort.IMAGE, b"<html>"),
    "a picture as a film": file(Sort.VIDEO, PNG),
    "1 MB inside an article": lambda c: media.upload_picture(c, content=PNG + b"0" * MEBIBYTE),
}


@pytest.mark.parametrize("how", UNFIT)
async def test_what_breaks_a_rule_is_not_sent(client: WeChatClient, platform: Platform, how: str) -> None:
    with pytest.raises(Unfit) as failed:
        await UNFIT[how](client)
    assert platform.seen == []
    assert failed.value.message.endswith("。")


FIT: dict[str, Callable[[WeChatClient], Awaitable[Any]]] = {
    "three times five": menu(*[menus.Submenu(name="五个汉字名", buttons=(view("a.cn"),) * 5)] * 3),
    "three domains": menu(view("a.cn"), view("b.cn"), view("c.cn")),
    "2,048 bytes": text("a" * 2048),
    "a clientmsgid of 64 bytes": lambda c: mass.send_to_all(c, content=TEXT, client_msg_id="a" * 64),
    "a title of 32": draft(title="题" * 32),
    "a picture of 2 MB": file(Sort.IMAGE, PNG + b"0" * (2 * MEBIBYTE - 8)),
}


@pytest.mark.parametrize("how", FIT)
async def test_what_just_keeps_a_rule_is_sent(client: WeChatClient, platform: Platform, how: str) -> None:
    platform.says({"errcode": 0, "media_id": "m", "msg_id": 1})
    await FIT[how](client)
    assert len(platform.seen) == 1


async def test_a_subscription_account_never_sends_to_a_list(client: WeChatClient, platform: Platform) -> None:
    client.account = replace(client.account, kind="subscription")
    with pytest.raises(Unfit):
        await mass.send_to(client, openids=["a", "b"], content=TEXT, client_msg_id="a")
    assert platform.seen == []
