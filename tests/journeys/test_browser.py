"""The phone and the website in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import sync_playwright
from prove.instance import Instance

from tests.journeys.browser import CHROMIUM, launch

pytestmark = [
    pytest.mark.browser,
    pytest.mark.system,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (Debian: apt install chromium)"),
]


def test_a_person_follows_taps_5_and_reads_the_answer(on_tuesday: Instance) -> None:
    with sync_playwright() as playwright, launch(playwright) as browser:
        phone = browser.new_page(viewport={"width": 390, "height": 844})
        faults: list[str] = []
        phone.on("pageerror", lambda error: faults.append(str(error)))
        phone.goto(on_tuesday.url("simulator"))
        phone.get_by_role("button", name="关注").click()
        phone.get_by_role("button", name="5", exact=True).last.click()
        phone.get_by_text("长江大桥、江汉桥不能走").wait_for(timeout=10_000)
        assert "22:00后能走" in phone.get_by_role("log").inner_text()
        assert faults == []


def test_the_website_answers_without_script(on_tuesday: Instance) -> None:
    with sync_playwright() as playwright, launch(playwright) as browser:
        context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
        page = context.new_page()
        page.goto(on_tuesday.url("web"))
        page.get_by_role("button", name="5", exact=True).click()
        assert page.get_by_role("heading", level=1).count() == 1
        assert "长江大桥、江汉桥不能走" in page.inner_text("main")
