"""From which address a deed was done, where that is known."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_deeds")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE audit_deed ADD COLUMN address text NOT NULL DEFAULT ''",
            "ALTER TABLE audit_deed DROP COLUMN address",
            state_operations=[migrations.AddField("AuditDeed", "address", models.TextField(default=""))],
        ),
    ]
