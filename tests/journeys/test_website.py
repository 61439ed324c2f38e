"""The website in a real browser: by keyboard alone, without script, in large type, and what axe finds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from prove.instance import Instance

from tests.journeys.axe import faults
from tests.journeys.browser import CHROMIUM
from tests.journeys.website_states import STATES

pytestmark = [
    pytest.mark.browser,
    pytest.mark.system,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (Debian: apt install chromium)"),
]
PHONE, WIDE = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


@pytest.fixture
def phone(chromium: Browser, on_tuesday: Instance) -> Iterator[Page]:
    context = chromium.new_context(
        viewport=PHONE,  # type: ignore[arg-type]
        java_script_enabled=True,
        reduced_motion="reduce",
        base_url=on_tuesday.url("web"),
    )
    yield context.new_page()
    context.close()


def _tab_to(page: Page, words: str, most: int = 60) -> None:
    """Press Tab until the thing with these words has the focus: what a keyboard can reach, it reaches."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == words:
            return
    raise AssertionError(f"{words} is not reached by {most} presses of Tab")


def test_the_numbers_are_the_first_two_things_a_keyboard_reaches(phone: Page) -> None:
    phone.goto("/")
    for number in ("120", "122"):
        phone.keyboard.press("Tab")
        assert phone.evaluate("document.activeElement.getAttribute('href')") == f"tel:{number}"


def test_a_person_asks_answers_and_follows_up_by_keyboard_alone(phone: Page) -> None:
    phone.goto("/")
    _tab_to(phone, "5")
    phone.keyboard.press("Enter")
    phone.wait_for_url("**/?tail=5")
    assert "不能走" in phone.locator("#answer").inner_text()
    _tab_to(phone, "我是绿牌")
    phone.keyboard.press("Enter")
    phone.wait_for_url("**q=**")
    assert "都能走" in phone.locator("#answer").inner_text()
    phone.locator("#q").focus()
    phone.keyboard.press("ControlOrMeta+a")
    phone.keyboard.type("我是货车")
    phone.keyboard.press("Enter")
    phone.wait_for_url("**/")
    assert "不能走" in phone.locator("#answer h2").inner_text()


def test_a_day_of_the_strip_and_a_rule_open_by_keyboard(phone: Page) -> None:
    phone.goto("/?tail=5")
    phone.locator(".days a").nth(2).focus()
    phone.keyboard.press("Enter")
    phone.wait_for_url("**day=2026-11-26")
    assert "7:00–22:00" in phone.locator("#answer").inner_text()
    phone.locator("summary", has_text="两桥单双号通告").focus()
    phone.keyboard.press("Enter")
    assert phone.get_by_text("工作日7时至22时").first.is_visible()


def test_the_focus_can_always_be_seen(phone: Page) -> None:
    phone.goto("/?tail=5")
    stops = phone.locator("main a, main button, main input:not([type=hidden]), main summary").count()
    assert stops > 30
    for _ in range(stops + 3):
        phone.keyboard.press("Tab")
        seen = phone.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)")
        assert seen >= 3, phone.evaluate("document.activeElement.outerHTML")


def test_everything_works_without_script(chromium: Browser, on_tuesday: Instance) -> None:
    context = chromium.new_context(java_script_enabled=False, viewport=PHONE)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(on_tuesday.url("web", "/m/"))
    page.get_by_role("button", name="5", exact=True).click()
    assert "不能走" in page.locator("#answer").inner_text()
    page.get_by_role("link", name="我是绿牌", exact=True).click()
    assert "都能走" in page.locator("#answer").inner_text()
    page.locator("#q").fill("明天 6 江汉桥")
    page.get_by_role("button", name="问", exact=True).click()
    assert "江汉桥" in page.locator("#answer h2").inner_text()
    page.locator("summary", has_text="一座一座说").click()
    assert page.locator(".each li").first.is_visible()
    context.close()


IN_THE_DARK = (
    *("empty", "tail-5", "two-cars", "night", "unknown", "danger", "inside", "english", "rules"),
    *("country", "city-beijing", "city-guangzhou", "city-lanzhou", "city-not-known"),
)
IN_THE_LIGHT = (
    "tail-6",
    "another-day",
    "truck",
    "asked-back",
    "wrong-address",
    "english-empty",
    "inside",
    "404",
    *("country", "rules", "city-beijing-tail-3", "city-hangzhou", "city-without-a-rule"),
    "city-across-the-year",
)


@pytest.mark.parametrize(
    ("viewport", "scheme", "states"), [(PHONE, "dark", IN_THE_DARK), (WIDE, "light", IN_THE_LIGHT)]
)
def test_axe_has_nothing_to_say(
    chromium: Browser, on_tuesday: Instance, viewport: dict[str, int], scheme: str, states: tuple[str, ...]
) -> None:
    """Each rule of axe. Every state in both schemes and sizes is what `make screenshots` goes through."""
    context = chromium.new_context(
        viewport=viewport,  # type: ignore[arg-type]
        color_scheme=scheme,  # type: ignore[arg-type]
        reduced_motion="reduce",
        bypass_csp=True,  # axe is our script, not the page's
    )
    page = context.new_page()
    for state in states:
        path, at = STATES[state]
        on_tuesday.set_clock(at)
        page.goto(on_tuesday.url("web", path))
        assert faults(page) == [], state
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), state
    context.close()


