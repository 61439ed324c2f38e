"""Bytes that a player asks for in parts: without this a film does not play on every telephone."""

from __future__ import annotations

from aiohttp import web


def part_of(request: web.Request, body: bytes, content_type: str) -> web.Response:
    """All of `body`, or the one range that was asked for (RFC 9110, 14.2); 416 for one that lies outside."""
    headers = {"X-Content-Type-Options": "nosniff", "Accept-Ranges": "bytes"}
    if "Range" not in request.headers:
        return web.Response(body=body, content_type=content_type, headers=headers)
    try:
        start, stop, _ = request.http_range.indices(len(body))
    except ValueError:
        start = stop = 0
    if start >= stop:
        return web.Response(status=416, headers={"Content-Range": f"bytes */{len(body)}"})
    headers["Content-Range"] = f"bytes {start}-{stop - 1}/{len(body)}"
    return web.Response(status=206, body=body[start:stop], content_type=content_type, headers=headers)
