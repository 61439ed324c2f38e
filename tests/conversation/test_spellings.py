"""A thousand generated questions: what the chat answers equals an independent evaluation of the cards."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

import pytest

from daxiang.domains.conversation.queries import reply_to_text
from daxiang.domains.conversation.replies import Reply
from tests.conversation.oracle_cards import (
    ALLOWED,
    BANNED,
    UNKNOWN,
    Vehicle,
    change_after,
    gravest,
    over,
    passage,
)
from tests.conversation.spellings import Question, Reading, questions

SEED = 20261124
COUNT = 1000
CLOSED_WORDS = ("不能走", "封闭", "不要上", "不能上", "走不了")


def outcome(reading: Reading) -> dict[str, str]:
    return {one: gravest(over(one, reading.car, reading.start, reading.end)) for one in reading.places}


def fault(question: Question, reply: Reply) -> str:
    """What is wrong with the reply; empty when nothing is."""
    if not reply.text.strip():
        return "silence"
    outcomes = [outcome(one) for one in question.readings]
    agree = all(one == outcomes[0] for one in outcomes)
    if reply.kind == "ask_back":
        if agree and not _is_shut_in_some(question):
            return "asks back although every reading has one answer"
        return "promises in an ask-back" if reply.text.startswith("能走") else ""
    if reply.kind != "advice":
        return f"answers with {reply.kind}"
    if not agree:
        return "answers although the readings differ"
    found = {one.place: one.passage for one in reply.advice}
    if found != outcomes[0]:
        return f"advice {found}, the cards say {outcomes[0]}"
    return _line(reply, outcomes[0]) or _until(question, reply) or _instead(question, reply)


def _is_shut_in_some(question: Question) -> bool:
    """Whether it is 封闭 at some readings and forbidden at others: both banned, said in two ways."""
    everyone = Vehicle(use="taxi", seats=5)
    shut = {
        tuple(passage(one, everyone, reading.start) == BANNED for one in reading.places)
        for reading in question.readings
    }
    return len(shut) > 1


def _line(reply: Reply, passages: dict[str, str]) -> str:
    first = reply.text.split("\n")[0]
    values = set(passages.values())
    is_closed = any(word in first for word in CLOSED_WORDS)
    if values == {ALLOWED}:
        return "" if "能走" in first and not is_closed and "不确定" not in first else "line 1 is not 能走"
    if first.startswith("能走"):
        return "line 1 begins with 能走"
    if BANNED in values and not is_closed:
        return "line 1 does not say what is closed"
    if UNKNOWN in values and "不确定" not in reply.text:
        return "nothing says 不确定"
    return ""


def _until(question: Question, reply: Reply) -> str:
    """For an instant, the hour of the next change is the cards' too."""
    reading = question.readings[0]
    if reading.end is not None or len(question.readings) > 1:
        return ""
    for one in reply.advice:
        wanted = change_after(one.place, reading.car, reading.start)
        if one.until != wanted and one.passage != UNKNOWN:
            return f"{one.place} until {one.until}, the cards say {wanted}"
    return ""


def _instead(question: Question, reply: Reply) -> str:
    """What is named instead is itself open at the hours at which the place asked for is not."""
    for reading in question.readings:
        for one in reply.advice:
            for at in _shut_hours(one.place, reading):
                shut = [name for name in one.instead if passage(name, reading.car, at) != ALLOWED]
                if shut and (one.until is None or at < one.until):
                    return f"{shut} named instead of {one.place}"
    return ""


def _shut_hours(place: str, reading: Reading) -> list[datetime]:
    """The instants, an hour apart, at which the place itself is not open."""
    at, found = reading.start, [reading.start]
    while reading.end and (at := at.replace(minute=0) + timedelta(hours=1)) < reading.end:
        found.append(at)
    return [one for one in found if passage(place, reading.car, one) != ALLOWED]


def ask(question: Question) -> Reply:
    return reply_to_text(question.text, account_kind="service", city="wuhan", at=question.now)


def test_a_thousand_spellings_are_answered_as_the_cards_say() -> None:
    faults = []
    for question in questions(SEED, COUNT):
        reply = ask(question)
        if wrong := fault(question, reply):
            faults.append(f"{question.text!r} at {question.now:%Y-%m-%d %H:%M}: {wrong}\n    {reply.text!r}")
    assert not faults, f"seed {SEED}, {len(faults)} of {COUNT}:\n" + "\n".join(faults[:40])


def test_the_thousand_touch_every_kind_of_answer() -> None:
    found = Counter[str]()
    for question in questions(SEED, COUNT):
        outcomes = [outcome(one) for one in question.readings]
        agree = all(one == outcomes[0] for one in outcomes)
        found.update([gravest(set(outcomes[0].values())) if agree else "readings differ"])
    assert min(found[kind] for kind in (ALLOWED, BANNED, UNKNOWN, "readings differ")) >= 50, found


def test_an_answer_to_another_question_is_found_out() -> None:
    asked = list(questions(SEED, 200))
    others = {one.text: ask(asked[n - 1]) for n, one in enumerate(asked)}
    strangers = [one for one in asked if fault(one, others[one.text])]
    assert len(strangers) > 120


@pytest.mark.parametrize(
    ("at", "place", "car", "wanted"),
    [
        ("2026-11-24T08:30", "changjiang-bridge", Vehicle(tail=6), ALLOWED),
        ("2026-11-24T08:30", "changjiang-bridge", Vehicle(tail=5), BANNED),
        ("2026-11-25T08:30", "jianghan-bridge", Vehicle(tail=2), BANNED),
        ("2026-11-25T06:59", "changjiang-bridge", Vehicle(tail=6), ALLOWED),
        ("2026-11-25T22:30", "changjiang-bridge", Vehicle(tail=6), ALLOWED),
        ("2026-11-28T10:00", "changjiang-bridge", Vehicle(tail=5), ALLOWED),
        ("2026-10-06T10:00", "changjiang-bridge", Vehicle(tail=5), ALLOWED),
        ("2026-10-10T10:00", "changjiang-bridge", Vehicle(tail=5), UNKNOWN),
        ("2026-11-25T09:00", "changjiang-bridge", Vehicle(tail=6, green=True), ALLOWED),
        ("2026-11-25T09:00", "jianghan-bridge", Vehicle(tail=2, use="taxi"), ALLOWED),
        ("2026-11-25T23:30", "changjiang-bridge", Vehicle(kind="light_truck", tail=1), BANNED),
        ("2026-11-25T09:00", "changjiang-second-bridge", Vehicle(tail=6), ALLOWED),
        ("2026-11-26T02:00", "changjiang-tunnel", Vehicle(tail=5), BANNED),
        ("2026-11-26T00:20", "changjiang-tunnel", Vehicle(tail=5), ALLOWED),
        ("2027-01-05T10:00", "changjiang-bridge", Vehicle(tail=6), UNKNOWN),
    ],
)
def test_the_judge_knows_the_cases_that_were_worked_out_by_hand(
    at: str, place: str, car: Vehicle, wanted: str
) -> None:
    assert passage(place, car, datetime.fromisoformat(f"{at}+08:00")) == wanted
