"""Genuine bodies of the platform, invented by a seeded random: every message and event, in XML and in JSON
with the quirks that each is known for. Used by `prove.fuzz` and by the tests of the protocol.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random
from typing import TypeAlias

Value: TypeAlias = "str | Fields | list[Value]"
Fields: TypeAlias = "dict[str, Value]"

ACCOUNT = "gh_invented12345"
_OPENID = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"
_WORDS = (
    *(
        "5",
        "尾号0",
        "鄂A12345",
        "我能走长江大桥吗",
        "撞车了",
        "帮助",
        "Hi",
        "",
        " ",
        "  5 ",
        "\t",
        "a\nb",
        "a\r\nb\rc",
        "[微笑]",
        "]]>",
        "a]]",
    ),
    *(
        "]",
        "<a>&amp;",
        "<![CDATA[",
        "&lt;",
        "🚗",
        "é",
        "\u3000全角\u3000",
        "\u0085",
        "\uff15",
        "\ufffd",
        "/::)",
        '"',
        "\\u0041",
    ),
    *("\x7f", "0", "-1", "null", "true", "1e999", "٣"),
)


def words(rng: Random) -> str:
    return "".join(rng.choice(_WORDS) for _ in range(rng.choice((1, 1, 1, 2, 5))))


def word(rng: Random) -> str:
    return "".join(rng.choice(_OPENID) for _ in range(rng.randint(1, 12)))


def number(rng: Random, longest: int = 6) -> str:
    return str(rng.randrange(10 ** rng.randint(1, longest)))


def degrees(rng: Random) -> str:
    return f"{rng.uniform(-90, 90):.6f}"


def some(rng: Random, one: Callable[[Random], Value], most: int = 3) -> list[Value]:
    return [one(rng) for _ in range(rng.randint(1, most))]


def _article(rng: Random) -> Value:
    return {"ArticleIdx": number(rng, 1), "ArticleUrl": words(rng)}


def _original(rng: Random) -> Value:
    return {
        "ArticleIdx": number(rng, 1),
        "UserDeclareState": number(rng, 1),
        "AuditState": number(rng, 1),
        "OriginalArticleUrl": words(rng),
        "OriginalArticleType": number(rng, 1),
        "CanReprint": rng.choice("01"),
        "NeedReplaceContent": rng.choice("01"),
        "NeedShowReprintSource": rng.choice("01"),
    }


def _mass(rng: Random) -> Fields:
    return {
        "MsgID": number(rng, 10),
        "Status": rng.choice(
            ("send success", "send fail", "err(40001)", "err(40002)", "err(x)", "err(30003)")
        ),
        **{name: number(rng) for name in ("TotalCount", "FilterCount", "SentCount", "ErrorCount")},
        "CopyrightCheckResult": {
            "Count": "1",
            "ResultList": rng.choice(("", {"item": some(rng, _original)})),
            "CheckState": number(rng, 1),
        },
        "ArticleUrlResult": {"Count": "1", "ResultList": rng.choice(("", {"item": some(rng, _article)}))},
    }


def _published(rng: Random) -> Fields:
    info: Fields = {"publish_id": number(rng, 10), "publish_status": number(rng, 1)}
    if rng.random() < 0.6:
        rows = some(rng, lambda r: {"idx": number(r, 1), "article_url": words(r)})
        info |= {"article_id": word(rng), "article_detail": {"count": str(len(rows)), "item": rows}}
    else:
        info["fail_idx"] = some(rng, lambda r: number(r, 1))
    return {"PublishEventInfo": info}


def _choice(rng: Random) -> Value:
    return {
        "TemplateId": word(rng),
        "SubscribeStatusString": rng.choice(("accept", "reject")),
        "PopupScene": rng.choice("12"),
    }


def _sending(rng: Random) -> Value:
    return {
        "TemplateId": word(rng),
        "MsgID": number(rng, 10),
        "ErrorCode": number(rng, 5),
        "ErrorStatus": rng.choice(("success", "failed")),
    }


def _wrapped(name: str, row: Callable[[Random], Value]) -> Callable[[Random], Fields]:
    return lambda rng: {name: {"List": some(rng, row)}}


def _keyed(*names: str) -> Callable[[Random], Fields]:
    return lambda rng: {name: words(rng) for name in names}


def _place(rng: Random) -> Fields:
    return {
        "EventKey": word(rng),
        "SendLocationInfo": {
            "Location_X": degrees(rng),
            "Location_Y": degrees(rng),
            "Scale": number(rng, 2),
            "Label": words(rng),
            "Poiname": words(rng),
        },
    }


def _pictures(rng: Random) -> Fields:
    rows = some(rng, lambda r: {"PicMd5Sum": word(r)})
    return {
        "EventKey": word(rng),
        "SendPicsInfo": {"Count": str(len(rows)), "PicList": {"item": rows}},
    }


def _code(rng: Random) -> Fields:
    return {"EventKey": word(rng), "ScanCodeInfo": {"ScanType": "qrcode", "ScanResult": words(rng)}}


def _location(rng: Random) -> Fields:
    return {
        "Location_X": degrees(rng),
        "Location_Y": degrees(rng),
        "Scale": number(rng, 2),
        "Label": words(rng),
    }


def _verified(rng: Random) -> Fields:
    return {"ExpiredTime": number(rng, 9), "FailTime": number(rng, 9), "FailReason": words(rng)}


MESSAGES: dict[str, Callable[[Random], Fields]] = {
    "text": lambda rng: {"Content": words(rng)},
    "image": _keyed("PicUrl", "MediaId"),
    "voice": _keyed("MediaId", "Format", "Recognition", "MediaId16K"),
    "video": _keyed("MediaId", "ThumbMediaId"),
    "shortvideo": _keyed("MediaId", "ThumbMediaId"),
    "location": _location,
    "link": _keyed("Title", "Description", "Url"),
}

EVENTS: dict[str, Callable[[Random], Fields]] = {
    "subscribe": lambda rng: rng.choice(
        ({"EventKey": ""}, {"EventKey": "qrscene_" + word(rng), "Ticket": word(rng)})
    ),
    "unsubscribe": lambda rng: {"EventKey": ""},
    "SCAN": _keyed("EventKey", "Ticket"),
    "LOCATION": lambda rng: {name: degrees(rng) for name in ("Latitude", "Longitude", "Precision")},
    "CLICK": _keyed("EventKey"),
    "VIEW": _keyed("EventKey", "MenuId"),
    "view_miniprogram": _keyed("EventKey", "MenuId"),
    "scancode_push": _code,
    "scancode_waitmsg": _code,
    "pic_sysphoto": _pictures,
    "pic_photo_or_album": _pictures,
    "pic_weixin": _pictures,
    "location_select": _place,
    "TEMPLATESENDJOBFINISH": lambda rng: {
        rng.choice(("MsgID", "MsgId")): number(rng, 10),
        "Status": rng.choice(
            ("success", "failed:user block", "failed: system failed", "failed:user blocked")
        ),
    },
    "MASSSENDJOBFINISH": _mass,
    "PUBLISHJOBFINISH": _published,
    "subscribe_msg_popup_event": _wrapped("SubscribeMsgPopupEvent", _choice),
    "subscribe_msg_change_event": lambda rng: _wrapped(
        rng.choice(("SubscribeMsgPopupEvent", "SubscribeMsgChangeEvent")), _choice
    )(rng),
    "subscribe_msg_sent_event": _wrapped("SubscribeMsgSentEvent", _sending),
    "kf_create_session": _keyed("KfAccount"),
    "kf_close_session": _keyed("KfAccount"),
    "kf_switch_session": _keyed("FromKfAccount", "ToKfAccount"),
    "user_info_modified": _keyed("OpenID", "AppID", "RevokeInfo"),
    "user_authorization_revoke": _keyed("OpenID", "AppID", "RevokeInfo"),
    "qualification_verify_success": _verified,
    "qualification_verify_fail": _verified,
    "naming_verify_success": _verified,
    "naming_verify_fail": _verified,
    "annual_renew": _verified,
    "verify_expired": _verified,
}


def genuine(rng: Random, kind: str | None = None) -> Fields:
    """The fields of one message; `kind` is a key of MESSAGES or EVENTS (texts are half of what is sent)."""
    if kind is None:
        kind = rng.choice(("text", rng.choice((*MESSAGES, *EVENTS, "invented_next_year"))))
    head: Fields = {
        "ToUserName": ACCOUNT,
        "FromUserName": "o" + word(rng),
        "CreateTime": str(rng.randrange(1, 2**32)),
    }
    if kind in MESSAGES:
        body = {**head, "MsgType": kind, **MESSAGES[kind](rng), "MsgId": number(rng, 19)}
        if rng.random() < 0.1:
            body |= {"MsgDataId": number(rng, 10), "Idx": number(rng, 1)}
        if kind == "text" and rng.random() < 0.1:
            body["bizmsgmenuid"] = number(rng, 2)
        return body
    return {**head, "MsgType": "event", "Event": kind, **EVENTS.get(kind, _keyed("Words"))(rng)}


BARE = {
    "CreateTime",
    "MsgId",
    "MsgID",
    "Count",
    "ArticleIdx",
    "Location_X",
    "Location_Y",
    "Scale",
    "idx",
    "fail_idx",
}
"""Numbers: without CDATA in XML and without quotes in JSON, now and then."""


def as_xml(fields: Fields, rng: Random) -> bytes:
    """As the platform writes it: CDATA round texts (mostly), now and then a line an element."""
    gap = rng.choice(("", "", "\n", "\n  "))
    return f"<xml>{gap}{_elements(fields, rng, gap)}</xml>{gap}".encode()


def _elements(fields: Fields, rng: Random, gap: str) -> str:
    return "".join(
        f"<{name}>{_element(name, one, rng, gap)}</{name}>{gap}"
        for name, value in fields.items()
        for one in (value if isinstance(value, list) else [value])
    )


def _element(name: str, value: Value, rng: Random, gap: str) -> str:
    if isinstance(value, dict):
        return gap + _elements(value, rng, gap)
    assert isinstance(value, str)
    if name in BARE:
        return value
    if rng.random() < 0.05:
        escaped = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        return escaped.replace("\r", rng.choice(("\r", "&#13;")))
    return "<![CDATA[" + value.replace("]]>", "]]]]><![CDATA[>") + "]]>"


def as_json(fields: Fields, rng: Random) -> bytes:
    """As the platform writes it: numbers bare, a list of one as the thing itself."""
    text = json.dumps(_plain("", fields, rng), ensure_ascii=rng.random() < 0.3)
    return text.encode()


def _plain(name: str, value: Value, rng: Random) -> object:
    if isinstance(value, dict):
        return {key: _plain(key, part, rng) for key, part in value.items()}
    if isinstance(value, list):
        rows = [_plain(name, part, rng) for part in value]
        return rows[0] if len(rows) == 1 and rng.random() < 0.7 else rows
    if name in BARE and value.isascii() and value.isdecimal() and rng.random() < 0.8:
        return int(value)
    return value
