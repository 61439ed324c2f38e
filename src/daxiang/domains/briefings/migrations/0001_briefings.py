"""Editions, their revisions, moves and comments; incidents."""

from __future__ import annotations

from django.db import migrations

CREATE = """
CREATE TABLE briefing_edition (
    id                bytea       PRIMARY KEY CHECK (octet_length(id) = 16),
    day               date        NOT NULL,
    kind              text        NOT NULL CHECK (kind IN ('weekday', 'saturday', 'special')),
    status            text        NOT NULL CHECK (status IN
        ('draft', 'in_review', 'approved', 'scheduled', 'sending', 'sent', 'withdrawn')),
    revision          integer     NOT NULL CHECK (revision > 0),
    digest            bytea       NOT NULL CHECK (octet_length(digest) = 32),
    approved_revision integer,
    approved_digest   bytea,
    approved_by       text,
    scheduled_for     timestamptz,
    reviewer          text        NOT NULL DEFAULT '',
    deputy            text        NOT NULL DEFAULT '',
    due_at            timestamptz NOT NULL,
    created_at        timestamptz NOT NULL,
    CHECK (
        (status IN ('approved', 'scheduled', 'sending', 'sent'))
        = (approved_digest IS NOT NULL AND approved_by IS NOT NULL AND approved_revision IS NOT NULL)
    ),
    CHECK (approved_digest IS NULL OR (approved_digest = digest AND approved_revision = revision)),
    CHECK (status NOT IN ('scheduled', 'sending', 'sent') OR scheduled_for IS NOT NULL)
);
CREATE UNIQUE INDEX briefing_one_a_day ON briefing_edition (day)
    WHERE status IN ('scheduled', 'sending', 'sent');
CREATE INDEX briefing_due ON briefing_edition (scheduled_for) WHERE status = 'scheduled';
CREATE TABLE briefing_revision (
    edition bytea       NOT NULL REFERENCES briefing_edition,
    number  integer     NOT NULL CHECK (number > 0),
    content bytea       NOT NULL CHECK (octet_length(content) <= 200000),
    digest  bytea       NOT NULL CHECK (digest = sha256(content)),
    author  text        NOT NULL CHECK (author <> ''),
    at      timestamptz NOT NULL,
    PRIMARY KEY (edition, number)
);
CREATE TABLE briefing_move (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    edition  bytea       NOT NULL REFERENCES briefing_edition,
    action   text        NOT NULL,
    status   text        NOT NULL,
    revision integer     NOT NULL,
    who      text        NOT NULL,
    note     text        NOT NULL DEFAULT '',
    at       timestamptz NOT NULL
);
CREATE INDEX briefing_move_of ON briefing_move (edition, id);
CREATE TABLE briefing_incident (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source_key  text        NOT NULL UNIQUE CHECK (source_key <> ''),
    kind        text        NOT NULL CHECK (kind <> ''),
    place       text        NOT NULL,
    lon         double precision CHECK (lon BETWEEN -180 AND 180),
    lat         double precision CHECK (lat BETWEEN -90 AND 90),
    happened_at timestamptz NOT NULL,
    severity    smallint    NOT NULL CHECK (severity BETWEEN 1 AND 4),
    summary     text        NOT NULL,
    imported_by text        NOT NULL,
    imported_at timestamptz NOT NULL,
    CHECK ((lon IS NULL) = (lat IS NULL))
);
CREATE INDEX briefing_incident_at ON briefing_incident (happened_at);
"""
DROP = "DROP TABLE briefing_incident, briefing_move, briefing_revision, briefing_edition"


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [migrations.RunSQL(CREATE, DROP)]
