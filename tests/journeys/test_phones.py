"""Two people side by side, each with a phone of their own, against the whole of Daxiang."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect, sync_playwright
from prove.instance import Instance

from tests.journeys import axe
from tests.journeys.browser import CHROMIUM, launch
from tests.journeys.phone import Phone, Platform

pytestmark = [
    pytest.mark.browser,
    pytest.mark.system,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (Debian: apt install chromium)"),
]


def test_two_people_follow_ask_tap_and_send_and_neither_sees_what_is_the_others(on_tuesday: Instance) -> None:
    with sync_playwright() as playwright, launch(playwright) as browser:
        page = browser.new_page(viewport={"width": 1440, "height": 1000})
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(on_tuesday.url("simulator"))
        li, wang = Phone(page), Phone(page, 1)
        platform = Platform(on_tuesday.url("simulator"))
        li.follow()
        wang.follow()
        assert li.user != wang.user
        li.press("5")
        li.see("长江大桥、江汉桥不能走")
        assert not wang.shows("不能走")
        wang.say("6")
        wang.see("能走")
        _send_a_place_and_a_picture(li, platform)
        _only_one_hears(li, wang, platform)
        _cookies_are_apart(li, wang, platform, on_tuesday.url("web", "/?tail=5"))
        _look_behind(wang)
        _both_at_once(li, wang)
        assert faults == []


def _send_a_place_and_a_picture(li: Phone, platform: Platform) -> None:
    li.more("位置")
    li.see("武汉市汉阳区 琴台大道")
    li.press("发送")
    expect(li.log.get_by_text("琴台大道").first).to_be_visible()
    li.more("照片")
    li.press("蹭到的车尾")
    expect(li.log.get_by_role("button", name="看大图")).to_be_visible()
    expect(li.log.get_by_role("img", name="正在发送")).to_have_count(0)
    thread = platform.sim(f"/users/{li.user}/thread?account=service")["thread"]
    sent = [one["kind"] for one in thread if one["side"] == "me" and not one["is_event"]]
    assert sent == ["text", "location", "image"]


def _only_one_hears(li: Phone, wang: Phone, platform: Platform) -> None:
    """A customer-service message comes by the change feed, on the phone it is for, without a reload."""
    platform.custom(wang.user, "text", {"content": "您问的事办好了。"})
    wang.see("您问的事办好了。")
    assert not li.shows("您问的事办好了。")


def _cookies_are_apart(li: Phone, wang: Phone, platform: Platform, address: str) -> None:
    """What the website sets in one phone it does not get back from the other."""
    for phone in (li, wang):
        platform.custom(phone.user, "text", {"content": f'<a href="{address}">看图</a>'})
        phone.glass.get_by_role("link", name="看图").click()
        inside = phone.glass.frame_locator("iframe")
        inside.get_by_role("heading", level=1).wait_for()
    frames = [frame for frame in li.page.frames if "/web/" in frame.url]
    assert {frame.url.split("/")[5] for frame in frames} == {li.user, wang.user}
    assert li.page.evaluate("document.cookie") == ""
    assert li.page.context.cookies() == []
    for phone in (li, wang):
        phone.press("关闭页面")


def _look_behind(wang: Phone) -> None:
    """The raw callback of a bubble, by keyboard."""
    wang.log.get_by_role("button", name="看这条消息的原始回调").nth(2).focus()
    wang.page.keyboard.press("Enter")
    drawer = wang.page.get_by_role("complementary", name="原始回调")
    expect(drawer.get_by_role("tabpanel")).to_contain_text("<Content>6")
    wang.page.keyboard.press("ArrowRight")
    expect(drawer.get_by_role("tabpanel")).to_contain_text("<Encrypt>")
    wang.page.keyboard.press("Escape")
    expect(drawer).to_have_count(0)


def _both_at_once(li: Phone, wang: Phone) -> None:
    """Neither waits for the other's answer, and each gets the answers to their own questions."""
    for tail in "13579":
        li.say(tail)
        wang.say(str(int(tail) - 1))
    for phone, mine, theirs in ((li, "尾号9", "尾号8"), (wang, "尾号8", "尾号9")):
        phone.see(mine)
        expect(phone.glass.get_by_role("img", name="正在发送")).to_have_count(0)
        assert not phone.shows(theirs)
    assert axe.faults(li.page) == []
