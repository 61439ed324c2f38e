"""When the last attempt began, and until when a repeat of a doubtful one is recognised by the platform."""

from __future__ import annotations

from django.db import migrations, models

ALTER = """
ALTER TABLE outbox_delivery ADD COLUMN tried_at timestamptz, ADD COLUMN repeat_until timestamptz;
UPDATE outbox_delivery SET tried_at = first_tried_at WHERE first_tried_at IS NOT NULL;
DROP INDEX outbox_tried;
CREATE INDEX outbox_tried ON outbox_delivery (account, person, tried_at) WHERE tried_at IS NOT NULL;
"""
BACK = """
DROP INDEX outbox_tried;
CREATE INDEX outbox_tried ON outbox_delivery (account, person, first_tried_at)
    WHERE first_tried_at IS NOT NULL;
ALTER TABLE outbox_delivery DROP COLUMN tried_at, DROP COLUMN repeat_until;
"""


class Migration(migrations.Migration):
    dependencies = [("outbox", "0001_outbox")]
    operations = [
        migrations.RunSQL(
            ALTER,
            BACK,
            state_operations=[
                migrations.AddField("OutboxDelivery", "tried_at", models.DateTimeField(null=True)),
                migrations.AddField("OutboxDelivery", "repeat_until", models.DateTimeField(null=True)),
            ],
        ),
    ]
