"""`make screenshots`: every page and phone screen, wide and 390 px, light and dark."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright
from prove.instance import Instance, running

from tests.journeys.browser import CHROMIUM, launch
from tests.journeys.conftest import TUESDAY
from tests.journeys.phone_pictures import states

SIZES = {"wide": (1280, 900), "390": (390, 844)}
PAGES = {
    "website-empty": "/",
    "website-tail-5": "/?tail=5",
    "website-tail-6": "/?tail=6",
    "website-danger": "/?q=%E6%88%91%E8%A2%AB%E6%92%9E%E4%BA%86",
    "website-not-understood": "/?q=%E9%82%A3%E5%91%A8%E5%85%AD%E5%91%A2",
    "website-404": "/nothing-here",
    "gallery": "/gallery/",
}


def _phone(browser: Browser, instance: Instance, folder: Path, size: str, scheme: str) -> None:
    for name, page in states(browser, instance, size, scheme):
        page.screenshot(path=folder / f"phone-{name}-{size}-{scheme}.png")


def _pages(browser: Browser, instance: Instance, folder: Path, size: str, scheme: str) -> None:
    width, height = SIZES[size]
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)  # type: ignore[arg-type]
    for name, path in PAGES.items():
        page.goto(instance.url("web", path))
        page.screenshot(path=folder / f"{name}-{size}-{scheme}.png", full_page=True)
    page.context.close()


def main(target: str) -> int:
    if CHROMIUM is None:
        print("Chromium is missing: install it (Debian: apt install chromium).", file=sys.stderr)
        return 1
    folder = Path(target)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home, running(Path(home) / "home") as instance:
        instance.set_clock(TUESDAY)
        with sync_playwright() as playwright, launch(playwright) as browser:
            for scheme in ("light", "dark"):
                for size in SIZES:
                    _phone(browser, instance, folder, size, scheme)
                    _pages(browser, instance, folder, size, scheme)
    print(f"{len(list(folder.glob('*.png')))} pictures in {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
