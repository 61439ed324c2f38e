"""Occasions."""

from __future__ import annotations

from django.db import migrations, models

CREATE = """
CREATE TABLE recurring_occasion (
    job        text        NOT NULL CHECK (job <> ''),
    due_at     timestamptz NOT NULL,
    settled_at timestamptz NOT NULL,
    outcome    text        NOT NULL CHECK (outcome IN ('done', 'missed')),
    many       integer     NOT NULL,
    PRIMARY KEY (job, due_at)
)
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(CREATE, "DROP TABLE recurring_occasion"),
        migrations.CreateModel(
            name="Occasion",
            fields=[
                ("pk", models.CompositePrimaryKey("job", "due_at", primary_key=True, serialize=False)),
                ("job", models.TextField()),
                ("due_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField()),
                ("outcome", models.TextField()),
                ("many", models.IntegerField()),
            ],
            options={"db_table": "recurring_occasion", "managed": False},
        ),
    ]
