"""What every page knows: the name of the account that speaks."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from daxiang.domains.restrictions.queries import load_city
from daxiang.kernel.errors import DomainError


def site(_request: HttpRequest) -> dict[str, str]:
    """`site_name`: from the city pack; without a readable pack the pages still come, and say 交警."""
    try:
        return {"site_name": load_city(settings.DAXIANG.city).accounts["service"]}
    except (DomainError, OSError):
        return {"site_name": "交警"}
