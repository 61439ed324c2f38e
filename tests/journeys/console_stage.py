"""The console with people in it: accounts of every role, invented officers, incidents, an edition."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from playwright.sync_api import Browser, Page
from prove.instance import ROOT, Instance, request

from daxiang.domains.briefings.incidents import as_file
from daxiang.domains.officers.totp import code_at, step_at
from daxiang.foundation.database.url import cluster_url
from tests.console.spelled import secret_on
from tests.officers.rolls import roll_of

OWN = "a password of my own"
MORNING = "2026-11-25T07:10:00+08:00"
NUMBERS = [18326, 18327, 18328, 18329, 18330, 18331]
INCIDENTS = [
    ("JQ-1101", "追尾", "白沙洲大桥 南向", "114.243", "30.488", "2026-11-24 17:42", "3",
     "三辆小客车在南桥头以北约600米处追尾，1人送医，伤势平稳。18:36两车道恢复。"),
    ("JQ-1102", "违反禁令", "江汉桥 往汉阳", "114.268", "30.562", "2026-11-24 22:15", "4",
     "轻型货车从汉口驶上江汉桥，刮倒标志杆，没有人受伤，桥上单向放行38分钟。"),
    ("JQ-1103", "故障车", "长江二桥 匝道", "114.319", "30.607", "2026-11-24 02:10", "1",
     "厢式货车抛锚，13分钟拖离。"),
    ("JQ-1104", "电话报堵", "光谷广场", "114.398", "30.506", "2026-11-24 18:05", "2",
     "晚高峰排队，20分钟后缓解。"),
    ("JQ-1105", "追尾", "汉江大道", "114.222", "30.59", "2026-11-24 08:20", "2", "两车轻碰，自行撤离。"),
    ("JQ-1106", "追尾", "友谊大道", "114.36", "30.6", "2026-11-17 08:20", "2", "上周同一天的一件。"),
]  # fmt: skip


class Stage:
    """One copy and the people who work in its console."""

    def __init__(self, instance: Instance, browser: Browser) -> None:
        self.instance = instance
        self._browser = browser
        self._secrets: dict[str, bytes] = {}

    def command(self, *arguments: str) -> str:
        command = [sys.executable, "-m", "daxiang.config.cli", *arguments]
        done = subprocess.run(
            command, env=self.instance.environment, cwd=ROOT, capture_output=True, check=True
        )
        return done.stdout.decode()

    def member(self, name: str, *roles: str, **options: Any) -> Page:
        """A new account, signed in for the first time, its telephone bound."""
        chosen = [part for role in roles for part in ("--role", role)]
        printed = re.search(r"：(\S{19})", self.command("staff", "add", name, *chosen))
        assert printed is not None
        page = self._page(**options)
        page.goto("/console/")
        page.get_by_label("登录名").fill(name)
        page.get_by_label("密码").fill(printed[1])
        page.get_by_role("button", name="下一步").click()
        for field in ("新密码", "再写一遍"):
            page.get_by_label(field).fill(OWN)
        page.get_by_role("button", name="就用这个").click()
        self._secrets[name] = secret_on(page.content())
        page.get_by_label("验证器上现在的 6 位数").fill(self.code(name))
        page.get_by_role("button", name="绑定").click()
        page.get_by_role("link", name="抄好了").click()
        return page

    def stranger(self, **options: Any) -> Page:
        """A browser that nobody has signed in with."""
        return self._page(**options)

    def again(self, name: str, **options: Any) -> Page:
        """The same person in another browser."""
        page = self._page(**options)
        page.goto("/console/")
        page.get_by_label("登录名").fill(name)
        page.get_by_label("密码").fill(OWN)
        page.get_by_role("button", name="下一步").click()
        page.get_by_label("手机验证器上的 6 位数").fill(self.code(name))
        page.get_by_label("手机验证器上的 6 位数").press("Enter")
        return page

    def code(self, name: str) -> str:
        """A fresh code, as if half a minute had passed since the last."""
        with psycopg.connect(cluster_url(self.instance.home), autocommit=True) as link:
            link.execute(
                "UPDATE staff_factor SET last_step = 0 WHERE staff = (SELECT id FROM staff WHERE name = %s)",
                [name],
            )
        return code_at(self._secrets[name], step_at(time.time()))

    def officers(self) -> list[str]:
        """The roll is there, everybody bound; who they are in the simulator."""
        roll = self.instance.home / "roll.csv"
        roll.write_text(roll_of(NUMBERS), encoding="utf-8")
        self.command("officers", "import", str(roll))
        codes = [line.split(",")[2] for line in self.command("officers", "codes").splitlines()[1:]]
        users = []
        for code in codes:
            user = self.instance.new_user("民警")
            self.instance.follow(user, "subscription")
            self.instance.send(user, f"绑定 {code}", "subscription")
            users.append(user)
        return users

    def incidents_file(self) -> Path:
        file = self.instance.home / "incidents.csv"
        file.write_bytes(as_file(INCIDENTS))
        return file

    def inbox(self, user: str) -> str:
        address = f"/_sim/users/{user}/inbox?account=subscription"
        return str(request(self.instance.url("simulator", address)))

    def until(self, is_so: Any, seconds: float = 40) -> None:
        ends = time.monotonic() + seconds
        while not is_so():
            assert time.monotonic() < ends, "not in time"
            time.sleep(0.2)

    def set_clock(self, at: str) -> None:
        self.instance.set_clock(at)

    def _page(self, **options: Any) -> Page:
        context = self._browser.new_context(
            base_url=self.instance.url("web"), reduced_motion="reduce", bypass_csp=True, **options
        )
        return context.new_page()


def import_and_draft(page: Page, stage: Stage) -> str:
    """An editor brings incidents and has the draft written; the edition's address."""
    page.goto("/console/incidents/file/")
    page.get_by_label("CSV 文件").set_input_files(stage.incidents_file())
    page.get_by_role("button", name="导入").click()
    page.get_by_text("导入好了").wait_for()
    page.goto("/console/editions/")
    page.get_by_label("哪一天").fill("2026-11-25")
    if page.get_by_label("谁审").locator("option").count() > 1:
        page.get_by_label("谁审").select_option(index=1)
    page.get_by_role("button", name="写草稿").click()
    page.get_by_role("button", name="送审").wait_for()
    return page.url


def today() -> datetime:
    return datetime.fromisoformat(MORNING)
