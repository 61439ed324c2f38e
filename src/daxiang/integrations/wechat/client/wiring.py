"""A client or a keeper made ready from the settings, and closed again."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager

from daxiang.foundation.database.url import database_url
from daxiang.foundation.sealing import Sealer
from daxiang.foundation.settings import Settings
from daxiang.integrations.wechat.client.client import WeChatClient
from daxiang.integrations.wechat.client.keeper import KeeperTimes, TokenKeeper
from daxiang.integrations.wechat.client.quota import Quota
from daxiang.integrations.wechat.client.store import Store
from daxiang.integrations.wechat.client.tokens import IN_THE_WORKER_S, TokenReader
from daxiang.integrations.wechat.client.transport import Timeouts, new_session
from daxiang.kernel.clock import clock_from


@asynccontextmanager
async def open_client(
    settings: Settings,
    account: str,
    *,
    wait_s: float = IN_THE_WORKER_S,
    timeouts: Timeouts | None = None,
) -> AsyncIterator[WeChatClient]:
    """The client of one account. `wait_s`: how long a call may wait for the keeper; 0 where a person waits
    for the answer.
    """
    store = Store(database_url(settings))
    session = new_session()
    try:
        yield WeChatClient(
            account=settings.accounts[account],
            base_url=settings.wechat_url,
            session=session,
            tokens=TokenReader(
                store=store, sealer=Sealer(settings.data_keys), account=account, wait_s=wait_s
            ),
            quota=Quota(store=store, account=account, clock=clock_from(settings.clock_file)),
            timeouts=timeouts,
        )
    finally:
        await session.close()
        await store.close()


@asynccontextmanager
async def open_keeper(
    settings: Settings, *, tickets: Collection[str] = (), times: KeeperTimes | None = None
) -> AsyncIterator[TokenKeeper]:
    """The keeper of all accounts: `async with open_keeper(settings) as keeper: await keeper.run(stop)`."""
    url = database_url(settings)
    store = Store(url)
    session = new_session()
    try:
        yield TokenKeeper(
            store=store,
            listen_url=url,
            sealer=Sealer(settings.data_keys),
            accounts=tuple(settings.accounts.values()),
            base_url=settings.wechat_url,
            session=session,
            tickets=tickets,
            times=times,
        )
    finally:
        await session.close()
        await store.close()
