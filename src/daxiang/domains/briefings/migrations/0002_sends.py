"""What became of handing an edition to the platform."""

from __future__ import annotations

from django.db import migrations

CREATE = """
CREATE TABLE briefing_send (
    edition       bytea       PRIMARY KEY REFERENCES briefing_edition,
    client_msg_id text        NOT NULL UNIQUE CHECK (octet_length(client_msg_id) BETWEEN 1 AND 64),
    attempts      integer     NOT NULL CHECK (attempts > 0),
    lease_until   timestamptz,
    claimed_at    timestamptz NOT NULL,
    accepted_at   timestamptz,
    msg_id        bigint,
    code          text        NOT NULL DEFAULT '',
    CHECK ((accepted_at IS NULL) = (msg_id IS NULL))
);
"""


class Migration(migrations.Migration):
    dependencies = [("briefings", "0001_briefings")]
    operations = [migrations.RunSQL(CREATE, "DROP TABLE briefing_send")]
