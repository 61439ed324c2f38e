"""What an account knows of each person who follows it, and how many messages it may still send them.

Source of the windows: developers.weixin.qq.com, "客服消息": five messages in 48 hours after a message,
three in one minute after a menu click, a follow or a scan. Each trigger opens its window afresh; of two open
windows the shorter is used first.
"""

from __future__ import annotations

from typing import Any

from daxiang_simulator.accounts import Account
from daxiang_simulator.people import Person

from .refusals import Refused
from .shelves import Shelves

WINDOWS = {
    "moment": ("moment_window_s", "answers_to_moment"),
    "message": ("message_window_s", "answers_to_message"),
}
"""Window → the settings with its length and its number of messages; the shorter one first."""


class Followers:
    """Every account's followers, by user."""

    def __init__(self, shelves: Shelves) -> None:
        self._shelf = shelves["follower"]
        self._waiting = shelves["waiting"]

    def of(self, account: Account, person: Person) -> dict[str, Any]:
        """What the account knows of a person; a blank page for somebody who never came."""
        held = self._shelf.of(account.name).get(person.user)
        return held if held is not None else _blank(person)

    def everyone(self, account: Account) -> dict[str, dict[str, Any]]:
        """All pages of an account, by user, in the order in which they came."""
        return self._shelf.of(account.name)

    def save(self, account: Account, person: Person, page: dict[str, Any]) -> None:
        """Keep a page that was changed."""
        self._shelf.put(account.name, person.user, page)

    def came(
        self, account: Account, person: Person, *, at: float, scene: str, qr: dict[str, Any] | None
    ) -> None:
        """The person follows, by a search or by a QR code with this scene."""
        page = self.of(account, person)
        page |= {"subscribe_time": int(at), "subscribe_scene": scene, "qr": qr}
        self.save(account, person, page)
        self.open_window(account, person, "moment", at=at)

    def left(self, account: Account, person: Person) -> None:
        """The person leaves: tags and windows go, the account's remark stays."""
        page = self.of(account, person)
        page |= {"tags": [], "windows": {}}
        self.save(account, person, page)

    def open_window(self, account: Account, person: Person, window: str, *, at: float) -> None:
        """The person did something that allows the account to send messages."""
        page = self.of(account, person)
        page["windows"][window] = {"at": at, "left": account.setting(WINDOWS[window][1])}
        self.save(account, person, page)

    def wait_for_agent(self, account: Account, person: Person, *, at: float) -> None:
        """The service handed the chat over: the person waits for somebody who answers by hand."""
        self._waiting.put(account.name, person.user, int(at))

    def use_window(self, account: Account, person: Person, *, at: float) -> str:
        """Take one message off an open window; which. Raises Refused 45015 or 45047."""
        page = self.of(account, person)
        is_open = False
        for name, (length, _) in WINDOWS.items():
            window = page["windows"].get(name)
            if window is None or not 0 <= at - window["at"] < account.setting(length):
                continue
            is_open = True
            if window["left"] > 0:
                window["left"] -= 1
                self.save(account, person, page)
                return name
        raise Refused(45047 if is_open else 45015)


def _blank(person: Person) -> dict[str, Any]:
    return {
        "user": person.user,
        "subscribe_time": 0,
        "subscribe_scene": "ADD_SCENE_OTHERS",
        "qr": None,
        "remark": "",
        "tags": [],
        "is_black": False,
        "refuses": False,
        "windows": {},
        "consents": {},
        "mass": {},
    }
