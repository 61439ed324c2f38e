"""What a phone receives, plays and keeps: voices, films, articles, notices, drafts; each phone for itself."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys import axe
from tests.journeys.browser import CHROMIUM
from tests.journeys.city import City
from tests.journeys.phone import Phone, Platform, desk

pytestmark = [
    pytest.mark.browser,
    pytest.mark.system,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (Debian: apt install chromium)"),
]
SILENCE = (b"\xff\xfb\x90\x64" + bytes(413)) * 120
"""Three seconds of MP3 frames that hold nothing: 128 kbit/s, 44.1 kHz, 26 ms each."""
WATCHED = """() => {
  const { play } = HTMLMediaElement.prototype;
  HTMLMediaElement.prototype.play = function () { window.played = this; return play.call(this); };
}"""
NOTICE = "业务名称:{{thing1.DATA}}\n办理状态:{{phrase2.DATA}}"
TITLE = "11月24日 周二简报"


def test_a_voice_is_said_by_a_tap_read_below_the_bubble_and_stops_by_itself(phone: Phone) -> None:
    page = phone.page
    phone.press("说话")
    phone.press("按住 说话")
    assert axe.faults(page) == []
    phone.press("我的车被人撞了。")
    phone.see("收到语音：我的车被人撞了。")
    voice = phone.log.get_by_role("button", name="语音，2秒")
    voice.click()
    expect(voice).to_have_attribute("aria-pressed", "true")
    expect(voice).to_have_attribute("aria-pressed", "false")


def test_holding_the_key_listens_and_moving_away_sends_nothing(phone: Phone) -> None:
    page = phone.page
    phone.press("说话")
    key = phone.glass.get_by_role("button", name="按住 说话")
    box = key.bounding_box()
    assert box is not None
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    for away, dialogs in ((150, 0), (0, 1)):
        page.mouse.move(*middle)
        page.mouse.down()
        phone.see("正在听")
        page.mouse.move(middle[0], middle[1] - away)
        page.mouse.up()
        expect(phone.glass.get_by_text("正在听")).to_have_count(0)
        expect(phone.glass.get_by_role("dialog")).to_have_count(dialogs)


def test_a_voice_of_the_account_tells_how_long_it_is_and_its_bytes_play(
    phone: Phone, platform: Platform
) -> None:
    page = phone.page
    media_id = platform.upload("/cgi-bin/media/upload", "voice", SILENCE)
    platform.custom(phone.user, "voice", {"media_id": media_id})
    voice = phone.log.get_by_role("button", name="语音，3秒")
    page.evaluate(WATCHED)
    voice.click()
    page.wait_for_function("() => window.played?.currentTime > 0")
    voice.click()
    assert page.evaluate("window.played.paused")


def test_a_film_is_chosen_sent_and_played_over_the_whole_glass(phone: Phone) -> None:
    page = phone.page
    phone.more("视频")
    assert axe.faults(page) == []
    phone.press("路口变灯")
    phone.see("收到视频")
    phone.log.get_by_role("button", name="看视频").click()
    page.wait_for_function("() => document.querySelector('.viewer video')?.currentTime > 0")
    assert axe.faults(page) == []
    page.keyboard.press("Escape")
    expect(phone.glass.get_by_role("dialog")).to_have_count(0)
    expect(phone.log.get_by_role("button", name="看视频")).to_be_focused()


def test_a_bubble_is_copied_by_the_right_key_and_by_the_menu_key(
    chromium: Browser, town: City, platform: Platform
) -> None:
    with desk(chromium, town, width=390, permissions=["clipboard-read", "clipboard-write"]) as page:
        phone = Phone(page)
        phone.follow()
        phone.say("今天呢")
        phone.see("收到：今天呢")
        phone.log.get_by_text("收到：今天呢").click(button="right")
        assert axe.faults(page) == []
        page.keyboard.press("Enter")
        phone.see("复制好了")
        assert page.evaluate("navigator.clipboard.readText()") == "收到：今天呢"
        phone.log.get_by_role("button", name="看这条消息的原始回调").nth(2).focus()
        page.keyboard.press("ContextMenu")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Enter")
        expect(page.get_by_role("tabpanel")).to_contain_text("今天呢")


def test_a_mass_article_comes_unread_into_the_folder_and_opens_inside_the_chat(
    wide: Page, platform: Platform
) -> None:
    officer, other = Phone(wide), Phone(wide, 1)
    platform.sim(f"/users/{officer.user}/follow", {"account": "subscription"})
    platform.sim(f"/users/{other.user}/follow", {"account": "subscription"})
    for phone in (officer, other):
        phone.press("返回")
        phone.glass.get_by_role("button", name="订阅号消息，1条未读").click()
        phone.glass.get_by_role("button", name="武汉交警内部号").click()
        phone.see("您好，这里是")
        phone.press("返回")
        phone.press("返回")
    platform.brief(officer.user, TITLE, "<h2>昨日</h2><p>事故41起，比上周五少6起。</p>")
    row = officer.glass.get_by_role("button", name="订阅号消息，1条未读")
    row.wait_for()
    expect(other.glass.get_by_role("button", name="未读")).to_have_count(0)
    assert axe.faults(wide) == []
    row.click()
    officer.glass.get_by_role("button", name="武汉交警内部号，1条未读").click()
    officer.glass.get_by_role("button", name=TITLE).click()
    inside = wide.frame_locator("iframe")
    expect(inside.get_by_role("heading", name=TITLE)).to_be_visible()
    expect(inside.get_by_text("事故41起")).to_be_visible()
    assert axe.faults(wide) == []
    officer.press("关闭页面")
    officer.press("返回")
    expect(officer.glass.get_by_role("button", name="未读")).to_have_count(0)
    assert not other.shows(TITLE)


def _templates(platform: Platform) -> None:
    for number, title, kind in (
        ("progress", "业务办理进度提醒", "one_time"),
        ("yearly", "检验到期提醒", "long_term"),
    ):
        held = {"template_id": number, "title": title, "content": NOTICE, "kind": kind}
        platform.sim("/accounts/service/templates", held)


def _ask(phone: Phone, town: City, platform: Platform) -> Page:
    platform.custom(phone.user, "text", {"content": f'<a href="{town.website}subscribe">订提醒</a>'})
    phone.glass.get_by_role("link", name="订提醒").last.click()
    page = phone.page
    page.frame_locator("iframe").get_by_role("button", name="订两种提醒").click()
    return page


def test_a_page_asks_before_it_may_send_notices_and_hears_each_answer(
    phone: Phone, town: City, platform: Platform
) -> None:
    page = phone.page
    _templates(platform)
    _ask(phone, town, platform)
    asked = phone.glass.get_by_role("dialog", name="订阅通知")
    asked.get_by_role("checkbox", name="检验到期提醒").uncheck()
    asked.get_by_role("checkbox", name="总是保持以上选择").check()
    assert axe.faults(page) == []
    phone.press("允许")
    said = page.frame_locator("iframe").get_by_role("status")
    expect(said).to_have_text("progress=accept yearly=reject")
    page.frame_locator("iframe").get_by_role("button", name="订两种提醒").click()
    expect(asked).to_have_count(0)
    held = platform.sim(f"/users/{phone.user}/notices?account=service")["notices"]
    expect(said).to_have_text("progress=accept yearly=reject")
    assert {one["template_id"]: one["left"] for one in held}["yearly"] == 0
    values = {"thing1": {"value": "驾驶证换证"}, "phrase2": {"value": "已办好"}}
    sent = {"touser": platform.openid(phone.user), "template_id": "progress", "data": values}
    platform.call("/cgi-bin/message/subscribe/bizsend", sent)
    phone.press("关闭页面")
    phone.see("驾驶证换证")


def test_who_decides_nothing_has_agreed_to_nothing(phone: Phone, town: City, platform: Platform) -> None:
    page = phone.page
    _templates(platform)
    _ask(phone, town, platform)
    phone.press("取消")
    said = page.frame_locator("iframe").get_by_role("status")
    expect(said).to_have_text("progress=cancel yearly=cancel")
    held = platform.sim(f"/users/{phone.user}/notices?account=service")["notices"]
    assert [one["left"] for one in held] == [0, 0]


def test_notices_are_switched_on_and_off_on_the_accounts_page(phone: Phone, platform: Platform) -> None:
    page = phone.page
    _templates(platform)
    phone.press("武汉交警的资料")
    phone.press("通知管理")
    switch = phone.glass.get_by_role("switch", name="检验到期提醒")
    expect(switch).to_have_attribute("aria-checked", "false")
    assert axe.faults(page) == []
    switch.focus()
    page.keyboard.press("Space")
    expect(switch).to_have_attribute("aria-checked", "true")
    expect(switch).to_be_focused()
    held = platform.sim(f"/users/{phone.user}/notices?account=service")["notices"]
    assert {one["template_id"]: one["left"] for one in held} == {"progress": 0, "yearly": -1}


def test_a_draft_and_a_colour_belong_to_one_phone(wide: Page) -> None:
    left, right = Phone(wide), Phone(wide, 1)
    left.follow()
    right.follow()
    left.glass.get_by_role("textbox", name="要说的话").fill("明天")
    left.press("返回")
    left.see("［草稿］明天")
    left.press("我")
    left.press("深色")
    right.press("返回")
    assert not right.shows("草稿")
    grounds = [one.glass.evaluate("e => getComputedStyle(e).backgroundColor") for one in (left, right)]
    assert grounds == ["rgb(20, 27, 31)", "rgb(247, 246, 243)"]
    wide.reload()
    left.press("消息")
    left.see("［草稿］明天")
    assert axe.faults(wide) == []


def test_what_comes_while_one_reads_above_is_counted_and_offered(phone: Phone, platform: Platform) -> None:
    for number in range(12):
        platform.custom(phone.user, "text", {"content": f"第{number}条\n" + "一行\n" * 6})
        phone.see(f"第{number}条")
        phone.say(f"好{number}")
        phone.see(f"收到：好{number}")
    phone.log.evaluate("e => { e.scrollTop = 0; }")
    at = phone.log.evaluate("e => e.scrollTop")
    for word in ("甲", "乙"):
        platform.custom(phone.user, "text", {"content": word})
    key = phone.glass.get_by_role("button", name="2条新消息")
    key.wait_for()
    assert phone.log.evaluate("e => e.scrollTop") == at
    key.click()
    expect(phone.log.get_by_text("乙")).to_be_in_viewport()
    expect(key).to_have_count(0)
