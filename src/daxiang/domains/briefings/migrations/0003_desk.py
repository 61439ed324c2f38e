"""What people do around an edition: comments, media, corrections, receipts, what officers hand in."""

from __future__ import annotations

from django.db import migrations

CREATE = """
CREATE TABLE briefing_comment (
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    edition    bytea       NOT NULL REFERENCES briefing_edition,
    revision   integer     NOT NULL,
    who        text        NOT NULL CHECK (who <> ''),
    place      text        NOT NULL,
    words      text        NOT NULL CHECK (words <> '' AND length(words) <= 1000),
    at         timestamptz NOT NULL,
    settled_by text,
    settled_at timestamptz,
    CHECK ((settled_by IS NULL) = (settled_at IS NULL))
);
CREATE INDEX briefing_comment_of ON briefing_comment (edition, id);
CREATE TABLE briefing_medium (
    id         text        PRIMARY KEY CHECK (id ~ '^[0-9a-f]{64}$'),
    type       text        NOT NULL CHECK (type IN ('image/jpeg', 'image/png', 'video/mp4')),
    data       bytea       NOT NULL CHECK (octet_length(data) <= 20000000),
    title      text        NOT NULL,
    alt        text        NOT NULL,
    source     text        NOT NULL,
    has_rights boolean     NOT NULL,
    expires_on date,
    added_by   text        NOT NULL,
    added_at   timestamptz NOT NULL
);
CREATE INDEX briefing_medium_at ON briefing_medium (added_at);
CREATE TABLE briefing_correction (
    id          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    edition     bytea       NOT NULL REFERENCES briefing_edition,
    place       text        NOT NULL,
    words       text        NOT NULL CHECK (words <> '' AND length(words) <= 500),
    by          text        NOT NULL,
    at          timestamptz NOT NULL,
    approved_by text,
    approved_at timestamptz,
    CHECK ((approved_by IS NULL) = (approved_at IS NULL)),
    CHECK (approved_by IS NULL OR approved_by <> by)
);
CREATE INDEX briefing_correction_of ON briefing_correction (edition, id);
CREATE TABLE briefing_receipt (
    edition       bytea       NOT NULL REFERENCES briefing_edition,
    officer       bigint      NOT NULL,
    read_at       timestamptz,
    understood_at timestamptz,
    PRIMARY KEY (edition, officer),
    CHECK (read_at IS NOT NULL OR understood_at IS NOT NULL)
);
CREATE TABLE briefing_contribution (
    id      bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    officer bigint      NOT NULL,
    words   text        NOT NULL CHECK (words <> '' AND length(words) <= 2000),
    at      timestamptz NOT NULL,
    used_at timestamptz,
    used_by text
);
CREATE TABLE briefing_result (
    msg_id  bigint      PRIMARY KEY,
    status  text        NOT NULL,
    reached integer,
    failed  integer,
    at      timestamptz NOT NULL
);
CREATE INDEX briefing_incident_place ON briefing_incident (severity, happened_at);
CREATE INDEX briefing_incident_kind ON briefing_incident (kind, happened_at);
"""
DROP = """
DROP TABLE briefing_result;
DROP INDEX briefing_incident_place, briefing_incident_kind;
DROP TABLE briefing_comment, briefing_medium, briefing_correction, briefing_receipt, briefing_contribution
"""


class Migration(migrations.Migration):
    dependencies = [("briefings", "0002_sends")]
    operations = [migrations.RunSQL(CREATE, DROP)]
