"""Who may read `/readyz` and `/metrics`: of the gateway, of the website, of the worker.

The machine itself and the networks of `DAXIANG_WATCHERS` (private ones, unless it says otherwise), and only
directly: what came through a proxy was asked by somebody else. To all others there is no such page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from ipaddress import IPv6Address, ip_address
from typing import Any

from daxiang.foundation.environment import Network

_PASSED_ON = frozenset({"x-forwarded-for", "x-real-ip", "forwarded", "via"})


def may_watch(scope: Mapping[str, Any], networks: tuple[Network, ...]) -> bool:
    """Whether this ASGI request may be shown what goes on inside."""
    client, server = scope.get("client"), scope.get("server")
    names = (name.decode("latin-1") for name, _ in scope.get("headers", ()))
    return _may(client and client[0], server and server[0], names, networks)


def may_watch_environ(environ: Mapping[str, Any], networks: tuple[Network, ...]) -> bool:
    """The same for a WSGI request, by its environment. What it calls the server is a name that the asker
    may have chosen, so it counts for nothing: one's own public address needs a network of its own.
    """
    names = (key[5:].replace("_", "-").lower() for key in environ if key.startswith("HTTP_"))
    return _may(environ.get("REMOTE_ADDR"), None, names, networks)


def _may(
    client: str | None, server: str | None, headers: Iterable[str], networks: tuple[Network, ...]
) -> bool:
    if client is None or any(name in _PASSED_ON for name in headers):
        return False
    if client == server:
        return True  # to itself, by whichever of its addresses
    try:
        address = ip_address(client.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return any(address in network for network in networks)
