"""access_token in its two families, which know nothing of each other.

`/cgi-bin/token` makes a new token at every call; the one before is honoured for five more minutes.
`/cgi-bin/stable_token` gives the same token until five minutes before its end, then a new one, and both hold
for those minutes; `force_refresh` voids the old one at once.
Source: developers.weixin.qq.com, "获取接口调用凭据" and "获取稳定版接口调用凭据".
"""

from __future__ import annotations

import re
import secrets
from typing import Any

from .quotas import day_of
from .refusals import Refused
from .shelves import Shelves

LIFE_S = 7200
OVERLAP_S = 300
FORCED_A_DAY = 20
FORCED_APART_S = 30
REMEMBERED = 20
_SHAPE = re.compile(r"[A-Za-z0-9_-]{8,512}")
FAMILIES = ("plain", "stable")


class Tokens:
    """Every token that was issued, by its text."""

    def __init__(self, shelves: Shelves) -> None:
        self._shelf = shelves["token"]
        self._by_text: dict[str, tuple[str, dict[str, Any]]] = {}

    def load(self, accounts: list[str]) -> None:
        """Index what the store held, at the start."""
        for name in accounts:
            for family in self._shelf.of(name).values():
                for token in family["issued"]:
                    self._by_text[token["text"]] = (name, token)

    def owner(self, text: str | None, *, at: float) -> str:
        """The account that a token stands for. Raises Refused 41001, 40014, 40001 or 42001."""
        if not text:
            raise Refused(41001)
        found = self._by_text.get(text)
        if found is None:
            raise Refused(40001 if _SHAPE.fullmatch(text) else 40014)
        name, token = found
        if at >= token["until"]:
            raise Refused(40001 if token["is_replaced"] else 42001)
        return name

    def fresh(self, account: str, *, at: float) -> dict[str, Any]:
        """A new token of the plain family."""
        family = self._family(account, "plain")
        for token in family["issued"][-1:]:
            token["until"] = min(token["until"], at + OVERLAP_S)
            token["is_replaced"] = True
        return self._issue(account, "plain", at=at)

    def stable(self, account: str, *, at: float, is_forced: bool) -> dict[str, Any]:
        """The token of the stable family. Raises Refused when it is forced too often."""
        family = self._family(account, "stable")
        if is_forced:
            _count_forced(family, at=at)
        last = family["issued"][-1] if family["issued"] else None
        if last is not None and last["until"] - at > OVERLAP_S and not is_forced:
            return last  # type: ignore[no-any-return]
        if last is not None and is_forced:
            last["until"], last["is_replaced"] = min(last["until"], at), True
        return self._issue(account, "stable", at=at)

    def expire(self, account: str, *, at: float) -> int:
        """Void all tokens of an account at once; how many were in force."""
        ended = 0
        for name in FAMILIES:
            for token in self._family(account, name)["issued"]:
                ended += token["until"] > at
                token["until"], token["is_replaced"] = min(token["until"], at), True
        return ended

    def _family(self, account: str, name: str) -> dict[str, Any]:
        held = self._shelf.of(account)
        if name not in held:
            held[name] = {"issued": [], "forced_on": "", "forced": 0, "forced_at": 0.0}
        self._shelf.touch(account, name)
        return held[name]  # type: ignore[no-any-return]

    def _issue(self, account: str, name: str, *, at: float) -> dict[str, Any]:
        issued = self._family(account, name)["issued"]
        text = secrets.token_urlsafe(102)
        token: dict[str, Any] = {"text": text, "until": at + LIFE_S, "is_replaced": False}
        issued.append(token)
        self._by_text[text] = (account, token)
        for forgotten in issued[:-REMEMBERED]:
            del self._by_text[forgotten["text"]]
        del issued[:-REMEMBERED]
        return token


def _count_forced(family: dict[str, Any], *, at: float) -> None:
    today = day_of(at)
    if family["forced_on"] != today:
        family["forced_on"], family["forced"] = today, 0
    if at - family["forced_at"] < FORCED_APART_S:
        raise Refused(45011, "force_refresh at most once in 30 seconds")
    if family["forced"] >= FORCED_A_DAY:
        raise Refused(45009, "force_refresh at most 20 times a day")
    family["forced"] += 1
    family["forced_at"] = at
