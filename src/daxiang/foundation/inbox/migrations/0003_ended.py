"""An owed answer that cannot be given is ended with a reason, and kept for a person to look at."""

from __future__ import annotations

from django.db import migrations, models

ALTER = """
ALTER TABLE inbox_deferred
    ADD COLUMN tries integer NOT NULL DEFAULT 0,
    ADD COLUMN ended_at timestamptz,
    ADD COLUMN reason text NOT NULL DEFAULT '';
"""
BACK = "ALTER TABLE inbox_deferred DROP COLUMN tries, DROP COLUMN ended_at, DROP COLUMN reason"


class Migration(migrations.Migration):
    dependencies = [("inbox", "0002_deferred")]
    operations = [
        migrations.RunSQL(
            ALTER,
            BACK,
            state_operations=[
                migrations.AddField("DeferredMessage", "tries", models.IntegerField(default=0)),
                migrations.AddField("DeferredMessage", "ended_at", models.DateTimeField(null=True)),
                migrations.AddField("DeferredMessage", "reason", models.TextField(default="")),
            ],
        ),
    ]
