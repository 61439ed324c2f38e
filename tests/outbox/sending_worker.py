"""A worker process of the real sending loop, whose channel posts to a counting address; the test kills it.

`python -m tests.outbox.sending_worker CONNINFO URL SAME_ID_MINUTES`
"""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import psycopg

from daxiang.foundation.outbox.moves import Attempt, Ending, Policy
from daxiang.foundation.outbox.operations import Claimed
from daxiang.foundation.sealing import Sealer
from daxiang.jobs.channels import Channel
from daxiang.jobs.sending import Sending
from daxiang.kernel.clock import clock_from


async def main(conninfo: str, url: str, minutes: int) -> None:
    policy = Policy(
        same_id_for=timedelta(minutes=minutes) if minutes else None, first_pause=timedelta(milliseconds=20)
    )
    async with aiohttp.ClientSession() as session:

        async def send(_: psycopg.AsyncConnection[Any], claimed: Claimed, now: datetime) -> Attempt:
            try:
                async with session.post(url, data=claimed.id.hex()) as answer:
                    return Attempt(ending=Ending(await answer.text()))
            except aiohttp.ClientError:
                return Attempt(ending=Ending.IN_DOUBT)

        await Sending(
            url=conninfo,
            sealer=Sealer({"k1": b"1" * 32}),
            clock=clock_from(None),
            channels={"counted": Channel(policy=policy, send=send)},
            lease_s=0.3,
            tidy_every_s=0.1,
        ).run(asyncio.Event())


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
