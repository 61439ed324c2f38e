"""Who works on a message, and what was answered: sealed, with the mark of its delivery."""

from __future__ import annotations

from django.db import migrations, models

CREATE = """
ALTER TABLE resident_message
    ADD COLUMN taken_by text, ADD COLUMN taken_at timestamptz,
    ADD COLUMN answer bytea, ADD COLUMN answered_at timestamptz,
    ADD COLUMN delivery bytea CHECK (octet_length(delivery) = 32);
UPDATE resident_message SET state = 'new' WHERE state = 'taken';
ALTER TABLE resident_message
    ADD CHECK (state <> 'taken' OR taken_by IS NOT NULL),
    ADD CHECK ((answer IS NULL) = (answered_at IS NULL));
CREATE INDEX resident_message_waiting ON resident_message (left_at) WHERE state <> 'closed';
"""
DROP = """
DROP INDEX resident_message_waiting;
ALTER TABLE resident_message DROP COLUMN taken_by, DROP COLUMN taken_at, DROP COLUMN answer,
    DROP COLUMN answered_at, DROP COLUMN delivery;
"""


class Migration(migrations.Migration):
    dependencies = [("residents", "0002_messages_seen")]
    operations = [
        migrations.RunSQL(
            CREATE,
            DROP,
            state_operations=[
                migrations.AddField("ResidentMessage", "taken_by", models.TextField(null=True)),
                migrations.AddField("ResidentMessage", "taken_at", models.DateTimeField(null=True)),
                migrations.AddField("ResidentMessage", "answer", models.BinaryField(null=True)),
                migrations.AddField("ResidentMessage", "answered_at", models.DateTimeField(null=True)),
                migrations.AddField("ResidentMessage", "delivery", models.BinaryField(null=True)),
            ],
        ),
    ]
