"""The pages of the country and its cities: each renders, holds its cards, keeps a plate out of addresses."""

from __future__ import annotations

import re
from datetime import datetime
from itertools import combinations
from urllib.parse import urlencode

import pytest
from django.http import HttpResponse
from django.test import Client

from daxiang.domains.restrictions.queries import city_ids, load_city
from daxiang.kernel.clock import SHANGHAI, FixedClock
from daxiang.sites.public.cities import country, page
from daxiang.sites.public.cities.map import CORE, WIDE, Box, Spot, country_map

NOW = datetime(2026, 11, 25, 8, 10, tzinfo=SHANGHAI)
CITIES = city_ids()


@pytest.fixture(autouse=True)
def _at(monkeypatch: pytest.MonkeyPatch) -> None:
    _stand_at(monkeypatch, NOW)


def _stand_at(monkeypatch: pytest.MonkeyPatch, at: datetime) -> None:
    for module in (page, country):
        monkeypatch.setattr(module, "business_clock", lambda: FixedClock(at))


def _page(address: str) -> str:
    response = Client().get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def _post(address: str, typed: str) -> HttpResponse:
    form = urlencode({"q": typed})
    return Client().post(address, form, content_type="application/x-www-form-urlencoded")  # type: ignore[return-value]


def _words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html))


def _first(html: str) -> str:
    return _words("<p" + html.split('class="now"')[1].split("</section>")[0].partition(">")[2])


@pytest.mark.parametrize("city", CITIES)
def test_a_citys_page_holds_each_card_its_sentences_its_source_and_its_last_check(city: str) -> None:
    cards, html = load_city(city), _page(f"/cities/{city}/")
    words = _words(html)
    assert html.count("<h1") == 1
    assert cards.brief in words
    for card in cards.cards:
        told = card.provenance
        for sentence in [card.short_title, card.title, told.verified_text, told.url, told.issuer]:
            assert sentence in words.replace("&amp;", "&"), (card.id, sentence)
        for one in (*card.clauses, *card.lifts):
            assert one.says in words
    for place in cards.places.values():
        assert (place.bounds or "") in words


@pytest.mark.parametrize("city", CITIES)
def test_an_expired_card_stands_under_the_former_rules_and_one_in_force_does_not(city: str) -> None:
    html = _page(f"/cities/{city}/")
    former = html.partition('id="former"')[2]
    for card in load_city(city).cards:
        is_over = bool(card.valid_until and card.valid_until <= NOW)
        replaced = any(card.id in one.supersedes for one in load_city(city).cards if one.valid_from <= NOW)
        assert (f'id="{card.id}"' in former) is (is_over or replaced), card.id


@pytest.mark.parametrize(
    ("city", "said"),
    [
        (
            "wuhan",
            [
                "长江大桥、江汉桥",
                "双号不能走",
                "7:00–22:00",
                "现在正在限，到22:00",
                "单号能走",
                "明天（26日 周四）单号不能走",
            ],
        ),
        ("beijing", ["京牌车 · 五环内", "限 2和7", "外地车 · 五环内", "其余时间要看有没有办进京证"]),
        ("guangzhou", ["外地车 · 管控区", "看情况", "要看前几天哪些天开过"]),
        ("hangzhou", ["限 3和7", "外地车 · 错峰区、高架", "都不能走", "现在正在限，到9:00"]),
        ("lanzhou", ["3和8看情况", "要看是不是第一次到", "请留意现场标志"]),
        ("xian", ["不确定", "没有查到", "管到2026-11-06，之后的没有查到"]),
        ("nanchang", ["不限", "2022年12月29日起不再按尾号限行"]),
        ("mianyang", ["没有查到尾号限行", str(load_city("mianyang").no_tail_rule)]),
    ],
)
def test_the_first_screen_says(city: str, said: list[str]) -> None:
    first = _first(_page(f"/cities/{city}/"))
    for one in said:
        assert one in first, first


