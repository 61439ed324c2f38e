"""Ports: taken or free, listening once for many processes, and whether somebody there is ready."""

from __future__ import annotations

import asyncio
import errno
import socket
import time
from collections.abc import Callable


class PortTaken(Exception):
    """Somebody else listens there. The message names the port and the variable that sets another."""

    def __init__(self, port: int, variable: str) -> None:
        super().__init__(f"Port {port} is taken; set {variable} to another.")
        self.port = port
        self.variable = variable


class AddressUnusable(Exception):
    """This machine has no such address, or we may not listen at such a port."""


def reachable(host: str) -> str:
    """An address to connect to for one that was listened on."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound


_ELSEWHERE = {"0.0.0.0": (socket.AF_INET, "192.0.2.1"), "::": (socket.AF_INET6, "2001:db8::1")}  # noqa: S104
"""For what listens everywhere: a family and an address of RFC 5737 or 3849, to which nothing is sent."""


def announced(host: str) -> str:
    """The address by which others on the network reach what listens on `host`; loopback when there is none.

    A telephone that scans the QR code must not be sent to its own 127.0.0.1.
    """
    if host not in _ELSEWHERE:
        return host
    family, elsewhere = _ELSEWHERE[host]
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((elsewhere, 9))  # a datagram socket only picks the way out; no packet leaves
        except OSError:
            return reachable(host)
        address: str = probe.getsockname()[0]
    return address


def in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def listen(host: str, port: int, variable: str, *, patience_s: float = 0.0) -> socket.socket:
    """A listening socket. Waits up to `patience_s` for the last owner to go.

    Raises `PortTaken` or `AddressUnusable`.
    """
    deadline = time.monotonic() + patience_s
    while True:
        try:
            return _listen(host, port)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise AddressUnusable(
                    f"Cannot listen on {host} port {port} ({error.strerror or error}); "
                    f"set DAXIANG_BIND or {variable}."
                ) from error
            if time.monotonic() >= deadline:
                raise PortTaken(port, variable) from error
            time.sleep(0.02)


def _listen(host: str, port: int) -> socket.socket:
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(4096)
        listener.setblocking(False)
    except OSError:
        listener.close()
        raise
    return listener


def check_free(host: str, port: int, variable: str, *, patience_s: float = 0.0) -> None:
    """Raises `PortTaken` or `AddressUnusable` unless a process could listen there now."""
    listen(host, port, variable, patience_s=patience_s).close()


async def why_not_ready(host: str, port: int) -> str | None:
    """None when `GET /readyz` answers 200 there; else why not, in a few words."""
    try:
        async with asyncio.timeout(2):
            reader, writer = await asyncio.open_connection(host, port)
            try:
                writer.write(
                    f"GET /readyz HTTP/1.1\r\nHost: {in_url(host)}\r\nConnection: close\r\n\r\n".encode()
                )
                first = await reader.readline()
            finally:
                writer.close()
    except TimeoutError:
        return "no answer in 2 s"
    except (OSError, ValueError):
        return "nothing listens yet"
    words = first.split()
    if len(words) < 2 or not words[0].startswith(b"HTTP/"):
        return "what answers is not HTTP"
    return None if words[1] == b"200" else f"answers {words[1].decode('ascii', 'replace')}"


async def until_ready(
    host: str, ports: dict[str, int], *, every_s: float, tell: Callable[[dict[str, str]], None]
) -> None:
    """Wait until each named port is ready; every `every_s` seconds `tell` hears which are not, and why."""
    deadline = time.monotonic() + every_s
    while True:
        found = await asyncio.gather(*(why_not_ready(host, port) for port in ports.values()))
        why = {name: reason for name, reason in zip(ports, found, strict=True) if reason}
        if not why:
            return
        if time.monotonic() >= deadline:
            tell(why)
            deadline = time.monotonic() + every_s
        ports = {name: ports[name] for name in why}
        await asyncio.sleep(0.05)
