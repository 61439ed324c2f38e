"""A worker process with the real evening and sending loops; the test kills it.

`python -m tests.jobs.evening_worker CONNINFO PLATFORM ISO`
"""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass
from datetime import datetime

from daxiang.foundation.sealing import Sealer
from daxiang.foundation.settings import Account
from daxiang.integrations.wechat.client.client import Token, WeChatClient
from daxiang.integrations.wechat.client.transport import new_session
from daxiang.jobs.channels import channels
from daxiang.jobs.evening import Evening
from daxiang.jobs.evening_sending import EveningSending
from daxiang.jobs.sending import Sending
from daxiang.jobs.windows import EVENING_CHANNEL
from daxiang.kernel.clock import FixedClock

ACCOUNT = Account(
    name="service",
    kind="service",
    app_id="wx0",
    secret="secret",
    token="token",
    aes_key="a" * 43,
    aes_key_previous=None,
    original_id="gh_0",
)


@dataclass
class OneToken:
    async def current(self) -> Token:
        return Token(value="token", generation=1)

    async def after(self, refused: Token) -> Token:
        return refused


async def main(conninfo: str, platform: str, iso: str) -> None:
    sealer, clock = Sealer({"k1": b"1" * 32}), FixedClock(datetime.fromisoformat(iso))
    stop = asyncio.Event()
    async with new_session() as session:
        client = WeChatClient(account=ACCOUNT, base_url=platform, session=session, tokens=OneToken())
        sending = EveningSending({"service": client}, city="wuhan", sealer=sealer)
        loops = (
            Evening(url=conninfo, sealer=sealer, clock=clock, city="wuhan", page=20).run(stop),
            Sending(
                url=conninfo,
                sealer=sealer,
                clock=clock,
                channels=channels({"service": client}, **{EVENING_CHANNEL: sending.send}),
                lease_s=0.3,
                tidy_every_s=0.1,
            ).run(stop),
        )
        await asyncio.gather(*loops)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:4]))
