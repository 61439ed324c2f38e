"""Who may ask: the machine's own names only, and no page of another origin may change anything.

A web page elsewhere can send requests to a port of this machine. It can neither hide where it comes from
(`Sec-Fetch-Site`, `Origin`) nor, when it has its own name point here, the name by which it came (`Host`).
Tools send no `Origin` and pass.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Awaitable, Callable
from functools import lru_cache
from urllib.parse import urlsplit

from aiohttp import web

from .asked import answer
from .keys import OPTIONS

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
PLATFORM = ".weixin.qq.com"
"""Below it lie the real platform's names: a client may keep them and only have them resolve to here."""
WRONG_HOST = "这个主机名不是模拟器的，请用 IP 地址或 localhost；要用别的名字，启动时加 --host。"
WRONG_ORIGIN = "这个请求来自别的网页，模拟器不接受。"


@web.middleware
async def guard(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Answer 403 to a foreign name, and to a foreign page that would change something under /_sim/."""
    host = request.headers.get("Host")
    if host is not None and not is_ours(host, request.app[OPTIONS].hosts):
        return answer({"error": WRONG_HOST}, status=403)
    if request.method not in SAFE and request.path.startswith("/_sim/") and is_foreign(request):
        return answer({"error": WRONG_ORIGIN}, status=403)
    return await handler(request)


@lru_cache(maxsize=256)
def is_ours(host: str, more: frozenset[str]) -> bool:
    """Whether a Host header names this machine: an address, localhost, its own name, or one of `more`."""
    try:
        name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return False
    known = {"localhost", socket.gethostname().lower()} | more
    return name in known or name.endswith((".localhost", PLATFORM)) or _is_ip(name)


def _is_ip(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def is_foreign(request: web.Request) -> bool:
    """Whether a page of another origin sent this; the browser's own word goes before the Origin.

    A page that hides its referrer has the Origin `null` even towards itself.
    """
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site == "cross-site":
        return True
    if origin is None or (site == "same-origin" and origin == "null"):
        return False
    return origin.partition("://")[2].lower() != request.headers.get("Host", "").lower()
