"""Incidents from a file, the draft made of them, its bytes, and what keeps it from being sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from daxiang.domains.briefings.checks import Medium, Weight, findings
from daxiang.domains.briefings.compose import (
    Facts,
    compose,
    is_saturday_edition,
    week_before,
    yesterday,
)
from daxiang.domains.briefings.content import (
    Article,
    Content,
    ContentWrong,
    Figure,
    Section,
    SectionKind,
    digest_of,
    from_bytes,
    to_bytes,
)
from daxiang.domains.briefings.errors import IncidentsWrong
from daxiang.domains.briefings.incidents import COLUMNS, Incident, read_incidents
from daxiang.domains.briefings.operations import import_incidents
from daxiang.domains.briefings.queries import incidents
from daxiang.domains.calendars.china import china_calendar
from daxiang.domains.calendars.rules import DayKind
from daxiang.kernel.clock import SHANGHAI
from tests.inbox.test_inbox import conninfo

DAY = date(2026, 11, 25)
HEAD = ",".join(COLUMNS)
LINE = "JQ001,追尾,长江大桥桥北,114.28,30.55,2026-11-24 08:30,3,两车追尾，一人轻伤，堵了二十分钟"
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
ARTICLES = st.builds(
    Article,
    title=TEXTS,
    paragraphs=st.lists(TEXTS, max_size=3).map(tuple),
    media=st.lists(TEXTS, max_size=2).map(tuple),
)
FIGURES = st.builds(Figure, name=TEXTS, count=st.integers(0, 999), before=st.none() | st.integers(0, 999))
SECTIONS = st.builds(
    Section,
    kind=st.sampled_from(SectionKind),
    title=TEXTS,
    figures=st.lists(FIGURES, max_size=3).map(tuple),
    articles=st.lists(ARTICLES, max_size=3).map(tuple),
)
CONTENTS = st.builds(Content, title=TEXTS, teaser=TEXTS, sections=st.lists(SECTIONS, max_size=4).map(tuple))


@given(CONTENTS)
def test_an_edition_comes_back_from_its_bytes_and_has_one_form(content: Content) -> None:
    data = to_bytes(content)
    assert from_bytes(data) == content
    assert to_bytes(from_bytes(data)) == data


@given(CONTENTS, CONTENTS)
def test_other_texts_have_other_fingerprints(one: Content, other: Content) -> None:
    assert (digest_of(to_bytes(one)) == digest_of(to_bytes(other))) is (one == other)


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b"{}", b'{"title":"x"}', b"\xff", b'{"sections":[],"teaser":"","title":"a" }', b"null"],
)
def test_what_is_no_edition_is_refused(data: bytes) -> None:
    with pytest.raises(ContentWrong):
        from_bytes(data)


INCIDENTS = st.builds(
    Incident,
    source_key=st.uuids().map(str),
    kind=st.sampled_from(["追尾", "剐蹭", "故障车", "违停"]),
    place=st.sampled_from(["长江大桥", "二桥", ""]),
    lon=st.none(),
    lat=st.none(),
    happened_at=st.integers(-30, 60).map(
        lambda hour: datetime(2026, 11, 24, tzinfo=SHANGHAI) + timedelta(hours=hour)
    ),
    severity=st.integers(1, 4),
    summary=st.just("经过"),
)


@given(st.lists(INCIDENTS, max_size=30), st.none() | st.lists(INCIDENTS, max_size=30), st.booleans())
def test_the_draft_counts_what_happened_in_its_period_and_tells_the_grave_ones(
    told: list[Incident], before: list[Incident] | None, is_saturday: bool
) -> None:
    period = yesterday(DAY)
    facts = Facts(day=DAY, is_saturday_edition=is_saturday, incidents=told, before=before)
    draft = compose(facts, period)
    inside = [one for one in told if one.happened_at.date() == date(2026, 11, 24)]
    figures = {one.name: (one.count, one.before) for one in draft.sections[0].figures}
    assert figures["全部警情"] == (len(inside), None if before is None else len(before))
    for kind, count in Counter(one.kind for one in inside).items():
        then = None if before is None else sum(one.kind == kind for one in before)
        assert figures[kind] == (count, then)
    assert sum(count for name, (count, _) in figures.items() if name != "全部警情") == len(inside)
    grave = [one for one in inside if one.severity >= 3]
    assert len(draft.sections[1].articles) == min(8, len(grave))
    assert (f"重要警情{len(grave)}件" in draft.teaser) is bool(grave)
    assert (SectionKind.CLASSROOM in {one.kind for one in draft.sections}) is is_saturday
    assert compose(replace(facts, incidents=[*reversed(told)]), period) == draft


def test_the_first_line_compares_with_the_same_weekday() -> None:
    at = datetime(2026, 11, 27, 9, tzinfo=SHANGHAI)
    one = Incident(
        source_key="1", kind="追尾", place="", lon=None, lat=None, happened_at=at, severity=1, summary="x"
    )
    told = [replace(one, source_key=str(number)) for number in range(41)]
    facts = Facts(day=date(2026, 11, 28), is_saturday_edition=True, incidents=told, before=[one] * 47)
    draft = compose(facts, yesterday(date(2026, 11, 28)))
    assert draft.teaser == "昨日警情41起，比上周五少6起；没有重要警情。"
    assert draft.title == "11月28日 周六 周六简报"
    assert week_before(yesterday(date(2026, 11, 28))).start == datetime(2026, 11, 20, tzinfo=SHANGHAI)


def test_the_richer_edition_comes_once_a_week_at_most_and_never_on_a_worked_day() -> None:
    calendar, monday = china_calendar(), date(2014, 1, 6)
    while monday < date(2026, 12, 20):
        week = [monday + timedelta(days=number) for number in range(7)]
        rich = [day for day in week if is_saturday_edition(day, calendar)]
        saturday, sunday = week[5], week[6]
        free = [day for day in (saturday, sunday) if calendar.kind(day) is not DayKind.MAKEUP_WORKDAY]
        assert rich == free[:1], monday
        monday += timedelta(days=7)


def test_a_file_of_incidents_is_read_whichever_way_it_was_saved() -> None:
    text = f"{HEAD}\n{LINE}\n\n"
    expected = Incident(
        source_key="JQ001",
        kind="追尾",
        place="长江大桥桥北",
        lon=114.28,
        lat=30.55,
        happened_at=datetime(2026, 11, 24, 8, 30, tzinfo=SHANGHAI),
        severity=3,
        summary="两车追尾，一人轻伤，堵了二十分钟",
    )
    for data in (
        text.encode(),
        text.encode("utf-8-sig"),
        text.encode("gb18030"),
        text.replace("\n", "\r\n").encode(),
    ):
        assert read_incidents(data) == (expected,)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (LINE.replace(",3,", ",5,"), "第2行：等级要写1到4"),
        (LINE.replace("114.28", ""), "第2行：经度、纬度要写就一起写"),
        (LINE.replace("114.28", "很远"), "第2行：经度要写成度数"),
        (LINE.replace("2026-11-24 08:30", "昨天"), "第2行：时间要写成"),
        (LINE.replace("JQ001", " "), "第2行：编号、类别、经过都要写"),
        (LINE + ",多一列", "第2行：要有8列，这里有9列"),
        ('JQ001,"没有配对', "第2行：引号没有配对"),
        ("\xff\xfe".encode("latin1").decode("latin1"), "第2行"),
    ],
)
def test_a_wrong_line_is_named_with_what_would_be_right(line: str, says: str) -> None:
    with pytest.raises(IncidentsWrong, match=says):
        read_incidents(f"{HEAD}\n{line}\n".encode())


@pytest.mark.parametrize("data", [b"", b"a,b\n", b"\x81\x20\xff\xff"])
def test_what_is_no_file_of_incidents_is_refused(data: bytes) -> None:
    with pytest.raises(IncidentsWrong):
        read_incidents(data)


@pytest.fixture
def connection() -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(conninfo(), autocommit=True) as opened:
        opened.execute("TRUNCATE briefing_incident CASCADE")
        yield opened


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_file_imported_twice_changes_nothing_the_second_time(connection: psycopg.Connection[Any]) -> None:
    found = read_incidents(f"{HEAD}\n{LINE}\n{LINE.replace('JQ001', 'JQ002')}\n".encode())
    now = datetime(2026, 11, 25, tzinfo=UTC)
    period = yesterday(DAY)
    with connection.transaction(), connection.cursor() as cursor:
        assert import_incidents(cursor, found, who="anna", now=now) == (2, 0)
        assert import_incidents(cursor, found, who="anna", now=now) == (0, 0)
        changed = [replace(found[0], severity=4)]
        assert import_incidents(cursor, changed, who="bert", now=now) == (0, 1)
        kept = incidents(cursor, start=period.start, end=period.end)
    assert {one.source_key: one.severity for one in kept} == {"JQ001": 4, "JQ002": 3}


def edition(*paragraphs: str, media: tuple[str, ...] = (), teaser: str = "昨日警情1起。") -> Content:
    article = Article(title="一件警情", paragraphs=paragraphs, media=media)
    section = Section(kind=SectionKind.INCIDENTS, title="重要警情", articles=(article,))
    return Content(title="简报", teaser=teaser, sections=(section,))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("当事人身份证420106199003071234", "身份证号"),
        ("电话138 0000 6021", "手机号"),
        ("打+8613800006021", "手机号"),
        ("单位电话027-85551234", "电话号码"),
        ("鄂A·12345追尾", "车牌号"),
        ("粤BD12345起火", "车牌号"),
        ("卡号6222021234567890123", "银行卡号"),
    ],
)
def test_what_is_a_persons_stops_an_edition(text: str, says: str) -> None:
    found = findings(edition(text), day=DAY, media={})
    assert [(one.weight, one.where) for one in found] == [(Weight.STOPS, "重要警情·一件警情")]
    assert says in found[0].says


@pytest.mark.parametrize(
    "text",
    [
        "8:30在长江大桥，两车追尾",
        "鄂A·1***5追尾",
        "警情编号202611240012",
        "堵了20分钟，打122",
        "G4京港澳高速",
    ],
)
def test_what_is_nobodys_passes(text: str) -> None:
    assert findings(edition(text), day=DAY, media={}) == []


def test_pictures_need_leave_words_and_time() -> None:
    good = Medium(expires_on=None, alt="追尾的两辆车", has_rights=True)
    media = {
        "good": good,
        "old": replace(good, expires_on=DAY - timedelta(days=1)),
        "today": replace(good, expires_on=DAY),
        "mute": replace(good, alt=" "),
        "taken": replace(good, has_rights=False),
    }
    for name, count in (("good", 0), ("today", 0), ("old", 1), ("mute", 1), ("taken", 1), ("gone", 1)):
        assert len(findings(edition("x", media=(name,)), day=DAY, media=media)) == count, name


def test_what_is_not_written_or_must_not_be_said_stops_it_and_a_link_is_only_told() -> None:
    found = findings(
        edition("（待写）", "内部机密", "见 https://example.com"), day=DAY, media={}, sensitive=["机密", ""]
    )
    assert [one.weight for one in found] == [Weight.STOPS, Weight.STOPS, Weight.WARNS]
    assert findings(edition("x", teaser=" "), day=DAY, media={})[0].where == "导语"
    assert findings(edition("x", teaser="长" * 121), day=DAY, media={})[0].where == "导语"
