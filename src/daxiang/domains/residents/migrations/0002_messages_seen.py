"""When somebody inside first saw a message, and when it was done with: what may be taken back, what goes."""

from __future__ import annotations

from django.db import migrations, models

CREATE = """
ALTER TABLE resident_message ADD COLUMN seen_at timestamptz, ADD COLUMN closed_at timestamptz;
UPDATE resident_message SET closed_at = left_at WHERE state = 'closed';
ALTER TABLE resident_message ADD CHECK ((closed_at IS NOT NULL) = (state = 'closed'));
CREATE INDEX resident_message_closed ON resident_message (closed_at) WHERE state = 'closed';
"""
DROP = """
DROP INDEX resident_message_closed;
ALTER TABLE resident_message DROP COLUMN seen_at, DROP COLUMN closed_at;
"""


class Migration(migrations.Migration):
    dependencies = [("residents", "0001_residents")]
    operations = [
        migrations.RunSQL(
            CREATE,
            DROP,
            state_operations=[
                migrations.AddField("ResidentMessage", "seen_at", models.DateTimeField(null=True)),
                migrations.AddField("ResidentMessage", "closed_at", models.DateTimeField(null=True)),
            ],
        ),
    ]
