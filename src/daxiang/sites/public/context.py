"""What every page knows: the name of the account that speaks, and the language."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from daxiang.domains.restrictions.queries import load_city
from daxiang.kernel.errors import DomainError
from daxiang.sites.public.languages import CHINESE, Texts


def site(_request: HttpRequest) -> dict[str, str | Texts]:
    """`site_name` and `t`, Chinese unless the view says otherwise.

    Without a readable pack the pages still come, and say 交警.
    """
    try:
        name = load_city(settings.DAXIANG.city).accounts["service"]
    except (DomainError, OSError):
        name = "交警"
    return {"site_name": name, "t": CHINESE, "rules_page": f"/cities/{settings.DAXIANG.city}/"}
