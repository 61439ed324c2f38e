"""Alarms: raised once, told on every channel until it is told, closed when the reason is gone."""

from __future__ import annotations

import json
import re
import socketserver
import threading
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import psycopg
import pytest
from prove.workflow import text_of

from daxiang.domains.briefings.content import Article, Content, Section, SectionKind, digest_of, to_bytes
from daxiang.domains.briefings.operations import EditionKind, Review, act, add_edition
from daxiang.domains.briefings.reports import keep_result
from daxiang.domains.briefings.workflow import Action, Actor, Part
from daxiang.domains.duty.roster import Shift, gaps
from daxiang.foundation.alarms.channels import AlarmSettings, channels_of
from daxiang.foundation.alarms.operations import (
    EMAIL,
    LOG,
    STATEMENTS,
    WEBHOOK,
    alarms,
    close_alarm,
    raise_alarm,
    take_alarm,
)
from daxiang.jobs.alarms import AlarmSending
from daxiang.jobs.watching import Watching
from daxiang.kernel.clock import SHANGHAI, Clock
from tests.inbox.test_inbox import conninfo

NOW = datetime(2026, 11, 25, 7, 0, tzinfo=SHANGHAI)
database = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ANNA = Actor(name="anna", parts=frozenset({Part.EDITOR}))
CARL = Actor(name="carl", parts=frozenset({Part.REVIEWER}))


class At(Clock):
    """A clock that stands where it is put."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def link() -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(conninfo(), autocommit=True) as connection:
        connection.execute(
            "TRUNCATE alarm, briefing_edition, briefing_result, officer_unit, duty_shift CASCADE"
        )
        yield connection


def watch(at: datetime) -> list[str]:
    """One look; the open alarms' kinds."""
    Watching(url=conninfo(), clock=At(at), channels=[LOG]).round()
    with psycopg.connect(conninfo()) as connection, connection.cursor() as cursor:
        return sorted(one.kind for one in alarms(cursor, only_open=True))


def edition(link: psycopg.Connection[Any], *steps: tuple[Action, Actor]) -> bytes:
    eight = NOW.replace(hour=8)
    with link.transaction(), link.cursor() as cursor:
        held = add_edition(
            cursor,
            day=date(2026, 11, 25),
            kind=EditionKind.WEEKDAY,
            content=text_of(0),
            review=Review(reviewer="carl", deputy="dora", due_at=NOW.replace(minute=30)),
            who="anna",
            now=NOW,
        )
        digest = cursor.execute("SELECT digest FROM briefing_edition").fetchone()
        assert digest is not None
        for action, who in steps:
            act(cursor, held, action, who, now=NOW, seen=bytes(digest[0]), at=eight)
    return held


SCHEDULED = ((Action.SEND_FOR_REVIEW, ANNA), (Action.APPROVE, CARL), (Action.SCHEDULE, ANNA))


