"""The evening notice out of the outbox: looked at once more when it is sent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import psycopg

from daxiang.domains.conversation.evening import STOP, evening_text
from daxiang.domains.residents.operations import Resident
from daxiang.domains.residents.queries import read_states
from daxiang.domains.restrictions.queries import load_city
from daxiang.foundation.outbox.moves import Attempt, Ending
from daxiang.foundation.outbox.operations import Claimed
from daxiang.foundation.sealing import Sealer
from daxiang.integrations.wechat.client import customer_service
from daxiang.integrations.wechat.client.client import WeChatClient
from daxiang.integrations.wechat.contacts.openids import openid_of
from daxiang.integrations.wechat.replies import text_with_choices
from daxiang.jobs.daily import ONE_DAY
from daxiang.jobs.evening import cars_in
from daxiang.jobs.windows import attempted, closed_window
from daxiang.kernel.clock import SHANGHAI

SWITCHED_OFF, NOTHING_TO_SAY, DAY_OVER, NO_OPENID = "switched_off", "nothing_to_say", "day_over", "no_openid"


class EveningSending:
    """Sends what holds at that moment: who switched it off in the meantime, or whose car may go after all,
    is not written to. Outside a window nothing can be sent; that is what the row then says.
    """

    def __init__(self, clients: Mapping[str, WeChatClient], *, city: str, sealer: Sealer) -> None:
        self._clients = clients
        self._city = city
        self._sealer = sealer

    async def send(
        self, connection: psycopg.AsyncConnection[Any], claimed: Claimed, now: datetime
    ) -> Attempt:
        try:
            day = date.fromisoformat(json.loads(claimed.payload)["day"])
            client = self._clients[claimed.account]
        except (ValueError, KeyError, TypeError) as error:  # nothing has left, nor ever can
            return Attempt(ending=Ending.REFUSED, code=f"payload_{type(error).__name__}")
        if (closed := await closed_window(connection, claimed, now)) is not None:
            return Attempt(ending=Ending.TOO_LATE, code=closed)
        words = await self._words(connection, claimed, day, now)
        if words in {SWITCHED_OFF, NOTHING_TO_SAY, DAY_OVER}:
            return Attempt(ending=Ending.TOO_LATE, code=words)
        openid = await openid_of(
            connection, account=claimed.account, person=claimed.person, sealer=self._sealer
        )
        if openid is None:
            return Attempt(ending=Ending.REFUSED, code=NO_OPENID)
        message = customer_service.Text(content=text_with_choices(words, (STOP,)))
        return await attempted(customer_service.send(client, openid=openid, message=message))

    async def _words(
        self, connection: psycopg.AsyncConnection[Any], claimed: Claimed, day: date, now: datetime
    ) -> str:
        """What to say, or the word for why there is nothing to say."""
        if now.astimezone(SHANGHAI).date() + ONE_DAY != day:
            return DAY_OVER
        resident = Resident(claimed.account, claimed.person)
        [state] = await read_states(connection, [resident], sealer=self._sealer)
        if not state.has_evening:
            return SWITCHED_OFF
        return evening_text(load_city(self._city), cars_in(state.cars), now=now) or NOTHING_TO_SAY
