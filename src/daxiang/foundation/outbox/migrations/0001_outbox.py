"""Deliveries and their moves."""

from __future__ import annotations

from django.db import migrations, models

CREATE = """
CREATE TABLE outbox_delivery (
    id             bytea       PRIMARY KEY CHECK (octet_length(id) = 16),
    channel        text        NOT NULL CHECK (channel <> ''),
    account        text        NOT NULL CHECK (account <> ''),
    person         bytea       NOT NULL CHECK (octet_length(person) = 32),
    payload        bytea       NOT NULL,
    dedup          bytea       NOT NULL UNIQUE CHECK (octet_length(dedup) = 32),
    created_at     timestamptz NOT NULL,
    not_before     timestamptz NOT NULL,
    expires_at     timestamptz NOT NULL,
    status         text        NOT NULL DEFAULT 'waiting'
        CHECK (status IN ('waiting', 'sending', 'sent', 'refused', 'unknown', 'expired')),
    attempts       integer     NOT NULL DEFAULT 0,
    lease_until    timestamptz CHECK ((lease_until IS NOT NULL) = (status = 'sending')),
    first_tried_at timestamptz CHECK (first_tried_at IS NOT NULL OR attempts = 0),
    settled_at     timestamptz,
    code           text        NOT NULL DEFAULT '',
    rid            text        NOT NULL DEFAULT ''
);
CREATE INDEX outbox_due ON outbox_delivery (not_before, id) WHERE status = 'waiting';
CREATE INDEX outbox_leased ON outbox_delivery (lease_until) WHERE status = 'sending';
CREATE INDEX outbox_open ON outbox_delivery (account, person, id) WHERE status IN ('waiting', 'sending');
CREATE INDEX outbox_tried ON outbox_delivery (account, person, first_tried_at)
    WHERE first_tried_at IS NOT NULL;
CREATE TABLE outbox_move (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    delivery bytea       NOT NULL,
    action   text        NOT NULL,
    status   text        NOT NULL,
    at       timestamptz NOT NULL,
    code     text        NOT NULL DEFAULT ''
);
CREATE INDEX outbox_move_of ON outbox_move (delivery, id);
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(CREATE, "DROP TABLE outbox_delivery, outbox_move"),
        migrations.CreateModel(
            name="OutboxDelivery",
            fields=[
                ("id", models.BinaryField(max_length=16, primary_key=True, serialize=False)),
                ("channel", models.TextField()),
                ("account", models.TextField()),
                ("person", models.BinaryField(max_length=32)),
                ("payload", models.BinaryField()),
                ("dedup", models.BinaryField(max_length=32, unique=True)),
                ("created_at", models.DateTimeField()),
                ("not_before", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("status", models.TextField()),
                ("attempts", models.IntegerField()),
                ("lease_until", models.DateTimeField(null=True)),
                ("first_tried_at", models.DateTimeField(null=True)),
                ("settled_at", models.DateTimeField(null=True)),
                ("code", models.TextField()),
                ("rid", models.TextField()),
            ],
            options={"db_table": "outbox_delivery", "managed": False},
        ),
        migrations.CreateModel(
            name="OutboxMove",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("delivery", models.BinaryField(max_length=16)),
                ("action", models.TextField()),
                ("status", models.TextField()),
                ("at", models.DateTimeField()),
                ("code", models.TextField()),
            ],
            options={"db_table": "outbox_move", "managed": False},
        ),
    ]
