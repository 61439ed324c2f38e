"""Template words: what may break over a line, and what may not."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from daxiang.design.templatetags.design import breakable, whole


@pytest.mark.parametrize("piece", ["2026-11-24", "7:00–22:00", "22:30–5:00", "7–22点"])
def test_a_date_and_hours_stay_in_one_piece(piece: str) -> None:
    assert whole(f"到{piece}为止") == f'到<span class="nb">{piece}</span>为止'
    assert f'<span class="nb">{piece}</span>' in breakable(f"大桥不能走，{piece}")


@pytest.mark.parametrize("hostile", ["<b>2026-11-24</b>", "7:00–22:00<script>", "&amp;2026-11-24"])
def test_what_is_kept_whole_is_escaped_all_the_same(hostile: str) -> None:
    shown = re.sub(r"</?span[^>]*>", "", whole(hostile))
    assert "<" not in shown
    assert "&amp;amp;" in shown or "&lt;" in shown


@pytest.mark.parametrize("home", ["/", "/m/", "/en/"])
def test_the_example_of_a_day_does_not_break(home: str) -> None:
    html = Client().get(f"{home}?day=tomorrow").content.decode()
    assert '<span class="nb">2026-11-24</span>' in html
