"""The website's page of addresses against its table of addresses."""

from __future__ import annotations

import re
from pathlib import Path

from daxiang.sites.public.urls import urlpatterns

PAGE = Path(__file__).parents[2] / "docs/reference/website.md"


def test_every_address_of_the_website_is_explained() -> None:
    page = PAGE.read_text(encoding="utf-8")
    addresses = {re.sub(r"<[^>]*>", "C", f"/{one.pattern}") for one in urlpatterns}
    assert {one for one in addresses if not re.search(f"`{one}[`?]", page)} == set()