@pytest.mark.parametrize(
    ("hour", "said"),
    [(6, "现在没在限，7:00起限"), (12, "现在正在限，到20:00"), (20, "今天的时段已经过了")],
)
def test_it_says_what_holds_now_and_when_that_changes(
    monkeypatch: pytest.MonkeyPatch, hour: int, said: str
) -> None:
    _stand_at(monkeypatch, NOW.replace(hour=hour, minute=0))
    assert said in _first(_page("/cities/beijing/"))


def test_the_rotation_of_these_weeks_and_of_the_next_ones_is_told() -> None:
    words = _words(_page("/cities/beijing/"))
    assert "2026年9月28日–2026年12月27日：周一5和0，周二1和6" in words
    assert "2026年12月28日–2027年3月28日：周一4和9" in words


def test_pressing_a_tail_marks_the_calendar_for_it_and_offers_its_file() -> None:
    html = _page("/cities/beijing/?tail=3")
    assert '<button name="tail" value="3" aria-pressed="true">' in html
    assert "京牌车尾号3，五环内" in _words(html)
    assert 'href="webcal://' in html
    assert 'href="/cities/beijing/days.ics?tail=3" download="beijing-3.ics"' in html
    assert html.count('<li class="is-maynot') == 5


def test_a_car_from_elsewhere_has_its_own_calendar_and_file() -> None:
    html = _page("/cities/hangzhou/?tail=3&who=visitor")
    assert "外地车尾号3" in _words(html)
    assert "/cities/hangzhou/days.ics?tail=3&amp;who=visitor" in html


def test_a_typed_plate_marks_the_calendar_and_is_in_no_address_and_kept_by_nobody() -> None:
    response = _post("/cities/beijing/", "京A12343")
    html = response.content.decode()
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"
    assert "京A·1***3，五环内" in _words(html)
    assert html.count('<li class="is-maynot') == 5
    assert not [link for link in re.findall(r'(?:href|action|content)="([^"]*)"', html) if "12343" in link]
    assert '/cities/beijing/days.ics?tail=3" download' in html


def test_a_letter_counts_as_the_notice_has_it_and_the_file_is_of_a_tail_that_fares_alike() -> None:
    html = _post("/cities/beijing/", "京A1234K").content.decode()
    assert '/cities/beijing/days.ics?tail=0" download' in html


def test_a_visitors_plate_tells_that_it_is_one() -> None:
    html = _post("/cities/hangzhou/", "湘A12348").content.decode()
    assert html.count('<li class="is-maynot') == 22
    assert "who=visitor" in html


@pytest.mark.parametrize("typed", ["我被撞了", "有人受伤了"])
@pytest.mark.parametrize("address", ["/cities/beijing/", "/cities/"])
def test_words_of_danger_are_answered_first(address: str, typed: str) -> None:
    html = _post(address, typed).content.decode()
    main = html.split("<main")[1]
    assert main.index('href="tel:120"') < main.index("<h1")


@pytest.mark.parametrize(
    "typed", ["", "随便说说", "尾号K", "京A1234", "<script>alert(1)</script>", "5" * 300, "\0\r\n"]
)
def test_what_cannot_be_read_gets_a_sentence_and_the_calendar_stays(typed: str) -> None:
    response = _post("/cities/beijing/", typed)
    html = response.content.decode()
    assert response.status_code == (400 if typed.strip("\0\r\n") else 200)
    assert "<script>" not in html
    assert 'class="days month"' in html
    assert html.count('role="alert"') == bool(typed.strip("\0\r\n"))


@pytest.mark.parametrize(
    "query",
    ["tail=5&tail=6", "who=x", "who=<script>", "kind=spaceship", "who=local&who=visitor", "day=x"],
)
def test_a_hostile_address_gets_a_sentence_and_is_not_kept(query: str) -> None:
    response = Client().get(f"/cities/beijing/?{query}")
    assert response.status_code == 400
    assert "ETag" not in response
    assert "<script>" not in response.content.decode()


