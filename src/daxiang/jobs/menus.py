"""Keeps the menu of each service account as the pack in force has it.

What the platform shows is asked for, not remembered: so a menu that somebody changed by hand, or a platform
that lost it, is set right, and two workers that see a new generation at different moments come to the same.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import structlog

from daxiang.domains.conversation.account_menu import read_menu
from daxiang.domains.restrictions.queries import pack_folder
from daxiang.foundation.settings import Account, Settings
from daxiang.integrations.outcomes import Refused, VendorFailure
from daxiang.integrations.wechat.account_menu import menu_of
from daxiang.integrations.wechat.client import menus
from daxiang.integrations.wechat.client.client import WeChatClient
from daxiang.integrations.wechat.client.menus import Entry
from daxiang.jobs.sending import sleep_or_stop
from daxiang.kernel.errors import DomainError

log = structlog.get_logger()

EVERY_S = 0.5
"""Between two looks at the pack in force; no call is made for it."""
ASK_EVERY_S = 300.0
"""Between two questions to the platform what it shows: 288 of 10,000 calls a day."""
FIRST_PAUSE_S, LONGEST_PAUSE_S, REFUSED_PAUSE_S = 2.0, 60.0, 600.0


@dataclass
class _Shown:
    """What we know of one account's menu. `entries` None: nothing certain, it has to be asked for."""

    entries: tuple[Entry, ...] | None = None
    ask_at: float = 0.0
    try_at: float = 0.0
    failures: int = 0


def wanted_menu(settings: Settings) -> tuple[Entry, ...]:
    """The menu by the pack in force in this process; empty where nothing is to be shown. Raises PackWrong."""
    planned = read_menu(pack_folder(settings.city))
    return menu_of(planned, features=settings.features, public_url=settings.public_url)


def is_ours(account: Account, settings: Settings) -> bool:
    """Whether the account's menu is for us to keep: citizens', switched on, and no former vendor's."""
    return account.kind == "service" and "menu" in settings.features and account.relay_url is None


class Menus:
    """One a worker. `now_s`: seconds of the monotonic clock."""

    def __init__(
        self,
        clients: Mapping[str, WeChatClient],
        *,
        wanted: Callable[[], tuple[Entry, ...]],
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clients = clients
        self._wanted = wanted
        self._now_s = now_s
        self._shown = {name: _Shown() for name in clients}
        self._unreadable = ""

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            await self.round()
            await sleep_or_stop(stop, EVERY_S)

    async def round(self) -> int:
        """Set right what is not as wanted; how many menus were written."""
        try:
            wanted = self._wanted()
        except DomainError as error:  # another version of the program checked this pack: what is shown stays
            if str(error) != self._unreadable:
                self._unreadable = str(error)
                log.error("menu_not_readable", reason=str(error))
            return 0
        if not wanted:
            return 0
        return sum([await self._kept(name, client, wanted) for name, client in self._clients.items()])

    async def _kept(self, name: str, client: WeChatClient, wanted: tuple[Entry, ...]) -> bool:
        shown, now_s = self._shown[name], self._now_s()
        if now_s < shown.try_at:
            return False
        try:
            return await self._set_right(shown, client, wanted, now_s)
        except VendorFailure as failed:
            shown.entries, shown.failures = None, shown.failures + 1
            pause_s = min(FIRST_PAUSE_S * 2 ** min(shown.failures - 1, 10), LONGEST_PAUSE_S)
            shown.try_at = now_s + (REFUSED_PAUSE_S if isinstance(failed, Refused) else pause_s)
            log.warning("menu_waits", account=name, code=failed.code, outcome=type(failed).__name__)
            return False

    async def _set_right(
        self, shown: _Shown, client: WeChatClient, wanted: tuple[Entry, ...], now_s: float
    ) -> bool:
        if shown.entries is None or now_s >= shown.ask_at:
            held = await menus.get(client)
            shown.entries, shown.ask_at = () if held is None else held.entries, now_s + ASK_EVERY_S
            shown.failures = 0
        if shown.entries == wanted:
            return False
        await menus.create(client, wanted)
        shown.entries = wanted
        log.info("menu_written", account=client.account.name, count=len(wanted))
        return True
