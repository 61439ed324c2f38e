"""What goes on inside is shown to the machine itself and its own networks, to nobody from outside."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from daxiang.config import django_settings
from daxiang.foundation.demo import with_demo_values
from daxiang.foundation.environment import SettingWrong
from daxiang.foundation.settings import read_settings
from daxiang.foundation.watchers import may_watch
from daxiang.sites.gateway.app import Gateway

WATCHERS = django_settings.DAXIANG.watchers


def asks(client: str | None, *, server: str = "203.0.113.5", path: str = "/metrics", **headers: str) -> Any:
    return {
        "type": "http",
        "method": "GET",
        "path": path,
        "client": client and (client, 40000),
        "server": (server, 8010),
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
    }


@pytest.mark.parametrize(
    "client", ["127.0.0.1", "::1", "10.2.3.4", "172.16.0.1", "::ffff:192.168.1.9", "fd00::7"]
)
def test_the_machine_and_its_own_networks_may_watch(client: str) -> None:
    assert may_watch(asks(client), WATCHERS)


@pytest.mark.parametrize(
    "client", ["198.51.100.7", "2001:db8::1", "::ffff:198.51.100.7", "172.32.0.1", "unix", None]
)
def test_the_world_may_not_watch(client: str | None) -> None:
    assert not may_watch(asks(client), WATCHERS)


@pytest.mark.parametrize("header", ["x_forwarded_for", "forwarded", "x_real_ip", "via"])
def test_whoever_came_through_a_proxy_may_not_watch(header: str) -> None:
    assert not may_watch(asks("127.0.0.1", **{header: "127.0.0.1"}), WATCHERS)


def test_a_machine_may_watch_itself_by_its_public_address() -> None:
    assert may_watch(asks("203.0.113.5"), WATCHERS)


def test_the_setting_replaces_the_networks_and_a_bad_one_stops_the_start() -> None:
    given = with_demo_values({"DAXIANG_WATCHERS": "198.51.100.0/24, 2001:db8::/32"})
    watchers = read_settings(given).watchers
    assert may_watch(asks("198.51.100.7"), watchers)
    assert not may_watch(asks("10.2.3.4"), watchers)
    with pytest.raises(SettingWrong, match="DAXIANG_WATCHERS"):
        read_settings({**given, "DAXIANG_WATCHERS": "10.0.0.1/8"})


@pytest.fixture
async def gateway() -> AsyncIterator[Gateway]:
    made = Gateway(django_settings.DAXIANG)
    await made.start()
    yield made
    await made.stop()


@pytest.mark.parametrize(
    ("client", "path", "expected"),
    [
        ("198.51.100.7", "/metrics", 404),
        ("198.51.100.7", "/readyz", 404),
        ("198.51.100.7", "/healthz", 200),
        ("127.0.0.1", "/metrics", 200),
    ],
)
async def test_to_the_world_there_are_no_such_pages(
    gateway: Gateway, client: str, path: str, expected: int
) -> None:
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(event: Any) -> None:
        sent.append(event)

    await gateway(asks(client, path=path), receive, send)
    assert sent[0]["status"] == expected
