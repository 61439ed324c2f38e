"""The website's states by name: for the pictures of `make screenshots`, and for what axe has to say."""

from __future__ import annotations

from urllib.parse import quote

from tests.journeys.conftest import TUESDAY

WEDNESDAY = "2026-11-25T08:10:00+08:00"
NIGHT = "2026-11-26T00:20:00+08:00"
MONDAY_EVENING = "2026-11-23T20:00:00+08:00"
LATE = "2026-11-25T23:30:00+08:00"
WORKED_SATURDAY_EVE = "2026-10-09T18:00:00+08:00"


def _q(words: str, home: str = "/") -> str:
    return f"{home}?q={quote(words)}"


STATES: dict[str, tuple[str, str]] = {
    "empty": ("/", TUESDAY),
    "tail-5": ("/?tail=5", TUESDAY),
    "tail-6": ("/?tail=6", TUESDAY),
    "another-day": ("/?tail=5&day=2026-11-26", TUESDAY),
    "green": ("/?tail=5&kind=green", TUESDAY),
    "two-cars": (_q("5 6"), TUESDAY),
    "way": (_q("尾号6 武昌到汉口怎么走"), TUESDAY),
    "two-places": (_q("5 长江大桥 长江二桥"), TUESDAY),
    "night": (_q("公铁隧道现在开着没 尾号5"), NIGHT),
    "truck": (_q("轻卡 去汉口送货"), LATE),
    "unknown": (_q("1月5号 6 大桥"), MONDAY_EVENING),
    "makeup-workday": (_q("明天星期六 5 過長江大橋限不限"), WORKED_SATURDAY_EVE),
    "asked-back": (_q("明天长江大桥能走吗"), TUESDAY),
    "not-understood": (_q("随便说说"), TUESDAY),
    "danger": (_q("我被撞了"), TUESDAY),
    "wrong-address": ("/?tail=5&day=tomorrow", TUESDAY),
    "404": ("/nothing-here", TUESDAY),
    "inside": ("/m/?tail=5", TUESDAY),
    "inside-empty": ("/m/", TUESDAY),
    "english": ("/en/?tail=5", TUESDAY),
    "english-empty": ("/en/", TUESDAY),
    "english-danger": (_q("我被撞了", "/en/"), TUESDAY),
    "rules": ("/cities/wuhan/", TUESDAY),
    "english-rules": ("/en/cities/wuhan/", TUESDAY),
    "country": ("/cities/", WEDNESDAY),
    "city-beijing": ("/cities/beijing/", WEDNESDAY),
    "city-beijing-tail-3": ("/cities/beijing/?tail=3", WEDNESDAY),
    "city-guangzhou": ("/cities/guangzhou/", WEDNESDAY),
    "city-lanzhou": ("/cities/lanzhou/", WEDNESDAY),
    "city-hangzhou": ("/cities/hangzhou/", WEDNESDAY),
    "city-not-known": ("/cities/xian/?tail=3", WEDNESDAY),
    "city-without-a-rule": ("/cities/mianyang/", WEDNESDAY),
    "city-across-the-year": ("/cities/wuhan/?tail=5", "2026-12-21T08:10:00+08:00"),
}
"""Name -> address and the instant at which it is asked."""
