"""The weekly quiz: one question, one answer each; results for oneself, and for a unit without names."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from daxiang.domains.officers.people_queries import Cursor

FEWEST = 5
"""So many must have answered before a unit's share is told: fewer would name somebody."""

ADD_QUIZ = """
INSERT INTO duty_quiz (opens_at, ends_at, question, choices, correct, because)
VALUES (%(opens_at)s, %(ends_at)s, %(question)s, %(choices)s, %(correct)s, %(because)s) RETURNING id
"""
OPEN_QUIZ = """
SELECT id, question, choices, correct, because FROM duty_quiz
WHERE opens_at <= %(now)s AND ends_at > %(now)s ORDER BY id DESC LIMIT 1
"""
WRITE_ANSWER = """
INSERT INTO duty_quiz_answer (quiz, officer, choice, at) VALUES (%(quiz)s, %(officer)s, %(choice)s, %(now)s)
ON CONFLICT (quiz, officer) DO NOTHING RETURNING quiz
"""
OWN_ANSWER = "SELECT choice FROM duty_quiz_answer WHERE quiz = %(quiz)s AND officer = %(officer)s"
UNIT_RESULT = """
SELECT count(*), count(*) FILTER (WHERE answer.choice = quiz.correct)
FROM duty_quiz_answer AS answer JOIN duty_quiz AS quiz ON quiz.id = answer.quiz
JOIN officer ON officer.id = answer.officer WHERE quiz.id = %(quiz)s AND officer.unit = %(unit)s
"""
STATEMENTS = {
    "ADD_QUIZ": ADD_QUIZ,
    "OPEN_QUIZ": OPEN_QUIZ,
    "WRITE_ANSWER": WRITE_ANSWER,
    "OWN_ANSWER": OWN_ANSWER,
    "UNIT_RESULT": UNIT_RESULT,
}


class Quiz(NamedTuple):
    """A question with its choices; `correct` counts from 1."""

    id: int
    question: str
    choices: tuple[str, ...]
    correct: int
    because: str


def add_quiz(
    cursor: Cursor,
    *,
    opens_at: datetime,
    ends_at: datetime,
    question: str,
    choices: Sequence[str],
    correct: int,
    because: str,
) -> int:
    """A question from then until then; its id."""
    parameters = {"opens_at": opens_at, "ends_at": ends_at, "question": question, "because": because}
    cursor.execute(ADD_QUIZ, {**parameters, "choices": list(choices), "correct": correct})
    return int(cursor.fetchone()[0])


def open_quiz(cursor: Cursor, *, now: datetime) -> Quiz | None:
    """The question of these days; None: there is none."""
    cursor.execute(OPEN_QUIZ, {"now": now})
    row = cursor.fetchone()
    return None if row is None else Quiz(row[0], row[1], tuple(row[2]), row[3], row[4])


def answer_quiz(cursor: Cursor, quiz: Quiz, *, officer: int, choice: int, now: datetime) -> int:
    """Keep an officer's answer, the first one; the one that counts."""
    parameters = {"quiz": quiz.id, "officer": officer, "choice": choice, "now": now}
    cursor.execute(WRITE_ANSWER, parameters)
    cursor.execute(OWN_ANSWER, parameters)
    return int(cursor.fetchone()[0])


def own_answer(cursor: Cursor, quiz: Quiz, *, officer: int) -> int | None:
    """What an officer answered; None: nothing yet."""
    cursor.execute(OWN_ANSWER, {"quiz": quiz.id, "officer": officer})
    row = cursor.fetchone()
    return None if row is None else int(row[0])


def unit_result(cursor: Cursor, quiz: Quiz, *, unit: int) -> tuple[int, int] | None:
    """How many of a unit answered, and how many rightly; None while it would name somebody."""
    cursor.execute(UNIT_RESULT, {"quiz": quiz.id, "unit": unit})
    many, right = cursor.fetchone()
    return (int(many), int(right)) if many >= FEWEST else None
