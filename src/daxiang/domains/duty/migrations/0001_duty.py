"""Shifts and their swaps, hand-over notes, urgent tasks and whom they reached, quiz, suggestions."""

from __future__ import annotations

from django.db import migrations

CREATE = """
CREATE TABLE duty_shift (
    id        bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    unit      bigint      NOT NULL REFERENCES officer_unit,
    post      text        NOT NULL CHECK (post <> ''),
    officer   bigint      NOT NULL REFERENCES officer,
    starts_at timestamptz NOT NULL,
    ends_at   timestamptz NOT NULL CHECK (ends_at > starts_at),
    is_lead   boolean     NOT NULL,
    UNIQUE (officer, starts_at)
);
CREATE INDEX duty_shift_at ON duty_shift (starts_at, ends_at);
CREATE INDEX duty_shift_of ON duty_shift (officer, ends_at);
CREATE TABLE duty_swap (
    id       bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    shift    bigint      NOT NULL REFERENCES duty_shift,
    asker    bigint      NOT NULL REFERENCES officer,
    taker    bigint      NOT NULL REFERENCES officer CHECK (taker <> asker),
    status   text        NOT NULL CHECK (status IN ('asked', 'agreed', 'refused', 'over')),
    asked_at timestamptz NOT NULL,
    ended_at timestamptz,
    CHECK ((status = 'asked') = (ended_at IS NULL))
);
CREATE UNIQUE INDEX duty_swap_open ON duty_swap (shift) WHERE status = 'asked';
CREATE TABLE duty_note (
    id      bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    unit    bigint      NOT NULL REFERENCES officer_unit,
    officer bigint      NOT NULL REFERENCES officer,
    words   text        NOT NULL CHECK (words <> '' AND length(words) <= 500),
    at      timestamptz NOT NULL
);
CREATE INDEX duty_note_of ON duty_note (unit, id);
CREATE TABLE duty_task (
    id      bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    number  text        NOT NULL UNIQUE,
    words   text        NOT NULL CHECK (words <> '' AND length(words) <= 300),
    by      text        NOT NULL,
    at      timestamptz NOT NULL,
    until   timestamptz NOT NULL,
    ended_at timestamptz
);
CREATE TABLE duty_task_person (
    task     bigint      NOT NULL REFERENCES duty_task,
    officer  bigint      NOT NULL REFERENCES officer,
    status   text        NOT NULL CHECK (status IN
        ('waiting', 'told', 'acknowledged', 'escalated', 'not_reached')),
    channel  text        NOT NULL DEFAULT '',
    told_at  timestamptz,
    ended_at timestamptz,
    why      text        NOT NULL DEFAULT '',
    PRIMARY KEY (task, officer)
);
CREATE INDEX duty_task_open ON duty_task_person (task) WHERE status IN ('waiting', 'told');
CREATE TABLE duty_quiz (
    id       bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    opens_at timestamptz NOT NULL,
    ends_at  timestamptz NOT NULL CHECK (ends_at > opens_at),
    question text        NOT NULL CHECK (question <> ''),
    choices  text[]      NOT NULL CHECK (array_length(choices, 1) BETWEEN 2 AND 4),
    correct  integer     NOT NULL CHECK (correct >= 1 AND correct <= array_length(choices, 1)),
    because  text        NOT NULL
);
CREATE TABLE duty_quiz_answer (
    quiz    bigint      NOT NULL REFERENCES duty_quiz,
    officer bigint      NOT NULL REFERENCES officer,
    choice  integer     NOT NULL,
    at      timestamptz NOT NULL,
    PRIMARY KEY (quiz, officer)
);
CREATE TABLE duty_suggestion (
    id    bytea PRIMARY KEY CHECK (octet_length(id) = 16),
    words text  NOT NULL CHECK (words <> '' AND length(words) <= 1000),
    day   date  NOT NULL
);
"""
DROP = """
DROP TABLE duty_suggestion, duty_quiz_answer, duty_quiz, duty_task_person, duty_task, duty_note, duty_swap,
    duty_shift
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [("officers", "0004_people")]
    operations = [migrations.RunSQL(CREATE, DROP)]
