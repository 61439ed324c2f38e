"""The contacts of an account. Room is left on each page, because every message moves a moment of its row."""

from __future__ import annotations

from django.db import migrations, models

CREATE = """
CREATE TABLE wechat_contact (
    account         text        NOT NULL CHECK (account <> ''),
    person          bytea       NOT NULL CHECK (octet_length(person) = 32),
    openid          bytea,
    followed_at     timestamptz,
    unfollowed_at   timestamptz,
    last_message_at timestamptz,
    last_click_at   timestamptz,
    last_click_kind text        CHECK (last_click_kind IN ('click', 'follow', 'scan')),
    forgotten_at    timestamptz,
    PRIMARY KEY (account, person),
    CHECK ((last_click_at IS NULL) = (last_click_kind IS NULL)),
    CHECK (openid IS NOT NULL OR forgotten_at IS NOT NULL)
) WITH (fillfactor = 75);
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(CREATE, "DROP TABLE wechat_contact"),
        migrations.CreateModel(
            name="Contact",
            fields=[
                ("pk", models.CompositePrimaryKey("account", "person", primary_key=True, serialize=False)),
                ("account", models.TextField()),
                ("person", models.BinaryField(max_length=32)),
                ("openid", models.BinaryField(null=True)),
                ("followed_at", models.DateTimeField(null=True)),
                ("unfollowed_at", models.DateTimeField(null=True)),
                ("last_message_at", models.DateTimeField(null=True)),
                ("last_click_at", models.DateTimeField(null=True)),
                ("last_click_kind", models.TextField(null=True)),
                ("forgotten_at", models.DateTimeField(null=True)),
            ],
            options={"db_table": "wechat_contact", "managed": False},
        ),
    ]
