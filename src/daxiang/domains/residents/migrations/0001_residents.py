"""Talk, cars, notices, words for the officers.

The talk's table leaves room on each page, because nearly every message writes a row of it anew; it has no
index but its key, so that such a write moves no index either.
"""

from __future__ import annotations

from django.db import migrations, models

CREATE = """
CREATE TABLE resident_talk (
    account text        NOT NULL CHECK (account <> ''),
    person  bytea       NOT NULL CHECK (octet_length(person) = 32),
    talk    bytea       NOT NULL,
    at      timestamptz NOT NULL,
    PRIMARY KEY (account, person)
) WITH (fillfactor = 70);
CREATE TABLE resident_car (
    account       text        NOT NULL CHECK (account <> ''),
    person        bytea       NOT NULL CHECK (octet_length(person) = 32),
    mark          bytea       NOT NULL CHECK (octet_length(mark) = 32),
    car           bytea       NOT NULL,
    remembered_at timestamptz NOT NULL,
    consent       text        NOT NULL CHECK (consent <> ''),
    PRIMARY KEY (account, person, mark)
);
CREATE TABLE resident_evening (
    account text        NOT NULL CHECK (account <> ''),
    person  bytea       NOT NULL CHECK (octet_length(person) = 32),
    since   timestamptz NOT NULL,
    PRIMARY KEY (account, person)
);
CREATE TABLE resident_message (
    id      bytea       PRIMARY KEY CHECK (octet_length(id) = 16),
    number  bigint      GENERATED ALWAYS AS IDENTITY (START WITH 1001) UNIQUE,
    account text        NOT NULL CHECK (account <> ''),
    person  bytea       CHECK (octet_length(person) = 32),
    words   bytea       NOT NULL,
    left_at timestamptz NOT NULL,
    state   text        NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'taken', 'closed'))
);
CREATE INDEX resident_message_of ON resident_message (account, person) WHERE person IS NOT NULL;
CREATE TABLE resident_awaited (
    id       bytea       PRIMARY KEY CHECK (octet_length(id) = 16),
    account  text        NOT NULL CHECK (account <> ''),
    person   bytea       NOT NULL CHECK (octet_length(person) = 32),
    places   jsonb       NOT NULL,
    day      date,
    asked_at timestamptz NOT NULL
);
CREATE INDEX resident_awaited_of ON resident_awaited (account, person);
"""
DROP = "DROP TABLE resident_talk, resident_car, resident_evening, resident_message, resident_awaited"
PERSON = [
    ("account", models.TextField()),
    ("person", models.BinaryField(max_length=32)),
]


def _key(*names: str) -> tuple[str, models.CompositePrimaryKey]:
    return ("pk", models.CompositePrimaryKey(*names, primary_key=True, serialize=False))


def _unmanaged(table: str) -> dict[str, object]:
    return {"db_table": table, "managed": False}


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(CREATE, DROP),
        migrations.CreateModel(
            name="ResidentTalk",
            fields=[
                _key("account", "person"),
                *PERSON,
                ("talk", models.BinaryField()),
                ("at", models.DateTimeField()),
            ],
            options=_unmanaged("resident_talk"),
        ),
        migrations.CreateModel(
            name="ResidentCar",
            fields=[
                _key("account", "person", "mark"),
                *PERSON,
                ("mark", models.BinaryField(max_length=32)),
                ("car", models.BinaryField()),
                ("remembered_at", models.DateTimeField()),
                ("consent", models.TextField()),
            ],
            options=_unmanaged("resident_car"),
        ),
        migrations.CreateModel(
            name="ResidentEvening",
            fields=[_key("account", "person"), *PERSON, ("since", models.DateTimeField())],
            options=_unmanaged("resident_evening"),
        ),
        migrations.CreateModel(
            name="ResidentMessage",
            fields=[
                ("id", models.BinaryField(max_length=16, primary_key=True, serialize=False)),
                ("number", models.BigIntegerField(unique=True)),
                ("account", models.TextField()),
                ("person", models.BinaryField(max_length=32, null=True)),
                ("words", models.BinaryField()),
                ("left_at", models.DateTimeField()),
                (
                    "state",
                    models.TextField(
                        choices=[("new", "New"), ("taken", "Taken"), ("closed", "Closed")], default="new"
                    ),
                ),
            ],
            options=_unmanaged("resident_message"),
        ),
        migrations.CreateModel(
            name="ResidentAwaited",
            fields=[
                ("id", models.BinaryField(max_length=16, primary_key=True, serialize=False)),
                *PERSON,
                ("places", models.JSONField()),
                ("day", models.DateField(null=True)),
                ("asked_at", models.DateTimeField()),
            ],
            options=_unmanaged("resident_awaited"),
        ),
    ]
