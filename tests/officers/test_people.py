"""The roll, binding, leaving: by file, by code, for good."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from daxiang.config import django_settings
from daxiang.domains.briefings import desk, gate, media, receipts, reports
from daxiang.domains.duty import box, quiz, roster, tasks
from daxiang.domains.officers import links, people_sql
from daxiang.domains.officers.errors import CodeUnfit, RollWrong
from daxiang.domains.officers.people import Brought, bind, bring_roll, end_officers, give_codes
from daxiang.domains.officers.people_marks import PeopleMarks
from daxiang.domains.officers.people_queries import below, officer_of, path_of, units
from daxiang.domains.officers.roll import (
    CODE_SIGNS,
    COLUMNS,
    MOST_TRIES,
    Listed,
    Refused,
    code_in,
    is_binding,
    kind_of,
    new_code,
    read_roll,
)
from daxiang.foundation.sealing import Sealer
from daxiang.jobs import corrections
from daxiang.kernel.clock import SHANGHAI
from tests.inbox.test_inbox import conninfo
from tests.officers.rolls import line_of, roll_of

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=SHANGHAI)
HEAD = ",".join(COLUMNS)
MARKS = PeopleMarks(b"k" * 32)
SEALER = Sealer({"one": b"s" * 32})
database = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
STATEMENTS = {
    f"{module.__name__}.{name}": text
    for module in (
        people_sql,
        links,
        desk,
        gate,
        media,
        receipts,
        reports,
        roster,
        quiz,
        tasks,
        box,
        corrections,
    )
    for name, text in module.STATEMENTS.items()
}


def read(*lines: str) -> list[Listed | Refused]:
    return read_roll("\n".join([HEAD, *lines]).encode())


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("1,王强,洪山大队,民警,", "警号要写"),
        ("018326,,洪山大队,民警,", "姓名要写"),
        ("018326,王强,,民警,", "单位要写"),
        ("018326,王强,洪山大队//一中队,民警,", "单位要写"),
        ("018326,王强,a/b/c/d/e,民警,", "最多4级"),
        ("018326,=1+1,洪山大队,民警,", "公式"),
        ("018326,王强,洪山大队,民警,无", "电话只写数字"),
        ("018326,王强,洪山大队,民警", "要有5列"),
        ("018326,王强" + "长" * 60 + ",洪山大队,民警,", "太长"),
        ("018326,王\u202e强,洪山大队,民警,", "不能出现的字符"),
    ],
)
def test_a_wrong_line_is_told_with_its_number_and_why(line: str, why: str) -> None:
    [good, refused] = read(line_of(1), line)
    assert isinstance(good, Listed)
    assert isinstance(refused, Refused)
    assert (refused.line, why in refused.why) == (3, True)


def test_a_number_twice_is_told_once_and_a_spreadsheets_apostrophe_is_no_part_of_a_number() -> None:
    [one, again] = read("'018326,王强,洪山大队,民警,", "018326,王强,洪山大队,民警,")
    assert isinstance(one, Listed)
    assert one.number == "018326"
    assert isinstance(again, Refused)


@pytest.mark.parametrize("data", [b"", b"\xff\xfe\x00", "姓名,警号\n".encode(), b'"'])
def test_what_is_no_roll_is_refused_whole(data: bytes) -> None:
    with pytest.raises(RollWrong):
        read_roll(data)


@given(st.binary(max_size=300))
def test_no_file_whatever_does_more_than_be_refused(data: bytes) -> None:
    with contextlib.suppress(RollWrong):
        read_roll(HEAD.encode() + b"\n" + data)


@pytest.mark.parametrize("code", [new_code() for _ in range(20)], ids=range(20))
def test_a_code_is_found_again_however_it_is_typed(code: str) -> None:
    assert len(code) == CODE_SIGNS
    for typed in (
        code,
        code.lower(),
        f"绑定 {code}",
        f"绑定：{code[:4]}-{code[4:]}",
        f" {code[:4]} {code[4:]}",
    ):
        assert code_in(typed) == code
        assert is_binding(typed)


@pytest.mark.parametrize("words", ["", "5", "今日", "20261125", "鄂A12345", "绑定", "你好你好你好你好"])
def test_what_is_no_code_is_none(words: str) -> None:
    assert code_in(words) is None


def test_a_units_kind_is_in_its_name() -> None:
    assert [kind_of(one) for one in ("武汉支队", "洪山大队", "一中队", "科技科", "机关")] == [
        "支队",
        "大队",
        "中队",
        "科",
        "单位",
    ]


@pytest.fixture
def cursor() -> Iterator[psycopg.Cursor[Any]]:
    with psycopg.connect(conninfo(), autocommit=True) as connection:
        connection.execute("TRUNCATE officer_unit, officer_try, officer_tag CASCADE")
        with connection.cursor() as opened:
            yield opened


def bring(cursor: psycopg.Cursor[Any], text: str, *, leavers: bool = False, at: datetime = NOW) -> Brought:
    return bring_roll(
        cursor, read_roll(text.encode()), ends_leavers=leavers, marks=MARKS, sealer=SEALER, now=at
    )


def bound(cursor: psycopg.Cursor[Any], code: str | None, person: int, at: datetime = NOW) -> int:
    return bind(
        cursor,
        code=code,
        account="subscription",
        person=bytes([person]) * 32,
        openid=f"oNobody{person}",
        marks=MARKS,
        sealer=SEALER,
        now=at,
    )


def codes(cursor: psycopg.Cursor[Any], number: str | None = None, **options: Any) -> dict[str, str]:
    given = give_codes(cursor, marks=MARKS, sealer=SEALER, now=NOW, number=number, **options)
    return {one.number: one.code for one in given}


class TestOnPostgreSQL:
    pytestmark = database

    def test_the_same_file_once_more_changes_nothing(self, cursor: psycopg.Cursor[Any]) -> None:
        assert bring(cursor, roll_of(range(50))).count("added") == 50
        before = cursor.execute("SELECT * FROM officer ORDER BY id").fetchall()
        again = bring(cursor, roll_of(range(50)), leavers=True)
        assert (again.count("same"), again.left) == (50, 0)
        assert cursor.execute("SELECT * FROM officer ORDER BY id").fetchall() == before

    def test_moves_leavers_and_who_comes_back_are_told(self, cursor: psycopg.Cursor[Any]) -> None:
        bring(cursor, roll_of(range(5)))
        moved = "\n".join([HEAD, line_of(0, unit="武汉支队/青山大队"), *(line_of(one) for one in (1, 2, 7))])
        brought = bring(cursor, moved, leavers=True)
        assert [row.outcome for row in brought.rows] == ["changed", "same", "same", "added"]
        assert brought.left == 2
        back = bring(cursor, roll_of([3]))
        assert [row.outcome for row in back.rows] == ["back"]

    def test_while_a_line_is_wrong_nobody_is_ended(self, cursor: psycopg.Cursor[Any]) -> None:
        bring(cursor, roll_of(range(5)))
        brought = bring(cursor, roll_of(range(2)) + "\n0,x,,,", leavers=True)
        assert (brought.count("refused"), brought.left) == (1, 0)

    def test_units_form_a_tree_by_their_paths(self, cursor: psycopg.Cursor[Any]) -> None:
        bring(
            cursor,
            "\n".join([HEAD, line_of(1, unit="支队/甲大队/一中队"), line_of(2, unit="支队/乙大队/一中队")]),
        )
        tree = units(cursor)
        assert [(one.name, one.kind) for one in tree] == [
            ("支队", "支队"),
            ("甲大队", "大队"),
            ("一中队", "中队"),
            ("乙大队", "大队"),
            ("一中队", "中队"),
        ]
        assert below(tree, tree[0].id) == {one.id for one in tree}
        assert below(tree, tree[1].id) == {tree[1].id, tree[2].id}
        assert [one.name for one in path_of(tree, tree[4].id)] == ["支队", "乙大队", "一中队"]

    def test_a_code_binds_once_and_never_again(self, cursor: psycopg.Cursor[Any]) -> None:
        bring(cursor, roll_of([18326, 18327]))
        code = codes(cursor, "018326")["018326"]
        bound(cursor, code, 1)
        found = officer_of(cursor, account="subscription", person=b"\1" * 32, sealer=SEALER)
        assert found is not None
        assert found.number == "018326"
        with pytest.raises(CodeUnfit):
            bound(cursor, code, 2)
        assert officer_of(cursor, account="subscription", person=b"\2" * 32, sealer=SEALER) is None

    def test_a_late_code_binds_nobody(self, cursor: psycopg.Cursor[Any]) -> None:
        bring(cursor, roll_of([18326]))
        code = codes(cursor)["018326"]
        with pytest.raises(CodeUnfit):
            bound(cursor, code, 1, NOW + timedelta(minutes=10))
        bound(cursor, code, 1, NOW + timedelta(minutes=9, seconds=59))

    def test_after_ten_wrong_codes_the_right_one_waits_an_hour(self, cursor: psycopg.Cursor[Any]) -> None:
        bring(cursor, roll_of([18326]))
        code = codes(cursor, lasts=timedelta(days=1))["018326"]
        for _ in range(MOST_TRIES):
            with pytest.raises(CodeUnfit):
                bound(cursor, new_code(), 1)
        with pytest.raises(CodeUnfit):
            bound(cursor, code, 1)
        bound(cursor, code, 1, NOW + timedelta(hours=1, seconds=1))

    def test_a_leaver_is_a_stranger_in_the_same_transaction(self, cursor: psycopg.Cursor[Any]) -> None:
        bring(cursor, roll_of([18326]))
        officer = bound(cursor, codes(cursor)["018326"], 1)
        link = links.new_link(cursor, officer=officer, target=b"x" * 16, now=NOW)
        assert links.open_link(cursor, link, device="", sealer=SEALER, now=NOW) is not None
        assert end_officers(cursor, [officer], now=NOW) == 1
        assert officer_of(cursor, account="subscription", person=b"\1" * 32, sealer=SEALER) is None
        assert links.open_link(cursor, link, device="", sealer=SEALER, now=NOW) is None
        assert end_officers(cursor, [officer], now=NOW) == 0

    def test_another_binding_of_the_same_person_ends_the_first(self, cursor: psycopg.Cursor[Any]) -> None:
        bring(cursor, roll_of([1, 2]))
        given = codes(cursor)
        bound(cursor, given["000001"], 1)
        bound(cursor, given["000002"], 1)
        assert cursor.execute("SELECT count(person) FROM officer").fetchone() == (1,)

    def test_no_name_number_telephone_or_code_stands_in_clear(self, cursor: psycopg.Cursor[Any]) -> None:
        bring(cursor, "\n".join([HEAD, line_of(18326, name="欧阳测试")]))
        code = codes(cursor)["018326"]
        bound(cursor, code, 1)
        for table in ("officer", "officer_code", "officer_tag"):
            kept = str(cursor.execute(f"SELECT * FROM {table}").fetchall())  # noqa: S608
            for secret in ("欧阳测试", "018326", "13800008326", code, "oNobody1"):
                assert secret not in kept
                assert str(secret.encode())[2:-1] not in kept

    def test_a_guessed_tail_ends_the_link_after_three(self, cursor: psycopg.Cursor[Any]) -> None:
        bring(cursor, roll_of([18326]))
        officer = bound(cursor, codes(cursor)["018326"], 1)
        link = links.new_link(cursor, officer=officer, target=b"x" * 16, now=NOW)
        for _ in range(links.MOST_TRIES):
            assert links.prove(cursor, link, "0000", sealer=SEALER, now=NOW) is None
        assert links.prove(cursor, link, "8326", sealer=SEALER, now=NOW) is None
        fresh = links.new_link(cursor, officer=officer, target=b"x" * 16, now=NOW)
        device = links.prove(cursor, fresh, "8326", sealer=SEALER, now=NOW)
        assert device is not None
        opened = links.open_link(cursor, fresh, device=device, sealer=SEALER, now=NOW)
        assert opened is not None
        assert opened.is_proven
        late = NOW + links.LINK_FOR
        assert links.open_link(cursor, fresh, device=device, sealer=SEALER, now=late) is None

    def test_anothers_device_proves_nothing(self, cursor: psycopg.Cursor[Any]) -> None:
        bring(cursor, roll_of([1, 2]))
        given = codes(cursor)
        first, second = bound(cursor, given["000001"], 1), bound(cursor, given["000002"], 2)
        own = links.new_link(cursor, officer=second, target=b"x" * 16, now=NOW)
        device = links.prove(cursor, own, "0002", sealer=SEALER, now=NOW)
        hers = links.new_link(cursor, officer=first, target=b"x" * 16, now=NOW)
        opened = links.open_link(cursor, hers, device=device or "", sealer=SEALER, now=NOW)
        assert opened is not None
        assert not opened.is_proven

    @pytest.mark.parametrize("name", STATEMENTS)
    def test_every_raw_statement_prepares_on_this_server(
        self, cursor: psycopg.Cursor[Any], name: str
    ) -> None:
        names = list(dict.fromkeys(re.findall(r"%\((\w+)\)s", STATEMENTS[name])))
        text = re.sub(r"%\((\w+)\)s", lambda match: f"${names.index(match[1]) + 1}", STATEMENTS[name])
        cursor.execute(f"PREPARE tried AS {text}")
        cursor.execute("DEALLOCATE tried")


def test_the_settings_of_the_tests_hold_a_key_for_numbers() -> None:
    assert PeopleMarks(django_settings.DAXIANG.index_key).of_number("1") != MARKS.of_number("1")
