"""How far the telling of a correction has come."""

from __future__ import annotations

from django.db import migrations

CREATE = """
ALTER TABLE briefing_correction ADD COLUMN told_through bigint NOT NULL DEFAULT 0,
    ADD COLUMN told integer NOT NULL DEFAULT 0, ADD COLUMN told_at timestamptz;
CREATE INDEX briefing_correction_open ON briefing_correction (approved_at)
    WHERE approved_at IS NOT NULL AND told_at IS NULL;
"""
DROP = """
DROP INDEX briefing_correction_open;
ALTER TABLE briefing_correction DROP COLUMN told_through, DROP COLUMN told, DROP COLUMN told_at
"""


class Migration(migrations.Migration):
    dependencies = [("briefings", "0003_desk")]
    operations = [migrations.RunSQL(CREATE, DROP)]
