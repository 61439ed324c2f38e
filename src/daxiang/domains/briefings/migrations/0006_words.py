"""The city's own words that must not stand in an edition."""

from __future__ import annotations

from django.db import migrations

CREATE = """
CREATE TABLE briefing_word (
    word     text        PRIMARY KEY CHECK (word <> '' AND length(word) <= 40),
    added_by text        NOT NULL,
    added_at timestamptz NOT NULL
);
"""
DROP = "DROP TABLE briefing_word"


class Migration(migrations.Migration):
    dependencies = [("briefings", "0005_incident_photos")]
    operations = [migrations.RunSQL(CREATE, DROP)]
