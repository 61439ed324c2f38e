"""The citizen's chat in ten moments and an evening, for `make screenshots`: a whole copy, as seen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page
from prove.instance import Instance, request

from tests.foundation.processes import wait_for
from tests.journeys.conftest import TUESDAY
from tests.journeys.phone import Phone

WEDNESDAY = "2026-11-25T07:40:00+08:00"
MONDAY_EVENING = ("2026-11-23T19:00:00+08:00", "2026-11-23T20:00:00+08:00")
MENU_PATH = "/_sim/users/{}/menu?account=service"


def draw(browser: Browser, instance: Instance, folder: Path) -> None:
    """Each moment on a fresh person's phone of 390 px, light and dark.

    Wants a simulator that was never reset: its menu is the one that the worker wrote.
    """
    for name, (at, moment) in MOMENTS.items():
        instance.set_clock(at)
        context = browser.new_context(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
        page = context.new_page()
        page.goto(instance.url("simulator"))
        moment(Phone(page), instance)
        _both_schemes(page, folder, name)
        context.close()


def _both_schemes(page: Page, folder: Path, name: str) -> None:
    page.mouse.move(0, 0)
    page.wait_for_function("() => [...document.images].every((one) => one.complete)")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.screenshot(path=folder / f"chat-{name}-390-{scheme}.png")


def _follow(phone: Phone, instance: Instance) -> None:
    phone.follow()
    wait_for(
        lambda: request(instance.url("simulator", MENU_PATH.format(phone.user)))["menu"], what="the menu"
    )


def _says(phone: Phone, *told: tuple[str, str]) -> None:
    """Each message, and the words of the answer that must be seen before the next."""
    for words, answer in told:
        phone.say(words)
        phone.see(answer)


def _greeting(phone: Phone, instance: Instance) -> None:
    _follow(phone, instance)


def _tail(phone: Phone, instance: Instance) -> None:
    _follow(phone, instance)
    phone.press("5")
    phone.see("22:00后能走")


def _saturday(phone: Phone, instance: Instance) -> None:
    _tail(phone, instance)
    _says(phone, ("那周六呢", "是休息日"), ("谢谢", "不客气"))


def _letter(phone: Phone, instance: Instance) -> None:
    _follow(phone, instance)
    _says(phone, ("K", "看字母前面"), ("鄂a·１２３４k", "1***K"))


def _green(phone: Phone, instance: Instance) -> None:
    _follow(phone, instance)
    _says(phone, ("鄂AD12345", "绿牌小客车"))


def _tunnel(phone: Phone, instance: Instance) -> None:
    _follow(phone, instance)
    _says(phone, ("长江隧道能走吗 车高3米5", "长江隧道"), ("鄂A3K881 轻卡 去汉口送货", "货车全天禁行"))


def _danger(phone: Phone, instance: Instance) -> None:
    _tail(phone, instance)
    _says(phone, ("我被撞了", "马上打"))


def _remember(phone: Phone, instance: Instance) -> None:
    _follow(phone, instance)
    phone.say("鄂A12345")
    phone.see("1***5")
    phone.press("记住这辆车")
    phone.log.get_by_role("button", name="同意，记住").wait_for()
    phone.press("同意，记住")
    phone.see("记住了")


def _two_cars(phone: Phone, instance: Instance) -> None:
    _remember(phone, instance)
    phone.say("鄂A88886")
    phone.see("8***6")
    phone.log.get_by_role("button", name="记住这辆车").last.click()
    phone.log.get_by_role("button", name="同意，记住").last.click()
    phone.see("8***6。")
    phone.press("菜单")
    phone.glass.get_by_role("group", name="菜单").get_by_role("button", name="今天能走").click()
    phone.log.get_by_text("点了菜单").wait_for()


def _picture(phone: Phone, instance: Instance) -> None:
    _tail(phone, instance)
    phone.press("今天的图")
    phone.log.get_by_role("button", name="看大图").wait_for()


def _message(phone: Phone, instance: Instance) -> None:
    _follow(phone, instance)
    _says(phone, ("那个啥子", "没看懂"), ("就是上回那个", "给民警留言"))
    phone.press("给民警留言")
    phone.see("编号")
    _says(phone, ("桥头的指示牌被树挡住了", "记下了"))


def _evening(phone: Phone, instance: Instance) -> None:
    _follow(phone, instance)
    phone.press("5")
    phone.see("按蓝牌小客车算")
    phone.press("记住我的车")
    phone.press("同意，记住")
    phone.see("记住了")
    _says(phone, ("晚上提醒我", "前一天晚上8点"))
    instance.set_clock(MONDAY_EVENING[1])
    phone.see("说的是您记着的")


MOMENTS: dict[str, tuple[str, Callable[[Phone, Instance], None]]] = {
    "evening": (MONDAY_EVENING[0], _evening),  # first: an evening is told once, and time goes on
    "greeting": (TUESDAY, _greeting),
    "tail": (TUESDAY, _tail),
    "saturday": (TUESDAY, _saturday),
    "letter": (TUESDAY, _letter),
    "green": (WEDNESDAY, _green),
    "tunnel": (WEDNESDAY, _tunnel),
    "danger": (TUESDAY, _danger),
    "remember": (TUESDAY, _remember),
    "two-cars": (TUESDAY, _two_cars),
    "picture": (TUESDAY, _picture),
    "message": (TUESDAY, _message),
}
"""Name -> the instant at which it begins and what the person does."""
