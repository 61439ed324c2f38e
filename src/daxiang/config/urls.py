"""Every address of the web role: the site, and what watches it."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import include, path
from django.views.decorators.http import require_safe
from django.views.generic import RedirectView

from daxiang.domains.restrictions.queries import load_city
from daxiang.foundation import health, metrics
from daxiang.foundation.database.url import database_url

_JSON = "application/json"


@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """Alive: this process answers. Asks nobody else."""
    return _unstored(HttpResponse(health.ALIVE, content_type=_JSON))


@require_safe
def readyz(_request: HttpRequest) -> HttpResponse:
    """Can serve, or 503 with every reason why not."""
    checks = [
        health.database_reachable(database_url(settings.DAXIANG)),
        health.city_pack_loaded(lambda: load_city(settings.DAXIANG.city)),
    ]
    status, body = health.readiness(checks)
    return _unstored(HttpResponse(body, status=status, content_type=_JSON))


@require_safe
def metrics_page(_request: HttpRequest) -> HttpResponse:
    """Figures of every process of this role, for Prometheus. Holds no personal data."""
    content_type, body = metrics.render()
    return _unstored(HttpResponse(body, content_type=content_type))


def server_error(request: HttpRequest) -> HttpResponse:
    """The last page: what went wrong is ours, and nobody is told that they may drive."""
    return _unstored(render(request, "500.html", status=500))


def _unstored(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response


handler500 = server_error

urlpatterns = [
    path("healthz", healthz),
    path("readyz", readyz),
    path("metrics", metrics_page),
    path("favicon.ico", RedirectView.as_view(url=static("design/logo.svg"), permanent=True)),
    path("console/", include("daxiang.sites.console.urls")),
    path("", include("daxiang.sites.public.urls")),
]
