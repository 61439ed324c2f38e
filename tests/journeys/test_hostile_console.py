"""Hostile strings through the console's inputs, seen by a headless editor: not one script runs.

A slice of them each time; all thousand, and every one in every search, with `DAXIANG_HOSTILE_STRINGS=1000`.

The browser is told to ignore the content policy, so that it is the escaping that is tested, not its net.
"""

from __future__ import annotations

import os
import random
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page
from prove.instance import running

from daxiang.domains.briefings.incidents import as_file
from tests.journeys.browser import CHROMIUM
from tests.journeys.console_stage import MORNING, Stage

pytestmark = [
    pytest.mark.system,
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (Debian: apt install chromium)"),
]
MANY, A_PAGE = int(os.environ.get("DAXIANG_HOSTILE_STRINGS", "120")), 20
RUN = "window.ran=(window.ran||0)+1"
SEARCHES = ("incidents/?what=", "audit/?what=", "people/?number=", "audit/?who=", "messages/?which=")
PAGES = ("today", "editions", "messages", "tasks", "alarms", "accounts", "audit", "sending", "media")
SHAPES = (
    "<script>{run}</script>",
    "<img src=x onerror={run}>",
    "<svg/onload={run}>",
    '"><script>{run}</script>',
    "'><img src=x onerror={run}>",
    "</textarea><script>{run}</script>",
    "</title><svg onload={run}>",
    '" autofocus onfocus={run} x="',
    "' onmouseover={run} style='position:fixed;inset:0",
    "<a href=javascript:{run}>按</a>",
    "<iframe srcdoc='<script>parent.{run}</script>'></iframe>",
    "{{{{7*7}}}}{{% csrf_token %}}<script>{run}</script>",
    "<details open ontoggle={run}>",
    "<style>@import 'javascript:{run}'</style>",
    "<!--><script>{run}</script>-->",
    "\u202e<script>{run}</script>",
    "＜script＞{run}＜/script＞",
    "<math><mtext></form><form><mglyph><style></math><img src onerror={run}>",
    "<body onload={run}>",
    "javascript:{run}//",
)


def hostile(count: int) -> list[str]:
    """So many, each another one."""
    rand = random.Random(7)
    found: list[str] = []
    while len(found) < count:
        shape = rand.choice(SHAPES).format(run=RUN)
        if rand.random() < 0.3:
            shape = "".join(one.upper() if rand.random() < 0.5 else one for one in shape[:8]) + shape[8:]
        found.append(f"{shape} {len(found)}")
    return found


def ran(page: Page) -> int:
    return int(page.evaluate("window.ran || 0"))


def test_no_hostile_string_runs_a_script_in_front_of_an_editor(chromium: Browser, tmp_path: Path) -> None:
    strings = hostile(MANY)
    with running(tmp_path / "home") as instance:
        instance.set_clock(MORNING)
        stage = Stage(instance, chromium)
        stage.officers()
        page = stage.member("li", "editor", "caseworker", "administrator", "operator")
        dialogs: list[str] = []
        page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        file = tmp_path / "incidents.csv"
        rows = [
            (f"{text[:60]}", text[:60], text[:80], "114.3", "30.5", "2026-11-24 12:00", "4", text)
            for text in strings
        ]
        file.write_bytes(as_file(rows))
        page.goto("/console/incidents/file/")
        page.get_by_label("CSV 文件").set_input_files(file)
        page.get_by_role("button", name="导入").click()
        page.get_by_text("导入好了").wait_for()
        total = 0
        for number in range(1, MANY // A_PAGE + 1):
            page.goto(f"/console/incidents/?page={number}")
            total += ran(page)
        user = instance.new_user("群众")
        instance.follow(user)
        for text in strings[:5]:
            instance.send(user, f"给民警留言：{text}")
        page.goto("/console/editions/")
        page.get_by_label("哪一天").fill("2026-11-25")
        page.get_by_role("button", name="写草稿").click()
        page.get_by_role("button", name="送审").wait_for()
        total += ran(page)
        page.get_by_label("标题", exact=True).fill(strings[0][:64])
        page.get_by_label("导语：8:00 推送里显示的").fill(strings[1][:200])
        page.get_by_label("正文").first.fill("\n\n".join(strings[2:102]))
        page.get_by_role("button", name="存", exact=True).click()
        page.get_by_label("说哪一处").fill(strings[3][:100])
        page.get_by_role("textbox", name="意见", exact=True).fill(strings[4])
        page.get_by_role("button", name="留下意见").click()
        page.get_by_label("说哪一处").wait_for()
        total += ran(page)
        page.goto("/console/tasks/")
        page.get_by_label("什么事，在哪里，要做什么").fill(strings[5])
        page.locator("input[name=units]").first.check()
        page.get_by_role("button", name="发出").click()
        total += ran(page)
        page.goto("/console/incidents/add/")
        page.get_by_label("编号").fill(strings[6])
        page.get_by_label("种类").fill(strings[7])
        page.get_by_label("时间").fill(strings[8])
        page.get_by_label("经过").fill(strings[9])
        page.get_by_role("button", name="记下").click()
        total += ran(page)
        for text in strings[:: 1 if MANY >= 1000 else 20]:
            for place in SEARCHES:
                page.goto(f"/console/{place}{quote(text)}")
                total += ran(page)
        for place in PAGES:
            page.goto(f"/console/{place}/")
            total += ran(page)
        page.goto("/console/messages/")
        page.get_by_role("link", name="打开").first.click()
        total += ran(page)
        assert (total, dialogs) == (0, [])
        page.context.close()
