"""What is passed on to a vendor, judged by unmodified wechatpy, which many vendors run."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wechatpy import parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.replies import (
    ArticlesReply,
    BaseReply,
    EmptyReply,
    ImageReply,
    MusicReply,
    TextReply,
    TransferCustomerServiceReply,
    VideoReply,
    VoiceReply,
)
from wechatpy.utils import check_signature

from daxiang.integrations.wechat.bodies import parse_fields
from daxiang.integrations.wechat.protocol import Mode
from daxiang.integrations.wechat.relayed import AnswerUnusable, Passed, as_customer_service, fresh_nonce
from daxiang.integrations.wechat.replies import (
    Article,
    Image,
    Music,
    News,
    PassiveReply,
    Text,
    TransferToStaff,
    Video,
    Voice,
)
from tests.relay.accounts import AES_KEY, APP_ID, NOW, OPENID, ORIGINAL_ID, TOKEN, incoming, text, vendor

CRYPTO = WeChatCrypto(TOKEN, AES_KEY, APP_ID)


def passed(
    body: bytes | None = None, *, mode: Mode = Mode.SAFE, url: str = "http://127.0.0.1:1/wx"
) -> Passed:
    return vendor(url, mode).request(
        text() if body is None else body, openid=OPENID, now=NOW, nonce=fresh_nonce(b"abcde")
    )


def query(request: Passed) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(request.url).query))


def sealed(plain: str) -> bytes:
    answer: str = CRYPTO.encrypt_message(plain, "nonce", str(NOW))
    return answer.encode()


def said(reply: BaseReply, mode: Mode = Mode.SAFE) -> PassiveReply | None:
    message = parse_message(text())
    reply.source, reply.target = message.target, message.source
    plain = reply.render()
    answer = plain.encode() if mode is Mode.PLAIN else sealed(plain)
    return vendor(mode=mode).open(answer, message=incoming().message)


def reason(answer: bytes, mode: Mode = Mode.SAFE) -> str:
    with pytest.raises(AnswerUnusable) as refused:
        vendor(mode=mode).open(answer, message=incoming().message)
    return refused.value.reason


def test_the_vendors_program_takes_the_call_for_the_platforms() -> None:
    request = passed()
    words = query(request)
    check_signature(TOKEN, words["signature"], words["timestamp"], words["nonce"])
    opened = CRYPTO.decrypt_message(request.body, words["msg_signature"], words["timestamp"], words["nonce"])
    assert opened.encode() == text()
    assert (words["openid"], words["encrypt_type"], int(words["timestamp"])) == (OPENID, "aes", NOW)


def test_the_message_goes_on_byte_for_byte() -> None:
    strange = text().replace(b"<MsgId>", b"<AFieldOfNextYear>x</AFieldOfNextYear>\n<MsgId>")
    words = query(request := passed(strange))
    opened = CRYPTO.decrypt_message(request.body, words["msg_signature"], words["timestamp"], words["nonce"])
    assert opened.encode() == strange


def test_the_compatible_mode_has_the_fields_plain_as_well() -> None:
    words = query(request := passed(mode=Mode.COMPATIBLE))
    opened = CRYPTO.decrypt_message(request.body, words["msg_signature"], words["timestamp"], words["nonce"])
    assert parse_message(request.body).content == parse_message(opened).content == "公积金怎么查"


def test_the_plain_mode_is_signed_and_names_no_encryption() -> None:
    words = query(request := passed(mode=Mode.PLAIN))
    check_signature(TOKEN, words["signature"], words["timestamp"], words["nonce"])
    assert request.body == text()
    assert not {"encrypt_type", "msg_signature"} & words.keys()


@pytest.mark.parametrize("mode", [Mode.SAFE, Mode.COMPATIBLE])
def test_a_message_in_json_goes_on_in_json(mode: Mode) -> None:
    fields = {"ToUserName": ORIGINAL_ID, "FromUserName": OPENID, "CreateTime": NOW, "MsgType": "text"}
    body = json.dumps({**fields, "Content": "你好", "MsgId": 7}, ensure_ascii=False).encode()
    words = query(request := passed(body, mode=mode))
    outer = json.loads(request.body)
    opened = CRYPTO.decrypt_message(
        f"<xml><Encrypt>{outer['Encrypt']}</Encrypt></xml>",
        *(words[name] for name in ("msg_signature", "timestamp", "nonce")),
    )
    assert opened.encode() == body
    assert ("Content" in outer) is (mode is Mode.COMPATIBLE)
    assert request.content_type.startswith("application/json")


def test_a_query_of_the_vendors_own_stays_in_front() -> None:
    assert passed(url="http://127.0.0.1:1/api.php?id=7").url.startswith(
        "http://127.0.0.1:1/api.php?id=7&signature="
    )


REPLIES: list[tuple[BaseReply, PassiveReply, dict[str, Any] | None]] = [
    (TextReply(content="您好"), Text(content="您好"), {"msgtype": "text", "text": {"content": "您好"}}),
    (ImageReply(media_id="m"), Image(media_id="m"), {"msgtype": "image", "image": {"media_id": "m"}}),
    (VoiceReply(media_id="m"), Voice(media_id="m"), {"msgtype": "voice", "voice": {"media_id": "m"}}),
    (
        VideoReply(media_id="m", title="题", description="文"),
        Video(media_id="m", title="题", description="文"),
        {"msgtype": "video", "video": {"media_id": "m", "title": "题", "description": "文"}},
    ),
    (
        MusicReply(
            thumb_media_id="t", title="歌", description="词", music_url="http://a/", hq_music_url="http://b/"
        ),
        Music(thumb_media_id="t", title="歌", description="词", url="http://a/", hq_url="http://b/"),
        {
            "msgtype": "music",
            "music": {
                "title": "歌",
                "description": "词",
                "musicurl": "http://a/",
                "hqmusicurl": "http://b/",
                "thumb_media_id": "t",
            },
        },
    ),
    (
        ArticlesReply(
            articles=[{"title": "题", "description": "文", "image": "http://p/", "url": "http://u/"}]
        ),
        News(articles=(Article(title="题", description="文", picture_url="http://p/", url="http://u/"),)),
        {
            "msgtype": "news",
            "news": {
                "articles": [{"title": "题", "description": "文", "url": "http://u/", "picurl": "http://p/"}]
            },
        },
    ),
    (TransferCustomerServiceReply(), TransferToStaff(account=None), None),
]


@pytest.mark.parametrize("mode", [Mode.SAFE, Mode.COMPATIBLE, Mode.PLAIN])
@pytest.mark.parametrize(("theirs", "ours", "_late"), REPLIES, ids=lambda one: type(one).__name__)
def test_every_reply_of_the_vendor_is_read(
    theirs: BaseReply, ours: PassiveReply, _late: object, mode: Mode
) -> None:
    assert said(theirs, mode) == ours


@pytest.mark.parametrize(("_theirs", "ours", "late"), REPLIES, ids=lambda one: type(one).__name__)
def test_every_reply_but_the_transfer_has_a_late_form(
    _theirs: BaseReply, ours: PassiveReply, late: dict[str, Any] | None
) -> None:
    assert as_customer_service(ours) == late


@pytest.mark.parametrize("answer", [b"", b"success", b" success\r\n"])
@pytest.mark.parametrize("mode", list(Mode))
def test_nothing_to_say_is_an_answer(answer: bytes, mode: Mode) -> None:
    assert vendor(mode=mode).open(answer, message=incoming().message) is None


def test_nothing_to_say_may_come_sealed() -> None:
    assert vendor().open(sealed(EmptyReply().render()), message=incoming().message) is None


def test_garbage_is_recognised_for_what_it_is() -> None:
    right = TextReply(source=ORIGINAL_ID, target=OPENID, content="好").render()
    other = TextReply(source=ORIGINAL_ID, target="oSomebodyElse", content="好").render()
    changed = sealed(right).replace(b"<TimeStamp>", b"<TimeStamp>1")
    foreign = WeChatCrypto(TOKEN, AES_KEY, "wxAnotherApp").encrypt_message(right, "n", str(NOW)).encode()
    answers = {
        "garbage": b"<html>It works</html>",
        "not_encrypted": right.encode(),
        "recipient": sealed(other),
        "signature": changed,
        "ciphertext": foreign,
        "kind": sealed(right.replace("[text]", "[hologram]")),
    }
    assert {reason(answer): answer for answer in answers.values()} == answers


def test_the_compatible_mode_takes_a_plain_answer() -> None:
    answer = TextReply(source=ORIGINAL_ID, target=OPENID, content="好").render().encode()
    assert vendor(mode=Mode.COMPATIBLE).open(answer, message=incoming().message) == Text(content="好")


@given(st.binary(max_size=300))
def test_no_bytes_of_a_vendor_raise_anything_else(answer: bytes) -> None:
    for mode in Mode:
        try:
            reply = vendor(mode=mode).open(answer, message=incoming().message)
        except AnswerUnusable:
            continue
        assert reply is None


def test_a_nonce_is_made_of_digits_as_the_platforms() -> None:
    assert fresh_nonce(bytes(5)) == b"0"
    assert fresh_nonce(b"\xff" * 5).isdigit()


def test_the_sealed_message_names_the_account_and_nothing_else() -> None:
    assert parse_fields(passed().body).keys() == {"ToUserName", "Encrypt"}
