"""What may be kept of a page, by whom, and what it tells the next page about itself."""

from __future__ import annotations

import hashlib

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response


def personal(response: HttpResponse) -> HttpResponse:
    """An answer to somebody's own words, which may hold a plate: kept by nobody, and named to nobody."""
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response


def same_for_all(request: HttpRequest, response: HttpResponse, *, etag: str | None = None) -> HttpResponse:
    """A page that its address alone decides, or 304 for whoever has this very one.

    Anybody may keep it, nobody may show it unasked: a notice at 17:00 changes tonight's answer. The mark is a
    strong one, because the bytes are ours and never compressed here; `If-None-Match` is compared weakly
    (RFC 9110, 13.1.2), so that a proxy which compresses and weakens the mark is understood too.
    `etag`: the mark, where the caller knows it already.
    """
    response["Cache-Control"] = "public, no-cache"
    response["Referrer-Policy"] = "no-referrer"
    if response.status_code != 200:
        response["Cache-Control"] = "no-store"
        return response
    response["ETag"] = mark = etag or etag_of(response.content)
    answered = get_conditional_response(request, etag=mark, response=response)
    return answered if isinstance(answered, HttpResponse) else response


def etag_of(content: bytes) -> str:
    """The strong mark of these very bytes."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'
