"""What axe finds on a page: each fault as one line, so that a failing test says where to look."""

from __future__ import annotations

from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page

_SOURCE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
_RUN = """async (rules) => {
  const only = rules.length ? { runOnly: { type: "rule", values: rules } } : {};
  const { violations } = await axe.run(document, { resultTypes: ["violations"], ...only });
  const line = (one) => (node) => `${one.impact} ${one.id}: ${node.html.slice(0, 160)}`;
  return violations.flatMap((one) => one.nodes.map(line(one)));
}"""


def faults(page: Page, *rules: str) -> list[str]:
    """Every violation of axe's rules, or of some, on the page and inside it; empty is what we want."""
    for frame in page.frames:
        frame.evaluate(_SOURCE)
    found: list[str] = page.evaluate(_RUN, list(rules))
    return found
