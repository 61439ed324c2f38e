"""A whole copy: a car remembered, the menu in one tap, words on the staff page; by keyboard, axe clean."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from prove.instance import ROOT, Instance, request

from daxiang.domains.officers.totp import code_at, step_at
from tests.console.spelled import secret_on
from tests.journeys.axe import faults
from tests.journeys.browser import CHROMIUM

pytestmark = pytest.mark.system

LATER = "2026-11-24T08:20:00+08:00"
ANSWER = "牌子明天移走，谢谢您。"
WORDS = "鄂A12345占道停在桥头"


def tap(instance: Instance, user: str, key: str) -> str:
    body = {"account": "service", "message": {"type": "event", "event": "CLICK", "key": key}}
    answer: dict[str, Any] = request(instance.url("simulator", f"/_sim/users/{user}/send"), body)
    return str(answer["reply"]["content"])


def says(instance: Instance, user: str, words: str) -> str:
    answer = instance.send(user, words)
    assert answer["outcome"] == "answered", answer
    return str(answer["reply"]["content"])


def staff(instance: Instance, *arguments: str) -> str:
    command = [sys.executable, "-m", "daxiang.config.cli", "staff", *arguments]
    done = subprocess.run(command, env=instance.environment, cwd=ROOT, capture_output=True, check=True)
    return done.stdout.decode()


def test_a_remembered_car_is_answered_by_one_tap_and_forgotten_at_a_word(on_tuesday: Instance) -> None:
    user = on_tuesday.new_user()
    on_tuesday.follow(user)
    says(on_tuesday, user, "鄂A12345")
    assert "28日（周六）" in says(on_tuesday, user, "那周六呢")
    says(on_tuesday, user, "记住这辆车")
    assert "记住了" in says(on_tuesday, user, "同意，记住")
    assert "1***5" in tap(on_tuesday, user, "today")
    assert "都忘了" in says(on_tuesday, user, "忘记")
    on_tuesday.set_clock(LATER)  # two taps within one second are one event, by the platform's own rule
    assert "1***5" not in tap(on_tuesday, user, "today")


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (Debian: apt install chromium)")
def keeps_what_was_typed_though_the_session_is_lost(page: Page) -> None:
    """The form goes to nobody, as after an hour away; signed in again, its words are offered."""
    page.wait_for_function("Object.keys(sessionStorage).some(key => key.startsWith('daxiang-kept'))")
    address, cookies = page.url, page.context.cookies()
    page.context.clear_cookies()
    page.get_by_role("button", name="发出").press("Enter")
    page.wait_for_load_state()
    page.context.add_cookies([one for one in cookies if one["name"] != "daxiang_console_form"])
    page.goto(address)
    page.get_by_text("写的还没有存").wait_for()


def test_words_for_the_officers_are_read_by_staff_who_sign_in_by_keyboard(
    on_tuesday: Instance, chromium: Browser
) -> None:
    user = on_tuesday.new_user()
    on_tuesday.follow(user)
    told = says(on_tuesday, user, f"给民警留言：{WORDS}")
    number = re.search(r"编号(\d+)", told)
    assert number is not None
    printed = re.search(r"：(\S{19})", staff(on_tuesday, "add", "wang"))
    assert printed is not None
    page = chromium.new_context(base_url=on_tuesday.url("web"), reduced_motion="reduce").new_page()
    page.goto("/console/")
    found = faults(page)
    page.keyboard.type("wang")
    page.keyboard.press("Tab")
    page.keyboard.type(printed[1])
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/password/")
    found += faults(page)
    for field in ("新密码", "再写一遍"):
        page.get_by_label(field).fill("a password of my own")
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/enrol/")
    found += faults(page)
    page.keyboard.type(code_at(secret_on(page.content()), step_at(time.time())))
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="把备用码抄下来").wait_for()
    found += faults(page)
    page.get_by_role("link", name="抄好了").press("Enter")
    page.wait_for_url("**/console/messages/")
    found += faults(page)
    page.keyboard.press("Control+KeyK")
    page.keyboard.type("紧急")
    found += faults(page)
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/tasks/")
    page.go_back()
    page.wait_for_url("**/console/messages/")
    first = page.locator(".messages li").first.inner_text()
    assert number[1] in first
    assert "占道停在桥头" in first
    assert "12345" not in page.content()
    page.get_by_role("link", name=re.compile(f"打开.*{number[1]}")).press("Enter")
    page.get_by_label("写给群众的话").fill(ANSWER)
    found += faults(page)
    keeps_what_was_typed_though_the_session_is_lost(page)
    found += faults(page)
    page.get_by_role("button", name="放回来").press("Enter")
    assert page.get_by_label("写给群众的话").input_value() == ANSWER
    page.get_by_role("button", name="发出").press("Enter")
    page.get_by_text("回复发出去了").wait_for()
    found += faults(page)
    assert found == []
    inbox = on_tuesday.url("simulator", f"/_sim/users/{user}/inbox?account=service")
    until = time.monotonic() + 20
    while ANSWER not in str(request(inbox)) and time.monotonic() < until:
        page.wait_for_timeout(200)
    assert str(request(inbox)).count(ANSWER) == 1
    page.get_by_role("button", name="退出").press("Enter")
    page.wait_for_url("**/console/sign-in/")
    page.context.close()
