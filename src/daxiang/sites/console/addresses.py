"""From which address a request comes, past our own proxies. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

from daxiang.foundation.environment import Network


def address_of(environ: Mapping[str, Any], proxies: tuple[Network, ...]) -> str:
    """The nearest address that is not one of our proxies, by what these say of each other; anybody else's
    word about whom he speaks for counts for nothing.
    """
    nearest = str(environ.get("REMOTE_ADDR", ""))
    said = str(environ.get("HTTP_X_FORWARDED_FOR", "")).split(",")
    while said and _is_ours(nearest, proxies):
        before = said.pop().strip()
        if _parsed(before) is None:
            break
        nearest = before
    return nearest


def _is_ours(address: str, proxies: tuple[Network, ...]) -> bool:
    found = _parsed(address)
    return found is not None and any(found in network for network in proxies)


def _parsed(address: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return mapped or found
