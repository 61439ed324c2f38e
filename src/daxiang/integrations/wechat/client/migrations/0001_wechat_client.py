"""What the processes share of the platform's credentials and quotas, and the sign-in codes exchanged."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="WeChatQuotaLimit",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "account", "path", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("account", models.TextField()),
                ("path", models.TextField()),
                ("per_day", models.IntegerField(null=True)),
                ("per_minute", models.IntegerField(null=True)),
                ("stopped_until", models.DateTimeField(null=True)),
                ("stopped_code", models.IntegerField(null=True)),
            ],
            options={
                "db_table": "wechat_quota_limit",
            },
        ),
        migrations.CreateModel(
            name="WeChatSignIn",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "account", "digest", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("account", models.TextField()),
                ("digest", models.BinaryField(max_length=32)),
                ("outcome", models.BinaryField(null=True)),
                ("claimed_at", models.DateTimeField()),
            ],
            options={
                "db_table": "wechat_sign_in",
            },
        ),
        migrations.CreateModel(
            name="WeChatQuota",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "account",
                        "path",
                        "span",
                        "starts_at",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("account", models.TextField()),
                ("path", models.TextField()),
                ("span", models.TextField()),
                ("starts_at", models.DateTimeField()),
                ("granted", models.IntegerField()),
                ("last_grant", models.IntegerField()),
            ],
            options={
                "db_table": "wechat_quota",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("span__in", ("minute", "day"))), name="wechat_quota_span"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WeChatToken",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "account", "kind", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("account", models.TextField()),
                ("kind", models.TextField()),
                ("token", models.BinaryField(null=True)),
                ("generation", models.BigIntegerField(default=0)),
                ("issued_at", models.DateTimeField(null=True)),
                ("expires_at", models.DateTimeField(null=True)),
                ("refresh_at", models.DateTimeField(null=True)),
                ("is_stale", models.BooleanField(default=False)),
                ("lease_number", models.BigIntegerField(default=0)),
                ("lease_owner", models.TextField(null=True)),
                ("lease_until", models.DateTimeField(null=True)),
                ("retry_at", models.DateTimeField(null=True)),
                ("failures", models.IntegerField(default=0)),
                ("health", models.IntegerField(null=True)),
                ("health_since", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "wechat_token",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ("access_token", "jsapi_ticket"))),
                        name="wechat_token_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("generation__lte", models.F("lease_number"))),
                        name="wechat_token_generation",
                    ),
                ],
            },
        ),
    ]
