"""How the phone sets the words of an answer: a line each, nothing torn apart, every number to call."""

from __future__ import annotations

import pytest

from tests.journeys.browser import CHROMIUM
from tests.journeys.phone import Phone, Platform

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (Debian: apt install chromium)"),
]

ANSWER = """尾号5，今天（24日 周二）：武汉长江大桥、江汉桥不能走，22:00后能走。
夜里养护照样封闭：长江公铁隧道1:00–5:00，公铁隧道0:00–5:00。

依据：两桥单双号的通告，2019年11月2日起。"""
ROWS = "e => [...e.getClientRects()].length"


def test_what_is_read_in_one_go_stands_on_one_row(phone: Phone, platform: Platform) -> None:
    platform.custom(phone.user, "text", {"content": ANSWER})
    phone.see("两桥单双号的通告")
    whole = phone.log.locator(".msg").last.locator(".whole")
    assert "2019年11月2日起" in whole.all_inner_texts()
    assert {one.evaluate(ROWS) for one in whole.all()} == {1}
    assert phone.log.locator(".msg").last.inner_text().count("\n") >= 3


def test_the_words_are_the_services_own_to_the_last_sign(phone: Phone, platform: Platform) -> None:
    platform.custom(phone.user, "text", {"content": ANSWER})
    phone.see("两桥单双号的通告")
    sentences = phone.log.locator(".msg").last.locator(".sentence")
    assert [one.text_content() for one in sentences.all()] == ANSWER.split("\n")


def test_each_number_named_after_one_to_call_can_be_called_too(phone: Phone, platform: Platform) -> None:
    platform.custom(phone.user, "text", {"content": "谁不舒服，马上打120、122。编号120、122不是电话。"})
    phone.see("马上打")
    calls = phone.log.locator(".msg").last.locator("a[href^='tel:']")
    assert [one.get_attribute("href") for one in calls.all()] == ["tel:120", "tel:122"]
