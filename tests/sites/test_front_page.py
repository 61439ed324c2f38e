"""The front page: every state of it, without a database and without script."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from django.test import Client

from daxiang.domains.restrictions.errors import CityUnknown
from daxiang.foundation import health
from daxiang.kernel.clock import SHANGHAI, FixedClock
from daxiang.sites.public import picture, views

TUESDAY = datetime(2026, 11, 24, 8, 10, tzinfo=SHANGHAI)
CHINESE = ("/", "/?tail=5", "/?tail=6", "/?q=K", "/?q=我被撞了", "/?q=谢谢", "/m/", "/m/?tail=5")
CHINESE += ("/?q=5 6", "/?tail=5&day=x", "/?kind=truck", "/cities/wuhan/", "/gallery/", "/nowhere")
ENGLISH = ("/en/", "/en/?tail=5", "/en/?q=我被撞了", "/en/?q=K", "/en/cities/wuhan/")


@pytest.fixture(autouse=True)
def _at(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (views, picture):
        monkeypatch.setattr(module, "business_clock", lambda: FixedClock(TUESDAY))


@pytest.fixture
def client() -> Client:
    return Client()


def _page(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def _words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html))


def test_a_tail_that_may_not_drive_is_told_so_until_when_and_what_is_open(client: Client) -> None:
    said = _words(_page(client, "/?tail=5"))
    for words in (
        "尾号5，今天（24日 周二）：",
        "长江大桥、江汉桥不能走",
        "22:00后能走",
        "过长江走",
        "鹦鹉洲大桥",
        "依据：两桥单双号通告",
    ):
        assert words in said


def test_a_tail_that_may_drive_is_told_until_when(client: Client) -> None:
    html = _page(client, "/?tail=6")
    assert 'class="answer is-may"' in html
    assert "到明天7:00" in html


def test_the_pressed_key_says_so_and_no_other(client: Client) -> None:
    html = _page(client, "/?tail=5")
    assert re.findall(r'value="(\d)" aria-pressed="true"', html) == ["5"]


def test_a_question_in_words_presses_the_key_it_was_about(client: Client) -> None:
    assert 'value="6" aria-pressed="true"' in _page(client, "/?q=尾号6")


def test_without_a_question_the_page_says_how_to_begin_and_presses_nothing(client: Client) -> None:
    html = _page(client, "/")
    assert "这里就告诉您今天走哪座桥" in html
    assert 'aria-pressed="true"' not in html


def test_the_drawing_marks_every_crossing_by_its_own_answer(client: Client) -> None:
    wide = _page(client, "/?tail=5").split('class="map map-wide"')[1].split("</svg>")[0]
    assert wide.count('class="crossing marked is-maynot strong"') == 2
    assert wide.count('class="crossing marked is-unknown"') == 2  # no rule on record: never green
    assert wide.count('class="crossing ') == wide.count("marked")


def test_danger_stands_before_the_question_with_numbers_to_tap(client: Client) -> None:
    html = _page(client, "/?q=我被撞了")
    calls = html.index('class="call" href="tel:120"')
    assert calls < html.index("今天走哪座桥</h2>")
    assert 'class="map' not in html


def test_without_rules_nobody_is_told_that_they_may_drive(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object) -> object:
        raise CityUnknown("没有录入这个城市。")

    monkeypatch.setattr(views, "find", gone)
    response = client.get("/?q=明天5")
    html = response.content.decode()
    assert response.status_code == 503
    assert "不敢说能走" in html
    assert 'value="明天5"' in html  # what was typed is not lost


def test_a_fault_of_ours_ends_in_a_page_with_the_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> object:
        raise ZeroDivisionError

    monkeypatch.setattr(views, "find", broken)
    response = Client(raise_request_exception=False).get("/?tail=5")
    assert response.status_code == 500
    assert "不敢说能走" in response.content.decode()
    assert 'href="tel:120"' in response.content.decode()


@pytest.mark.parametrize(
    "hostile", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7|add:7 }}"]
)
def test_what_is_typed_is_never_markup(client: Client, hostile: str) -> None:
    html = client.get("/", {"q": hostile}).content.decode()
    assert "<script" not in html
    assert "<img" not in html
    assert "14" not in html.split('id="q"')[1].split(">")[0]


@pytest.mark.parametrize(
    "odd", ["\0", "5\0", "　", "x" * 200, "-1", "鄂A12345", "\x1b[2J", "\ud7ff", "\u202e5"]
)
def test_an_odd_tail_is_answered_and_never_a_fault(client: Client, odd: str) -> None:
    assert client.get("/", {"tail": odd}).status_code == 200


def test_a_plate_comes_back_masked_wherever_it_can_be_read_or_passed_on(client: Client) -> None:
    html = _page(client, "/?q=鄂A12345")
    assert "鄂A·1***5" in _words(html)
    assert "鄂A12345" not in _words(html)
    assert not [line for line in html.splitlines() if line.startswith(("<meta", "<link")) and "12345" in line]


@pytest.mark.parametrize("address", CHINESE + ENGLISH)
def test_every_page_has_a_title_one_heading_labels_and_the_numbers_first(
    client: Client, address: str
) -> None:
    html = _page(client, address)
    is_english = address.startswith("/en/")
    name = "Wuhan Traffic Police" if is_english else "武汉交警"
    assert re.search(rf"<title>[^<]+ · {name}</title>", html)
    assert len(re.findall(r"<h1[ >]", html)) == 1
    assert f'<html lang="{"en" if is_english else "zh-CN"}">' in html
    assert html.index('href="tel:120"') < html.index("<main")
    for field in re.findall(r'<(?:input|select) id="(\w+)"', html):
        assert re.search(rf'<label[^>]* for="{field}">', html)


@pytest.mark.parametrize("address", CHINESE + ENGLISH)
def test_every_page_keeps_the_strict_policy(client: Client, address: str) -> None:
    response = client.get(address)
    html = response.content.decode()
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<script|<style|\sstyle=|\son\w+=", html)
    loaded = re.findall(r'<(?:link rel="(?:icon|stylesheet)"|img|script)[^>]*(?:href|src)="([^"]+)"', html)
    assert loaded
    assert all(one.startswith("/") and not one.startswith("//") for one in loaded)
    assert response["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
def test_nothing_but_asking_is_possible(client: Client, method: str) -> None:
    response = getattr(client, method)("/")
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD, POST")


def test_styles_and_logo_are_served(client: Client) -> None:
    for name in ("design/tokens.css", "design/pieces.css", "design/logo.svg", "public/home.css"):
        response = client.get(f"/static/{name}")
        assert response.status_code == 200
        response.close()


def test_alive_asks_nobody(client: Client) -> None:
    assert client.get("/healthz").content == health.ALIVE


def test_not_ready_says_why(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "database_reachable", lambda _url: lambda: "database: not reachable (X)")
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"ready": False, "reasons": ["database: not reachable (X)"]}


def test_pages_are_counted(client: Client) -> None:
    client.get("/")
    assert 'daxiang_pages_total{page="home"}' in client.get("/metrics").content.decode()
