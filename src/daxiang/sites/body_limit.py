"""How much a request may bring to the console and to officers' pages: little from a stranger, a file from
whoever is signed in. The public pages refuse on their own, in a page.

It stands before the check of form tokens, which reads the whole body to find its field.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from daxiang.sites.console.signing_in import has_passed

MOST_OF_A_STRANGER = 128 * 1024
"""Bytes: the longest form of a citizen is a tenth of it."""
MOST_OF_STAFF = 22_000_000
"""Bytes: the largest video with its form."""
_CONSOLE, _INSIDE = "/console/", "/m/"
_TOO_LARGE = "发来的内容太大了，没有收。文件最大20 MB；登录过期了的话，重新登录再传。"


class BodyLimit:
    """Refuses by the length that is announced; without one nothing is read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        announced = request.META.get("CONTENT_LENGTH") or "0"
        length = int(announced) if announced.isascii() and announced.isdecimal() else MOST_OF_STAFF + 1
        if length > MOST_OF_A_STRANGER and length > self._most(request):
            return HttpResponse(_TOO_LARGE, status=413, content_type="text/plain; charset=utf-8")
        return self._get_response(request)

    def _most(self, request: HttpRequest) -> int:
        if request.path.startswith(_CONSOLE):
            return MOST_OF_STAFF if has_passed(request) else MOST_OF_A_STRANGER
        is_inside = request.path.startswith(_INSIDE) and request.path != _INSIDE
        return MOST_OF_A_STRANGER if is_inside else MOST_OF_STAFF
