"""Web sign-in inside WeChat: the person agrees on the phone, the page gets a code, the server changes it.

A code is good once and for five minutes. Who only looks (a snapshot page) has a virtual openid that must not
be bound to anything. Source: developers.weixin.qq.com, "网页授权".
"""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from aiohttp import web

from daxiang_simulator.people import Person
from daxiang_simulator.texts import BadRequest
from daxiang_simulator.world import World

from .frame import Call, call
from .refusals import Refused
from .rights import Right, has_right
from .tokens import applicant
from .users import union

CODE_S, ACCESS_S, REFRESH_S = 300, 7200, 30 * 86400
A_MINUTE = 50_000
PATH = "/connect/oauth2/authorize"
SCOPES = frozenset({"snsapi_base", "snsapi_userinfo"})


@call("GET", PATH, is_open=True)
def outside(_made: Call) -> web.Response:
    """The address in a browser that is not WeChat's."""
    head = '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>微信</title>'
    page = f"{head}<p>请在微信客户端打开链接</p>"
    return web.Response(text=page, content_type="text/html")


def authorize(
    world: World, person: Person, url: str, *, allow: bool | None, is_snapshot: bool = False
) -> dict[str, Any]:
    """Where the phone goes from an authorize address: {"location"}, which is None when the person says no.

    {"ask": {"account", "scope"}} when the person must be asked first and `allow` is not known yet.
    Raises BadRequest with the platform's own sentence and number for an address that it would not open.
    """
    asked = dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
    account = world.by_app_id(asked.get("appid"))
    if account is None:
        raise BadRequest("appid 参数错误，错误码:10012。")
    target = urlsplit(asked.get("redirect_uri", ""))
    if target.scheme not in {"http", "https"}:
        raise BadRequest("redirect_uri 参数错误，错误码:10011。")
    domains = account.setting("oauth_domains")
    if domains and target.hostname not in domains:
        raise BadRequest("redirect_uri 域名与后台配置不一致，错误码:10003。")
    scope = asked.get("scope", "")
    if scope not in SCOPES or asked.get("response_type") != "code":
        raise BadRequest("scope 参数错误或没有 scope 权限，错误码:10010。")
    if not has_right(account, Right.SERVICE):
        raise BadRequest("该公众号没有这些 scope 的权限，错误码:10005。")
    if scope == "snsapi_userinfo" and not is_snapshot and allow is None:
        return {"location": None, "ask": {"account": account.name, "scope": scope}}
    if scope == "snsapi_userinfo" and allow is False:
        return {"location": None}
    code = secrets.token_hex(16)
    openid = "o" + secrets.token_urlsafe(21)[:27] if is_snapshot else person.openid(account)
    held = {"openid": openid, "user": person.user, "scope": scope, "at": world.clock.now()}
    held |= {"is_snapshot": is_snapshot, "is_used": False}
    world.shelves["oauth_code"].put(account.name, code, held)
    query = parse_qsl(target.query, keep_blank_values=True)
    query += [("code", code), ("state", asked.get("state", ""))]
    return {"location": urlunsplit(target._replace(query=urlencode(query), fragment=""))}


@call("GET", "/sns/oauth2/access_token", is_open=True)
def access_token(made: Call) -> dict[str, Any]:
    _check(made)
    code = made.query.get("code")
    if not code:
        raise Refused(41008)
    held = made.shelf("oauth_code").get(code)
    if held is None or made.at - held["at"] >= CODE_S:
        raise Refused(40029)
    if held["is_used"]:
        raise Refused(40163)
    made.put("oauth_code", code, {**held, "is_used": True})
    return _grant(made, held)


@call("GET", "/sns/oauth2/refresh_token", is_open=True)
def refresh(made: Call) -> dict[str, Any]:
    account = made.world.by_app_id(made.query.get("appid"))
    if account is None:
        raise Refused(40013 if made.query.get("appid") else 41002)
    made.account = account
    given = made.query.get("refresh_token")
    if not given:
        raise Refused(41003)
    held = made.shelf("oauth_grant").get(given)
    if held is None:
        raise Refused(40030)
    if made.at >= held["ends"]:
        raise Refused(42002)
    return _grant(made, held, refresh_token=given)


@call("GET", "/sns/userinfo", is_open=True)
def userinfo(made: Call) -> dict[str, Any]:
    held = _granted(made)
    if held["scope"] != "snsapi_userinfo":
        raise Refused(48001)
    person = made.world.people.get(held["user"])
    if person is None:
        raise Refused(40003)
    nickname = "微信用户" if held["is_snapshot"] else person.nickname
    shown: dict[str, Any] = {"openid": held["openid"], "nickname": nickname, "sex": 0}
    shown |= {"province": "", "city": "", "country": "", "headimgurl": "", "privilege": []}
    return shown | ({"is_snapshotuser": 1} if held["is_snapshot"] else _union(made, person))


@call("GET", "/sns/auth", is_open=True)
def auth(made: Call) -> dict[str, Any]:
    _granted(made)
    return {"errcode": 0, "errmsg": "ok"}


def _check(made: Call) -> None:
    """Who changes a code: an account with web sign-in. Raises Refused."""
    account = applicant(made, dict(made.query))
    if not has_right(account, Right.SERVICE):
        raise Refused(48001)
    if made.query.get("grant_type") != "authorization_code":
        raise Refused(40002)
    made.take(daily=None, minutely=A_MINUTE)


def _grant(made: Call, held: dict[str, Any], *, refresh_token: str | None = None) -> dict[str, Any]:
    token, again = secrets.token_urlsafe(64), refresh_token or secrets.token_urlsafe(64)
    kept = {name: held[name] for name in ("openid", "user", "scope", "is_snapshot")}
    made.put("oauth_token", token, {**kept, "until": made.at + ACCESS_S})
    if refresh_token is None:
        made.put("oauth_grant", again, {**kept, "ends": made.at + REFRESH_S})
    person = made.world.people.get(held["user"])
    answer = {"access_token": token, "expires_in": ACCESS_S, "refresh_token": again}
    answer |= {"openid": held["openid"], "scope": held["scope"]}
    if held["is_snapshot"]:
        return {**answer, "is_snapshotuser": 1}
    return answer | (_union(made, person) if person else {})


def _union(made: Call, person: Person) -> dict[str, str]:
    return union(person) if made.account.setting("unionid") else {}


def _granted(made: Call) -> dict[str, Any]:
    """What a page's own access_token and openid stand for. Raises Refused."""
    text = made.query.get("access_token")
    if not text:
        raise Refused(41001)
    if not made.query.get("openid"):
        raise Refused(41009)
    for account in made.world.accounts.values():
        held: dict[str, Any] | None = made.world.shelves["oauth_token"].of(account.name).get(text)
        if held is None:
            continue
        made.account = account
        if made.at >= held["until"]:
            raise Refused(42001)
        if held["openid"] != made.query["openid"]:
            raise Refused(40003)
        return held
    raise Refused(40001)
