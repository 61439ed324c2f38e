"""`daxiang ask` says what the chat would say to this person, and with `--commit` does what it would do."""

from __future__ import annotations

import json
from typing import Any

import psycopg
import pytest

from daxiang.config import ask_person
from daxiang.config.cli import main
from tests.gateway.test_conversation import TABLES, rows
from tests.inbox.test_inbox import conninfo

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

AT = "2026-11-24T08:10:00+08:00"
ANNA = ("--openid", "oInventedOpenidOfNobody12345")


@pytest.fixture(autouse=True)
def database(monkeypatch: pytest.MonkeyPatch) -> None:
    with psycopg.connect(conninfo(), autocommit=True) as connection:
        connection.execute(f"TRUNCATE {TABLES}")
    monkeypatch.setattr(ask_person, "database_url", lambda settings: conninfo())


def ask(capsys: pytest.CaptureFixture[str], *arguments: str, at: str = AT) -> dict[str, Any]:
    assert main(["ask", *arguments, "--at", at, "--json"]) == 0
    printed: dict[str, Any] = json.loads(capsys.readouterr().out)
    return printed


def kept() -> list[Any]:
    tables = ("inbox_message", "resident_talk", "resident_car", "resident_message", "wechat_contact")
    return [rows(f"SELECT count(*) FROM {table}")[0][0] for table in tables]  # noqa: S608 (fixed)


def test_without_commit_nothing_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    for words in ("5", "那周六呢", "给民警留言：桥上没灯", "忘记"):
        ask(capsys, words, *ANNA)
    assert kept() == [0, 0, 0, 0, 0]


def test_a_talk_goes_on_from_one_committed_call_to_the_next(capsys: pytest.CaptureFixture[str]) -> None:
    ask(capsys, "5", *ANNA, "--commit")
    told = ask(capsys, "那周六呢", *ANNA)
    assert told["kind"] == "advice"
    assert "28日（周六）" in told["text"]
    assert "尾号5" not in ask(capsys, "那周六呢", "--openid", "oSomebodyElse")["text"]
    assert "尾号5" not in ask(capsys, "那周六呢", *ANNA, at="2026-11-24T09:10:00+08:00")["text"]


def test_what_is_committed_is_done_as_the_gateway_does_it(capsys: pytest.CaptureFixture[str]) -> None:
    for words in ("鄂A12345", "记住这辆车", "同意，记住"):
        told = ask(capsys, words, *ANNA, "--commit")
    assert "记住了" in told["text"]
    told = ask(capsys, "给民警留言：桥上没灯", *ANNA, "--commit")
    [(number,)] = rows("SELECT number FROM resident_message")
    assert f"编号{number}" in told["text"]
    assert kept() == [4, 1, 1, 1, 1]
    assert "1***5" in ask(capsys, "今天能走", *ANNA)["text"]


def test_without_a_database_the_question_is_answered_and_nothing_can_be_committed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ask_person, "database_url", lambda settings: "host=127.0.0.1 port=1 dbname=none")
    assert "尾号5" in ask(capsys, "5", *ANNA)["text"]
    assert main(["ask", "5", *ANNA, "--commit"]) == 1
    assert main(["ask", "5", "--commit"]) == 2
