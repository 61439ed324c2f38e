"""The page and the chat say the same: every line of the bubble is on the page, every mark the rules' own."""

from __future__ import annotations

import re
from datetime import datetime

import pytest

from daxiang.domains.conversation.queries import reply_to_text
from daxiang.domains.conversation.replies import ReplyKind
from daxiang.domains.restrictions.drawing import map_of
from daxiang.domains.restrictions.queries import load_city, pack_folder
from daxiang.domains.restrictions.rules import decide
from daxiang.domains.restrictions.values import Passage, Question
from daxiang.sites.public.asked import Asked
from daxiang.sites.public.english_names import english_names
from daxiang.sites.public.found import Found, find
from daxiang.sites.public.marks import all_unknown, marks_of
from daxiang.sites.public.told import told
from daxiang.sites.public.told_english import told_in_english
from tests.sites.questions import ABOUT_DRIVING, NIGHT, NOT_ABOUT_DRIVING, TUESDAY

CITY = "wuhan"
WIDE = map_of(pack_folder(CITY), "wide")
HAN = re.compile(r"[\u4e00-\u9fff]")
HOUR = re.compile(r"\d{1,2}:\d\d")


def _found(words: str, at: datetime, *before: str) -> Found:
    return find(Asked(words=words, before=before), at, CITY)


def _page_words(found: Found) -> str:
    page = told(found)
    parts = [
        text
        for part in page.parts
        for text in (part.whom, *(v.names + v.word + v.until for v in part.verdicts))
    ]
    ways = [f"{way.label}：{'、'.join(way.names)}。" for way in page.ways]
    return "\n".join([page.headline, *parts, *ways, *page.says, page.why, page.source, page.caution])


@pytest.mark.parametrize(("words", "at"), ABOUT_DRIVING)
def test_every_line_after_the_first_is_on_the_page_word_for_word(words: str, at: datetime) -> None:
    found = _found(words, at)
    reply = reply_to_text(words, account_kind="service", city=CITY, at=at)
    shown = _page_words(found)
    for line in reply.text.splitlines()[1:]:
        said = line.removeprefix("为什么：").removeprefix("依据：")
        is_verdict_of_another_case = len(found.cases) > 1 and "能走" in line and "走：" not in line
        assert said in shown or is_verdict_of_another_case, line


@pytest.mark.parametrize(("words", "at"), ABOUT_DRIVING)
def test_every_hour_and_place_of_the_first_line_is_on_the_page(words: str, at: datetime) -> None:
    found = _found(words, at)
    reply = reply_to_text(words, account_kind="service", city=CITY, at=at)
    first, shown = reply.text.splitlines()[0], _page_words(found)
    places = [place.short_name for place in load_city(CITY).places.values() if place.short_name in first]
    for fact in HOUR.findall(first) + places:
        assert fact in shown


@pytest.mark.parametrize(("words", "at"), ABOUT_DRIVING)
def test_each_verdict_is_the_chats_decision_for_that_place(words: str, at: datetime) -> None:
    found = _found(words, at)
    assert found.reply is not None
    tones = {Passage.ALLOWED: {"may"}, Passage.BANNED: {"maynot", "closed"}, Passage.UNKNOWN: {"unknown"}}
    names = {place.short_name: place.id for place in found.cards.places.values()}
    for number, part in enumerate(told(found).parts):
        decided = {advice.place: advice.passage for advice in found.cases[number].advice.places}
        for verdict in part.verdicts:
            for name in verdict.names.split("、"):
                assert verdict.tone in tones[Passage(decided[names[name]])]


@pytest.mark.parametrize("words", NOT_ABOUT_DRIVING)
def test_other_talk_is_shown_whole(words: str) -> None:
    found = _found(words, TUESDAY)
    assert found.reply is not None
    page = told(found)
    assert "\n".join([page.headline, *page.says]) == "\n".join(
        line for line in found.reply.text.splitlines() if line
    )
    assert page.parts == ()


def test_a_follow_up_leans_on_what_the_address_carries() -> None:
    alone, leaning = _found("那明天呢", TUESDAY), _found("那明天呢", TUESDAY, "5")
    assert alone.asks_tail
    assert told(leaning).parts[0].whom == "尾号5，明天（25日 周三）"
    assert told(leaning).tone == "may"


@pytest.mark.parametrize(
    ("words", "at"), [("5", TUESDAY), ("货车", TUESDAY), ("5", NIGHT), ("鄂AD12345", NIGHT)]
)
def test_every_mark_of_an_instant_is_what_the_rules_say_there(words: str, at: datetime) -> None:
    found = _found(words, at)
    tones = {"allowed": "may", "banned": "maynot", "unknown": "unknown", "conditional": "unknown"}
    for mark in marks_of(found, WIDE, None):
        said = decide(found.cards, Question(place=mark.place, at=at, vehicle=found.vehicle))
        assert mark.tone == ("closed" if said.is_closed else tones[said.passage])


def test_the_marks_of_a_whole_day_hold_for_its_traffic_hours() -> None:
    marks = {m.place: m for m in marks_of(_found("后天 5", TUESDAY), WIDE, None)}
    assert (marks["changjiang-bridge"].tone, marks["changjiang-bridge"].note) == ("maynot", "7:00–22:00")
    assert marks["gongtie-tunnel"].tone == "may"  # shut at night only


def test_when_nothing_can_be_looked_up_no_crossing_is_green() -> None:
    marks = all_unknown(load_city(CITY), None)
    assert {mark.tone for mark in marks} == {"unknown"}
    assert len(marks) == 20


@pytest.mark.parametrize(("words", "at"), ABOUT_DRIVING)
def test_english_gives_the_same_verdicts_and_hours_without_a_chinese_word(words: str, at: datetime) -> None:
    found = _found(words, at)
    chinese, english = told(found), told_in_english(found)
    for ours, theirs in zip(chinese.parts, english.parts, strict=True):
        assert [v.tone for v in ours.verdicts] == [v.tone for v in theirs.verdicts]
        assert [HOUR.findall(v.until) for v in ours.verdicts] == [
            HOUR.findall(v.until) for v in theirs.verdicts
        ]
    assert [len(way.names) for way in chinese.ways] == [len(way.names) for way in english.ways]
    said = [english.headline, english.why, english.source, english.caution, *english.says]
    said += [part.whom for part in english.parts] + [tap.label for tap in english.taps]
    said += [name for way in english.ways for name in (way.label, *way.names)]
    assert not HAN.search("".join(said).replace("鄂A·", "").replace("鄂", ""))


@pytest.mark.parametrize("words", NOT_ABOUT_DRIVING)
def test_english_danger_has_the_same_numbers_and_other_talk_says_it_is_chinese(words: str) -> None:
    found = _found(words, TUESDAY)
    chinese, english = told(found), told_in_english(found)
    assert english.calls == chinese.calls
    assert english.is_foreign is (chinese.kind != ReplyKind.DANGER)
    assert not HAN.search(english.headline)


def test_every_crossing_has_an_english_name() -> None:
    names = english_names(CITY)
    for place in load_city(CITY).places.values():
        if place.is_crossing:
            assert not HAN.search(names.place(place))
