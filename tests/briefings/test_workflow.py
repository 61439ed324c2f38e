"""The life of an edition, walked cell by cell; two persons; and what PostgreSQL itself refuses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from prove.workflow import text_of

from daxiang.domains.briefings import sql
from daxiang.domains.briefings.content import digest_of, to_bytes
from daxiang.domains.briefings.errors import DayTaken, EditionUnknown, MoveRefused
from daxiang.domains.briefings.operations import WORKER, EditionKind, Review, act, add_edition, edit
from daxiang.domains.briefings.queries import due, edition, editions, moves
from daxiang.domains.briefings.workflow import (
    MOVES,
    NO_REASON,
    NOT_DUE,
    NOT_NOW,
    OTHER_TEXT,
    OWN_TEXT,
    TOO_EARLY,
    WRONG_PART,
    Action,
    Actor,
    Part,
    Standing,
    Status,
    diagram,
    refusal,
)
from tests.inbox.test_inbox import conninfo

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 25, 6, tzinfo=UTC)
EIGHT = NOW + timedelta(hours=2)
ANNA = Actor(name="anna", parts=frozenset({Part.EDITOR}))
CARL = Actor(name="carl", parts=frozenset({Part.REVIEWER}))
BOTH = Actor(name="emil", parts=frozenset({Part.EDITOR, Part.REVIEWER}))
FINAL = {Status.SENT, Status.WITHDRAWN}
STATEMENTS = {name: text for name, text in vars(sql).items() if name.isupper()}


def standing(status: Status) -> Standing:
    authors = frozenset({"anna"})
    return Standing(status=status, revision=1, digest=b"d" * 32, authors=authors, scheduled_for=NOW)


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("part", Part)
def test_every_cell_lets_its_parts_in_and_nobody_else(status: Status, action: Action, part: Part) -> None:
    why = refusal(
        standing(status),
        action,
        Actor(name="somebody", parts=frozenset({part})),
        now=NOW,
        seen=b"d" * 32,
        note="请改标题",
        at=EIGHT,
    )
    move = MOVES.get((status, action))
    if move is None:
        assert why == NOT_NOW
    else:
        assert why == (None if part in move.by else WRONG_PART)


def test_what_is_over_moves_no_more_and_everything_else_can() -> None:
    assert {status for status in Status if not any(one is status for one, _ in MOVES)} == FINAL


def test_only_the_worker_sends_and_only_what_was_scheduled() -> None:
    into = {(status, action) for (status, action), move in MOVES.items() if move.to is Status.SENDING}
    assert into == {(Status.SCHEDULED, Action.CLAIM)}
    assert MOVES[Status.SCHEDULED, Action.CLAIM].by == {Part.WORKER}
    assert {status for (status, _), move in MOVES.items() if move.to is Status.SCHEDULED} == {
        Status.APPROVED,
        Status.SENDING,
    }


@pytest.mark.parametrize(
    ("status", "action", "actor", "values", "why"),
    [
        (Status.IN_REVIEW, Action.APPROVE, Actor(name="anna", parts=BOTH.parts), {}, OWN_TEXT),
        (Status.IN_REVIEW, Action.APPROVE, CARL, {"seen": b"x" * 32}, OTHER_TEXT),
        (Status.IN_REVIEW, Action.SEND_BACK, CARL, {"note": "  "}, NO_REASON),
        (Status.APPROVED, Action.SCHEDULE, ANNA, {"at": NOW}, TOO_EARLY),
        (Status.APPROVED, Action.SCHEDULE, ANNA, {"at": None}, TOO_EARLY),
        (Status.SCHEDULED, Action.CLAIM, WORKER, {"now": NOW - timedelta(seconds=1)}, NOT_DUE),
    ],
)
def test_what_stands_in_the_way_is_said(
    status: Status, action: Action, actor: Actor, values: dict[str, Any], why: str
) -> None:
    told = {"now": NOW, "seen": b"d" * 32, "note": "x", "at": EIGHT} | values
    assert refusal(standing(status), action, actor, **told) == why


def test_the_diagram_of_the_documentation_is_that_of_the_table() -> None:
    page = (ROOT / "docs/reference/briefings.md").read_text(encoding="utf-8")
    assert f"```mermaid\n{diagram()}\n```" in page


@pytest.fixture
def connection() -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(conninfo(), autocommit=True) as opened:
        opened.execute("TRUNCATE briefing_edition, briefing_revision, briefing_move, briefing_send CASCADE")
        yield opened


def new(connection: psycopg.Connection[Any], day: date = date(2026, 11, 25)) -> bytes:
    with connection.transaction(), connection.cursor() as cursor:
        return add_edition(
            cursor,
            day=day,
            kind=EditionKind.WEEKDAY,
            content=text_of(0),
            review=Review(reviewer="carl", deputy="dora", due_at=NOW + timedelta(minutes=90)),
            who="anna",
            now=NOW,
        )


def do(
    connection: psycopg.Connection[Any], held: bytes, action: Action, actor: Actor, **values: Any
) -> Status:
    seen = digest_of(to_bytes(text_of(values.pop("text", 0))))
    options = {"now": NOW, "seen": seen, "note": "x", "at": EIGHT} | values
    with connection.transaction(), connection.cursor() as cursor:
        return act(cursor, held, action, actor, **options)


def scheduled(connection: psycopg.Connection[Any], day: date = date(2026, 11, 25)) -> bytes:
    held = new(connection, day)
    for action, actor in ((Action.SEND_FOR_REVIEW, ANNA), (Action.APPROVE, CARL), (Action.SCHEDULE, ANNA)):
        do(connection, held, action, actor)
    return held


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
class TestOnPostgreSQL:
    def test_an_edition_goes_its_way_and_every_step_is_on_record(
        self, connection: psycopg.Connection[Any]
    ) -> None:
        held = scheduled(connection)
        with connection.cursor() as cursor:
            assert due(cursor, now=EIGHT - timedelta(seconds=1)) == []
            assert due(cursor, now=EIGHT) == [held]
        assert do(connection, held, Action.CLAIM, WORKER, now=EIGHT) is Status.SENDING
        assert do(connection, held, Action.ACCEPT, WORKER, now=EIGHT) is Status.SENT
        with connection.cursor() as cursor:
            found = edition(cursor, held)
            assert [(one.action, one.who) for one in moves(cursor, held)] == [
                (Action.SEND_FOR_REVIEW, "anna"),
                (Action.APPROVE, "carl"),
                (Action.SCHEDULE, "anna"),
                (Action.CLAIM, "worker"),
                (Action.ACCEPT, "worker"),
            ]
            assert [one.id for one in editions(cursor, first=found.day, last=found.day)] == [held]
        assert (found.approved_by, found.content, found.revision) == ("carl", text_of(0), 1)

    def test_an_edit_makes_an_approval_void_and_is_by_its_author(
        self, connection: psycopg.Connection[Any]
    ) -> None:
        held = scheduled(connection)
        with connection.transaction(), connection.cursor() as cursor:
            assert edit(cursor, held, content=text_of(1), actor=BOTH, now=NOW) == 2
            found = edition(cursor, held)
        assert (found.status, found.approved_by, found.scheduled_for) == (Status.DRAFT, None, None)
        do(connection, held, Action.SEND_FOR_REVIEW, ANNA)
        with pytest.raises(MoveRefused, match="自己写过"):
            do(connection, held, Action.APPROVE, BOTH, text=1)
        with pytest.raises(MoveRefused, match="改过了"):
            do(connection, held, Action.APPROVE, CARL, text=0)
        assert do(connection, held, Action.APPROVE, CARL, text=1) is Status.APPROVED

    def test_the_same_text_once_more_is_no_revision(self, connection: psycopg.Connection[Any]) -> None:
        held = new(connection)
        with connection.transaction(), connection.cursor() as cursor:
            assert edit(cursor, held, content=text_of(0), actor=ANNA, now=NOW) == 1

    def test_one_edition_a_day_is_scheduled(self, connection: psycopg.Connection[Any]) -> None:
        scheduled(connection)
        other = new(connection)
        do(connection, other, Action.SEND_FOR_REVIEW, ANNA)
        do(connection, other, Action.APPROVE, CARL)
        with pytest.raises(DayTaken):
            do(connection, other, Action.SCHEDULE, ANNA)
        with connection.cursor() as cursor:
            assert edition(cursor, other).status is Status.APPROVED

    @pytest.mark.parametrize(
        "change",
        [
            "digest = sha256('another')",
            "revision = 2",
            "approved_digest = NULL",
            "approved_by = NULL",
            "scheduled_for = NULL",
            "approved_digest = sha256('another')",
        ],
    )
    def test_the_database_itself_holds_no_unapproved_text_for_sending(
        self, connection: psycopg.Connection[Any], change: str
    ) -> None:
        held = scheduled(connection)
        with pytest.raises(psycopg.errors.CheckViolation):
            connection.execute(f"UPDATE briefing_edition SET {change} WHERE id = %s", [held])  # noqa: S608

    def test_a_revision_is_never_other_bytes_than_its_fingerprint(
        self, connection: psycopg.Connection[Any]
    ) -> None:
        held = new(connection)
        with pytest.raises(psycopg.errors.CheckViolation):
            connection.execute("UPDATE briefing_revision SET content = 'x' WHERE edition = %s", [held])

    def test_what_is_not_there_is_said(self, connection: psycopg.Connection[Any]) -> None:
        with pytest.raises(EditionUnknown):
            do(connection, b"0" * 16, Action.APPROVE, CARL)

    @pytest.mark.parametrize("name", STATEMENTS)
    def test_every_raw_statement_prepares_on_this_server(
        self, connection: psycopg.Connection[Any], name: str
    ) -> None:
        names = list(dict.fromkeys(re.findall(r"%\((\w+)\)s", STATEMENTS[name])))
        text = re.sub(r"%\((\w+)\)s", lambda match: f"${names.index(match[1]) + 1}", STATEMENTS[name])
        assert connection.pgconn.prepare(b"checked", text.encode()).error_message == b""
