"""Which officer stands behind a staff account: whoever reviews may then do so from her own phone."""

from __future__ import annotations

from django.db import migrations, models

CREATE = """
ALTER TABLE staff ADD COLUMN officer bigint REFERENCES officer;
CREATE UNIQUE INDEX staff_officer ON staff (officer) WHERE officer IS NOT NULL;
"""
DROP = "ALTER TABLE staff DROP COLUMN officer"


class Migration(migrations.Migration):
    dependencies = [("officers", "0004_people")]
    operations = [
        migrations.RunSQL(
            CREATE,
            DROP,
            state_operations=[migrations.AddField("Staff", "officer", models.BigIntegerField(null=True))],
        ),
    ]
