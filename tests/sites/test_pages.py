"""Addresses, the page inside WeChat, English, and the rules in words."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from django.test import Client

from daxiang.domains.restrictions.queries import load_city
from daxiang.kernel.clock import SHANGHAI, FixedClock
from daxiang.sites.public import picture, views
from daxiang.sites.public.cities import country, days_file, page

TUESDAY = datetime(2026, 11, 24, 8, 10, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def _at(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (views, picture, page, country, days_file):
        monkeypatch.setattr(module, "business_clock", lambda: FixedClock(TUESDAY))


def _page(address: str) -> str:
    return Client().get(address).content.decode()


def _words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html))


@pytest.mark.parametrize("home", ["/", "/m/", "/en/"])
def test_a_day_and_a_kind_of_vehicle_can_be_asked_by_address(home: str) -> None:
    html = _page(f"{home}?tail=5&day=2026-11-26")
    assert "7:00–22:00" in _words(html)
    assert 'class="answer is-may"' in _page(f"{home}?tail=5&day=2026-11-26&kind=green")
    assert 'class="answer is-maynot"' in _page(f"{home}?kind=truck")


@pytest.mark.parametrize("wrong", ["day=yesterday", "day=2030-01-01", "kind=spaceship", "day=2026-02-30"])
@pytest.mark.parametrize(("home", "sentence"), [("/", "。"), ("/en/", ".")])
def test_a_wrong_address_gets_one_clear_sentence_and_loses_nothing(
    home: str, sentence: str, wrong: str
) -> None:
    response = Client().get(f"{home}?tail=5&q=明天&{wrong}")
    html = response.content.decode()
    said = _words(html.split('role="alert"')[1].split("</h2>")[0]).split(">")[-1].strip()
    assert response.status_code == 400
    assert said.endswith(sentence)
    assert 'value="明天"' in html
    assert 'value="5" aria-pressed="true"' in html
    assert 'is-may"' not in html.split('id="answer"')[1].split("</div>\n</div>")[0]


def test_after_a_choice_what_is_tapped_next_is_a_link() -> None:
    html = _page("/?tail=5")
    assert 'href="/?tail=5&amp;q=%E6%88%91%E6%98%AF%E7%BB%BF%E7%89%8C"' in html
    assert 'class="answer is-may"' in _page("/?tail=5&q=我是绿牌")


def test_after_words_what_is_tapped_next_is_posted_with_them() -> None:
    html = _page("/?q=5")
    taps = html.split('class="taps"')[1].split("</form>")[0]
    assert 'method="post"' in taps
    assert '<input type="hidden" name="after" value="5">' in taps
    assert '<button class="tap" name="q" value="我是绿牌">' in taps
    assert 'class="answer is-may"' in _page("/?after=5&q=我是绿牌")


def test_asked_back_for_the_tail_the_keys_answer_that_question() -> None:
    html = _page("/?q=明天长江大桥能走吗")
    keys = html.split("<fieldset>")[0].rsplit("<form", 1)[1]
    assert 'name="after" value="明天长江大桥能走吗"' in keys
    assert '<button name="q" value="5"' in html
    assert "明天（25日 周三）" in _words(_page("/?after=明天长江大桥能走吗&q=5"))


def test_the_basis_is_on_the_same_page() -> None:
    html = _page("/?tail=5")
    assert '<a class="tap" href="#sources">看依据</a>' in html
    assert 'id="sources"' in html
    assert "最近核对 2025-12-09，还没有民警签字" in _words(html)


def test_inside_wechat_there_is_no_second_bar_and_every_link_stays_inside() -> None:
    html = _page("/m/?tail=5")
    assert "<header" not in html
    assert 'class="nav"' not in html
    assert 'action="/m/"' in html
    assert not re.search(r'href="/\?', html)


def test_both_languages_point_at_each_other() -> None:
    for address in ("/?tail=5", "/en/?tail=5"):
        html = _page(address)
        assert re.search(r'<link rel="alternate" hreflang="en" href="http[^"]*/en/\?tail=5">', html)
        assert re.search(r'<link rel="alternate" hreflang="zh-CN" href="http[^"]*/\?tail=5">', html)
    assert '<a href="/en/?tail=5" lang="en" hreflang="en">English</a>' in _page("/?tail=5")
    assert '<a href="/?tail=5" lang="zh-CN" hreflang="zh-CN">中文</a>' in _page("/en/?tail=5")


def test_in_english_nothing_chinese_is_left_unmarked() -> None:
    for address in ("/en/", "/en/?tail=5", "/en/?kind=truck", "/en/cities/wuhan/", "/en/?q=我被撞了"):
        html = re.sub(r'<(\w+)[^>]* lang="zh-CN"[^>]*>.*?</\1>', "", _page(address), flags=re.DOTALL)
        body = _words(html.split("<body")[1])
        assert not re.search(r"[\u4e00-\u9fff]", body), (address, re.findall(r"[\u4e00-\u9fff]+", body)[:5])


def test_danger_is_answered_also_when_no_rule_can_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object, **__: object) -> object:
        raise OSError

    monkeypatch.setattr("daxiang.sites.public.found.load_city", gone)
    for home in ("/", "/m/", "/en/"):
        response = Client().get(f"{home}?q=我被撞了")
        assert response.status_code == 200
        assert 'class="call" href="tel:120"' in response.content.decode()


def test_without_rules_every_crossing_is_drawn_uncertain(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object, **__: object) -> object:
        raise OSError

    monkeypatch.setattr(views, "find", gone)
    drawing = _page("/?tail=5").split("<figure")[1].split("</figure>")[0]
    assert 'class="crossing marked is-unknown' in drawing
    assert "marked is-may" not in drawing


def test_the_rules_page_holds_every_card_and_its_last_check() -> None:
    words = _words(_page("/cities/wuhan/"))
    for card in load_city("wuhan").cards:
        assert card.short_title in words
        assert card.provenance.verified_text in words
        for clause in card.clauses:
            assert clause.says in words


def test_the_rules_page_says_what_holds_for_whom() -> None:
    rows = _page("/cities/wuhan/").split("<tbody>")[1].split("</tbody>")[0].split("</tr>")
    said = {_words(row).split(" ")[0][:5]: row for row in rows}
    assert "7:00–22:00看尾号" in said["蓝牌小客车"]
    assert said["绿牌小客车"].count("能走") == 2
    assert said["摩托车全天"[:5]].count("全天不能走") == 4


@pytest.mark.parametrize("address", ["/cities/nowhere/", "/en/cities/nowhere/", "/cities/Beijing/"])
def test_a_city_of_which_nothing_is_on_record_is_not_here(address: str) -> None:
    assert Client().get(address).status_code == 404


def test_in_english_other_cities_lead_to_their_chinese_page() -> None:
    assert Client().get("/en/cities/beijing/").headers["Location"] == "/cities/beijing/"
    assert Client().get("/en/cities/").headers["Location"] == "/cities/"
    assert '<html lang="zh-CN">' in _page("/cities/beijing/")
