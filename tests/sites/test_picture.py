"""/day.png: the picture for one tail and one day, strict in what it takes, small in what it gives."""

from __future__ import annotations

import re
from datetime import datetime
from io import BytesIO

import pytest
from django.test import Client
from PIL import Image

from daxiang.kernel.clock import SHANGHAI, FixedClock
from daxiang.sites.public import picture, views

TUESDAY = datetime(2026, 11, 24, 8, 10, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def _at(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (views, picture):
        monkeypatch.setattr(module, "business_clock", lambda: FixedClock(TUESDAY))


@pytest.mark.parametrize("tail", list("0123456789"))
def test_it_is_a_small_picture_of_the_promised_size(tail: str) -> None:
    response = Client().get("/day.png", {"tail": tail, "day": "2026-11-24"})
    assert response["Content-Type"] == "image/png"
    assert len(response.content) <= 100_000
    assert Image.open(BytesIO(response.content)).size == (1080, 1440)


def test_who_has_it_already_is_not_sent_it_again() -> None:
    first = Client().get("/day.png?tail=5&day=2026-11-24")
    assert first["Cache-Control"] == "public, no-cache"
    again = Client().get("/day.png?tail=5&day=2026-11-24", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]


def test_another_tail_or_day_is_another_picture() -> None:
    tags = {
        Client().get(f"/day.png?tail={tail}&day={day}")["ETag"]
        for tail in "56"
        for day in ("2026-11-24", "2026-11-25")
    }
    assert len(tags) == 4


@pytest.mark.parametrize(
    "query",
    [
        "",
        "tail=5",
        "day=2026-11-24",
        "tail=55&day=2026-11-24",
        "tail=٥&day=2026-11-24",
        "tail=５&day=2026-11-24",
        "tail=5&tail=6&day=2026-11-24",
        "tail=5&day=2026-11-24&x=1",
        "tail=5&day=20261124",
        "tail=5&day=2026-13-01",
        "tail=5&day=1999-01-01",
        "tail=5&day=2099-01-01",
        "tail=5&day=2026-W48-2",
        "tail=鄂A12345&day=2026-11-24",
        "tail=5&day=%00",
    ],
)
def test_anything_else_is_refused_in_one_sentence(query: str) -> None:
    response = Client().get(f"/day.png?{query}")
    assert response.status_code == 400
    assert re.fullmatch(r"[^<>\n]{5,60}。", response.content.decode())


def test_the_page_shows_it_with_the_same_words_beside_it() -> None:
    html = Client().get("/?tail=5").content.decode()
    assert '<img src="/day.png?tail=5&amp;day=2026-11-24"' in html
    beside = re.sub(r"<[^>]+>", "", html.split('class="copy"')[1].split('class="taps"')[0])
    for words in (
        "11月24日",
        "尾号5",
        "长江大桥、江汉桥不能走",
        "7:00–22:00",
        "家里尾号0 2 4 6 8的车",
        "2025-12-09",
    ):
        assert words in beside


def test_a_preview_in_a_chat_gets_the_picture_by_its_whole_address() -> None:
    html = Client().get("/m/?tail=5").content.decode()
    image = re.search(r'<meta property="og:image" content="(http[^"]+)">', html)
    assert image
    assert image[1].endswith("/day.png?tail=5&amp;day=2026-11-24")
    assert '<meta property="og:title" content="尾号5，今天（24日 周二）：长江大桥、江汉桥不能走' in html


@pytest.mark.parametrize("query", ["q=货车", "q=5 6", "tail=5&kind=green", "q=我被撞了", ""])
def test_where_the_picture_would_say_something_else_there_is_none(query: str) -> None:
    assert "day.png" not in Client().get(f"/?{query}").content.decode()
