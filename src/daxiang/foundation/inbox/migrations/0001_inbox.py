"""The inbox, partitioned by day from the first migration, with a default partition so that no day is ever
missing.
"""

from __future__ import annotations

from django.db import migrations, models

CREATE = """
CREATE TABLE inbox_message (
    identity    bytea       NOT NULL CHECK (octet_length(identity) = 32),
    day         date        NOT NULL,
    account     text        NOT NULL CHECK (account <> ''),
    kind        text        NOT NULL CHECK (kind <> ''),
    created_at  timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    body        bytea       NOT NULL,
    answer      bytea       NOT NULL,
    PRIMARY KEY (day, identity)
) PARTITION BY RANGE (day);
CREATE TABLE inbox_message_default PARTITION OF inbox_message DEFAULT;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(CREATE, "DROP TABLE inbox_message"),
        migrations.CreateModel(
            name="InboxMessage",
            fields=[
                ("identity", models.BinaryField(max_length=32, primary_key=True, serialize=False)),
                ("day", models.DateField()),
                ("account", models.TextField()),
                ("kind", models.TextField()),
                ("created_at", models.DateTimeField()),
                ("received_at", models.DateTimeField()),
                ("body", models.BinaryField()),
                ("answer", models.BinaryField()),
            ],
            options={"db_table": "inbox_message", "managed": False},
        ),
    ]
