"""An invented account, its vendor, and messages to them."""

from __future__ import annotations

from daxiang.integrations.wechat.bodies import format_of
from daxiang.integrations.wechat.protocol import Incoming, Mode
from daxiang.integrations.wechat.reading import read_message
from daxiang.integrations.wechat.relayed import Vendor

TOKEN, APP_ID, ORIGINAL_ID = "invented-token", "wx0123456789abcdef", "gh_0123456789ab"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
OPENID = "oInventedOpenidOfNobody12345"
NOW = 1_795_000_000


def vendor(url: str = "http://127.0.0.1:1/wx", mode: Mode = Mode.SAFE) -> Vendor:
    return Vendor(url=url, token=TOKEN, app_id=APP_ID, aes_key=AES_KEY, original_id=ORIGINAL_ID, mode=mode)


def text(content: str = "公积金怎么查", *, number: int = 1, openid: str = OPENID) -> bytes:
    return (
        f"<xml><ToUserName><![CDATA[{ORIGINAL_ID}]]></ToUserName>"
        f"<FromUserName><![CDATA[{openid}]]></FromUserName><CreateTime>{NOW}</CreateTime>"
        f"<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{content}]]></Content>"
        f"<MsgId>{number}</MsgId></xml>"
    ).encode()


def incoming(body: bytes | None = None) -> Incoming:
    plain = text() if body is None else body
    return Incoming(
        message=read_message(plain),
        body=plain,
        format=format_of(plain),
        key_number=0,
        nonce=b"1",
        timestamp=b"%d" % NOW,
    )
