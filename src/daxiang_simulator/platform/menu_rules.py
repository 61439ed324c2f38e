"""What a menu may be, and which of an account's menus a person sees.

Source of rules and codes: developers.weixin.qq.com, "自定义菜单" and "个性化菜单接口".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from .refusals import Refused

BUTTONS, SUB_BUTTONS = 3, 5
NAME_BYTES, SUB_NAME_BYTES = 16, 60
KEY_BYTES, URL_BYTES = 128, 1024
DOMAINS = 3
KEYED = frozenset(
    {
        "click",
        "scancode_push",
        "scancode_waitmsg",
        "pic_sysphoto",
        "pic_photo_or_album",
        "pic_weixin",
        "location_select",
    }
)
NAMING = {
    "view": ("url",),
    "miniprogram": ("appid", "pagepath", "url"),
    "media_id": ("media_id",),
    "view_limited": ("media_id",),
    "article_id": ("article_id",),
    "article_view_limited": ("article_id",),
}
"""Types that name a thing instead of a key: what must be there."""


@dataclass(frozen=True, kw_only=True)
class Codes:
    """The codes of one level of the menu."""

    kind: int
    name: int
    key: int
    url: int


TOP = Codes(kind=40017, name=40018, key=40019, url=40020)
SUB = Codes(kind=40024, name=40025, key=40026, url=40027)


def check_menu(buttons: object) -> list[dict[str, Any]]:
    """The buttons as they are kept, each with its sub_button. Raises Refused with the code."""
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= BUTTONS:
        raise Refused(40016)
    kept = [_button(one, TOP) for one in buttons]
    domains = {urlsplit(leaf["url"]).hostname for leaf in leaves(kept) if leaf.get("url")}
    if len(domains) > DOMAINS:
        raise Refused(65316)
    return kept


def leaves(buttons: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """All buttons that do something."""
    return [leaf for button in buttons for leaf in (button["sub_button"] or [button])]


def menu_for(menus: dict[str, Any], page: dict[str, Any]) -> dict[str, Any] | None:
    """The menu that a follower sees: the newest conditional one that fits, else the default, or None."""
    for key in reversed(menus):
        menu = menus[key]
        if key != "default" and _fits(menu["matchrule"], page):
            return menu  # type: ignore[no-any-return]
    return menus.get("default")


def _fits(rule: dict[str, Any], page: dict[str, Any]) -> bool:
    tag = str(rule.get("tag_id") or rule.get("group_id") or "")
    platform = str(rule.get("client_platform_type") or "")
    return (not tag or tag in map(str, page["tags"])) and (
        not platform or platform == str(page.get("client_platform_type", "2"))
    )


def _button(raw: object, codes: Codes) -> dict[str, Any]:
    if not isinstance(raw, dict):
        raise Refused(40015)
    _check_name(raw, codes)
    subs = raw.get("sub_button") or []
    if not isinstance(subs, list):
        raise Refused(40023)
    if subs and codes is SUB:
        raise Refused(40022)
    if len(subs) > SUB_BUTTONS:
        raise Refused(40023)
    if subs:
        return {"name": raw["name"], "sub_button": [_button(one, SUB) for one in subs]}
    _check_action(raw, codes)
    kept = {name: value for name, value in raw.items() if name != "sub_button"}
    return {**kept, "sub_button": []}


def _check_name(raw: dict[str, Any], codes: Codes) -> None:
    name, most = raw.get("name"), NAME_BYTES if codes is TOP else SUB_NAME_BYTES
    if not isinstance(name, str) or not 1 <= len(name.encode()) <= most:
        raise Refused(codes.name)


def _check_action(raw: dict[str, Any], codes: Codes) -> None:
    kind = raw.get("type")
    if kind in KEYED:
        key = raw.get("key")
        if not isinstance(key, str) or not 1 <= len(key.encode()) <= KEY_BYTES:
            raise Refused(codes.key)
        return
    if kind not in NAMING:
        raise Refused(codes.kind)
    for name in NAMING[kind]:
        if not isinstance(raw.get(name), str) or not raw[name]:
            raise Refused(codes.url if name == "url" else 40007 if name == "media_id" else 40035, name)
    url = raw.get("url")
    if url is None:
        return
    if len(str(url).encode()) > URL_BYTES:
        raise Refused(codes.url)
    if urlsplit(str(url)).scheme not in {"http", "https"}:
        raise Refused(65317)
