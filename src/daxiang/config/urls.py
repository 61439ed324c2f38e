"""Every address of the web role: the site, and what watches it."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import include, path
from django.views.decorators.http import require_safe
from django.views.generic import RedirectView

from daxiang.domains.restrictions.queries import load_city
from daxiang.foundation import health, metrics
from daxiang.foundation.database.url import database_url
from daxiang.foundation.watchers import may_watch_environ
from daxiang.sites.console.gallery import gallery as console_gallery

_JSON = "application/json"


@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """Alive: this process answers. Asks nobody else."""
    return _unstored(HttpResponse(health.ALIVE, content_type=_JSON))


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Can serve, or 503 with every reason why not; to those who watch this role alone."""
    _only_watchers(request)
    checks = [
        health.database_reachable(database_url(settings.DAXIANG)),
        health.city_pack_loaded(lambda: load_city(settings.DAXIANG.city)),
    ]
    status, body = health.readiness(checks)
    return _unstored(HttpResponse(body, status=status, content_type=_JSON))


@require_safe
def metrics_page(request: HttpRequest) -> HttpResponse:
    """Figures of every process of this role, for Prometheus. Holds no personal data."""
    _only_watchers(request)
    content_type, body = metrics.render()
    return _unstored(HttpResponse(body, content_type=content_type))


def _only_watchers(request: HttpRequest) -> None:
    """Raises Http404 to anybody else: for them there is no such page."""
    if not may_watch_environ(request.META, settings.DAXIANG.watchers):
        raise Http404


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
    path("gallery/console/", console_gallery),
    path("m/", include("daxiang.sites.inside.urls")),
    path("", include("daxiang.sites.public.urls")),
]
