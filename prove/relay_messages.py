"""What the people of the relay campaign send: half is ours, half the vendor's; all invented, all seeded."""

from __future__ import annotations

import random
from dataclasses import dataclass
from enum import StrEnum

FIRST_MSG_ID = 24_000_000_000_000_000


class Kind(StrEnum):
    OURS = "ours"
    DANGER = "danger"
    PASSED = "passed"
    """A text for the vendor: an answer is owed, the vendor's or ours."""
    PICTURE = "picture"
    """A picture or a link for the vendor: it may answer, also late; we have nothing to say ourselves."""
    EVENT = "event"
    """An event that we do not know: the vendor may answer, we owe nothing."""


OURS = ("5", "6", "尾号0", "鄂A12345", "鄂AD12346", "K", "帮助", "谢谢")
DANGER = ("追尾了，有人受伤", "车着火了", "我被撞了在二桥上", "有人拿刀砍人", "撞到人了怎么办")
FOREIGN = ("公积金怎么查", "水费怎么交", "怎么挂专家门诊", "社保卡丢了", "房产证加名字", "查我的预约")


@dataclass(frozen=True, kw_only=True, slots=True)
class Sent:
    """One message of one person."""

    number: int
    kind: Kind
    openid: str
    created: int
    key: str
    """What tells it from all others in the vendor's log: the MsgId, or the event's key."""
    fields: str
    """The XML between CreateTime and the end."""
    repeat_after_s: float | None
    """The platform calls again after so long, whatever it has got by then; None: only if it got nothing."""

    def body(self, original_id: str) -> bytes:
        return (
            f"<xml><ToUserName><![CDATA[{original_id}]]></ToUserName>"
            f"<FromUserName><![CDATA[{self.openid}]]></FromUserName><CreateTime>{self.created}</CreateTime>"
            f"{self.fields}</xml>"
        ).encode()


def messages(*, seed: int, count: int, now: int) -> list[Sent]:
    """All messages in the order of their sending. One in twelve comes right behind another of the same
    person.
    """
    rng = random.Random(seed)
    made: list[Sent] = []
    for number in range(count):
        follows = made and rng.random() < 1 / 12
        openid = made[-1].openid if follows else f"oProve{seed:04}x{number:08}Nobody"
        made.append(_one(rng, number, openid, now))
    return made


def _one(rng: random.Random, number: int, openid: str, now: int) -> Sent:
    draw = rng.random()
    key = str(FIRST_MSG_ID + number)
    if draw < 0.48:
        kind, fields = Kind.OURS, _text(rng.choice(OURS), key)
    elif draw < 0.50:
        kind, fields = Kind.DANGER, _text(rng.choice(DANGER), key)
    elif draw < 0.87:
        kind, fields = Kind.PASSED, _text(f"{rng.choice(FOREIGN)}{rng.randrange(1000)}号", key)
    elif draw < 0.95:
        kind, fields = Kind.PICTURE, _picture(rng, key)
    else:
        kind = Kind.EVENT
        fields = (
            "<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[a_kind_of_next_year]]></Event>"
            f"<EventKey><![CDATA[{key}]]></EventKey>"
        )
    repeat = rng.uniform(0.0, 1.5) if rng.random() < 0.05 else None
    return Sent(
        number=number,
        kind=kind,
        openid=openid,
        created=now,
        key=key,
        fields=fields,
        repeat_after_s=repeat,
    )


def _text(words: str, key: str) -> str:
    return f"<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{words}]]></Content><MsgId>{key}</MsgId>"


def _picture(rng: random.Random, key: str) -> str:
    if rng.random() < 0.5:
        parts = "<PicUrl><![CDATA[http://127.0.0.1/invented.jpg]]></PicUrl><MediaId><![CDATA[m1]]></MediaId>"
        return f"<MsgType><![CDATA[image]]></MsgType>{parts}<MsgId>{key}</MsgId>"
    parts = "<Title><![CDATA[题]]></Title><Description><![CDATA[文]]></Description>"
    link = f"{parts}<Url><![CDATA[http://127.0.0.1/]]></Url>"
    return f"<MsgType><![CDATA[link]]></MsgType>{link}<MsgId>{key}</MsgId>"
