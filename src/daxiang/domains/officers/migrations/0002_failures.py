"""Wrong passwords are counted by account and address, no longer by account alone."""

from __future__ import annotations

from django.db import migrations, models

CREATE = """
CREATE TABLE staff_failure (
    staff        bigint      NOT NULL,
    address      text        NOT NULL CHECK (address <> ''),
    failures     integer     NOT NULL DEFAULT 0 CHECK (failures >= 0),
    failed_at    timestamptz,
    locked_until timestamptz,
    PRIMARY KEY (staff, address)
);
ALTER TABLE staff DROP COLUMN failures, DROP COLUMN locked_until;
"""
DROP = """
ALTER TABLE staff ADD COLUMN failures integer NOT NULL DEFAULT 0, ADD COLUMN locked_until timestamptz;
DROP TABLE staff_failure;
"""


class Migration(migrations.Migration):
    dependencies = [("officers", "0001_staff")]
    operations = [
        migrations.RunSQL(
            CREATE,
            DROP,
            state_operations=[
                migrations.RemoveField("Staff", "failures"),
                migrations.RemoveField("Staff", "locked_until"),
                migrations.CreateModel(
                    name="StaffFailure",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey("staff", "address", primary_key=True, serialize=False),
                        ),
                        ("staff", models.BigIntegerField()),
                        ("address", models.TextField()),
                        ("failures", models.IntegerField(default=0)),
                        ("failed_at", models.DateTimeField(null=True)),
                        ("locked_until", models.DateTimeField(null=True)),
                    ],
                    options={"db_table": "staff_failure", "managed": False},
                ),
            ],
        ),
    ]
