from __future__ import annotations

from django.apps import AppConfig


class RecurringConfig(AppConfig):
    name = "daxiang.foundation.recurring"
    label = "recurring"
