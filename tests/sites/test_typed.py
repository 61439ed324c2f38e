"""What a person types: it stays out of every address, title, preview and log, and is read to its end."""

from __future__ import annotations

import re
from datetime import datetime
from urllib.parse import quote, unquote, urlencode

import pytest
from django.http import HttpResponse
from django.test import Client

from daxiang.kernel.clock import SHANGHAI, FixedClock
from daxiang.sites.public import picture, views
from daxiang.sites.public.asked import LONGEST_WORDS

TUESDAY = datetime(2026, 11, 24, 8, 10, tzinfo=SHANGHAI)
FORM = "application/x-www-form-urlencoded"
HOMES = ("/", "/m/", "/en/")
PLATES = ("鄂A12345", "鄂AD12345 明天", "鄂A1234学", "鄂A·1234K 长江大桥")


@pytest.fixture(autouse=True)
def _at(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (views, picture):
        monkeypatch.setattr(module, "business_clock", lambda: FixedClock(TUESDAY))


def _ask(words: str, home: str = "/", *before: str, **fields: str) -> HttpResponse:
    pairs = [*fields.items(), *(("after", one) for one in before), ("q", words)]
    return Client(raise_request_exception=False).post(home, urlencode(pairs), content_type=FORM)  # type: ignore[return-value]


def _html(response: HttpResponse) -> str:
    return response.content.decode()


def _outward(html: str) -> list[str]:
    """Whatever leaves the page: addresses, the title, what a preview reads."""
    found: list[str] = re.findall(r'(?:href|src|action|content|srcset|ping|download)="([^"]*)"', html)
    return [unquote(one) for one in (*found, *re.findall(r"<title>([^<]*)", html))]


@pytest.mark.parametrize("home", HOMES)
@pytest.mark.parametrize("plate", PLATES)
def test_a_typed_plate_stands_in_no_address_title_or_preview(home: str, plate: str) -> None:
    for response in (_ask(plate, home), Client().get(f"{home}?q={quote(plate)}")):
        out = _outward(_html(response))
        assert len(out) > 10
        assert [one for one in out if "1234" in one or "鄂" in one or "***" in one] == []


@pytest.mark.parametrize("home", HOMES)
def test_the_forms_that_carry_words_are_posted(home: str) -> None:
    html = _html(_ask("鄂A12345", home)) + _html(_ask("K", home)) + _html(_ask("我被撞了", home))
    forms = re.findall(r"<form[^>]*>.*?</form>", html, re.DOTALL)
    carrying = [form for form in forms if 'name="q"' in form or 'name="after"' in form]
    assert len(carrying) >= 5
    assert all('method="post"' in form.split(">")[0] for form in carrying)


@pytest.mark.parametrize("home", HOMES)
def test_an_answer_to_typed_words_is_kept_by_nobody_and_named_to_nobody(home: str) -> None:
    for response in (_ask("鄂A12345", home), Client().get(f"{home}?q=5"), _ask("", home)):
        assert response.status_code == 200
        assert response["Cache-Control"] == "private, no-store"
        assert response["Referrer-Policy"] == "no-referrer"
        assert "ETag" not in response


def test_the_follow_up_leans_on_what_was_posted_before() -> None:
    assert 'class="answer is-maynot"' in _html(_ask("鄂A12345"))
    assert 'class="answer is-may"' in _html(_ask("我是绿牌", "/", "鄂A12345"))
    assert "明天（25日 周三）" in _html(_ask("5", "/", "明天长江大桥能走吗"))
    assert 'class="answer is-may"' in _html(_ask("我是绿牌", "/", tail="5"))


def test_a_plate_leads_to_the_other_language_by_its_digit_alone() -> None:
    assert '<a href="/en/?tail=5&amp;day=2026-11-26" lang="en"' in _html(_ask("后天 鄂A12345"))
    assert '<a href="/en/" lang="en"' in _html(_ask("5 6"))


@pytest.mark.parametrize("fault", [ZeroDivisionError, OSError])
def test_a_fault_writes_no_plate_into_the_log(
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    fault: type[Exception],
) -> None:
    def broken(*_: object) -> object:
        raise fault

    monkeypatch.setattr(views, "find", broken)
    response = _ask("鄂A12345")
    assert response.status_code in {500, 503}
    captured = capfd.readouterr()
    assert "12345" not in captured.out + captured.err + caplog.text
    assert [one for one in _outward(_html(response)) if "12345" in one] == []


def test_after_a_fault_one_press_asks_the_same_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object) -> object:
        raise OSError

    monkeypatch.setattr(views, "find", gone)
    again = _html(_ask("鄂A12345", "/m/", "明天")).split('role="alert"')[1].split("</form>")[0]
    assert 'action="/m/" method="post"' in again
    assert (
        '<input type="hidden" name="after" value="明天"><input type="hidden" name="q" value="鄂A12345">'
        in again
    )


LONG = "今天路上有一点堵，我想问一下怎么走才好。" * 30
"""600 characters without a word of danger."""


@pytest.mark.parametrize("home", HOMES)
@pytest.mark.parametrize(
    "words", [LONG + "我被撞了", LONG * 3 + "车上着火了", LONG[:150] + "我被撞了" + LONG]
)
def test_danger_is_found_however_much_stands_before_it(home: str, words: str) -> None:
    response = _ask(words, home)
    html = _html(response)
    assert response.status_code == 200
    assert html.index('class="call" href="tel:') < html.index('id="q"')
    assert 'role="alert"' not in html.split('id="answer"')[1].split("</main>")[0]


