from __future__ import annotations

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "daxiang.foundation.outbox"
    label = "outbox"
