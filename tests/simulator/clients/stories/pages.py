"""Signing in on a page, tickets for pages, QR codes."""

from __future__ import annotations

from urllib.parse import parse_qs, unquote, urlsplit

import requests

from tests.simulator.clients.driver import Stage, has, refused, same, story

SCENE = {
    "expire_seconds": 600,
    "action_name": "QR_STR_SCENE",
    "action_info": {"scene": {"scene_str": "bridge"}},
}


def code(stage: Stage, user: str, address: str, **more: object) -> str:
    """What the page is given after the person agreed."""
    back = stage.act(user, "authorize", url=address, accept=True, **more)["location"]
    query = parse_qs(urlsplit(back).query)
    same((back.startswith("https://page.example/back?a=1"), query["state"]), (True, ["s1"]), "address")
    return query["code"][0]


@story
def signing_in(stage: Stage) -> None:
    page, (user, openid) = stage.oauth(scope="snsapi_userinfo", state="s1"), stage.person("李明")
    given = code(stage, user, page.authorize_url)
    said = page.fetch_access_token(given)
    has(said, "access_token", "expires_in", "refresh_token", "scope")
    same((said["openid"], page.open_id), (openid, openid), "who")
    shown = page.get_user_info()
    has(shown, "openid", "sex", "province", "city", "country", "headimgurl", "privilege")
    same(shown["nickname"], "李明", "nickname")
    same(page.check_access_token(), True, "valid")
    again = page.refresh_access_token(page.refresh_token)
    same(again["openid"], openid, "still who")
    refused(40163, page.fetch_access_token, given)
    refused(40029, page.fetch_access_token, "no-such-code")
    refused(40030, page.refresh_access_token, "no-such-token")
    refused(40001, page.check_access_token, openid, "no-such-token")
    refused(40001, page.get_user_info, openid, "no-such-token")
    refused(40125, stage.oauth(secret="another").fetch_access_token, "no-such-code")


@story
def signing_in_silently(stage: Stage) -> None:
    page, (user, openid) = stage.oauth(state="s1"), stage.person(is_following=False)
    same(page.fetch_access_token(code(stage, user, page.authorize_url))["openid"], openid, "who")
    refused(48001, page.get_user_info)


@story
def only_looking(stage: Stage) -> None:
    page, (user, openid) = stage.oauth(scope="snsapi_userinfo", state="s1"), stage.person()
    said = page.fetch_access_token(code(stage, user, page.authorize_url, snapshot=True))
    same((said["is_snapshotuser"], said["openid"] != openid), (1, True), "a virtual person")


@story
def outside_of_wechat(stage: Stage) -> None:
    answer = requests.get(stage.oauth().authorize_url, timeout=5)
    same("请在微信客户端打开链接" in answer.text, True, "page")


@story
def tickets(stage: Stage) -> None:
    held = stage.client.jsapi
    said = held.get_ticket()
    same((said["errcode"], 0 < said["expires_in"] <= 7200), (0, True), "life")
    same(held.get_jsapi_ticket(), said["ticket"], "the same until it ends")
    same(held.get_jsapi_card_ticket() != said["ticket"], True, "one of its own for cards")
    refused(40097, held.get_ticket, type="film")


@story
def codes_to_scan(stage: Stage) -> None:
    held, made = stage.client.qrcode, stage.client.qrcode.create(SCENE)
    same((made["expire_seconds"], made["url"].startswith("http://weixin.qq.com/q/")), (600, True), "made")
    same(held.show(made).content[:4], b"\x89PNG", "drawn")
    same(held.show(made["ticket"]).status_code, 200, "drawn by its ticket")
    same(unquote(held.get_url(made)).endswith(made["ticket"]), True, "address")
    same(
        requests.get(held.get_url(made["ticket"]), timeout=5).content[:4], b"\x89PNG", "drawn at the address"
    )
    same(held.show("no-such-ticket").status_code, 404, "unknown ticket")
    user, openid = stage.person(is_following=False)
    stage.sim("POST", f"users/{user}/scan", {"ticket": made["ticket"]})
    same(stage.client.user.get(openid)["qr_scene_str"], "bridge", "where the follower came from")
    refused(40053, held.create, SCENE | {"expire_seconds": 2_592_001})
    refused(40052, held.create, SCENE | {"action_name": "QR_FILM"})
