"""The page on personal data names every table, with what of a person stands in it."""

from __future__ import annotations

from pathlib import Path

from django.apps import apps

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "personal-data.md"


def test_every_table_is_named_on_the_page() -> None:
    page = PAGE.read_text(encoding="utf-8")
    tables = {model._meta.db_table for model in apps.get_models()}
    assert "resident_message" in tables
    assert {table for table in tables if f"`{table}`" not in page} == set()