class TestOnPostgreSQL:
    pytestmark = database

    def test_at_half_past_seven_without_approval_three_are_called_and_no_earlier(
        self, link: psycopg.Connection[Any]
    ) -> None:
        edition(link, SCHEDULED[0])
        assert watch(NOW.replace(minute=29, second=59)) == []
        assert watch(NOW.replace(minute=30)) == ["briefing_not_approved"]
        assert watch(NOW.replace(minute=31)) == ["briefing_not_approved"]
        with link.cursor() as cursor:
            [one] = alarms(cursor, only_open=False)
        assert one.owner == "carl、dora、值班领导"
        assert "没有审定" in one.words

    def test_once_it_is_scheduled_the_alarm_closes_by_itself(self, link: psycopg.Connection[Any]) -> None:
        assert watch(NOW.replace(minute=40)) == ["briefing_not_approved"]
        edition(link, *SCHEDULED)
        assert watch(NOW.replace(minute=41)) == []

    def test_approved_but_not_scheduled_is_told_as_that(self, link: psycopg.Connection[Any]) -> None:
        edition(link, *SCHEDULED[:2])
        watch(NOW.replace(minute=40))
        with link.cursor() as cursor:
            assert "没有定时" in alarms(cursor, only_open=True)[0].words

    def test_an_hour_and_five_minutes_before_the_text_is_looked_at_again(
        self, link: psycopg.Connection[Any]
    ) -> None:
        held = edition(link, *SCHEDULED)
        assert watch(NOW) == []
        bad = to_bytes_with(held, link, "车主电话13812345678")
        assert watch(NOW - timedelta(seconds=1)) == []
        assert watch(NOW) == ["briefing_check"]
        assert watch(NOW.replace(minute=55)) == ["briefing_check", "briefing_check"]
        assert bad

    def test_the_platforms_report_is_awaited_a_quarter_of_an_hour_and_believed(
        self, link: psycopg.Connection[Any]
    ) -> None:
        held = edition(link, *SCHEDULED)
        at = NOW.replace(hour=8)
        link.execute(
            "INSERT INTO briefing_send (edition, client_msg_id, attempts, claimed_at, accepted_at, msg_id)"
            " VALUES (%s, 'x', 1, %s, %s, 77)",
            [held, at, at],
        )
        assert "briefing_result" not in watch(at + timedelta(minutes=15))
        assert "briefing_result" in watch(at + timedelta(minutes=15, seconds=1))
        with link.cursor() as cursor:
            keep_result(cursor, 77, status="send success", reached=3500, failed=0, now=at)
        assert "briefing_result" not in watch(at + timedelta(minutes=16))

    def test_an_alarm_is_open_once_of_a_key_and_taken_by_one(self, link: psycopg.Connection[Any]) -> None:
        told = {"kind": "x", "words": "看一看", "owner": "运维", "channels": [LOG]}
        with link.cursor() as cursor:
            assert raise_alarm(cursor, key="k", now=NOW, **told)  # type: ignore[arg-type]
            assert not raise_alarm(cursor, key="k", now=NOW, **told)  # type: ignore[arg-type]
            [one] = alarms(cursor, only_open=True)
            assert take_alarm(cursor, one.id, who="a", now=NOW)
            assert not take_alarm(cursor, one.id, who="b", now=NOW)
            assert close_alarm(cursor, key="k", who="a", now=NOW)
            assert not close_alarm(cursor, key="k", who="a", now=NOW)
            assert raise_alarm(cursor, key="k", now=NOW, **told)  # type: ignore[arg-type]

    def test_every_channel_is_told_once_and_a_failing_one_later(self, link: psycopg.Connection[Any]) -> None:
        with webhook() as hook, mail_server() as mail:
            settings = AlarmSettings(
                mail=f"smtp://127.0.0.1:{mail.port}",
                mail_from="daxiang@example.org",
                mail_to=("desk@example.org",),
                webhook=f"http://127.0.0.1:{hook.server_port}/alarm",
            )
            assert settings.channels == (LOG, EMAIL, WEBHOOK)
            clock = At(NOW)
            sending = AlarmSending(url=conninfo(), clock=clock, channels=channels_of(settings))
            with link.cursor() as cursor:
                raise_alarm(
                    cursor,
                    key="k",
                    kind="x",
                    words="7:30没有审定",
                    owner="carl",
                    channels=settings.channels,
                    now=NOW,
                )
            hook.fails = 1  # type: ignore[attr-defined]
            assert sending.round() == 2
            assert sending.round() == 0
            clock.at += timedelta(seconds=1)
            assert sending.round() == 1
            clock.at += timedelta(hours=1)
            assert sending.round() == 0
            assert [one["text"] for one in hook.told] == ["7:30没有审定"]  # type: ignore[attr-defined]
            assert len(mail.letters) == 1
            assert "To: desk@example.org" in mail.letters[0]

    @pytest.mark.parametrize("name", STATEMENTS)
    def test_every_raw_statement_prepares_on_this_server(
        self, link: psycopg.Connection[Any], name: str
    ) -> None:
        names = list(dict.fromkeys(re.findall(r"%\((\w+)\)s", STATEMENTS[name])))
        text = re.sub(r"%\((\w+)\)s", lambda match: f"${names.index(match[1]) + 1}", STATEMENTS[name])
        link.execute(f"PREPARE tried AS {text}")
        link.execute("DEALLOCATE tried")


