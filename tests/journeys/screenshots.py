"""`make screenshots [ONLY=chat|console]`: every page and phone screen, wide and 390 px, light and dark."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright
from prove.instance import Instance, running

from tests.journeys import chat_pictures, console_pictures
from tests.journeys.axe import faults
from tests.journeys.browser import CHROMIUM, launch
from tests.journeys.conftest import TUESDAY
from tests.journeys.phone_pictures import states
from tests.journeys.website_states import STATES

SIZES = {"wide": (1280, 900), "390": (390, 844)}
PAGES = {f"website-{name}": state for name, state in STATES.items()} | {
    "gallery": ("/gallery/", TUESDAY),
    "gallery-console": ("/gallery/console/", TUESDAY),
}


_ALL_PICTURES = """() => Promise.all([...document.images].map((one) => {
  one.loading = "eager";
  return one.decode();
}))"""


def _phone(browser: Browser, instance: Instance, folder: Path, size: str, scheme: str) -> None:
    for name, page in states(browser, instance, size, scheme):
        page.screenshot(path=folder / f"phone-{name}-{size}-{scheme}.png")


def _pages(browser: Browser, instance: Instance, folder: Path, size: str, scheme: str) -> list[str]:
    """A picture of each page, and what axe has to say about any."""
    width, height = SIZES[size]
    found: list[str] = []
    page = browser.new_page(
        viewport={"width": width, "height": height},
        color_scheme=scheme,  # type: ignore[arg-type]
        bypass_csp=True,  # axe is our script, not the page's
    )
    for name, (path, at) in PAGES.items():
        instance.set_clock(at)
        page.goto(instance.url("web", path))
        page.evaluate(_ALL_PICTURES)
        page.screenshot(path=folder / f"{name}-{size}-{scheme}.png", full_page=True)
        found += [f"{name} {size} {scheme}: {fault}" for fault in faults(page)]
    page.context.close()
    return found


def main(target: str, only: str = "") -> int:
    if CHROMIUM is None:
        print("Chromium is missing: install it (Debian: apt install chromium).", file=sys.stderr)
        return 1
    folder = Path(target)
    folder.mkdir(parents=True, exist_ok=True)
    found: list[str] = []
    with tempfile.TemporaryDirectory() as home, running(Path(home) / "home") as instance:
        instance.set_clock(TUESDAY)
        with sync_playwright() as playwright, launch(playwright) as browser:
            chat_pictures.draw(browser, instance, folder)  # before the phone's states reset the simulator
            if only == "chat":
                return 0
            found += console_pictures.draw(browser, instance, folder)
            if only == "console":
                return _told(folder, found)
            instance.set_clock(TUESDAY)
            for scheme in ("light", "dark"):
                for size in SIZES:
                    _phone(browser, instance, folder, size, scheme)
                    found += _pages(browser, instance, folder, size, scheme)
    return _told(folder, found)


def _told(folder: Path, found: list[str]) -> int:
    """Say how many pictures there are, and what axe found; the exit status."""
    print("\n".join(found), end="\n" if found else "", file=sys.stderr)
    print(f"{len(list(folder.glob('*.png')))} pictures in {folder}, {len(found)} faults found by axe")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
