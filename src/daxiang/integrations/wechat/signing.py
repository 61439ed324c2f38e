"""Pages inside WeChat: the JS-SDK's signature and the address that asks who a person is. Pure.

Source: the platform's pages on the JS-SDK (its published vector is in tests/wechat/test_signing.py) and on
web authorization.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote

_STATE = re.compile("[A-Za-z0-9]{1,128}").fullmatch
_CONSENT_PAGE = "https://open.weixin.qq.com"


class Scope(StrEnum):
    """What a page may learn of the person who opens it."""

    BASE = "snsapi_base"
    """The openid, unasked."""
    USERINFO = "snsapi_userinfo"
    """More than the openid: the person is asked, and for most pages this is more than needed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ScriptConfig:
    """What `wx.config` takes."""

    app_id: str
    timestamp: int
    nonce: str
    signature: str


def sign_page(*, app_id: str, ticket: str, url: str, timestamp: int, nonce: str) -> ScriptConfig:
    """The JS-SDK's signature for the page at `url` (the part behind # does not count; the query does).

    `ticket` is the jsapi_ticket; `timestamp` in Unix seconds.
    """
    page = url.partition("#")[0]
    signed = f"jsapi_ticket={ticket}&noncestr={nonce}&timestamp={timestamp}&url={page}"
    signature = hashlib.sha1(signed.encode(), usedforsecurity=False).hexdigest()
    return ScriptConfig(app_id=app_id, timestamp=timestamp, nonce=nonce, signature=signature)


def authorize_url(
    *, app_id: str, redirect_uri: str, state: str, scope: Scope = Scope.BASE, base_url: str = _CONSENT_PAGE
) -> str:
    """Where to send a person's browser to be told who they are; it comes back to `redirect_uri` with a code.

    `state` comes back too and must be bound to the session; 1 to 128 letters and digits, else `ValueError`.
    The platform compares the order of the parameters: app id, redirect, type, scope, state.
    """
    if not _STATE(state):
        raise ValueError("state: 1 to 128 letters and digits")
    return (
        f"{base_url}/connect/oauth2/authorize?appid={quote(app_id, safe='')}"
        f"&redirect_uri={quote(redirect_uri, safe='')}&response_type=code&scope={scope}"
        f"&state={state}#wechat_redirect"
    )
