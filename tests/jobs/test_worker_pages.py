"""The worker's pages: alive for everybody, what goes on inside for those who watch."""

from __future__ import annotations

from typing import Any

import pytest

from daxiang.config import django_settings
from daxiang.jobs.worker import WorkerApp


@pytest.fixture(scope="module")
def worker() -> WorkerApp:
    return WorkerApp(django_settings.DAXIANG)


async def _status(worker: WorkerApp, client: str, path: str, *headers: bytes) -> int:
    sent: list[Any] = []

    async def send(event: Any) -> None:
        sent.append(event)

    scope = {"type": "http", "path": path, "client": (client, 40000), "server": ("203.0.113.5", 8030)}
    await worker({**scope, "headers": [(name, b"127.0.0.1") for name in headers]}, None, send)  # type: ignore[arg-type]
    return int(sent[0]["status"])


@pytest.mark.parametrize("path", ["/metrics", "/readyz", "/nothing"])
async def test_to_the_world_the_worker_has_no_such_page(worker: WorkerApp, path: str) -> None:
    assert await _status(worker, "198.51.100.7", path) == 404


async def test_what_came_through_a_proxy_was_asked_by_somebody_else(worker: WorkerApp) -> None:
    assert await _status(worker, "127.0.0.1", "/metrics", b"x-forwarded-for") == 404


async def test_everybody_may_know_that_it_lives(worker: WorkerApp) -> None:
    assert await _status(worker, "198.51.100.7", "/healthz") == 200


async def test_its_own_machine_is_not_turned_away(worker: WorkerApp) -> None:
    assert await _status(worker, "127.0.0.1", "/readyz") == 503  # the recurring thread does not run here
