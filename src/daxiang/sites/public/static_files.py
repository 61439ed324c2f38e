"""Styles, logo and scripts, with `If-None-Match` read as HTTP has it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.http import parse_etags
from whitenoise.middleware import WhiteNoiseMiddleware  # type: ignore[import-untyped]


class StaticFiles(WhiteNoiseMiddleware):  # type: ignore[misc]  # whitenoise carries no types
    """whitenoise compares the whole header with its own mark; a list, `*` and a mark that a compressing proxy
    has weakened (RFC 9110, 13.1.2) name the same file too.
    """

    @staticmethod
    def serve(static_file: Any, request: HttpRequest) -> HttpResponseBase:
        known = parse_etags(request.META.get("HTTP_IF_NONE_MATCH", ""))
        mark = getattr(static_file, "etag", None)
        if mark and any(one in {mark, f"W/{mark}", "*"} for one in known):
            request.META["HTTP_IF_NONE_MATCH"] = mark
        response: HttpResponseBase = WhiteNoiseMiddleware.serve(static_file, request)
        return response
