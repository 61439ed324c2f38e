"""Danger messages on disk: a kill takes none along, each is kept once, and nothing on disk says who wrote."""

from __future__ import annotations

import asyncio
import errno
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from daxiang.foundation.sealing import Sealer
from daxiang.integrations.wechat.contacts.operations import Touch
from daxiang.sites.gateway import app as gateway_module
from daxiang.sites.gateway import callbacks as callbacks_module
from daxiang.sites.gateway import spool as spool_module
from daxiang.sites.gateway import spool_file as file_module
from daxiang.sites.gateway.spool import Spool
from daxiang.sites.gateway.spool_file import Held, SpoolFile
from tests.gateway.test_conversation import NewChat, chat, rows
from tests.gateway.test_spool import Base, emptied, lost, message

__all__ = ["chat"]
SEALER = Sealer({"k1": b"1" * 32})
OPENID = "oInventedOpenidOfNobody12345"


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool_module, "PAUSE_S", 0.0)
    monkeypatch.setattr(spool_module, "DISK_S", 60.0)


def held(number: int) -> Held:
    at = datetime(2026, 11, 24, 8, 10, 30, tzinfo=UTC)
    received = message(number)._replace(body=b"\x00\xff" + OPENID.encode(), generation=b"12345678")
    return received, Touch("service", b"p" * 32, OPENID, "text", at) if number % 2 else None


def files(folder: Path) -> list[str]:
    return sorted(path.suffix for path in folder.glob("*"))


def sizes(folder: Path) -> list[int]:
    return [path.stat().st_size for path in folder.glob("*")]


def left_by_a_dead(folder: Path, *numbers: int, sealer: Sealer = SEALER) -> Path:
    """What a process leaves that is gone: its file, unlocked."""
    file = SpoolFile(folder, sealer)
    file.append([held(number) for number in numbers])
    assert file._descriptor is not None
    assert file._path is not None
    os.close(file._descriptor)
    return file._path


def numbers(found: Sequence[Held]) -> list[int]:
    return [int.from_bytes(received.identity, "big") for received, _ in found]


def test_what_is_taken_over_is_what_was_written_and_is_in_the_new_file_before_the_old_one_goes(
    tmp_path: Path,
) -> None:
    old = left_by_a_dead(tmp_path, 1, 2, 3)
    assert OPENID.encode() not in old.read_bytes()
    assert old.stat().st_mode & 0o777 == 0o600
    file = SpoolFile(tmp_path, SEALER)
    assert file.adopt(room=2**20) == [held(1), held(2), held(3)]
    assert not old.exists()
    assert files(tmp_path) == [".spool"]
    file.close()
    assert SpoolFile(tmp_path, SEALER).adopt(room=2**20) == [held(1), held(2), held(3)]


@pytest.mark.parametrize("cut", [1, 3, 4, 5, 200])
def test_a_torn_end_is_no_message_and_hides_none_before_it(tmp_path: Path, cut: int) -> None:
    old = left_by_a_dead(tmp_path, 1, 2)
    whole = old.read_bytes()
    old.write_bytes(whole + whole[:cut])
    assert numbers(SpoolFile(tmp_path, SEALER).adopt(room=2**20)) == [1, 2]


def test_what_no_key_opens_is_set_aside_and_not_thrown_away(tmp_path: Path) -> None:
    left_by_a_dead(tmp_path, 1, sealer=Sealer({"k2": b"2" * 32}))
    assert SpoolFile(tmp_path, SEALER).adopt(room=2**20) == []
    assert files(tmp_path) == [".unreadable"]


def test_the_file_of_a_process_that_lives_is_left_alone(tmp_path: Path) -> None:
    living = SpoolFile(tmp_path, SEALER)
    living.append([held(1)])
    assert SpoolFile(tmp_path, SEALER).adopt(room=2**20) == []
    living.clear()
    living.close()
    assert files(tmp_path) == []


def test_what_has_no_room_stays_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = left_by_a_dead(tmp_path, 1)
    assert SpoolFile(tmp_path, SEALER).adopt(room=old.stat().st_size - 1) == []
    monkeypatch.setattr(file_module, "MOST_FILE_BYTES", old.stat().st_size)
    file = SpoolFile(tmp_path, SEALER)
    assert numbers(file.adopt(room=2**20)) == [1]
    assert not file.append([held(2)])
    file.clear()
    assert file.append([held(2)])


