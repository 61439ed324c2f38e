"""A whole copy of Daxiang for the stories of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from prove.instance import Instance, running

from tests.journeys.browser import launch
from tests.journeys.city import City, city
from tests.journeys.phone import Phone, Platform, desk

TUESDAY = "2026-11-24T08:10:00+08:00"
"""An even day and a workday: tail 5 may not use the two bridges until 22:00."""


@pytest.fixture(scope="session")
def whole_copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    with running(tmp_path_factory.mktemp("copy") / "home") as instance:
        yield instance


@pytest.fixture
def on_tuesday(whole_copy: Instance) -> Instance:
    whole_copy.set_clock(TUESDAY)
    return whole_copy


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """A simulator with a small service, for what the phone shows."""
    with city(tmp_path_factory.mktemp("city")) as made:
        yield made


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright, launch(playwright) as browser:
        yield browser


@pytest.fixture
def platform(town: City) -> Iterator[Platform]:
    """The town's platform, just reset, on a Tuesday that stands still."""
    made = Platform(town.simulator)
    made.sim("/reset", {})
    made.sim("/clock", {"now": TUESDAY, "rate": 0})
    yield made
    made.sim("/faults", method="DELETE")


@pytest.fixture
def wide(chromium: Browser, town: City, platform: Platform) -> Iterator[Page]:
    """The desk with both phones."""
    with desk(chromium, town) as page:
        yield page


@pytest.fixture
def narrow(chromium: Browser, town: City, platform: Platform) -> Iterator[Page]:
    """The desk on a telephone's own screen of 390 pixels: one phone."""
    with desk(chromium, town, width=390) as page:
        yield page


@pytest.fixture
def phone(narrow: Page) -> Phone:
    """The phone of a narrow desk; its person follows the service account."""
    made = Phone(narrow)
    made.follow()
    return made
