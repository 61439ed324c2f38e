"""Words of danger in many spellings bring the right number on line 1; harmless sentences do not."""

from __future__ import annotations

import tomllib
from datetime import datetime
from pathlib import Path

import pytest

from daxiang.domains.conversation.queries import reply_to_text
from daxiang.domains.conversation.replies import Reply
from daxiang.domains.restrictions.errors import CityUnknown

LISTS = tomllib.loads(Path(__file__).with_name("danger_spellings.toml").read_text(encoding="utf-8"))
NOW = datetime.fromisoformat("2026-11-24T18:05+08:00")
NO_PACK = "a-city-without-a-pack"
"""Danger is answered before any card is read, so that nothing in a pack can stand in its way."""


def ask(words: str, account: str) -> Reply:
    return reply_to_text(words, account_kind=account, city="wuhan", at=NOW)


def first_line(words: str, account: str) -> str:
    """Of the answer to danger; empty where no danger was heard, for then the missing pack is missed."""
    try:
        reply = reply_to_text(words, account_kind=account, city=NO_PACK, at=NOW)
    except CityUnknown:
        return ""
    return reply.text.split("\n")[0] if reply.kind == "danger" else ""


def test_the_lists_are_as_long_as_promised() -> None:
    spellings = [one for group in LISTS["danger"] for one in group["spellings"]]
    assert len(set(spellings)) >= 200
    assert len(set(LISTS["harmless"]["sentences"])) >= 300


@pytest.mark.parametrize("account", ["service", "subscription"])
def test_each_spelling_of_danger_gets_its_number_on_line_1(account: str) -> None:
    missing = []
    for group in LISTS["danger"]:
        for words in group["spellings"]:
            first = first_line(words, account)
            if not any(number in first for number in group["numbers"]):
                missing.append(f"{group['what']}: {words!r} -> {first!r}")
    assert not missing, "\n".join(missing)


@pytest.mark.parametrize("account", ["service", "subscription"])
def test_no_harmless_sentence_is_taken_for_danger(account: str) -> None:
    alarms = [
        f"{words!r} -> {reply.text.splitlines()[0]!r}"
        for words in LISTS["harmless"]["sentences"]
        if (reply := ask(words, account)).kind == "danger" or not reply.text.strip()
    ]
    assert not alarms, "\n".join(alarms)


@pytest.mark.parametrize("account", ["service", "subscription"])
def test_danger_is_heard_at_the_end_of_the_longest_message(account: str) -> None:
    assert "120" in first_line("今天天气好" * 134 + "有人受伤了", account)
    assert "122" in first_line("a" * 2030 + " 我被撞了", account)
