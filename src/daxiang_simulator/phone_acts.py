"""What a person's fingers do beyond typing: tap a menu or a choice, scan a code, agree or refuse."""

from __future__ import annotations

import hashlib
from typing import Any

from .accounts import Account
from .bodies import Tree
from .messages import event_fields, parse_fields
from .people import Person
from .platform.media import example
from .platform.menu_rules import menu_for
from .texts import BadRequest, fit_text
from .world import World

PICTURES = frozenset({"pic_sysphoto", "pic_photo_or_album", "pic_weixin"})
OPENS_MOMENT = frozenset({"click", "scancode_push", "scancode_waitmsg"})
Result = dict[str, Any]


def menu_of(world: World, person: Person, account: Account) -> dict[str, Any] | None:
    """The menu that this person sees under the chat."""
    page = world.followers.of(account, person)
    return menu_for(world.shelves["menu"].of(account.name), page)


async def tap(world: World, person: Person, account: Account, body: dict[str, Any]) -> Result:
    """A choice ({"choice": {"content", "id"}}) or a menu button ({"menu": key} or {"button": [0, 1]})."""
    choice = body.get("choice")
    if isinstance(choice, dict):
        message = {"type": "text", "content": choice.get("content"), "menu_id": choice.get("id") or None}
        kind, fields = parse_fields(message)
        windows = ("message", "moment")
        return await world.conversations.send(person, account, kind=kind, fields=fields, windows=windows)
    button = _button(menu_of(world, person, account), body)
    return await _press(world, person, account, button, body)


def _button(menu: dict[str, Any] | None, body: dict[str, Any]) -> dict[str, Any]:
    """The button that is meant, by its place or by its key, name or address."""
    if menu is None:
        raise BadRequest("这个账号没有菜单。")
    place, wanted = body.get("button"), body.get("menu")
    if isinstance(place, list) and place and all(isinstance(one, int) and one >= 0 for one in place):
        held: list[dict[str, Any]] = menu["button"]
        found: dict[str, Any] | None = None
        for number in place:
            found = held[number] if number < len(held) else None
            held = found["sub_button"] if found else []
        if found is not None and not found["sub_button"]:
            return {**found, "menuid": menu.get("menuid")}
    for top in menu["button"]:
        for leaf in top["sub_button"] or [top]:
            if isinstance(wanted, str) and wanted in {leaf.get("key"), leaf.get("url"), leaf["name"]}:
                return {**leaf, "menuid": menu.get("menuid")}
    raise BadRequest("菜单里没有这一项。")


async def _press(
    world: World, person: Person, account: Account, button: dict[str, Any], body: dict[str, Any]
) -> Result:
    kind = button["type"]
    if kind in {"media_id", "view_limited", "article_id", "article_view_limited"}:
        return await _bring(world, person, account, button)
    event, opened = _event(button, body)
    windows = ("moment",) if kind in OPENS_MOMENT else ()
    result = await world.conversations.send(person, account, kind="event", fields=event, windows=windows)
    if kind == "location_select":
        place = _place(body)
        sent, fields = parse_fields({"type": "location", **place})
        result["then"] = await world.conversations.send(person, account, kind=sent, fields=fields)
    return result | opened


def _event(button: dict[str, Any], body: dict[str, Any]) -> tuple[Tree, Result]:
    """The event that a button makes, and what the phone does besides."""
    kind = button["type"]
    menu_id = {"MenuId": button["menuid"]} if button.get("menuid") else {}
    if kind == "click":
        return event_fields("CLICK", button["key"]), {}
    if kind == "view":
        return event_fields("VIEW", button["url"], **menu_id), {"open": button["url"]}
    if kind == "miniprogram":
        return event_fields("view_miniprogram", button["pagepath"], **menu_id), {"open": button["url"]}
    if kind in {"scancode_push", "scancode_waitmsg"}:
        scanned = fit_text(body.get("result"), "result", longest=2048)
        info = {"ScanType": str(body.get("scan_type", "qrcode")), "ScanResult": scanned}
        opened = {"open": scanned} if kind == "scancode_push" and scanned.startswith("http") else {}
        return event_fields(kind, button["key"], ScanCodeInfo=info), opened
    if kind in PICTURES:
        digest = hashlib.md5(example("image")[1], usedforsecurity=False).hexdigest()
        pictures = {"Count": 1, "PicList": {"item": [{"PicMd5Sum": digest}]}}
        return event_fields(kind, button["key"], SendPicsInfo=pictures), {"pick": kind}
    place = _place(body)
    info = {
        "Location_X": f"{place['latitude']:.6f}",
        "Location_Y": f"{place['longitude']:.6f}",
        "Scale": "16",
        "Label": place["label"],
        "Poiname": "",
    }
    return event_fields(kind, button["key"], SendLocationInfo=info), {}


