"""Who may sign in, and what is a password. Pure."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from enum import StrEnum

MOST_FAILURES = 5
LOCKED_FOR = timedelta(minutes=15)
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
    REFUSED = "refused"
    """A wrong password. Neither a name that nobody has nor a try at a locked account is written down: a
    stranger could fill the table with them."""
    LOCKED = "locked"
    PASSWORD_SET = "password_set"  # noqa: S105 (a deed's name)


def one_time_password() -> str:
    """Four groups of four: 79 bits."""
    return "-".join("".join(secrets.choice(_SIGNS) for _ in range(4)) for _ in range(4))


def is_locked(locked_until: datetime | None, now: datetime) -> bool:
    return locked_until is not None and now < locked_until


def lock_after(failures: int, now: datetime) -> datetime | None:
    """Until when an account is locked after so many wrong passwords in a row; None: not yet."""
    return now + LOCKED_FOR if failures >= MOST_FAILURES else None


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
