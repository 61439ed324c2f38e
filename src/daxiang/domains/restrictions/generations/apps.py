from __future__ import annotations

from django.apps import AppConfig


class GenerationsConfig(AppConfig):
    name = "daxiang.domains.restrictions.generations"
    label = "generations"
