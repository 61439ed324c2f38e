"""Who may sign in, and what is a password. Pure."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import IPv6Address, IPv6Network, ip_address

MOST_FAILURES = 5
SHORTEST_LOCK = timedelta(minutes=1)
LONGEST_LOCK = timedelta(hours=1)
FAILURES_COUNT_FOR = timedelta(days=1)
"""Wrong passwords longer ago than this are forgotten."""
MOST_REFUSALS_TOLD = 20
TOLD_WITHIN = timedelta(hours=1)
"""So many wrong passwords of an account are written down in so long, wherever they come from: somebody with
many addresses must not fill the table. All are counted by `sign_ins_total`."""
ONE_TIME_FOR = timedelta(days=3)
"""A printed password that nobody has used by then opens nothing any more."""
SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200
_SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"
"""None that is taken for another."""


class Deed(StrEnum):
    """What is written down about an account."""

    ADDED = "added"
    RENEWED = "renewed"
    ENDED = "ended"
    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    REFUSED = "refused"
    """A wrong password. Neither a name that nobody has nor a try from a locked address is written down: a
    stranger could fill the table with them."""
    LOCKED = "locked"
    """The address from which too many came has to wait."""
    PASSWORD_SET = "password_set"  # noqa: S105 (a deed's name)
    ENROLLED = "enrolled"
    """The telephone for one-time codes was confirmed."""
    FACTOR_RESET = "factor_reset"
    ROLES_SET = "roles_set"
    OFFICER_SET = "officer_set"
    APPROVED = "approved"


def one_time_password() -> str:
    """Four groups of four: 79 bits."""
    return "-".join("".join(secrets.choice(_SIGNS) for _ in range(4)) for _ in range(4))


def is_locked(locked_until: datetime | None, now: datetime) -> bool:
    return locked_until is not None and now < locked_until


def lock_after(failures: int, now: datetime) -> datetime | None:
    """Until when an address has to wait after so many wrong passwords in a row for one account, each time
    twice as long; None: not yet.
    """
    if failures < MOST_FAILURES:
        return None
    doubled: int = 2 ** min(failures - MOST_FAILURES, 10)
    return now + min(LONGEST_LOCK, SHORTEST_LOCK * doubled)


def failures_that_count(failures: int, failed_at: datetime | None, now: datetime) -> int:
    """Of those up to now, that is all or none."""
    is_fresh = failed_at is not None and now - failed_at < FAILURES_COUNT_FOR
    return failures if is_fresh else 0


def place_of(address: str) -> str:
    """By what an address counts: itself, or of an IPv6 one its network of 64 bits, which is one subscriber's.
    What is no address counts as one place.
    """
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(IPv6Network((found, 64), strict=False))
    return str(found)


def fault_of(password: str, *, name: str) -> str | None:
    """Why this may not be somebody's own password, as a sentence; None when it may."""
    if len(password) < SHORTEST_PASSWORD:
        return f"密码至少要{SHORTEST_PASSWORD}个字。"
    if len(password) > LONGEST_PASSWORD:
        return f"密码最多{LONGEST_PASSWORD}个字。"
    if name.lower() in password.lower():
        return "密码里不要有您的登录名。"
    if len(set(password)) < 5:
        return "密码里不同的字太少，换一个不好猜的。"
    return None
