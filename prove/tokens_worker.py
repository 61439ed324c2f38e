"""One of the processes of the campaign `tokens`: it keeps tokens, makes calls, and writes down what it saw.

Ends when its standard input does, so it never outlives the campaign.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import random
import sys
import time
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import structlog

from daxiang.foundation.sealing import Sealer
from daxiang.foundation.settings import Account
from daxiang.integrations.outcomes import VendorFailure
from daxiang.integrations.wechat.client import diagnosis
from daxiang.integrations.wechat.client.client import Token, WeChatClient
from daxiang.integrations.wechat.client.keeper import KeeperTimes, TokenKeeper
from daxiang.integrations.wechat.client.store import Store
from daxiang.integrations.wechat.client.tokens import TokenReader
from daxiang.integrations.wechat.client.transport import Timeouts, new_session

TIMES = KeeperTimes(
    lease_s=3.0, margin_s=0.5, tick_s=0.5, request=Timeouts(connect_s=1.0, read_s=1.0, total_s=1.0)
)
WAIT_S = 20.0
CALLERS = 2
PAUSE_S = 0.15


class Diary:
    """What this process saw: a JSON line an event, written through at once."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a", encoding="utf-8", buffering=1)
        self._known: set[int] = set()

    def write(self, kind: str, **facts: object) -> None:
        self._file.write(json.dumps({"kind": kind, "at": time.time(), **facts}) + "\n")

    def token(self, token: Token) -> None:
        """Which token a generation is, as the simulator's record names it."""
        if token.generation not in self._known:
            self._known.add(token.generation)
            name = hashlib.sha256(token.value.encode()).hexdigest()[:16]
            self.write("token", generation=token.generation, token=name)

    def logged(self, _logger: object, _method: str, event: MutableMapping[str, Any]) -> str:
        """A processor of structlog: the product's own lines go into the diary."""
        named = event.pop("event")
        event.pop("kind", None)
        self.write(named, **{name: str(value) for name, value in event.items()})
        raise structlog.DropEvent


class WatchedReader(TokenReader):
    """A reader whose tokens go into the diary."""

    diary: Diary

    async def current(self) -> Token:
        token = await super().current()
        self.diary.token(token)
        return token

    async def after(self, refused: Token) -> Token:
        token = await super().after(refused)
        self.diary.token(token)
        return token


async def work(config: dict[str, Any], diary: Diary) -> None:
    account, sealer = Account(**config["account"]), Sealer({"k1": bytes.fromhex(config["key"])})
    stop = asyncio.Event()
    asyncio.get_running_loop().run_in_executor(None, sys.stdin.read).add_done_callback(lambda _: stop.set())
    keeps, reads = Store(config["database"]), Store(config["database"])
    async with new_session() as session:
        keeper = TokenKeeper(
            store=keeps,
            listen_url=config["database"],
            sealer=sealer,
            accounts=(account,),
            base_url=config["platform"],
            session=session,
            times=TIMES,
        )
        tokens = WatchedReader(store=reads, sealer=sealer, account=account.name, wait_s=WAIT_S)
        tokens.diary = diary
        client = WeChatClient(account=account, base_url=config["platform"], session=session, tokens=tokens)
        callers = [asyncio.create_task(call(client, diary)) for _ in range(CALLERS)]
        await keeper.run(stop)
        for caller in callers:
            caller.cancel()
        await asyncio.gather(*callers, return_exceptions=True)
    await keeps.close()
    await reads.close()


async def call(client: WeChatClient, diary: Diary) -> None:
    """Call after call; one that fails for want of a token is tried again, as the outbox would, and is over
    only when it succeeds.
    """
    while True:
        began, failures = time.time(), []
        while True:
            try:
                await diagnosis.callback_ips(client)
                break
            except VendorFailure as failed:
                failures.append(failed.code)
                await asyncio.sleep(0.05)
        diary.write("call", began=began, failures=failures)
        await asyncio.sleep(PAUSE_S * (0.5 + random.random()))


def main() -> None:
    config = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    diary = Diary(Path(sys.argv[2]))
    structlog.configure(processors=[diary.logged])
    asyncio.run(work(config, diary))


if __name__ == "__main__":
    main()
