"""Who may read `/readyz` and `/metrics` on the port that the whole world reaches.

The machine itself and the networks of `DAXIANG_WATCHERS` (private ones, unless it says otherwise), and only
directly: what came through a proxy was asked by somebody else. To all others there is no such page.
"""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import IPv6Address, ip_address
from typing import Any

from daxiang.foundation.settings import Network

_PASSED_ON = {b"x-forwarded-for", b"x-real-ip", b"forwarded", b"via"}


def may_watch(scope: Mapping[str, Any], networks: tuple[Network, ...]) -> bool:
    """Whether this ASGI request may be shown what goes on inside."""
    client, server = scope.get("client"), scope.get("server")
    if client is None or any(name in _PASSED_ON for name, _ in scope.get("headers", ())):
        return False
    if server is not None and client[0] == server[0]:
        return True  # to itself, by whichever of its addresses
    try:
        address = ip_address(client[0].partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return any(address in network for network in networks)