async def test_a_file_is_empty_when_all_of_it_is_kept_and_gone_when_its_process_ends(tmp_path: Path) -> None:
    base = Base()
    spool = Spool(base.keep, SpoolFile(tmp_path, SEALER))
    for number in range(50):
        spool.add(*held(number))
    await spool.durable()
    assert sizes(tmp_path) != [0]
    base.is_away = False
    await emptied(spool)
    assert sizes(tmp_path) == [0]
    await spool.stop()
    assert base.kept == list(range(50))
    assert files(tmp_path) == []


async def test_what_waits_at_a_stop_is_not_lost_but_kept_by_the_next_process(tmp_path: Path) -> None:
    base, before = Base(), lost("stopped")
    spool = Spool(base.keep, SpoolFile(tmp_path, SEALER))
    for number in range(5):
        spool.add(*held(number))
    await spool.stop()
    assert (base.kept, lost("stopped") - before) == ([], 0)
    base.is_away = False
    after = Spool(base.keep, SpoolFile(tmp_path, SEALER))
    assert await after.recover() == 5
    await emptied(after)
    assert base.kept == [0, 1, 2, 3, 4]
    assert await Spool(base.keep, SpoolFile(tmp_path, SEALER)).recover() == 0
    await after.stop()


async def test_a_full_disk_keeps_nobody_waiting_and_what_waits_is_kept_from_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int, _content: bytes) -> None:
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr(file_module, "_write", full)
    base, before = Base(), lost("stopped")
    spool = Spool(base.keep, SpoolFile(tmp_path, SEALER))
    assert spool.add(*held(1))
    await spool.durable()
    base.is_away = False
    await emptied(spool)
    assert base.kept == [1]
    base.is_away = True
    spool.add(*held(2))
    await spool.stop()
    assert lost("stopped") - before == 1


KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from daxiang.foundation.sealing import Sealer
from daxiang.sites.gateway.spool import Spool
from daxiang.sites.gateway.spool_file import SpoolFile
from tests.gateway.test_spool_file import held

async def away(messages, touches):
    raise OSError

async def main():
    spool = Spool(away, SpoolFile(Path(sys.argv[1]), Sealer({"k1": b"1" * 32})))
    number = 0
    while True:
        spool.add(*held(number))
        await spool.durable()
        print("told", number, flush=True)
        number += 1

asyncio.run(main())
"""


def killed_after(folder: Path, count: int) -> int:
    """How many people such a process had told when it was killed, after so many at least."""
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(folder)], stdout=subprocess.PIPE, env=dict(os.environ)
    )
    assert process.stdout is not None
    told = 0
    while told < count:
        told += process.stdout.readline().startswith(b"told")
    process.send_signal(signal.SIGKILL)
    told += sum(line.startswith(b"told") for line in process.stdout.read().splitlines(keepends=True))
    process.wait()
    process.stdout.close()
    return told


@pytest.mark.system
async def test_a_kill_in_the_middle_takes_none_along_that_was_answered(tmp_path: Path) -> None:
    told = await asyncio.to_thread(killed_after, tmp_path, 40)
    base = Base()
    base.is_away = False
    spool = Spool(base.keep, SpoolFile(tmp_path, SEALER))
    await spool.recover()
    await emptied(spool)
    await spool.stop()
    assert told <= len(base.kept) <= told + 1
    assert base.kept == list(range(len(base.kept)))
    assert files(tmp_path) == []


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
async def test_danger_told_while_the_database_is_away_is_in_the_inbox_once_after_a_kill(
    chat: NewChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(callbacks_module, "BUDGET_S", 0.1)
    back = gateway_module.database_url
    monkeypatch.setattr(gateway_module, "database_url", lambda settings: "host=127.0.0.1 port=1 dbname=none")
    killed = await chat()
    assert "120" in await killed.says("有人受伤了")
    assert "120" in await killed.speaks("前面追尾了有人受伤")
    spool = killed.gateway._lane._spool
    assert spool._task is not None
    spool._task.cancel()
    os.close(spool._file._descriptor)  # as the kernel does with what a killed process holds
    spool._file._descriptor = None
    spool._held.clear()
    monkeypatch.setattr(callbacks_module, "BUDGET_S", 4.0)
    monkeypatch.setattr(gateway_module, "database_url", back)
    restarted = await chat()
    await emptied(restarted.gateway._lane._spool)
    assert rows("SELECT count(*) FROM inbox_message") == [(2,)]
    assert rows("SELECT count(*) FROM wechat_contact") == [(1,)]
    status, again = await restarted.deliver(killed.sent[0])  # the platform repeats what it has no answer of
    assert (status, "120" in again) == (200, True)
    assert rows("SELECT count(*) FROM inbox_message") == [(2,)]
    assert sizes(restarted.settings.home / "spool") == [0]
