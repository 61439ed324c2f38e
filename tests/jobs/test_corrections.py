"""A correction goes to those whose window is open, once, whatever happens in between."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import psycopg
import pytest
from prove.workflow import text_of

from daxiang.domains.briefings import desk
from daxiang.domains.briefings.operations import WORKER, EditionKind, Review, act, add_edition
from daxiang.domains.briefings.workflow import Action, Actor, Part
from daxiang.jobs import corrections
from daxiang.jobs.corrections import CorrectionSending
from tests.inbox.test_inbox import conninfo
from tests.jobs.test_tasks import NOW, SEALER, six_officers
from tests.jobs.test_watching import At

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def link() -> Iterator[psycopg.Connection[Any]]:
    """Six officers of whom four have a window; an edition of yesterday that was sent."""
    with six_officers() as connection:
        connection.execute("TRUNCATE briefing_edition CASCADE")
        yield connection


def approved(link: psycopg.Connection[Any], *, at: datetime = NOW, approve: bool = True) -> None:
    before = NOW - timedelta(hours=20)
    with link.transaction(), link.cursor() as cursor:
        held = add_edition(
            cursor,
            day=date(2026, 11, 24),
            kind=EditionKind.WEEKDAY,
            content=text_of(0),
            review=Review(reviewer="carl", deputy="", due_at=before),
            who="anna",
            now=before,
        )
        digest = cursor.execute("SELECT digest FROM briefing_edition").fetchone()
        assert digest is not None
        for action, name, part in (
            (Action.SEND_FOR_REVIEW, "anna", Part.EDITOR),
            (Action.APPROVE, "carl", Part.REVIEWER),
            (Action.SCHEDULE, "anna", Part.EDITOR),
        ):
            actor = Actor(name=name, parts=frozenset({part}))
            due = before + timedelta(minutes=1)
            act(cursor, held, action, actor, now=before, seen=bytes(digest[0]), at=due)
        for action in (Action.CLAIM, Action.ACCEPT):
            act(cursor, held, action, WORKER, now=before + timedelta(minutes=1))
        number = desk.add_correction(cursor, held, place="", words="是二桥，不是大桥。", who="anna", now=at)
        if approve:
            desk.approve_correction(cursor, held, number, who="carl", now=at)


def told(link: psycopg.Connection[Any]) -> tuple[int, int]:
    """How many messages wait, and how many the correction says."""
    row = link.execute(
        "SELECT (SELECT count(*) FROM outbox_delivery), max(told) FROM briefing_correction"
        " WHERE told_at IS NOT NULL"
    ).fetchone()
    assert row is not None
    return row[0], row[1] or 0


def sending(at: datetime = NOW) -> CorrectionSending:
    return CorrectionSending(url=conninfo(), clock=At(at), sealer=SEALER)


@pytest.mark.parametrize("most", [500, 2, 1])
def test_those_with_an_open_window_are_told_once(
    link: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(corrections, "MOST", most)
    approved(link)
    assert sending().round() == 4
    assert sending(NOW + timedelta(minutes=1)).round() == 0
    assert told(link) == (4, 4)


def test_one_that_waits_for_its_second_person_or_is_old_is_told_to_nobody(
    link: psycopg.Connection[Any],
) -> None:
    approved(link, approve=False)
    assert sending().round() == 0
    link.execute("TRUNCATE briefing_edition CASCADE")
    approved(link)
    assert sending(NOW + timedelta(hours=25)).round() == 0
    assert told(link) == (0, 0)


def test_one_killed_in_the_middle_goes_on_where_it_was(
    link: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(corrections, "MOST", 2)
    approved(link)
    first = sending()
    with psycopg.connect(conninfo(), autocommit=True) as other:
        assert first._some(other) == 2
    assert sending().round() == 2
    assert told(link) == (4, 4)


def test_who_has_left_the_account_is_not_told(link: psycopg.Connection[Any]) -> None:
    link.execute("UPDATE wechat_contact SET unfollowed_at = %s WHERE person = %s", (NOW, b"\1" * 32))
    approved(link)
    assert sending().round() == 3
