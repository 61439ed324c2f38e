from __future__ import annotations

from django.apps import AppConfig


class OfficersConfig(AppConfig):
    name = "daxiang.domains.officers"
    label = "officers"
