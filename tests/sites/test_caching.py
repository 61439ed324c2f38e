"""What may be kept and asked for again: a page of an address alone, the picture, the styles."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.http import HttpResponse
from django.test import Client

from daxiang.kernel.clock import SHANGHAI, FixedClock
from daxiang.sites.public import picture, views
from daxiang.sites.public.cities import country, days_file, page

TUESDAY = datetime(2026, 11, 24, 8, 10, tzinfo=SHANGHAI)
PICTURE = "/day.png?tail=5&day=2026-11-24"
CITIES = ("/cities/", "/cities/beijing/", "/cities/beijing/?tail=5", "/cities/lanzhou/days.ics?tail=5")
KEPT = ("/", "/?tail=5", "/m/", "/en/?tail=5&day=2026-11-26", "/cities/wuhan/", PICTURE, *CITIES)
STYLES = "/static/design/tokens.css"


@pytest.fixture(autouse=True)
def _at(monkeypatch: pytest.MonkeyPatch) -> None:
    _stand_at(monkeypatch, TUESDAY)


def _stand_at(monkeypatch: pytest.MonkeyPatch, at: datetime) -> None:
    for module in (views, picture, page, country, days_file):
        monkeypatch.setattr(module, "business_clock", lambda: FixedClock(at))


def _asked(address: str, **headers: str) -> tuple[int, HttpResponse, bytes]:
    """The status, the response and its whole content; a file is read and given back."""
    response = Client().get(address, headers={name.replace("_", "-"): said for name, said in headers.items()})
    content = response.getvalue()
    response.close()
    return response.status_code, response, content  # type: ignore[return-value]


@pytest.mark.parametrize("address", [*KEPT, STYLES])
@pytest.mark.parametrize("shape", ["{}", "W/{}", '"other", {}', '"other", W/{}', "*"])
def test_who_has_it_is_not_sent_it_again(address: str, shape: str) -> None:
    mark = _asked(address)[1]["ETag"]
    status, again, content = _asked(address, if_none_match=shape.format(mark))
    assert (status, content, again["ETag"]) == (304, b"", mark)
    assert "Cache-Control" in again


@pytest.mark.parametrize("address", [*KEPT, STYLES])
def test_the_mark_is_a_strong_one_and_another_mark_gets_the_whole(address: str) -> None:
    status, response, content = _asked(address, if_none_match='"other", W/"more"', accept_encoding="gzip, br")
    assert (status, response["ETag"][0]) == (200, '"')
    assert "Content-Encoding" not in response
    assert len(content) > 1000


@pytest.mark.parametrize("address", KEPT)
def test_it_is_never_shown_unasked(address: str) -> None:
    response = Client().get(address)
    assert response["Cache-Control"] == "public, no-cache"
    assert not response.cookies
    assert "Vary" not in response


@pytest.mark.parametrize("address", KEPT)
def test_a_head_says_what_a_get_would(address: str) -> None:
    got, asked = Client().get(address), Client().head(address)
    assert asked.content == b""
    assert (asked.status_code, asked["ETag"]) == (200, got["ETag"])


def test_a_minute_later_the_page_is_another_one(monkeypatch: pytest.MonkeyPatch) -> None:
    mark = Client().get("/?tail=5")["ETag"]
    _stand_at(monkeypatch, TUESDAY.replace(hour=22, minute=0))
    later = Client().get("/?tail=5", headers={"if-none-match": mark})
    assert later.status_code == 200
    assert 'class="answer is-may"' in later.content.decode()


@pytest.mark.parametrize("address", ["/?day=x", "/?kind=x", "/nowhere", "/day.png"])
def test_a_refusal_is_not_kept(address: str) -> None:
    response = Client().get(address)
    assert response.status_code in {400, 404}
    assert "ETag" not in response
    assert response.get("Cache-Control", "no-store") == "no-store"


def test_no_page_of_another_site_may_read_the_styles() -> None:
    assert "Access-Control-Allow-Origin" not in _asked(STYLES)[1]
