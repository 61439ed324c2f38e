"""The tables of the generations, in SQL of our own."""

from __future__ import annotations

from django.db import migrations, models

CREATE = """
CREATE TABLE restrictions_generation (
    digest text PRIMARY KEY CHECK (digest ~ '^[0-9a-f]{64}$'),
    city text NOT NULL,
    content text NOT NULL,
    stored_at timestamptz NOT NULL
);
CREATE TABLE restrictions_active (
    city text PRIMARY KEY,
    digest text NOT NULL REFERENCES restrictions_generation,
    since timestamptz NOT NULL
);
CREATE TABLE restrictions_switch (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    city text NOT NULL,
    before text REFERENCES restrictions_generation,
    after text NOT NULL REFERENCES restrictions_generation,
    at timestamptz NOT NULL,
    by text NOT NULL
);
"""
DROP = "DROP TABLE restrictions_switch; DROP TABLE restrictions_active; DROP TABLE restrictions_generation"


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.RunSQL(
            CREATE,
            DROP,
            state_operations=[
                migrations.CreateModel(
                    "Generation",
                    [
                        ("digest", models.TextField(primary_key=True)),
                        ("city", models.TextField()),
                        ("content", models.TextField()),
                        ("stored_at", models.DateTimeField()),
                    ],
                    {"db_table": "restrictions_generation", "managed": False},
                ),
                migrations.CreateModel(
                    "ActiveGeneration",
                    [
                        ("city", models.TextField(primary_key=True)),
                        ("digest", models.TextField()),
                        ("since", models.DateTimeField()),
                    ],
                    {"db_table": "restrictions_active", "managed": False},
                ),
                migrations.CreateModel(
                    "Switch",
                    [
                        ("id", models.BigAutoField(primary_key=True)),
                        ("city", models.TextField()),
                        ("before", models.TextField(null=True)),
                        ("after", models.TextField()),
                        ("at", models.DateTimeField()),
                        ("by", models.TextField()),
                    ],
                    {"db_table": "restrictions_switch", "managed": False},
                ),
            ],
        ),
    ]
