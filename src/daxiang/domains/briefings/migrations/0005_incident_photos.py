"""Photos of incidents: files of the media library."""

from __future__ import annotations

from django.db import migrations

CREATE = """
CREATE TABLE briefing_incident_photo (
    incident bigint NOT NULL REFERENCES briefing_incident ON DELETE CASCADE,
    medium   text   NOT NULL REFERENCES briefing_medium,
    PRIMARY KEY (incident, medium)
);
"""
DROP = "DROP TABLE briefing_incident_photo"


class Migration(migrations.Migration):
    dependencies = [("briefings", "0004_correction_told")]
    operations = [migrations.RunSQL(CREATE, DROP)]
