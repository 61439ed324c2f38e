"""The web role: granian in front of Django."""

from __future__ import annotations

import os
from typing import Any

from granian import Granian
from granian.constants import Interfaces

from daxiang.foundation.settings import Settings

_THREADS = min(16, 2 * (os.cpu_count() or 1) + 1)
"""Views hold the GIL most of their time, so more threads than this would only wait for each other."""
_STOP_S = 2
"""A page takes milliseconds, so a worker that has not ended by then hangs, and is killed."""
_LOGGING: dict[str, Any] = {
    "formatters": {},
    "handlers": {},
    "loggers": {"_granian": {"propagate": True}, "granian.access": {"propagate": False}},
}
"""Granian's own handlers away, so that its records pass the gate of `foundation.logs`."""


def serve_web(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; a worker that dies is started again. Raises `SystemExit(1)` when it
    cannot.
    """
    Granian(
        "daxiang.config.wsgi:application",
        address=settings.bind,
        port=settings.ports.web,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=_THREADS,
        backlog=1024,
        respawn_failed_workers=True,
        workers_kill_timeout=_STOP_S,
        log_dictconfig=_LOGGING,
        log_access=False,
    ).serve()
