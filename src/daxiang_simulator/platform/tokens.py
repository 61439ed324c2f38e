"""The two calls that give an access_token."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from daxiang_simulator.accounts import Account
from daxiang_simulator.truth import Kind

from .families import LIFE_S
from .frame import Call, call
from .refusals import Refused


def applicant(made: Call, given: dict[str, Any]) -> Account:
    """The account that asks with its app id and secret. Raises Refused."""
    for name, code in (("appid", 41002), ("secret", 41004)):
        if not given.get(name):
            raise Refused(code)
    account = made.world.by_app_id(given["appid"])
    if account is None:
        raise Refused(40013)
    if account.setting("secret_frozen"):
        raise Refused(40243)
    if not secrets.compare_digest(str(given["secret"]).encode(), account.secret.encode()):
        raise Refused(40125)
    made.account = account
    made.check_address()
    return account


@call("GET", "/cgi-bin/token", is_open=True, daily="token_daily")
def token(made: Call) -> dict[str, Any]:
    return _answer(made, "plain", dict(made.query))


@call("POST", "/cgi-bin/stable_token", is_open=True, daily=500_000, minutely=10_000)
def stable_token(made: Call) -> dict[str, Any]:
    return _answer(made, "stable", made.body)


def _answer(made: Call, family: str, given: dict[str, Any]) -> dict[str, Any]:
    account = applicant(made, given)
    if given.get("grant_type") != "client_credential":
        raise Refused(40002)
    is_forced = family == "stable" and given.get("force_refresh") is True
    made.take(daily=account.setting("token_daily") if family == "plain" else 500_000, minutely=10_000)
    tokens = made.world.tokens
    if family == "plain":
        issued = tokens.fresh(account.name, at=made.at)
    else:
        issued = tokens.stable(account.name, at=made.at, is_forced=is_forced)
    expires_in = min(LIFE_S, int(issued["until"] - made.at))
    made.tell(
        Kind.TOKEN,
        family=family,
        token=fingerprint(issued["text"]),
        forced=is_forced,
        expires_in=expires_in,
        begin=made.begun,
        end=made.real_now(),
    )
    return {"access_token": issued["text"], "expires_in": expires_in}


def fingerprint(text: str) -> str:
    """A token as the record shows it: enough to tell two apart, not enough to use."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