def to_bytes_with(held: bytes, link: psycopg.Connection[Any], words: str) -> bool:
    """Put another text behind an edition's back, as only the database's owner could; whether it is in."""
    article = Article(title="一件", paragraphs=(words,))
    text = to_bytes(
        Content(
            title="简报",
            teaser="昨日1起。",
            sections=(Section(kind=SectionKind.INCIDENTS, title="重要警情", articles=(article,)),),
        )
    )
    link.execute(
        "INSERT INTO briefing_revision (edition, number, content, digest, author, at)"
        " VALUES (%s, 2, %s, %s, 'x', now())",
        [held, text, digest_of(text)],
    )
    link.execute(
        "UPDATE briefing_edition SET revision = 2, digest = %s, approved_revision = 2, approved_digest = %s",
        [digest_of(text), digest_of(text)],
    )
    return True


class _Hook(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        server: Any = self.server
        if server.fails:
            server.fails -= 1
            self.send_response(502)
        else:
            server.told.append(body)
            self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        """Quiet."""


class webhook:  # noqa: N801
    """A receiver of JSON on loopback."""

    def __enter__(self) -> HTTPServer:
        self._server = HTTPServer(("127.0.0.1", 0), _Hook)
        self._server.fails, self._server.told = 0, []  # type: ignore[attr-defined]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self._server

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Mail(socketserver.StreamRequestHandler):
    """As much of RFC 5321 as a client needs."""

    def handle(self) -> None:
        self._say("220 here")
        while line := self.rfile.readline().decode().strip():
            if line.upper().startswith("DATA"):
                self._say("354 go on")
                letter = []
                while (part := self.rfile.readline().decode()) != ".\r\n":
                    letter.append(part)
                self.server.letters.append("".join(letter))  # type: ignore[attr-defined]
            elif line.upper().startswith("QUIT"):
                self._say("221 bye")
                return
            self._say("250 fine")

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


class mail_server:  # noqa: N801
    """A mail server on loopback."""

    letters: list[str]

    def __enter__(self) -> mail_server:
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Mail)
        self.letters = self._server.letters = []  # type: ignore[attr-defined]
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def shift(post: str, start: int, end: int, *, lead: bool = True) -> Shift:
    at = NOW.replace(hour=0, minute=0)
    return Shift(0, 0, post, 0, at + timedelta(hours=start), at + timedelta(hours=end), lead)


@pytest.mark.parametrize(
    ("shifts", "found"),
    [
        ([], []),
        ([(0, 8, True), (8, 16, True)], []),
        ([(0, 8, True), (10, 16, True)], [(8, 10, False)]),
        ([(0, 8, True), (8, 16, False), (16, 24, True)], [(8, 16, True)]),
        ([(0, 8, False), (8, 16, False)], []),
        ([(0, 12, True), (4, 8, False), (12, 20, True)], []),
    ],
)
def test_a_gap_lies_between_shifts_and_nowhere_else(
    shifts: list[tuple[int, int, bool]], found: list[tuple[int, int, bool]]
) -> None:
    held = [shift("桥", start, end, lead=lead) for start, end, lead in shifts]
    day = NOW.replace(hour=0, minute=0)
    told = gaps(held, start=day, end=day + timedelta(days=7))
    hours = [
        (int((one.start - day).total_seconds()) // 3600, int((one.end - day).total_seconds()) // 3600)
        for one in told
    ]
    assert [(*pair, one.only_lead) for pair, one in zip(hours, told, strict=True)] == found
