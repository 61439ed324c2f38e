"""Web sign-in inside WeChat: a code for the person's openid. Verified service accounts only.

A code holds once and for five minutes, and call-backs come twice (double redirect, the platform's own
pre-fetch), so `sign_in` keeps what came of a code: the second call-back, in whatever process, gets the same
person. A snapshot page has a virtual openid, which is refused: it must not be bound to anything.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from daxiang.foundation.sealing import Sealer
from daxiang.integrations.outcomes import Refused, Unavailable
from daxiang.integrations.wechat.client.answers import Fields, need, need_read, text, whole
from daxiang.integrations.wechat.client.checks import not_empty
from daxiang.integrations.wechat.client.client import Endpoint, Kind, WeChatClient
from daxiang.integrations.wechat.client.sql import (
    CLAIM_SIGN_IN,
    READ_SIGN_IN,
    RELEASE_SIGN_IN,
    STORE_SIGN_IN,
)
from daxiang.integrations.wechat.client.store import Store

WAIT_S, POLL_S = 4.0, 0.05
"""How long a second call-back waits for the first one's exchange."""

_EXCHANGE = Endpoint(path="/sns/oauth2/access_token", kind=Kind.ACT, method="GET")
_REFRESH = Endpoint(path="/sns/oauth2/refresh_token", kind=Kind.REPEATABLE, method="GET")
_PERSON = Endpoint(path="/sns/userinfo", kind=Kind.READ, method="GET")
_CHECK = Endpoint(path="/sns/auth", kind=Kind.READ, method="GET")
_NOT_GOOD = frozenset({40001, 40003, 40014, 42001})


class SnapshotUser(Refused):
    """The person only looks at a snapshot of the page; the openid is virtual. Ask for a tap on a button that
    opens the page in full.
    """

    def __init__(self) -> None:
        super().__init__("snapshot_user", "a virtual openid of a snapshot page")


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """Who came, and the page's own tokens (nothing to do with the account's access_token)."""

    openid: str = field(repr=False)
    scope: str
    union_id: str = field(repr=False)
    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    life_s: int


async def exchange(client: WeChatClient, *, code: str) -> SignedIn:
    """Change a code for a person, once. Raises `SnapshotUser`, `Refused` 40029 or 40163 (sign in again) …"""
    not_empty(code, "code")
    account = client.account
    params = {"appid": account.app_id, "secret": account.secret, "code": code}
    answer = await client.call(_EXCHANGE, params={**params, "grant_type": "authorization_code"}, is_open=True)
    return _signed_in(answer)


async def sign_in(client: WeChatClient, *, store: Store, sealer: Sealer, code: str) -> SignedIn:
    """As `exchange`, but whoever comes again with the same code gets the same person."""
    digest = hashlib.sha256(code.encode()).digest()
    row = {"account": client.account.name, "digest": digest}
    context = b"wechat_sign_in:" + client.account.name.encode() + digest
    if await store.row(CLAIM_SIGN_IN, row) is None:
        sealed = await _waited(store, row)
        return SignedIn(**json.loads(sealer.open(sealed, context)))
    try:
        person = await exchange(client, code=code)
        kept = json.dumps(person.__dict__, ensure_ascii=False).encode()
        await store.rows(STORE_SIGN_IN, {**row, "outcome": sealer.seal(kept, context)})
    except BaseException:
        await store.rows(RELEASE_SIGN_IN, row)
        raise
    return person


async def _waited(store: Store, row: Mapping[str, object]) -> bytes:
    """The outcome that the first call-back keeps. Raises `Refused` when it got none, `Unavailable` when it
    takes too long.
    """
    deadline = time.monotonic() + WAIT_S
    while time.monotonic() < deadline:
        found = await store.row(READ_SIGN_IN, row)
        if found is None:
            raise Refused(40163, "the first sign-in with this code failed")
        if found[0] is not None:
            return bytes(found[0])
        await asyncio.sleep(POLL_S)
    raise Unavailable("sign_in_pending", "another call-back is exchanging this code", retry_after_s=5.0)


async def refresh(client: WeChatClient, *, refresh_token: str) -> SignedIn:
    """New page tokens, within 30 days."""
    params = {"appid": client.account.app_id, "refresh_token": refresh_token}
    answer = await client.call(_REFRESH, params={**params, "grant_type": "refresh_token"}, is_open=True)
    return _signed_in(answer)


async def union_id_of(client: WeChatClient, *, person: SignedIn) -> str:
    """The union id of who agreed to snsapi_userinfo; the rest of that answer says nothing any more."""
    params = {"access_token": person.access_token, "openid": person.openid, "lang": "zh_CN"}
    answer = await client.call(_PERSON, params=params, is_open=True)
    if whole(answer, "is_snapshotuser") == 1:
        raise SnapshotUser
    need_read(answer, "openid", str)
    return text(answer, "unionid")


async def is_still_good(client: WeChatClient, *, person: SignedIn) -> bool:
    """Whether the page's token still stands for this person."""
    try:
        params = {"access_token": person.access_token, "openid": person.openid}
        await client.call(_CHECK, params=params, is_open=True)
    except (Refused, Unavailable) as failed:
        if failed.code in _NOT_GOOD:
            return False
        raise
    return True


def _signed_in(answer: Fields) -> SignedIn:
    if whole(answer, "is_snapshotuser") == 1:
        raise SnapshotUser
    return SignedIn(
        openid=need(answer, "openid", str),
        scope=text(answer, "scope"),
        union_id=text(answer, "unionid"),
        access_token=need(answer, "access_token", str),
        refresh_token=text(answer, "refresh_token"),
        life_s=whole(answer, "expires_in"),
    )
