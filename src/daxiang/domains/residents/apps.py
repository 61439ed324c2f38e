from __future__ import annotations

from django.apps import AppConfig


class ResidentsConfig(AppConfig):
    name = "daxiang.domains.residents"
    label = "residents"
