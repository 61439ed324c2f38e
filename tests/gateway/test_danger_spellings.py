"""Every spelling of danger through whole gateways whose PostgreSQL is not there: its number is on line 1."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from daxiang.sites.gateway import app as gateway_module
from daxiang.sites.gateway import callbacks as callbacks_module
from daxiang.sites.gateway.app import Gateway
from tests.conversation.test_danger_spellings import LISTS
from tests.gateway.chats import Chat, settings_at

NOBODY_THERE = "host=127.0.0.1 port=1 dbname=none"


@pytest.mark.parametrize("account", ["service", "subscription"])
async def test_each_spelling_of_danger_is_answered_while_postgresql_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, account: str
) -> None:
    monkeypatch.setattr(gateway_module, "database_url", lambda settings: NOBODY_THERE)
    monkeypatch.setattr(callbacks_module, "BUDGET_S", 0.2)
    gateway = Gateway(settings_at(tmp_path, "2026-11-24T18:05"))
    await gateway.start()
    wanted = [(words, group["numbers"]) for group in LISTS["danger"] for words in group["spellings"]]
    try:
        replies = await asyncio.gather(
            *(_says(gateway, account, n, words) for n, (words, _) in enumerate(wanted))
        )
    finally:
        gateway._lane._spool._held.clear()  # what waits to be kept is of no use to anybody
        await gateway.stop()
    missing = [
        f"{words!r} -> {first!r}"
        for (words, numbers), reply in zip(wanted, replies, strict=True)
        if not any(number in (first := reply.splitlines()[0]) for number in numbers)
    ]
    assert not missing, "\n".join(missing)


async def _says(gateway: Gateway, account: str, number: int, words: str) -> str:
    """Each by another person, so that nobody waits for an earlier message of her own."""
    somebody = Chat(gateway._settings, gateway, openid=f"oInvented{number:019}", account=account)
    return await somebody.says(words)
