"""Where the relay keeps what it owes: `inbox_deferred` while the vendor is asked, inbox and outbox after."""

from __future__ import annotations

import os
import socket
from collections.abc import Sequence

from daxiang.foundation.inbox.deferred import Settled, claim_deferred, finish
from daxiang.foundation.inbox.operations import stored_answers
from daxiang.foundation.outbox.operations import Delivery
from daxiang.foundation.sealing import Sealer
from daxiang.foundation.settings import Account
from daxiang.integrations.wechat.contacts.index import PersonIndex
from daxiang.integrations.wechat.contacts.operations import touch_of, touches_along
from daxiang.integrations.wechat.late import late_answer
from daxiang.integrations.wechat.protocol import Mode
from daxiang.integrations.wechat.relayed import Vendor, as_customer_service
from daxiang.integrations.wechat.replies import parse_reply
from daxiang.kernel.clock import Clock
from daxiang.sites.gateway.connections import Connections
from daxiang.sites.gateway.relay import LEASE_S, RelayLane, Work
from daxiang.sites.gateway.vendor import VendorClient


class OwedInPostgres:
    """What one account's relay owes, in PostgreSQL."""

    def __init__(
        self, *, account: str, connections: Connections, sealer: Sealer, index: PersonIndex, clock: Clock
    ) -> None:
        self._account = account
        self._connections = connections
        self._sealer = sealer
        self._index = index
        self._clock = clock
        self._owner = f"{socket.gethostname()}:{os.getpid()}:{os.urandom(4).hex()}"

    async def claim(self, works: Sequence[Work]) -> list[bool]:
        touches = [
            touch_of(work.incoming.message, account=self._account, person=self._person(work))
            for work in works
        ]
        async with self._connections.lent() as connection:
            ours = await claim_deferred(
                connection,
                messages=[work.received for work in works],
                lane="relay",
                owner=self._owner,
                lease_s=LEASE_S,
                sealer=self._sealer,
                along=touches_along(touches, self._sealer),
            )
        return [work.received.identity in ours for work in works]

    async def settle(self, works: Sequence[Work]) -> list[bytes]:
        settled = [self._settled(work) for work in works]
        async with self._connections.lent() as connection:
            won = await finish(connection, settled=settled, sealer=self._sealer)
            others = [one.received for one in settled if one.received.identity not in won]
            stored = await stored_answers(connection, others, self._sealer) if others else {}
        return [stored.get(one.received.identity, one.received.answer) for one in settled]

    async def look(self, works: Sequence[Work]) -> list[bytes | None]:
        async with self._connections.lent() as connection:
            stored = await stored_answers(connection, [work.received for work in works], self._sealer)
        return [stored.get(work.received.identity) for work in works]

    async def close(self) -> None:
        await self._connections.close()

    def _person(self, work: Work) -> bytes:
        return self._index.person_of(self._account, work.incoming.message.from_user)

    def _settled(self, work: Work) -> Settled:
        if work.is_late:
            return Settled(work.received._replace(answer=b""), self._late(work))
        answer = work.rendered(int(self._clock.now().timestamp()))
        return Settled(work.received._replace(answer=answer), None)

    def _late(self, work: Work) -> Delivery | None:
        """What the vendor said, or the cover where it said nothing usable or what cannot come late."""
        cover = parse_reply(work.cover) if work.cover else None
        reply = cover if work.is_covered else work.reply
        if reply is None:
            return None
        content = as_customer_service(reply) or (as_customer_service(cover) if cover else None)
        if content is None:
            return None
        return late_answer(
            content,
            message=work.incoming.message,
            account=self._account,
            person=self._person(work),
            now=self._clock.now(),
        )


def relay_of(
    account: Account, *, database: str, mode: Mode, sealer: Sealer, index: PersonIndex, clock: Clock
) -> RelayLane | None:
    """The lane to the account's former vendor; None when it has none. `database`: its address."""
    if account.relay_url is None:
        return None
    vendor = Vendor(
        url=account.relay_url,
        token=account.relay_token or account.token,
        app_id=account.app_id,
        aes_key=account.relay_aes_key or account.aes_key,
        original_id=account.original_id,
        mode=mode,
    )
    owed = OwedInPostgres(
        account=account.name,
        connections=Connections(database, application_name="daxiang-gateway-relay"),
        sealer=sealer,
        index=index,
        clock=clock,
    )
    return RelayLane(account=account.name, vendor=VendorClient(vendor), owed=owed)