@pytest.mark.parametrize(
    "path", ["/?tail=5", "/en/?tail=5", "/m/?tail=5", "/cities/wuhan/", "/cities/beijing/?tail=3", "/cities/"]
)
def test_twice_as_large_letters_lose_nothing(phone: Page, path: str) -> None:
    phone.goto(path)
    phone.evaluate("document.documentElement.style.fontSize = '200%'")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    cut = """() => [...document.querySelectorAll('body *:not(svg *):not(.vh):not(.map):not(.skip)')].filter(
        e => e.getClientRects().length && (e.getBoundingClientRect().right > innerWidth + 1
          || (getComputedStyle(e).overflowX === 'hidden' && e.scrollWidth > e.clientWidth + 1)))
        .map(e => e.outerHTML.slice(0, 90))"""
    assert phone.evaluate(cut) == []


def test_everything_to_tap_is_large_enough_for_a_finger(phone: Page) -> None:
    phone.goto("/m/?tail=5")
    small = """() => [...document.querySelectorAll('a, button, summary, input:not([type=hidden])')]
        .filter(e => e.getClientRects().length && !e.classList.contains('skip'))
        .map(e => [e, e.getBoundingClientRect()])
        .filter(([, box]) => box.height < 43.5 || box.width < 43.5)
        .map(([e]) => e.outerHTML.slice(0, 90))"""
    assert phone.evaluate(small) == []


def test_no_page_asks_another_host_for_anything(phone: Page, on_tuesday: Instance) -> None:
    asked: list[str] = []
    phone.on("request", lambda request: asked.append(request.url))
    for path in ("/?tail=5", "/m/?tail=5", "/en/?tail=5", "/cities/wuhan/"):
        phone.goto(path)
    assert asked
    assert all(url.startswith(on_tuesday.url("web")) for url in asked)


def test_a_typed_plate_is_in_no_address_of_the_browser_and_the_talk_goes_on(
    phone: Page, on_tuesday: Instance
) -> None:
    asked: list[str] = []
    phone.on("request", lambda request: asked.append(f"{request.url} {request.headers.get('referer', '')}"))
    phone.goto("/m/")
    phone.locator("#q").fill("鄂AD12345 明天")
    with phone.expect_navigation():
        phone.keyboard.press("Enter")
    assert "能走" in phone.locator("#answer").inner_text()
    with phone.expect_navigation():
        phone.get_by_role("button", name="我是绿牌货车").click()
    assert "不能走" in phone.locator("#answer h2").first.inner_text()
    phone.locator("a", has_text="全部规定").first.click()
    phone.wait_for_url("**/cities/wuhan/")
    assert len(asked) > 5
    assert [one for one in asked if "12345" in one] == []


def test_a_plate_typed_on_a_citys_page_marks_its_calendar_and_is_in_no_address(phone: Page) -> None:
    asked: list[str] = []
    phone.on("request", lambda request: asked.append(f"{request.url} {request.headers.get('referer', '')}"))
    phone.goto("/cities/")
    phone.locator("#q").fill("京A12343")
    with phone.expect_navigation():
        phone.keyboard.press("Enter")
    assert phone.url.endswith("/cities/beijing/")
    phone.locator("#q").fill("京A12343")
    with phone.expect_navigation():
        phone.keyboard.press("Enter")
    assert "京A·1***3" in phone.locator("#days").inner_text()
    assert phone.locator(".month .is-maynot").count() > 3
    phone.get_by_role("link", name="全部规定").first.click()
    assert len(asked) > 5
    assert [one for one in asked if "12343" in one] == []


def test_everything_to_tap_on_a_citys_page_is_large_enough_for_a_finger(phone: Page) -> None:
    for path in ("/cities/", "/cities/beijing/?tail=3"):
        phone.goto(path)
        small = """() => [...document.querySelectorAll(
            'a:not(svg a):not(.parts a), button, summary, input:not([type=hidden])')]
            .filter(e => e.getClientRects().length && !e.classList.contains('skip'))
            .map(e => [e, e.getBoundingClientRect()])
            .filter(([, box]) => box.height < 43.5 || box.width < 43.5)
            .map(([e]) => e.outerHTML.slice(0, 90))"""
        assert phone.evaluate(small) == [], path


def test_a_question_typed_in_the_page_inside_the_chat_is_answered_there(
    phone: Page, on_tuesday: Instance
) -> None:
    user = on_tuesday.new_user("问路的")
    inside = on_tuesday.url("simulator", f"/_sim/users/{user}/web/m/")
    phone.goto(inside)
    phone.locator("#q").fill("鄂A12345")
    with phone.expect_navigation():
        phone.keyboard.press("Enter")
    assert phone.url == inside
    assert "不能走" in phone.locator("#answer").inner_text()


@pytest.mark.parametrize(
    "path",
    ["/", "/?tail=5", "/m/?tail=5", "/en/?tail=5", "/en/", "/cities/wuhan/", "/cities/", "/cities/hangzhou/"],
)
def test_the_narrowest_telephone_shows_all_of_it(phone: Page, path: str) -> None:
    phone.set_viewport_size({"width": 320, "height": 640})
    phone.goto(path)
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    bar = phone.locator("header.bar")
    if bar.count():
        assert bar.bounding_box()["height"] < 80  # type: ignore[index]  # one row
