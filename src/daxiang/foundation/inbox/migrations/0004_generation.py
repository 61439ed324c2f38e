"""Every answer names the generation of the rule cards by which it was given."""

from __future__ import annotations

from django.db import migrations, models

ALTER = """
ALTER TABLE inbox_message
    ADD COLUMN generation bytea NOT NULL DEFAULT ''::bytea CHECK (octet_length(generation) <= 8);
"""


class Migration(migrations.Migration):
    dependencies = [("inbox", "0003_ended")]
    operations = [
        migrations.RunSQL(
            ALTER,
            "ALTER TABLE inbox_message DROP COLUMN generation",
            state_operations=[
                migrations.AddField(
                    "InboxMessage", "generation", models.BinaryField(default=b"", max_length=8)
                )
            ],
        ),
    ]
