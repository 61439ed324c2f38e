"""Occasions are settled once, by whoever comes first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest

from daxiang.foundation.recurring.models import Occasion
from daxiang.foundation.recurring.operations import is_settled, settle_occasion
from daxiang.foundation.recurring.outcomes import Outcome
from daxiang.foundation.recurring.sql import STATEMENTS
from daxiang.kernel.clock import SHANGHAI
from tests.inbox.test_inbox import conninfo

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

DUE = datetime(2026, 11, 23, 20, tzinfo=SHANGHAI)


@pytest.fixture
def connection() -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(conninfo(), autocommit=True) as opened:
        opened.execute("TRUNCATE recurring_occasion")
        yield opened


def settle(
    connection: psycopg.Connection[Any], outcome: Outcome, many: int = 3, *, now: datetime = DUE
) -> bool:
    return settle_occasion(connection, job="evening", due_at=DUE, outcome=outcome, many=many, now=now)


def settled(connection: psycopg.Connection[Any], *, now: datetime = DUE, is_over: bool = False) -> bool:
    return is_settled(connection, job="evening", due_at=DUE, now=now, is_over=is_over)


def test_the_first_settles_and_the_second_hears_so(connection: psycopg.Connection[Any]) -> None:
    assert not settled(connection)
    assert [settle(connection, outcome) for outcome in (Outcome.DONE, Outcome.MISSED)] == [True, False]
    assert settled(connection)
    assert not is_settled(connection, job="evening", due_at=DUE + timedelta(days=1), now=DUE, is_over=False)
    held = Occasion.objects.get(job="evening", due_at=DUE)
    assert (held.outcome, held.many) == ("done", 3)


def test_what_was_missed_may_be_done_when_the_clock_was_set_back_into_its_time(
    connection: psycopg.Connection[Any],
) -> None:
    settle(connection, Outcome.MISSED, now=DUE + timedelta(hours=12))
    assert settled(connection, now=DUE + timedelta(hours=12), is_over=True)
    assert not settled(connection, now=DUE + timedelta(minutes=1))
    assert settle(connection, Outcome.DONE, now=DUE + timedelta(minutes=1))
    assert settled(connection, now=DUE + timedelta(minutes=2))


def test_what_was_settled_later_than_now_is_due_again(connection: psycopg.Connection[Any]) -> None:
    settle(connection, Outcome.DONE, now=DUE + timedelta(minutes=30))
    assert not settled(connection, now=DUE)
    assert settle(connection, Outcome.DONE, now=DUE)


@pytest.mark.parametrize("name", STATEMENTS)
def test_every_raw_statement_prepares_on_this_server(name: str) -> None:
    names = list(dict.fromkeys(re.findall(r"%\((\w+)\)s", STATEMENTS[name])))
    text = re.sub(r"%\((\w+)\)s", lambda match: f"${names.index(match[1]) + 1}", STATEMENTS[name])
    with psycopg.connect(conninfo(), autocommit=True) as opened:
        result = opened.pgconn.prepare(b"checked", text.encode())
    assert result.error_message == b""
