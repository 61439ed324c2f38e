"""From incidents to receipts: imported, edited, reviewed by a second person, scheduled, on officers' phones
at eight, read on their own page, told on the board.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser
from prove.instance import running

from tests.journeys.axe import faults
from tests.journeys.browser import CHROMIUM
from tests.journeys.console_stage import MORNING, Stage, import_and_draft

pytestmark = [
    pytest.mark.system,
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (Debian: apt install chromium)"),
]


def test_a_morning_from_the_incidents_to_the_receipts(chromium: Browser, tmp_path: Path) -> None:
    with running(tmp_path / "home") as instance:
        instance.set_clock(MORNING)
        stage = Stage(instance, chromium)
        users = stage.officers()
        wu = stage.member("wu", "reviewer")
        li = stage.member("li", "editor")
        address = import_and_draft(li, stage)
        found = faults(li)
        li.get_by_label("导语：8:00 推送里显示的").fill("昨日警情5起，重要警情2件。")
        li.get_by_role("button", name="人人要知道").click()
        li.get_by_label("正文").last.fill("货车全天不能上长江大桥和江汉桥，绿牌也一样。")
        li.get_by_label("小标题").last.fill("拦到不服的货车，这样说")
        li.get_by_role("button", name="存", exact=True).click()
        li.get_by_text("存好了").wait_for()
        li.get_by_role("button", name="送审").click()
        li.get_by_text("送审：做好了").wait_for()
        found += faults(li)
        wu.goto(address)
        assert "货车全天不能上长江大桥" in wu.get_by_label("民警看到的样子").inner_text()
        wu.get_by_label("动态码").fill(stage.code("wu"))
        wu.get_by_role("button", name="审定", exact=True).click()
        wu.get_by_text("审定：做好了").wait_for()
        found += faults(wu)
        wu.get_by_role("button", name="定时").click()
        wu.get_by_text("定时：做好了").wait_for()
        assert "昨日警情5起" not in stage.inbox(users[0])
        stage.set_clock("2026-11-25T07:59:58+08:00")
        for user in users:
            stage.until(lambda user=user: "昨日警情5起，重要警情2件。" in stage.inbox(user))
        told = instance.send(users[0], "今日", "subscription")["reply"]
        [link] = [one["url"] for one in told["links"]]
        assert "/m/edition/" in link
        phone = chromium.new_context(
            viewport={"width": 390, "height": 844}, reduced_motion="reduce", bypass_csp=True
        ).new_page()
        phone.goto(link)
        found += faults(phone)
        phone.get_by_label("警号后4位").fill("8326")
        phone.get_by_role("button", name="打开").click()
        phone.get_by_role("heading", name="昨日数字").wait_for()
        assert "018326" in phone.locator(".wm").first.inner_html()
        found += faults(phone)
        phone.get_by_role("button", name="明白了").click()
        phone.get_by_text("点了“明白了”").wait_for()
        forwarded = chromium.new_context().new_page()
        forwarded.goto(link)
        assert "货车" not in forwarded.content()
        li.goto("/console/today/")
        assert "5 人没读 · 1 人明白了" in li.content()
        found += faults(li)
        assert found == []
        for page in (li, wu, phone, forwarded):
            page.context.close()