def test_danger_is_answered_whatever_else_is_wrong() -> None:
    html = _html(_ask("我被撞了", day="gestern", kind="spaceship"))
    assert 'class="call" href="tel:120"' in html
    assert "日子要写成" not in html


@pytest.mark.parametrize("home", HOMES)
@pytest.mark.parametrize("length", [LONGEST_WORDS + 1, 600, 3000])
def test_a_long_text_gets_one_sentence_and_stays_in_the_field(home: str, length: int) -> None:
    words = (LONG * 5)[:length]
    response = _ask(words, home)
    html = _html(response)
    assert response.status_code == 400
    said = re.sub(r"<[^>]+>", "", html.split('role="alert"')[1].split("</h2>")[0])
    assert str(LONGEST_WORDS) in said
    assert f'value="{words}"' in html
    assert "maxlength" not in html


def test_the_longest_text_that_is_read_is_answered_as_the_chat_does() -> None:
    response = _ask(("5 长江大桥 " + "谢" * 200)[:LONGEST_WORDS])
    assert response.status_code == 200
    assert 'role="alert"' not in _html(response).split('id="answer"')[1]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"q=5", "text/plain"),
        (b'{"q": "5"}', "application/json"),
        (b"q=%CE%E5", "application/x-www-form-urlencoded; charset=gb18030"),
        (b"q=" + b"5" * 200_000, FORM),
        (
            b'--x\r\nContent-Disposition: form-data; name="q"\r\n\r\n5\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
        ),
        (b"&".join(b"a%d=1" % n for n in range(2000)), FORM),
    ],
)
def test_a_body_that_no_form_of_ours_sends_is_refused_in_a_page(body: bytes, kind: str) -> None:
    response = Client().post("/", body, content_type=kind)
    html = response.content.decode()
    assert response.status_code == 400
    assert "这样问不了" in html
    assert html.index('href="tel:120"') < html.index("<main")


@pytest.mark.parametrize(
    "raw", [b"q=%00%01%1b[2J5", b"q=%FF%FE5", b"q=%ED%A0%80", b"q", b"&&=&", b"q=&q=&after=", b"q=%e2%80%ae5"]
)
def test_odd_bytes_are_answered_and_never_a_fault(raw: bytes) -> None:
    response = Client().post("/", raw, content_type=FORM)
    assert response.status_code == 200
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", response.content.decode())


@pytest.mark.parametrize(
    "query", ["tail=5&tail=6", "day=2026-11-24&day=2026-11-25&tail=5", "kind=car&kind=truck"]
)
def test_two_values_of_one_field_are_not_guessed_between(query: str) -> None:
    response = Client().get(f"/?{query}")
    assert response.status_code == 400
    assert "同一项写了两遍" in response.content.decode()


def test_the_same_value_twice_is_one_value() -> None:
    assert 'class="answer is-maynot"' in Client().get("/?tail=5&tail=5").content.decode()


@pytest.mark.parametrize("words", ["三轮车 6", "依维柯 6 大桥", "鄂A1234学", "除了大桥 5"])
@pytest.mark.parametrize("home", HOMES)
def test_while_it_is_asked_back_what_is_meant_nothing_is_green(home: str, words: str) -> None:
    html = _html(_ask(words, home))
    drawing = html.split("<figure")[1].split("</figure>")[0]
    assert 'class="crossing marked is-unknown' in drawing
    assert "marked is-may" not in drawing
    assert "蓝牌小客车" not in drawing
    assert 'class="days"' not in html
    assert "day.png" not in html


@pytest.mark.parametrize("home", HOMES)
def test_the_example_in_the_field_is_answered(home: str) -> None:
    field = re.search(r'placeholder="([^"]+)"', _html(_ask("", home)))
    assert field
    example = field[1].removeprefix("比如：").removeprefix("e.g. ")
    assert re.search(r'class="answer is-(may|maynot)"', _html(_ask(example, home)))


@pytest.mark.parametrize("home", HOMES)
@pytest.mark.parametrize("plate", [*PLATES, "鄂a１２３４５", "鄂A 12345 明天"])
def test_a_plate_that_came_by_an_address_is_shown_and_carried_masked(home: str, plate: str) -> None:
    html = unquote(_html(Client().get(home, {"q": plate, "after": "鄂A12345"})))
    assert not re.search("1234|１２３４", html)
    assert "***" in html


def test_a_question_leans_on_a_plate_that_came_by_an_address_as_on_the_plate_itself() -> None:
    for plate in ("鄂A12345", "鄂AD12348", "鄂A1234K"):
        html = _html(Client().get("/", {"q": plate}))
        carried = re.findall(r'name="after" value="([^"]*)"', html)
        verdicts = [
            re.findall(r"(?:能走|不能走)[^<]*", _html(_ask("明天呢", "/", before)))[:1]
            for before in (plate, carried[0])
        ]
        assert verdicts[0] == verdicts[1] != []


@pytest.mark.parametrize("home", ["/cities/", "/cities/wuhan/"])
def test_the_pages_of_the_cities_show_no_whole_plate_either(home: str) -> None:
    html = unquote(_html(Client().get(home, {"q": "鄂A98765"})))
    assert "98765" not in html
    assert "鄂A·9***5" in html
