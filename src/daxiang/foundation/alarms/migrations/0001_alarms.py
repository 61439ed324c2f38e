"""Alarms and what was told of them, channel by channel."""

from __future__ import annotations

from django.db import migrations

CREATE = """
CREATE TABLE alarm (
    id        bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key       text        NOT NULL CHECK (key <> ''),
    kind      text        NOT NULL CHECK (kind <> ''),
    words     text        NOT NULL CHECK (words <> ''),
    owner     text        NOT NULL,
    raised_at timestamptz NOT NULL,
    taken_by  text,
    taken_at  timestamptz,
    closed_at timestamptz,
    closed_by text,
    CHECK ((taken_by IS NULL) = (taken_at IS NULL)),
    CHECK ((closed_by IS NULL) = (closed_at IS NULL))
);
CREATE UNIQUE INDEX alarm_open ON alarm (key) WHERE closed_at IS NULL;
CREATE INDEX alarm_at ON alarm (raised_at);
CREATE TABLE alarm_message (
    alarm       bigint      NOT NULL REFERENCES alarm,
    channel     text        NOT NULL,
    attempts    integer     NOT NULL DEFAULT 0,
    next_at     timestamptz NOT NULL,
    lease_until timestamptz,
    told_at     timestamptz,
    fault       text        NOT NULL DEFAULT '',
    PRIMARY KEY (alarm, channel)
);
CREATE INDEX alarm_message_due ON alarm_message (next_at) WHERE told_at IS NULL;
"""
DROP = "DROP TABLE alarm_message, alarm"


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [migrations.RunSQL(CREATE, DROP)]
