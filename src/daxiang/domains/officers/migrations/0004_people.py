"""Officers, their units, how they are bound to the internal account, and which tags they wear."""

from __future__ import annotations

from django.db import migrations

CREATE = """
CREATE TABLE officer_unit (
    id        bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    parent    bigint  REFERENCES officer_unit,
    kind      text    NOT NULL CHECK (kind <> ''),
    name      text    NOT NULL CHECK (name <> ''),
    is_active boolean NOT NULL DEFAULT true
);
CREATE UNIQUE INDEX officer_unit_name ON officer_unit (coalesce(parent, 0), name);
CREATE TABLE officer (
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    mark       bytea       NOT NULL UNIQUE CHECK (octet_length(mark) = 32),
    number     bytea       NOT NULL,
    name       bytea       NOT NULL,
    phone      bytea,
    unit       bigint      NOT NULL REFERENCES officer_unit,
    rank       text        NOT NULL,
    digest     bytea       NOT NULL,
    is_active  boolean     NOT NULL DEFAULT true,
    left_at    timestamptz,
    account    text,
    person     bytea       CHECK (octet_length(person) = 32),
    openid     bytea,
    bound_at   timestamptz,
    CHECK ((person IS NULL) = (openid IS NULL) AND (person IS NULL) = (bound_at IS NULL)),
    CHECK (is_active OR person IS NULL),
    CHECK (is_active = (left_at IS NULL))
);
CREATE UNIQUE INDEX officer_person ON officer (account, person) WHERE person IS NOT NULL;
CREATE INDEX officer_of_unit ON officer (unit) WHERE is_active;
CREATE TABLE officer_code (
    officer bigint      PRIMARY KEY REFERENCES officer,
    digest  bytea       NOT NULL UNIQUE CHECK (octet_length(digest) = 32),
    until   timestamptz NOT NULL
);
CREATE TABLE officer_try (
    account   text        NOT NULL,
    person    bytea       NOT NULL,
    failures  integer     NOT NULL,
    failed_at timestamptz NOT NULL,
    PRIMARY KEY (account, person)
);
CREATE TABLE officer_link (
    digest  bytea       PRIMARY KEY CHECK (octet_length(digest) = 32),
    officer bigint      NOT NULL REFERENCES officer,
    target  bytea       NOT NULL,
    until   timestamptz NOT NULL,
    tries   integer     NOT NULL DEFAULT 0
);
CREATE INDEX officer_link_over ON officer_link (until);
CREATE TABLE officer_device (
    digest  bytea       PRIMARY KEY CHECK (octet_length(digest) = 32),
    officer bigint      NOT NULL REFERENCES officer,
    until   timestamptz NOT NULL
);
CREATE INDEX officer_device_over ON officer_device (until);
CREATE TABLE officer_tag (
    account text  NOT NULL,
    person  bytea NOT NULL,
    tag     text  NOT NULL,
    openid  bytea NOT NULL,
    PRIMARY KEY (account, person, tag)
);
"""
DROP = (
    "DROP TABLE officer_tag, officer_link, officer_device, officer_try, officer_code, officer, officer_unit"
)


class Migration(migrations.Migration):
    dependencies = [("officers", "0003_roles")]
    operations = [migrations.RunSQL(CREATE, DROP)]
