"""A PostgreSQL that hangs and is not away: danger is answered at once, and kept when the server goes on."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest

from tests.conftest import GIVEN
from tests.gateway.test_conversation import NewChat, chat, rows
from tests.inbox.test_inbox import conninfo

__all__ = ["chat"]
pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(GIVEN, reason="only a server of our own may be stopped"),
]


def server_processes() -> list[int]:
    """The server's first process before all of its others, so that no new one comes meanwhile."""
    with psycopg.connect(conninfo(), autocommit=True) as connection:
        found = [pid for (pid,) in connection.execute("SELECT pid FROM pg_stat_activity")]
        own = connection.info.backend_pid
        status = Path(f"/proc/{own}/status").read_text(encoding="ascii")  # any other may have ended by now
    parent = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("PPid:"))
    return [parent, *(pid for pid in found if pid != own)]


@contextmanager
def frozen() -> Iterator[None]:
    pids = server_processes()
    try:
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGSTOP)
        yield
    finally:
        for pid in reversed(pids):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


@pytest.mark.parametrize("account", ["service", "subscription"])
async def test_danger_leaves_within_its_moment_while_the_server_hangs_and_is_kept_after(
    chat: NewChat, account: str
) -> None:
    anna = await chat(account=account)
    await anna.says("5")
    with frozen():
        told = await anna.says("我被撞了，有人受伤")
        assert anna.gateway._lane._entries  # the lane has not given up: nobody waited for that
    assert "120" in told.splitlines()[0]
    await anna.gateway._lane.stop()
    assert rows("SELECT count(*) FROM inbox_message") == [(2,)]
