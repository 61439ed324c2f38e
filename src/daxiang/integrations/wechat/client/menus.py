"""The account's menu: three buttons, five below each; and menus of their own for people with a tag.

Clients keep a menu for minutes, up to a day. Limits are the platform's; what breaks one is not sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from daxiang.integrations.outcomes import Refused
from daxiang.integrations.wechat.client.answers import Fields, need, objects, text, whole
from daxiang.integrations.wechat.client.checks import Unfit, at_most_bytes, at_most_items, not_empty
from daxiang.integrations.wechat.client.client import Endpoint, Kind, WeChatClient

MOST_BUTTONS, MOST_BELOW, MOST_DOMAINS = 3, 5, 3
NAME_BYTES, NAME_BYTES_BELOW, KEY_BYTES, URL_BYTES = 16, 60, 128, 1024
_NO_MENU = 46003

_CREATE = Endpoint(path="/cgi-bin/menu/create", kind=Kind.REPEATABLE)
_GET = Endpoint(path="/cgi-bin/menu/get", kind=Kind.READ, method="GET")
_DELETE = Endpoint(path="/cgi-bin/menu/delete", kind=Kind.REPEATABLE, method="GET")
_ADD_CONDITIONAL = Endpoint(path="/cgi-bin/menu/addconditional", kind=Kind.ACT)
_DELETE_CONDITIONAL = Endpoint(path="/cgi-bin/menu/delconditional", kind=Kind.ACT)
_TRY = Endpoint(path="/cgi-bin/menu/trymatch", kind=Kind.READ)
_PRESENT = Endpoint(path="/cgi-bin/get_current_selfmenu_info", kind=Kind.READ, method="GET")


class Press(StrEnum):
    """What a tap does."""

    CLICK = "click"
    VIEW = "view"
    SCAN = "scancode_push"
    SCAN_AND_WAIT = "scancode_waitmsg"
    CAMERA = "pic_sysphoto"
    CAMERA_OR_ALBUM = "pic_photo_or_album"
    ALBUM = "pic_weixin"
    LOCATION = "location_select"
    MEDIA = "media_id"
    ARTICLE = "article_id"
    ARTICLE_VIEW = "article_view_limited"
    MINI_PROGRAM = "miniprogram"


_WITH_KEY = frozenset(
    {Press.CLICK, Press.SCAN, Press.SCAN_AND_WAIT, Press.CAMERA, Press.CAMERA_OR_ALBUM, Press.ALBUM}
    | {Press.LOCATION}
)
_PRESSES = {press.value: press for press in Press}


@dataclass(frozen=True, kw_only=True)
class Button:
    """One button that does something. Which of the fields it needs depends on `press`."""

    name: str
    press: Press
    key: str = ""
    url: str = ""
    media_id: str = ""
    article_id: str = ""
    app_id: str = ""
    page_path: str = ""


@dataclass(frozen=True, kw_only=True)
class Submenu:
    """A button that opens one to five others."""

    name: str
    buttons: tuple[Button, ...]


Entry = Button | Submenu


@dataclass(frozen=True, kw_only=True)
class Match:
    """For whom a conditional menu is. Of the platform's older rules only these two are still honoured."""

    tag_id: int | None = None
    platform: int | None = None
    """1 iOS, 2 Android, 3 other."""


@dataclass(frozen=True, kw_only=True)
class ConditionalMenu:
    menu_id: str
    entries: tuple[Entry, ...]
    match: Match


@dataclass(frozen=True, kw_only=True)
class Menus:
    """What `get` found: the default menu and the conditional ones, the newest first."""

    entries: tuple[Entry, ...]
    conditional: tuple[ConditionalMenu, ...]


async def create(client: WeChatClient, entries: Sequence[Entry]) -> None:
    """Replace the default menu. Raises `Unfit` and the three."""
    await client.call(_CREATE, body={"button": checked(entries)})


async def get(client: WeChatClient) -> Menus | None:
    """The menus as set through the API; None when there is none."""
    try:
        answer = await client.call(_GET)
    except Refused as refused:
        if refused.code == _NO_MENU:
            return None
        raise
    menu = answer.get("menu")
    conditional = tuple(
        ConditionalMenu(
            menu_id=str(one.get("menuid", "")), entries=_entries(one), match=_match(one.get("matchrule"))
        )
        for one in objects(answer, "conditionalmenu")
    )
    return Menus(entries=_entries(menu if isinstance(menu, dict) else {}), conditional=conditional)


async def delete(client: WeChatClient) -> None:
    """Remove the default menu and all conditional ones."""
    await client.call(_DELETE)


