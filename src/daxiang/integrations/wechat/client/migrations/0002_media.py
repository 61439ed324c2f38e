"""Files that the platform holds for us."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("wechat_client", "0001_wechat_client")]

    operations = [
        migrations.CreateModel(
            name="WeChatMedia",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "account", "digest", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("account", models.TextField()),
                ("digest", models.BinaryField(max_length=32)),
                ("media_id", models.TextField()),
                ("uploaded_at", models.DateTimeField()),
            ],
            options={"db_table": "wechat_media"},
        ),
    ]
