"""Messages whose answer is still owed."""

from __future__ import annotations

from django.db import migrations, models

CREATE = """
CREATE TABLE inbox_deferred (
    day         date        NOT NULL,
    identity    bytea       NOT NULL CHECK (octet_length(identity) = 32),
    account     text        NOT NULL CHECK (account <> ''),
    kind        text        NOT NULL CHECK (kind <> ''),
    lane        text        NOT NULL CHECK (lane IN ('transaction', 'relay')),
    created_at  timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    body        bytea       NOT NULL,
    claimed_by  text        NOT NULL,
    lease_until timestamptz NOT NULL,
    PRIMARY KEY (day, identity)
);
CREATE INDEX inbox_deferred_leased ON inbox_deferred (lease_until);
"""


class Migration(migrations.Migration):
    dependencies = [("inbox", "0001_inbox")]
    operations = [
        migrations.RunSQL(CREATE, "DROP TABLE inbox_deferred"),
        migrations.CreateModel(
            name="DeferredMessage",
            fields=[
                ("identity", models.BinaryField(max_length=32, primary_key=True, serialize=False)),
                ("day", models.DateField()),
                ("account", models.TextField()),
                ("kind", models.TextField()),
                ("lane", models.TextField()),
                ("created_at", models.DateTimeField()),
                ("received_at", models.DateTimeField()),
                ("body", models.BinaryField()),
                ("claimed_by", models.TextField()),
                ("lease_until", models.DateTimeField()),
            ],
            options={"db_table": "inbox_deferred", "managed": False},
        ),
    ]