async def add_conditional(client: WeChatClient, entries: Sequence[Entry], match: Match) -> str:
    """Add a menu for those who match; its id. 65303: there is no default menu yet."""
    rule: dict[str, str] = {}
    if match.tag_id is not None:
        rule["tag_id"] = str(match.tag_id)
    if match.platform is not None:
        rule["client_platform_type"] = str(match.platform)
    not_empty(rule, "个性化菜单的条件")
    answer = await client.call(_ADD_CONDITIONAL, body={"button": checked(entries), "matchrule": rule})
    return str(answer["menuid"]) if "menuid" in answer else need(answer, "menuid", str)


async def delete_conditional(client: WeChatClient, menu_id: str) -> None:
    """Remove one conditional menu."""
    await client.call(_DELETE_CONDITIONAL, body={"menuid": menu_id})


async def shown_to(client: WeChatClient, openid: str) -> tuple[Entry, ...]:
    """The menu that this person sees."""
    return _entries(await client.call(_TRY, body={"user_id": openid}))


async def is_open(client: WeChatClient) -> bool:
    """Whether the account shows a menu at all, whoever made it."""
    return whole(await client.call(_PRESENT), "is_menu_open") == 1


def checked(entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """The menu as the platform's JSON. Raises `Unfit` with the rule that it breaks."""
    not_empty(entries, "菜单")
    at_most_items(entries, MOST_BUTTONS, "一级菜单")
    domains = {domain for button in _buttons(entries) if (domain := urlsplit(button.url).hostname)}
    if len(domains) > MOST_DOMAINS:
        raise Unfit(f"菜单里的链接最多用 {MOST_DOMAINS} 个域名，这里有 {len(domains)} 个。")
    return [_entry(entry) for entry in entries]


def _buttons(entries: Iterable[Entry]) -> Iterable[Button]:
    for entry in entries:
        if isinstance(entry, Submenu):
            yield from entry.buttons
        else:
            yield entry


def _entry(entry: Entry) -> dict[str, Any]:
    if isinstance(entry, Button):
        return _button(entry, NAME_BYTES)
    _name(entry.name, NAME_BYTES)
    not_empty(entry.buttons, f"「{entry.name}」的子菜单")
    at_most_items(entry.buttons, MOST_BELOW, f"「{entry.name}」的子菜单")
    return {"name": entry.name, "sub_button": [_button(one, NAME_BYTES_BELOW) for one in entry.buttons]}


def _name(name: str, most: int) -> None:
    not_empty(name, "菜单名")
    at_most_bytes(name, most, f"菜单名「{name}」")


def _button(button: Button, name_bytes: int) -> dict[str, Any]:
    _name(button.name, name_bytes)
    fields: dict[str, str] = {"type": button.press.value, "name": button.name}
    for name, value, most in _needed(button):
        not_empty(value, f"「{button.name}」的 {name}")
        at_most_bytes(value, most, f"「{button.name}」的 {name}")
        fields[name] = value
    if "url" in fields and urlsplit(button.url).scheme not in {"http", "https"}:
        raise Unfit(f"「{button.name}」的链接要以 http:// 或 https:// 开头。")
    return fields


def _needed(button: Button) -> list[tuple[str, str, int]]:
    match button.press:
        case press if press in _WITH_KEY:
            return [("key", button.key, KEY_BYTES)]
        case Press.VIEW:
            return [("url", button.url, URL_BYTES)]
        case Press.MEDIA:
            return [("media_id", button.media_id, KEY_BYTES)]
        case Press.MINI_PROGRAM:
            app = [("appid", button.app_id, KEY_BYTES), ("pagepath", button.page_path, URL_BYTES)]
            return [("url", button.url, URL_BYTES), *app]
        case _:
            return [("article_id", button.article_id, KEY_BYTES)]


def _entries(menu: Fields) -> tuple[Entry, ...]:
    return tuple(_read(one) for one in objects(menu, "button"))


def _read(one: Fields) -> Entry:
    below = one.get("sub_button")
    if isinstance(below, dict):  # some answers of the platform have {"list": […]} here
        below = below.get("list")
    if below:
        buttons = tuple(_read_button(inner) for inner in objects({"buttons": below}, "buttons"))
        return Submenu(name=text(one, "name"), buttons=buttons)
    return _read_button(one)


def _read_button(one: Fields) -> Button:
    named = text(one, "type")
    return Button(
        name=text(one, "name"),
        press=_PRESSES.get(named, Press.CLICK),
        key=text(one, "key"),
        url=text(one, "url"),
        media_id=text(one, "media_id"),
        article_id=text(one, "article_id"),
        app_id=text(one, "appid"),
        page_path=text(one, "pagepath"),
    )


def _match(rule: object) -> Match:
    held = rule if isinstance(rule, dict) else {}
    return Match(tag_id=_number(held.get("tag_id")), platform=_number(held.get("client_platform_type")))


def _number(value: object) -> int | None:
    return int(value) if isinstance(value, int | str) and str(value).isdecimal() else None
