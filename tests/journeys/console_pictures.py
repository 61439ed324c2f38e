"""Every console page and officer's page: wide and on a phone, light and dark, looked at by axe."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page
from prove.instance import Instance

from tests.journeys.axe import faults
from tests.journeys.console_stage import MORNING, Stage, import_and_draft

SIZES = {"wide": (1440, 900), "390": (390, 844)}
TWO = (
    "today",
    "editions",
    "incidents",
    "incidents/add",
    "incidents/file",
    "messages",
    "tasks",
    "roster",
    "people",
    "accounts",
    "suggestions",
    "media",
    "sending",
    "alarms",
    "audit",
)


def draw(browser: Browser, instance: Instance, folder: Path) -> list[str]:
    """All pictures into the folder; what axe found."""
    instance.set_clock(MORNING)
    stage = Stage(instance, browser)
    users = stage.officers()
    wu = stage.member("吴审", "reviewer")
    all_roles = ("editor", "caseworker", "administrator", "operator")
    li = stage.member("李编", *all_roles)
    citizen = instance.new_user("群众")
    instance.follow(citizen)
    for words in ("桥头的牌子被树挡住了，鄂A12345停在那里", "学校门口早上乱停，能不能有人管管"):
        instance.send(citizen, f"给民警留言：{words}")
    address = import_and_draft(li, stage)
    li.get_by_role("button", name="送审").click()
    li.get_by_text("送审：做好了").wait_for()
    found: list[str] = []
    for scheme in ("light", "dark"):
        for size, (width, height) in SIZES.items():
            options = {"viewport": {"width": width, "height": height}, "color_scheme": scheme}
            for name, page in _pages(stage, address, options):
                page.screenshot(path=folder / f"console-{name}-{size}-{scheme}.png", full_page=True)
                found += [f"{name} {size} {scheme}: {fault}" for fault in faults(page)]
                if page.evaluate("document.documentElement.scrollWidth") > width:
                    found.append(f"{name} {size} {scheme}: wider than the screen")
    found += _officer(stage, wu, address, users[0], folder, browser)
    for page in (wu, li):
        page.context.close()
    return found


def _pages(stage: Stage, address: str, options: dict[str, object]) -> Iterator[tuple[str, Page]]:
    for name in ("sign-in",):
        page = stage.stranger(**options)
        page.goto(f"/console/{name}/")
        yield name, page
        page.context.close()
    li = stage.again("李编", **options)
    li.wait_for_url("**/console/today/")
    for name in TWO:
        li.goto(f"/console/{name}/")
        yield name.replace("/", "-"), li
    li.goto("/console/messages/")
    li.get_by_role("link", name=re.compile("打开")).first.click()
    li.get_by_label("写给群众的话").wait_for()
    yield "message", li
    li.goto(address)
    yield "edition", li
    li.context.close()
    wu = stage.again("吴审", **options)
    wu.wait_for_url("**/console/today/")
    wu.goto(address)
    yield "review", wu
    wu.context.close()


def _officer(stage: Stage, wu: Page, address: str, user: str, folder: Path, browser: Browser) -> list[str]:
    """The review on the reviewer's phone, and the edition on the officer's own page after it was sent."""
    found = _phone_review(stage, user, folder, browser)
    wu.goto(address)
    wu.get_by_text("定好了时间").first.wait_for()
    stage.set_clock("2026-11-25T07:59:58+08:00")
    stage.until(lambda: "昨日警情" in stage.inbox(user))
    [link] = [one["url"] for one in stage.instance.send(user, "今日", "subscription")["reply"]["links"]]
    for scheme in ("light", "dark"):
        page = _phone(browser, scheme)
        page.goto(link)
        page.screenshot(path=folder / f"officer-prove-390-{scheme}.png")
        found += [f"prove {scheme}: {fault}" for fault in faults(page)]
        page.get_by_label("警号后4位").fill("8326")
        page.get_by_role("button", name="打开").click()
        page.get_by_role("heading", name="昨日数字").wait_for()
        page.screenshot(path=folder / f"officer-edition-390-{scheme}.png", full_page=True)
        found += [f"edition {scheme}: {fault}" for fault in faults(page)]
        page.context.close()
    return found


def _phone_review(stage: Stage, user: str, folder: Path, browser: Browser) -> list[str]:
    """待审, her own page, and the approval that sets the time too."""
    stage.command("staff", "officer", "吴审", "018326")
    found: list[str] = []
    for scheme in ("dark", "light"):
        [link] = [one["url"] for one in stage.instance.send(user, "待审", "subscription")["reply"]["links"]]
        page = _phone(browser, scheme)
        page.goto(link)
        page.get_by_label("警号后4位").fill("8326")
        page.get_by_role("button", name="打开").click()
        page.get_by_role("heading", name="看完了").wait_for()
        page.get_by_text("退回", exact=True).first.click()
        page.screenshot(path=folder / f"officer-review-390-{scheme}.png", full_page=True)
        found += [f"phone review {scheme}: {fault}" for fault in faults(page)]
        if scheme == "light":
            page.get_by_label("动态码").fill(stage.code("吴审"))
            page.get_by_role("button", name="审定，8:00发出").click()
            page.get_by_role("heading", name="审定了").wait_for()
            page.screenshot(path=folder / f"officer-reviewed-390-{scheme}.png")
            found += [f"phone reviewed: {fault}" for fault in faults(page)]
        page.context.close()
    return found


def _phone(browser: Browser, scheme: str) -> Page:
    return browser.new_context(
        viewport={"width": 390, "height": 844},
        color_scheme=scheme,  # type: ignore[arg-type]
        reduced_motion="reduce",
        bypass_csp=True,
    ).new_page()