def _place(body: dict[str, Any]) -> dict[str, Any]:
    place = body.get("location")
    if not isinstance(place, dict):
        raise BadRequest('这一项要给位置，例如 {"location": {"latitude": 30.55, "longitude": 114.28}}。')
    return {"label": "湖北省武汉市", **place}


async def _bring(world: World, person: Person, account: Account, button: dict[str, Any]) -> Result:
    """A button that sends a medium or an article: the platform brings it, the service hears nothing."""
    number = str(button.get("media_id") or button.get("article_id"))
    held = world.shelves["draft"].of(account.name).get(number)
    held = held or world.shelves["published"].of(account.name).get(number)
    medium = world.shelves["material"].of(account.name).get(number)
    if held is not None:
        shown = {"kind": "news", "articles": held["shown"]}
    elif medium is not None:
        shown = {"kind": medium["type"], "media_id": number}
    else:
        raise BadRequest("菜单指的素材已经不在了。")
    await world.deliver(person, account, shown)
    return {"reply": shown, "tries": 0, "elapsed_ms": 0, "outcome": "answered", "msg_id": None}


async def scan(world: World, person: Person, body: dict[str, Any]) -> Result:
    """Scan a QR code by its {"ticket"} or {"url"}: the person follows, or, following already, is seen."""
    found = world.find_qr(str(body.get("ticket") or body.get("url") or ""))
    if found is None or found[1]["until"] <= world.clock.now():
        raise BadRequest("这个二维码已经过期或不存在。")
    account, held = found
    scene, ticket = str(held["scene"]), held["ticket"]
    if account.name in person.following:
        event = event_fields("SCAN", scene, Ticket=ticket)
        return await world.conversations.send(
            person, account, kind="event", fields=event, windows=("moment",)
        )
    event = event_fields("subscribe", f"qrscene_{scene}", Ticket=ticket)
    return await world.conversations.follow(
        person, account, scene="ADD_SCENE_QR_CODE", qr={"scene": held["scene"]}, event=event
    )


async def consent(world: World, person: Person, account: Account, body: dict[str, Any]) -> Result:
    """What the person allows: notices by template, messages at all, or takes back what a page was told."""
    if isinstance(body.get("messages"), bool):
        page = world.followers.of(account, person)
        world.followers.save(account, person, {**page, "refuses": not body["messages"]})
        await world.store.write()
        return {"messages": body["messages"]}
    if body.get("revoke") is True:
        event = event_fields(
            "user_authorization_revoke",
            None,
            OpenID=person.openid(account),
            AppID=account.app_id,
            RevokeInfo="1",
        )
        await world.conversations.tell(account, person, event)
        return {"revoked": True}
    templates = body.get("templates")
    if not isinstance(templates, dict) or not templates:
        raise BadRequest('要给 templates（例如 {"模板编号": "accept"}）、messages 或 revoke。')
    return await _agree(world, person, account, templates, body)


async def _agree(
    world: World, person: Person, account: Account, templates: dict[str, Any], body: dict[str, Any]
) -> Result:
    held = world.shelves["notice_template"].of(account.name)
    for number, said in templates.items():
        if number not in held or said not in ("accept", "reject"):
            raise BadRequest(f"没有订阅通知模板 {number}，或者不是 accept、reject 之一。")
    page = world.followers.of(account, person)
    for number, said in templates.items():
        page["consents"][number] = _right(page["consents"].get(number, 0), held[number], said)
    world.followers.save(account, person, page)
    await world.store.write()
    is_change = body.get("change") is True
    scene = {} if is_change else {"PopupScene": 2 if body.get("scene") in (2, "2") else 1}
    listed = [{"TemplateId": n, "SubscribeStatusString": said, **scene} for n, said in templates.items()]
    name = "subscribe_msg_change_event" if is_change else "subscribe_msg_popup_event"
    wrapper = "SubscribeMsgChangeEvent" if is_change else "SubscribeMsgPopupEvent"
    await world.conversations.tell(account, person, event_fields(name, None, **{wrapper: {"List": listed}}))
    return {"consents": page["consents"]}


def _right(held: int, template: dict[str, Any], said: str) -> int:
    """How many notices may be sent after an answer: -1 without end, for a long-term template."""
    if said == "reject":
        return 0
    return -1 if template["type"] == 3 else max(held, 0) + 1
