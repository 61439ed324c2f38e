"""The page on personal data names every table that could hold any."""

from __future__ import annotations

from pathlib import Path

from django.apps import apps

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "personal-data.md"
NOBODYS = {
    "recurring_occasion",
    "restrictions_active",
    "restrictions_generation",
    "restrictions_switch",
    "wechat_media",
    "wechat_quota",
    "wechat_quota_limit",
    "wechat_token",
}
"""Tables in which nobody stands."""


def test_every_table_is_named_on_the_page_or_holds_nobody() -> None:
    page = PAGE.read_text(encoding="utf-8")
    tables = {model._meta.db_table for model in apps.get_models()}
    assert {table for table in tables if f"`{table}`" not in page} == NOBODYS
