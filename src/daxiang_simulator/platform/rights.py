"""Which account may call what: service or subscription, verified or not.

Source: the row 适用范围 on each call's page; docs/reference/simulator.md marks what was not readable there.
"""

from __future__ import annotations

from enum import StrEnum

from daxiang_simulator.accounts import Account


class Right(StrEnum):
    """Who may call."""

    ANYBODY = "anybody"
    VERIFIED = "verified"
    SERVICE = "verified service account"
    PUBLISHER = "service account, or enterprise-verified"


def has_right(account: Account, right: Right) -> bool:
    """Whether the account may call what needs this right; who may not gets 48001."""
    if right is Right.ANYBODY:
        return True
    verified: bool = account.setting("verified")
    if right is Right.VERIFIED:
        return verified
    if right is Right.SERVICE:
        return verified and account.kind == "service"
    return verified and (account.kind == "service" or account.setting("enterprise"))
