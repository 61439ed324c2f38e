"""Roles of staff accounts, and their second factor. Whoever could sign in before goes on reading messages."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

CREATE = """
ALTER TABLE staff ADD COLUMN roles text[] NOT NULL DEFAULT '{}', ADD COLUMN unit bigint;
UPDATE staff SET roles = '{caseworker}';
CREATE TABLE staff_factor (
    staff        bigint      PRIMARY KEY,
    secret       bytea       NOT NULL,
    confirmed_at timestamptz,
    last_step    bigint      NOT NULL DEFAULT 0
);
CREATE TABLE staff_recovery (
    staff   bigint NOT NULL,
    digest  bytea  NOT NULL CHECK (length(digest) = 32),
    used_at timestamptz,
    PRIMARY KEY (staff, digest)
);
"""
DROP = """
DROP TABLE staff_factor, staff_recovery;
ALTER TABLE staff DROP COLUMN roles, DROP COLUMN unit;
"""


class Migration(migrations.Migration):
    dependencies = [("officers", "0002_failures")]
    operations = [
        migrations.RunSQL(
            CREATE,
            DROP,
            state_operations=[
                migrations.AddField(
                    "Staff", "roles", ArrayField(models.TextField(), default=list, size=None)
                ),
                migrations.AddField("Staff", "unit", models.BigIntegerField(null=True)),
                migrations.CreateModel(
                    name="StaffFactor",
                    fields=[
                        ("staff", models.BigIntegerField(primary_key=True, serialize=False)),
                        ("secret", models.BinaryField()),
                        ("confirmed_at", models.DateTimeField(null=True)),
                        ("last_step", models.BigIntegerField(default=0)),
                    ],
                    options={"db_table": "staff_factor", "managed": False},
                ),
                migrations.CreateModel(
                    name="StaffRecovery",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey("staff", "digest", primary_key=True, serialize=False),
                        ),
                        ("staff", models.BigIntegerField()),
                        ("digest", models.BinaryField()),
                        ("used_at", models.DateTimeField(null=True)),
                    ],
                    options={"db_table": "staff_recovery", "managed": False},
                ),
            ],
        ),
    ]
