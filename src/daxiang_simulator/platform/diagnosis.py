"""Quotas looked at and cleared, refused calls looked up, the way to the service tried, tickets for pages."""

from __future__ import annotations

import asyncio
import json
import secrets
import socket
import time
from typing import Any
from urllib.parse import urlsplit

from .frame import SPECS, Call, call, parsed
from .quotas import month_of
from .refusals import Refused
from .tokens import applicant

OK = {"errcode": 0, "errmsg": "ok"}
CLEARED_A_MONTH, CLEARED_PATHS_A_MONTH = 10, 50
RID_S = 7 * 86400
TICKET_S = 7200
CONNECT_S = 3.0
OPERATORS = ("CHINANET", "UNICOM", "CAP", "DEFAULT")


@call("POST", "/cgi-bin/clear_quota", daily=None)
def clear_quota(made: Call) -> dict[str, Any]:
    if made.body.get("appid") != made.account.app_id:
        raise Refused(40013)
    return _clear(made, "all", CLEARED_A_MONTH, None)


@call("POST", "/cgi-bin/clear_quota/v2", is_open=True, is_raw=True)
async def clear_quota_by_secret(made: Call) -> dict[str, Any]:
    """The page's table puts both into the body, its example into the address: either is taken."""
    made.raw = await made.request.read()
    given = parsed(made) if made.raw else made.query
    applicant(made, {"appid": given.get("appid"), "secret": given.get("appsecret")})
    return _clear(made, "all", CLEARED_A_MONTH, None)


@call("POST", "/cgi-bin/openapi/quota/clear", daily=None)
def clear_path(made: Call) -> dict[str, Any]:
    path = _path(made)
    if not made.account.setting("quota_clear_any_path") and not path.startswith("/channels/ec/"):
        raise Refused(76022)
    return _clear(made, "path", CLEARED_PATHS_A_MONTH, path)


@call("POST", "/cgi-bin/openapi/quota/get", daily=None)
def get_quota(made: Call) -> dict[str, Any]:
    path = _path(made)
    spec = SPECS[path]
    daily = made.account.setting(spec.daily) if isinstance(spec.daily, str) else spec.daily
    used = made.world.quotas.used(made.account.name, path, at=made.at)["used"]
    limit = daily or 0
    answer = {**OK, "quota": {"daily_limit": limit, "used": used, "remain": max(limit - used, 0)}}
    rate = {"rate_limit": {"call_count": spec.minutely, "refresh_second": 60}} if spec.minutely else {}
    return answer | rate


@call("POST", "/cgi-bin/openapi/rid/get", daily=None)
async def get_rid(made: Call) -> dict[str, Any]:
    rid = made.need("rid", 76002)
    rows = await made.world.store.read("SELECT account, at, body FROM rid WHERE rid = ?", (rid,))
    if not rows:
        raise Refused(76001 if rid.count("-") == 2 else 76002)
    account, at, body = rows[0]
    if account != made.account.name:
        raise Refused(76003)
    if made.at - at >= RID_S:
        raise Refused(made.account.setting("rid_expired_code"))
    return {**OK, "request": json.loads(body)}


@call("POST", "/cgi-bin/callback/check")
async def check_callback(made: Call) -> dict[str, Any]:
    action, operator = made.body.get("action"), made.body.get("check_operator")
    if action not in {"dns", "ping", "all"}:
        raise Refused(40202)
    if operator not in OPERATORS:
        raise Refused(40203)
    found = urlsplit(made.account.callback)
    port = found.port or (443 if found.scheme == "https" else 80)
    if not found.hostname:
        raise Refused(40201)
    real = "CAP" if operator == "DEFAULT" else operator
    ips = await _addresses(found.hostname, port)
    answer: dict[str, Any] = {}
    if action in {"dns", "all"}:
        answer["dns"] = [{"ip": ip, "real_operator": real} for ip in ips]
    if action in {"ping", "all"}:
        answer["ping"] = [await _ping(ip, port, real) for ip in ips]
    return answer


async def _addresses(host: str, port: int) -> list[str]:
    """The addresses of the service's host; none when its name is unknown."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        return []
    return list(dict.fromkeys(str(one[4][0]) for one in found))


async def _ping(host: str, port: int, operator: str) -> dict[str, Any]:
    """One connection to the service, for want of ICMP."""
    began, is_there = time.monotonic(), True
    try:
        async with asyncio.timeout(CONNECT_S):
            _, writer = await asyncio.open_connection(host, port)
            writer.close()
    except (OSError, TimeoutError):
        is_there = False
    spent = f"{(time.monotonic() - began) * 1000:.3f}ms"
    loss = "0%" if is_there else "100%"
    return {"ip": host, "from_operator": operator, "package_loss": loss, "time": spent}


@call("GET", "/cgi-bin/ticket/getticket", daily=1_000_000)
def ticket(made: Call) -> dict[str, Any]:
    kind = made.query.get("type", "")
    if kind not in {"jsapi", "wx_card"}:
        raise Refused(40097, "type")
    held = made.shelf("ticket").get(kind)
    if held is None or held["until"] <= made.at:
        held = {"text": secrets.token_urlsafe(64), "until": made.at + TICKET_S}
        made.put("ticket", kind, held)
    return {**OK, "ticket": held["text"], "expires_in": int(held["until"] - made.at)}


def _clear(made: Call, which: str, most: int, path: str | None) -> dict[str, Any]:
    """Raises Refused 48006 when the month's clearings are spent."""
    key = f"{which} {month_of(made.at)}"
    spent = made.shelf("clearing").get(key, 0)
    if spent >= most:
        raise Refused(48006)
    made.put("clearing", key, spent + 1)
    made.world.quotas.clear(made.account.name, path)
    return OK


def _path(made: Call) -> str:
    """An address of ours in the body. Raises Refused 76021 or 76022."""
    path = made.need("cgi_path", 76021)
    if path.startswith("/sns/"):
        raise Refused(76022)
    if path not in SPECS:
        raise Refused(76021)
    return path
