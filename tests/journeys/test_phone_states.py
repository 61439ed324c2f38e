"""What the phone shows, state by state: nothing for axe to find, all by keyboard, quick when it is full."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys import axe
from tests.journeys.browser import CHROMIUM
from tests.journeys.city import City
from tests.journeys.phone import MENU, Phone, Platform, desk

pytestmark = [
    pytest.mark.browser,
    pytest.mark.system,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (Debian: apt install chromium)"),
]


@pytest.mark.parametrize(("scheme", "rules"), [("light", ()), ("dark", ("color-contrast",))])
def test_no_state_of_the_phones_has_a_fault_for_axe(
    chromium: Browser, town: City, platform: Platform, scheme: str, rules: tuple[str, ...]
) -> None:
    with desk(chromium, town, scheme=scheme) as page:
        found = {name: axe.faults(page, *rules) for name in _tour(page, platform, town)}
        assert {name: faults for name, faults in found.items() if faults} == {}
        assert len(found) >= 16


def _tour(page: Page, platform: Platform, town: City) -> Iterator[str]:
    """Through the states of both phones; the name of each when it stands."""
    left, right = Phone(page), Phone(page, 1)
    yield from _talking(page, platform, town, left, right)
    yield from _beside_the_talk(page, town, left, right)


def _talking(page: Page, platform: Platform, town: City, left: Phone, right: Phone) -> Iterator[str]:
    left.glass.get_by_role("button", name="关注", exact=True).wait_for()
    yield "account"
    platform.call("/cgi-bin/menu/create", {"button": MENU})
    left.follow()
    right.follow()
    yield "greeting"
    left.press("我的车")
    yield "menu"
    page.keyboard.press("Escape")
    left.press("今天能走")
    left.see("江汉桥不能走")
    left.type_words()
    left.press("发别的")
    yield "more"
    left.press("位置")
    left.see("武汉市汉阳区 琴台大道")
    yield "place"
    left.press("发送")
    left.see("收到位置")
    yield "location"
    right.more("照片")
    yield "pictures"
    right.press("蹭到的车尾")
    right.see("收到照片")
    platform.remind(left.user, town.website)
    article = {"title": "雨天追尾，现场怎么拍", "description": "一分钟", "url": town.website}
    platform.custom(right.user, "news", {"articles": [article]})
    left.see("限行提醒")
    right.see("雨天追尾")
    yield "cards"
    left.log.get_by_role("button", name="看这条消息的原始回调").last.focus()
    page.keyboard.press("Enter")
    page.get_by_role("tab", name="明文").wait_for()
    yield "drawer"
    page.get_by_role("complementary").get_by_role("button", name="关上").click()


def _beside_the_talk(page: Page, town: City, left: Phone, right: Phone) -> Iterator[str]:
    left.press("查看详情")
    page.frame_locator("iframe").get_by_text("第1次来").wait_for()
    yield "page"
    left.press("关闭页面")
    town.is_broken = True
    right.say("明天呢")
    right.see("该公众号提供的服务出现故障")
    town.is_broken = False
    yield "failed"
    right.press("返回")
    yield "chats"
    for name in ("通讯录", "发现", "我"):
        right.press(name)
        yield name
    right.press("锁屏 看锁屏上会露出什么")
    yield "lock"
    page.get_by_role("button", name="故障：看全部、添加").click()
    yield "faults"
    page.keyboard.press("Escape")
    page.get_by_role("button", name="选一个时间").click()
    yield "time"
    page.keyboard.press("Escape")


def test_a_phone_of_390_pixels_has_no_fault_for_axe_and_nothing_beside_the_screen(phone: Phone) -> None:
    page = phone.page
    assert axe.faults(page) == []
    page.get_by_role("button", name="模拟器 · 李强").click()
    assert axe.faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 390


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_main_screen_of_a_telephone_has_a_fault_for_axe(
    chromium: Browser, town: City, platform: Platform, scheme: str
) -> None:
    with desk(chromium, town, width=390, scheme=scheme) as page:
        found = {name: axe.faults(page) for name in _on_a_telephone(page, platform, town)}
        assert {name: faults for name, faults in found.items() if faults} == {}
        assert set(found) == {"talk", "map", "drawer", "article", "chats", "folder", "controls", "faults"}


def _on_a_telephone(page: Page, platform: Platform, town: City) -> Iterator[str]:
    phone = Phone(page)
    phone.follow()
    platform.sim(f"/users/{phone.user}/follow", {"account": "subscription"})
    phone.press("5")
    phone.see("江汉桥不能走")
    yield "talk"
    phone.more("位置")
    phone.see("武汉市汉阳区 琴台大道")
    yield "map"
    phone.press("发送")
    phone.see("收到位置")
    phone.log.get_by_role("button", name="看这条消息的原始回调").last.focus()
    page.keyboard.press("Enter")
    page.locator(".facts dd").first.wait_for()
    yield "drawer"
    page.keyboard.press("Escape")
    article = {"title": "雨天追尾，现场怎么拍", "description": "一分钟", "url": town.website}
    platform.custom(phone.user, "news", {"articles": [article]})
    phone.glass.get_by_role("button", name="雨天追尾").click()
    page.frame_locator("iframe").get_by_text("第1次来").wait_for()
    yield "article"
    phone.press("关闭页面")
    phone.press("返回")
    phone.glass.get_by_role("button", name="订阅号消息，1条未读").wait_for()
    yield "chats"
    phone.glass.get_by_role("button", name="订阅号消息").click()
    yield "folder"
    page.get_by_role("button", name="模拟器 · ").click()
    yield "controls"
    page.get_by_role("button", name="故障：看全部、添加").click()
    yield "faults"


def test_two_who_send_at_once_see_their_own_words_and_answers_only(wide: Page) -> None:
    li, wang = Phone(wide), Phone(wide, 1)
    li.follow()
    wang.follow()
    for number in range(8):
        li.say(f"李{number}")
        wang.say(f"王{number}")
    for phone, name, other in ((li, "李", "王"), (wang, "王", "李")):
        for number in range(8):
            phone.see(f"收到：{name}{number}")
        expect(phone.glass.get_by_role("img", name="正在发送")).to_have_count(0)
        assert not phone.shows(f"{other}0")
        words = phone.log.locator(".msg.me .bub").all_inner_texts()
        assert words == [f"{name}{number}" for number in range(8)]


def test_text_of_twice_the_size_loses_nothing(phone: Phone) -> None:
    page = phone.page
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    phone.say("5")
    phone.see("江汉桥不能走")
    expect(phone.glass.get_by_role("textbox", name="要说的话")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    log = phone.log.evaluate("e => e.scrollWidth - e.clientWidth")
    assert log == 0


def test_everything_of_a_talk_is_done_by_keyboard_alone(narrow: Page) -> None:
    phone = Phone(narrow)
    phone.glass.get_by_role("button", name="关注", exact=True).focus()
    narrow.keyboard.press("Enter")
    phone.see("您好，这里是")
    phone.glass.get_by_role("button", name="5", exact=True).focus()
    narrow.keyboard.press("Space")
    phone.see("江汉桥不能走")
    phone.glass.get_by_role("button", name="发别的").focus()
    narrow.keyboard.press("Enter")
    narrow.keyboard.press("ArrowRight")
    narrow.keyboard.press("ArrowRight")
    narrow.keyboard.press("Enter")
    phone.see("武汉市汉阳区 琴台大道")
    phone.glass.get_by_role("application").focus()
    narrow.keyboard.press("Shift+ArrowRight")
    narrow.keyboard.press("Enter")
    phone.see("收到位置")
    assert "归元寺" in phone.log.inner_text()


def test_focus_goes_back_to_where_the_drawer_and_a_panel_were_opened(wide: Page) -> None:
    phone = Phone(wide)
    phone.follow()
    peek = phone.log.get_by_role("button", name="看这条消息的原始回调").last
    peek.focus()
    wide.keyboard.press("Enter")
    expect(wide.get_by_role("tab", name="明文")).to_be_focused()
    wide.keyboard.press("ArrowRight")
    wide.keyboard.press("ArrowRight")
    expect(wide.get_by_role("tabpanel")).to_contain_text("第1次")
    wide.keyboard.press("Escape")
    expect(peek).to_be_focused()


def test_a_thread_of_2000_bubbles_is_fetched_as_one_scrolls_and_lays_out_what_is_near(
    phone: Phone, town: City
) -> None:
    page = phone.page
    _talk_much(town, phone.user, 2000)
    page.reload()
    phone.see("您好，这里是")
    bubbles = phone.log.locator(".msg")
    assert bubbles.count() <= 60
    for _ in range(80):
        if bubbles.count() >= 2000:
            break
        before = bubbles.count()
        phone.log.evaluate("e => { e.scrollTop = 0; }")
        page.wait_for_function("n => document.querySelectorAll('.msg').length > n", arg=before)
    assert bubbles.count() >= 2000
    phone.log.evaluate("e => { e.scrollTop = e.scrollHeight; }")
    phone.say("还快吗")
    phone.see("收到：还快吗")


def _talk_much(town: City, user: str, count: int) -> None:
    """Put old messages on a phone, as if they had come long ago."""
    rows = [
        (
            number,
            user,
            "service",
            1.7e9 + 60 * number,
            json.dumps({"kind": "text", "content": f"第{number}句"}),
        )
        for number in range(1, count + 1)
    ]
    with contextlib.closing(sqlite3.connect(town.state)) as store, store:
        store.executemany("INSERT INTO received (id, user, account, at, body) VALUES (?, ?, ?, ?, ?)", rows)


def test_a_banner_and_a_lock_screen_show_neither_plate_nor_act(wide: Page, platform: Platform) -> None:
    phone = Phone(wide)
    phone.follow()
    phone.press("返回")
    phone.press("通讯录")
    platform.custom(phone.user, "text", {"content": "鄂A·1***5 11月24日在长江大桥违反禁令标志"})
    phone.see("有一条新消息")
    assert not phone.shows("鄂A")
    phone.press("我")
    phone.press("锁屏 看锁屏上会露出什么")
    phone.see("有一条新消息")
    assert not phone.shows("禁令")


def test_after_a_reset_the_same_names_go_on_as_new_people(wide: Page, platform: Platform) -> None:
    phone = Phone(wide)
    phone.follow()
    before = phone.user
    platform.sim("/reset", {})
    phone.glass.get_by_role("button", name="关注", exact=True).wait_for()
    assert phone.user != before
    expect(wide.get_by_role("region", name="李强的手机")).to_be_visible()


def test_the_clock_of_the_strip_is_the_clock_of_both_phones(wide: Page) -> None:
    wide.get_by_role("button", name="到22:00").click()
    for place in (0, 1):
        expect(Phone(wide, place).glass.locator("time").first).to_have_text("22:00")
    expect(wide.locator(".strip output")).to_have_text("11月24日 周二 22:00")


def test_a_fault_is_put_on_and_taken_off_by_the_same_key(wide: Page, platform: Platform) -> None:
    key = wide.get_by_role("button", name="慢6秒")
    key.click()
    expect(key).to_have_attribute("aria-pressed", "true")
    assert [one["kind"] for one in platform.sim("/faults")["faults"]] == ["slow"]
    key.click()
    expect(key).to_have_attribute("aria-pressed", "false")
    assert platform.sim("/faults")["faults"] == []


def test_a_page_learns_who_one_is_only_after_a_yes(phone: Phone, town: City, platform: Platform) -> None:
    page = phone.page
    platform.custom(phone.user, "text", {"content": f'<a href="{town.website}login">登录</a>'})
    for answer in ("拒绝", "允许"):
        phone.glass.get_by_role("link", name="登录").click()
        expect(phone.glass.get_by_role("dialog")).to_contain_text("获得您的昵称")
        assert axe.faults(page) == []
        phone.press(answer)
    page.frame_locator("iframe").get_by_text("授权码有了").wait_for()


def test_who_leaves_an_account_can_come_back(phone: Phone, platform: Platform) -> None:
    phone.press("武汉交警的资料")
    phone.press("不再关注")
    phone.glass.get_by_role("button", name="关注", exact=True).wait_for()
    assert platform.sim(f"/users/{phone.user}")["following"] == []
    phone.press("关注")
    phone.glass.get_by_role("log").get_by_text("您好，这里是").nth(1).wait_for()
