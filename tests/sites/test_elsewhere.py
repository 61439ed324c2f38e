"""A question about another city, typed on the page of this one."""

from __future__ import annotations

import re
from datetime import datetime
from urllib.parse import urlencode

import pytest
from django.test import Client

from daxiang.kernel.clock import SHANGHAI, FixedClock
from daxiang.sites.public import picture, views

NOW = datetime(2026, 11, 25, 11, 30, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def _at(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (views, picture):
        monkeypatch.setattr(module, "business_clock", lambda: FixedClock(NOW))


def page(words: str, *before: str, home: str = "/") -> str:
    pairs = [*(("after", one) for one in before), ("q", words)]
    answer = Client().post(home, urlencode(pairs), content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 200
    return answer.content.decode()


def said(html: str) -> str:
    return re.sub(r"\s+", "", re.sub(r"<[^>]*>", " ", html))


@pytest.mark.parametrize(
    ("words", "before", "line"),
    [
        ("成都 尾号3", (), "成都今天（25日 周三），尾号3：绕城内不能走，20:00后能走。"),
        ("明天去北京 鄂A12345", (), "北京明天（26日 周四），鄂A·1***5：五环内要看有没有办进京证。"),
        ("没办", ("明天去北京 鄂A12345",), "北京明天（26日 周四），鄂A·1***5：五环内全天不能走。"),
        ("西安明天", (), "西安明天（26日 周四）：绕城内不确定，没有查到这一天有效的通告。"),
        ("南京限行吗", (), "南京不确定：那边的限行规定我这里还没有录入，不敢说能走。"),
    ],
)
def test_the_page_says_what_the_chat_says(words: str, before: tuple[str, ...], line: str) -> None:
    assert line.replace(" ", "") in said(page(words, *before))


@pytest.mark.parametrize("home", ["/", "/m/", "/en/"])
@pytest.mark.parametrize("words", ["成都 尾号3", "京A12345 北京", "明天去北京 鄂A12345", "西安明天"])
def test_no_crossing_of_ours_is_marked_for_another_city(words: str, home: str) -> None:
    html = page(words, home=home)
    drawn = "".join(re.findall(r"<svg class=\"map.*?</svg>", html, re.DOTALL))
    assert drawn
    assert not re.search(r"tone-(?:may|maynot|closed)\b|\b(?:may|maynot)\b", drawn)
    assert "问的是别的城市" in html or "You asked about another city" in html


def test_the_next_question_carries_the_talk_and_leads_home_again() -> None:
    html = page("武汉呢", "成都 尾号3")
    assert "长江大桥" in said(html)
    assert "问的是别的城市" not in html
    assert 'value="依据是什么"' in page("成都 尾号3")
    assert "成都市绕城高速以内工作日尾号限行" in said(page("依据是什么", "成都 尾号3"))