@pytest.mark.parametrize(
    "query", ["", "tail=5", "tail=5&kind=green", "tail=5&who=visitor", "who=visitor", "utm=x"]
)
@pytest.mark.parametrize("city", ["beijing", "guangzhou", "mianyang"])
def test_what_an_address_decides_is_kept_with_a_mark(city: str, query: str) -> None:
    first = Client().get(f"/cities/{city}/?{query}")
    again = Client().get(f"/cities/{city}/?{query}", headers={"if-none-match": first["ETag"]})
    assert (first.status_code, first["Cache-Control"], again.status_code) == (200, "public, no-cache", 304)


def test_the_country_has_a_line_for_each_city() -> None:
    html = _page("/cities/")
    lists = html.split('class="provinces"')[1]
    for city in CITIES:
        assert f'<a class="city" href="/cities/{city}/">{load_city(city).name}</a>' in lists
    words = _words(lists)
    for line in (
        "今天双号不能走",
        "今天限2和7",
        "外地车高峰不能走",
        "外地车白天不能走",
        "没有尾号限行",
        "不确定",
    ):
        assert line in words
    assert words.index("武汉") < words.index("北京")


def test_on_a_saturday_nothing_is_restricted_but_what_is(monkeypatch: pytest.MonkeyPatch) -> None:
    _stand_at(monkeypatch, NOW.replace(day=28))
    words = _words(_page("/cities/").split('class="provinces"')[1])
    assert words.count("今天不限") >= 8
    assert "今天双号不能走" not in words.replace("宁波 今天单号不能走", "")


@pytest.mark.parametrize(
    ("typed", "city"),
    [
        ("成都", "chengdu"),
        ("成都市", "chengdu"),
        ("川A", "chengdu"),
        ("川A12345", "chengdu"),
        ("beijing", "beijing"),
        ("京", "beijing"),
        ("京A12345", "beijing"),
        ("成都限行吗", "chengdu"),
    ],
)
def test_a_name_or_the_beginning_of_a_plate_leads_straight_to_the_city(typed: str, city: str) -> None:
    response = _post("/cities/", typed)
    assert (response.status_code, response.headers["Location"]) == (302, f"/cities/{city}/")
    assert response["Cache-Control"] == "private, no-store"


def test_a_province_shows_its_cities_and_a_city_not_on_record_gets_a_sentence() -> None:
    html = _post("/cities/", "广东").content.decode()
    assert re.findall(r'class="city" href="/cities/(\w+)/"', html) == ["guangzhou", "shenzhen"]
    missed = _post("/cities/", "拉萨").content.decode()
    assert "还没有录入这座城市" in _words(missed)
    assert missed.count('class="city"') == len(CITIES)


def test_a_pack_that_cannot_be_read_leaves_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    def some(city: str) -> object:
        if city == "beijing":
            raise OSError
        return load_city(city)

    monkeypatch.setattr(country, "load_city", some)
    assert _page("/cities/").count('class="city"') == len(CITIES) - 1


def _spots() -> list[Spot]:
    packs = [load_city(city) for city in CITIES]
    return [
        Spot(id=one.id, name=one.name, lon=one.lon, lat=one.lat)
        for one in packs
        if one.lon is not None and one.lat is not None
    ]


@pytest.mark.parametrize("key", [WIDE, CORE])
def test_no_name_on_the_map_covers_another_or_a_dot_or_leaves_the_sheet(key: str) -> None:
    drawn = country_map(_spots(), key)
    half = drawn.size / 2
    assert len(drawn.dots) == len(CITIES)
    for one, other in combinations(drawn.dots, 2):
        assert not one.box.touches(other.box), (one.name, other.name)
    for one in drawn.dots:
        assert 0 <= one.box.left < one.box.right <= drawn.width
        assert 0 <= one.box.top < one.box.bottom <= drawn.height
        for other in drawn.dots:
            mark = Box(other.x - half, other.y - half, other.x + half, other.y + half)
            assert one is other or not one.box.touches(mark), (one.name, other.name)


def test_the_map_has_the_north_above_and_the_east_on_the_right() -> None:
    at = {dot.id: dot for dot in country_map(_spots(), WIDE).dots}
    assert at["beijing"].y < at["wuhan"].y < at["guangzhou"].y
    assert at["lanzhou"].x < at["wuhan"].x < at["shanghai"].x
