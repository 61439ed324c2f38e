"""A whole callback: the published vectors, the three modes, every way of not being genuine."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from hypothesis import given
from hypothesis import strategies as st
from wechatpy.crypto import WeChatCrypto

from daxiang.integrations.wechat.bodies import Format
from daxiang.integrations.wechat.envelope import signature
from daxiang.integrations.wechat.messages import TextMessage
from daxiang.integrations.wechat.protocol import CallbackRefused, Mode
from daxiang.integrations.wechat.replies import Text, render
from tests.wechat.callbacks import (
    APP_ID,
    KEY,
    NOW,
    OLD_KEY,
    ORIGINAL_ID,
    TEXT,
    TOKEN,
    envelope,
    outer,
    protocol,
    sealed,
    signed_query,
)
from tests.wechat.test_envelope import ENCRYPTED, MSG_SIGNATURE

PUBLISHED = {
    "token": "AAAAA",
    "app_id": "wxba5fad812f8e6fb9",
    "aes_key": "A" * 43,
    "original_id": "gh_97417a04a28d",
}


def refusal(query: bytes, body: bytes, *, now: int = NOW, **changed: Any) -> str:
    """Why a callback is refused, by the fast path and by the strict reader alike."""
    reasons = set()
    for is_strict in (False, True):
        with pytest.raises(CallbackRefused) as refused:
            protocol(is_strict=is_strict, **changed).open(query, body, now=now)
        reasons.add(refused.value.reason)
    assert len(reasons) == 1
    return reasons.pop()


def raw_sealed(plain: bytes) -> bytes:
    """`Encrypt` of these very bytes under the account's key."""
    key = base64.b64decode(KEY + "=")
    return base64.b64encode(Cipher(AES(key), CBC(key[:16])).encryptor().update(plain))


def test_the_published_url_check_gives_its_echostr_back() -> None:
    query = (
        b"signature=f464b24fc39322e44b38aa78f5edd27bd1441696&echostr=4375120948345356249"
        b"&timestamp=1714036504&nonce=1514711492"
    )
    assert protocol(**PUBLISHED).check_url(query) == b"4375120948345356249"


@pytest.mark.parametrize(
    "change",
    [
        (b"f464", b"f465"),
        (b"signature=", b"sig="),
        (b"1714036504", b"1714036505"),
        (b"nonce=1514711492", b""),
        (b"echostr=", b"echo="),
        (b"echostr=4", b"echostr=3&echostr=4"),
    ],
)
def test_a_url_check_that_is_changed_is_refused(change: tuple[bytes, bytes]) -> None:
    query = (
        b"signature=f464b24fc39322e44b38aa78f5edd27bd1441696&echostr=4375120948345356249"
        b"&timestamp=1714036504&nonce=1514711492"
    ).replace(*change)
    with pytest.raises(CallbackRefused):
        protocol(**PUBLISHED).check_url(query)


def test_the_published_safe_message_is_opened_whole() -> None:
    query = (
        b"signature=6c5c811b55cc85e0e1b54100749188c20beb3f5d&timestamp=1714112445&nonce=415670741"
        b"&openid=o9AgO5Kd5ggOC-bXrbNODIiE3bGY&encrypt_type=aes&msg_signature=" + MSG_SIGNATURE
    )
    body = b'{"ToUserName":"gh_97417a04a28d","Encrypt":"%b"}' % ENCRYPTED
    incoming = protocol(**PUBLISHED).open(query, body, now=1714112445)
    assert (incoming.message.kind, incoming.format, len(incoming.body)) == (
        "event:debug_demo",
        Format.JSON,
        167,
    )


def test_the_published_plain_message_is_genuine_in_plain_mode_only() -> None:
    query = b"signature=899cf89e464efb63f54ddac96b0a0a235f53aa78&timestamp=1714037059&nonce=486452656"
    body = b'{"ToUserName":"gh_97417a04a28d","FromUserName":"o9","CreateTime":1714037059,"MsgType":"event"}'
    plain = protocol(**PUBLISHED, mode=Mode.PLAIN).open(query, body, now=1714037059)
    assert plain.key_number is None
    for mode in (Mode.SAFE, Mode.COMPATIBLE):
        assert refusal(query, body, now=1714037059, **PUBLISHED, mode=mode) == "not_encrypted"


def test_a_sealed_message_is_opened_in_plain_mode_too() -> None:
    ours = protocol(mode=Mode.PLAIN)
    incoming = ours.open(*sealed(), now=NOW)
    assert incoming.key_number == 0
    assert b"<Encrypt>" in ours.close(incoming, b"<xml/>", now=NOW)


def test_a_plain_message_is_answered_plainly() -> None:
    ours = protocol(mode=Mode.PLAIN)
    incoming = ours.open(signed_query(None), TEXT, now=NOW)
    assert ours.close(incoming, b"<xml/>", now=NOW) == b"<xml/>"


@pytest.mark.parametrize("is_strict", [False, True])
def test_a_text_is_opened_and_its_answer_is_read_by_an_independent_client(is_strict: bool) -> None:
    ours = protocol(is_strict=is_strict)
    incoming = ours.open(*sealed(), now=NOW)
    assert isinstance(incoming.message, TextMessage)
    assert incoming.message.content == "尾号5"
    words = render(Text(content="能走"), to_user="oInvented", from_user=ORIGINAL_ID, created=NOW)
    answer = ours.close(incoming, words, now=NOW).decode()
    proof = answer.partition("<MsgSignature><![CDATA[")[2].partition("]]>")[0]
    opened = WeChatCrypto(TOKEN, KEY, APP_ID).decrypt_message(answer, proof, "415670741", str(NOW))
    assert opened.encode() == words


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=60)
)
def test_what_an_independent_client_seals_is_opened(content: str) -> None:
    message = TEXT.replace("尾号5".encode(), content.replace("]]>", "").encode())
    crypto = WeChatCrypto(TOKEN, KEY, APP_ID)
    body = crypto.encrypt_message(message.decode(), "415670741", str(NOW)).encode()
    encrypted = body.partition(b"<Encrypt><![CDATA[")[2].partition(b"]]>")[0]
    assert protocol().open(signed_query(encrypted), body, now=NOW).body == message


def test_nothing_to_say_is_success() -> None:
    assert protocol().close(protocol().open(*sealed(), now=NOW), b"", now=NOW) == b"success"


def test_json_is_answered_in_json() -> None:
    message = b'{"ToUserName":"%b","FromUserName":"o","CreateTime":%d,"MsgType":"text"}' % (
        ORIGINAL_ID.encode(),
        NOW,
    )
    encrypted, _ = envelope().seal(message, timestamp=b"1", nonce=b"2")
    body = json.dumps({"Encrypt": encrypted.decode()}).encode()
    incoming = protocol().open(signed_query(encrypted), body, now=NOW)
    answer = json.loads(protocol().close(incoming, b"{}", now=NOW))
    assert set(answer) == {"Encrypt", "MsgSignature", "TimeStamp", "Nonce"}
    assert answer["TimeStamp"] == NOW


@pytest.mark.parametrize(("sealed_with", "number"), [(KEY, 0), (OLD_KEY, 1)])
def test_during_a_rotation_the_answer_is_sealed_with_the_key_that_opened(
    sealed_with: str, number: int
) -> None:
    ours = protocol(aes_key_previous=OLD_KEY)
    incoming = ours.open(*sealed(aes_key=sealed_with), now=NOW)
    answer = ours.close(incoming, b"<xml/>", now=NOW)
    encrypted = answer.partition(b"<Encrypt><![CDATA[")[2].partition(b"]]>")[0]
    proof = signature(TOKEN.encode(), b"%d" % NOW, b"415670741", encrypted)
    assert incoming.key_number == number
    opened = envelope(aes_key=sealed_with).open(
        encrypted=encrypted, given=proof, timestamp=b"%d" % NOW, nonce=b"415670741"
    )
    assert opened.message == b"<xml/>"


def test_a_key_that_is_no_longer_ours_opens_nothing() -> None:
    assert refusal(*sealed(aes_key=OLD_KEY)) == "ciphertext"


def test_the_plain_copies_of_the_compatible_mode_are_not_believed() -> None:
    encrypted, _ = envelope().seal(TEXT, timestamp=b"1", nonce=b"2")
    forged = TEXT.removeprefix(b"<xml>").removesuffix(b"</xml>").replace("尾号5".encode(), b"forged")
    body = outer(encrypted, forged)
    message = protocol(mode=Mode.COMPATIBLE).open(signed_query(encrypted), body, now=NOW).message
    assert isinstance(message, TextMessage)
    assert message.content == "尾号5"


@pytest.mark.parametrize("mode", [Mode.SAFE, Mode.COMPATIBLE])
def test_a_body_without_an_envelope_is_refused_although_its_signature_is_right(mode: Mode) -> None:
    assert refusal(signed_query(None), TEXT, mode=mode) == "not_encrypted"
    assert refusal(signed_query(None) + b"&encrypt_type=raw", TEXT, mode=mode) == "not_encrypted"
    query, _ = sealed()
    assert refusal(query, TEXT, mode=mode) == "not_encrypted"


def test_a_right_signature_does_not_stand_in_for_a_missing_msg_signature() -> None:
    query, body = sealed()
    assert refusal(query.partition(b"&msg_signature")[0], body) == "signature"
    assert refusal(query.partition(b"msg_signature=")[0] + b"msg_signature=", body) == "signature"


@pytest.mark.parametrize("age", [301, -301, 10**9])
def test_an_old_or_future_timestamp_is_refused(age: int) -> None:
    assert refusal(*sealed(at=NOW - age)) == "timestamp"


@pytest.mark.parametrize("age", [300, 0, -300])
def test_five_minutes_either_way_are_allowed(age: int) -> None:
    assert protocol().open(*sealed(at=NOW - age), now=NOW).body == TEXT


@pytest.mark.parametrize(
    "change",
    [
        lambda q: q.replace(b"timestamp=", b"time="),
        lambda q: q.replace(b"timestamp=", b"timestamp=+"),
        lambda q: q.replace(b"timestamp=", b"timestamp=" + b"0" * 5000),
        lambda q: q.replace(b"timestamp=1", b"timestamp=%D9%A1"),
        lambda q: q.replace(b"nonce=415670741", b""),
        lambda q: q.replace(b"nonce=415670741", b"nonce=]]>"),
        lambda q: q.replace(b"nonce=415670741", b"nonce="),
        lambda q: q + b"&nonce=415670741",
        lambda q: q + b"&msg_signature=0",
        lambda q: q + b"&%6eonce=415670741",
        lambda q: q + b"&x=" + b"y" * 3000,
        lambda _: b"",
        lambda _: b"\xff\x00=%zz&&&=",
    ],
)
def test_an_address_that_the_platform_does_not_write_is_refused(change: Callable[[bytes], bytes]) -> None:
    query, body = sealed()
    assert refusal(change(query), body) in {"query", "timestamp"}


def test_an_escaped_address_is_the_same_address() -> None:
    query, body = sealed()
    escaped = query.replace(b"encrypt_type=aes", b"encrypt%5Ftype=%61es")
    assert protocol().open(escaped, body, now=NOW) == protocol().open(query, body, now=NOW)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"token": "OtherToken"}, "signature"),
        ({"app_id": "wx0000000000000000"}, "ciphertext"),
        ({"app_id": APP_ID + "0"}, "ciphertext"),
        ({"app_id": ""}, "ciphertext"),
        ({"aes_key": OLD_KEY}, "ciphertext"),
    ],
)
def test_a_callback_of_another_account_is_refused(changed: dict[str, str], reason: str) -> None:
    assert refusal(*sealed(**changed)) == reason


def test_a_message_to_another_account_is_refused() -> None:
    assert refusal(*sealed(TEXT.replace(ORIGINAL_ID.encode(), b"gh_other"))) == "recipient"


def padded(message: bytes = TEXT, *, app_id: str = APP_ID) -> bytes:
    plain = b"r" * 16 + len(message).to_bytes(4, "big") + message + app_id.encode()
    pad = 32 - len(plain) % 32
    return plain + bytes((pad,)) * pad


PLAIN = padded()
PAD = PLAIN[-1]


@pytest.mark.parametrize(
    "plain",
    [
        pytest.param(PLAIN[:-1] + b"\0", id="padded by nothing"),
        pytest.param(PLAIN[:-1] + b"\x21", id="padded by 33"),
        pytest.param(PLAIN[:-1] + b"\xff", id="padded by 255"),
        pytest.param(PLAIN[:-PAD] + b"\0" * (PAD - 1) + bytes((PAD,)), id="padding bytes that disagree"),
        pytest.param(PLAIN[:-1] + bytes((PAD - 1,)), id="one too short"),
        pytest.param(PLAIN[:-1] + bytes((PAD + 1,)), id="one too long"),
        pytest.param(PLAIN[:16] + b"\0\0\0\0" + PLAIN[20:], id="length nought"),
        pytest.param(PLAIN[:16] + b"\xff\xff\xff\xff" + PLAIN[20:], id="length far beyond the end"),
        pytest.param(PLAIN[:16] + (len(TEXT) - 1).to_bytes(4, "big") + PLAIN[20:], id="length one too short"),
        pytest.param(PLAIN[:16] + (len(TEXT) + 1).to_bytes(4, "big") + PLAIN[20:], id="length one too long"),
        pytest.param(PLAIN[:16] + (len(PLAIN) - 20).to_bytes(4, "big") + PLAIN[20:], id="length to the end"),
        pytest.param(b"\x20" * 32, id="padding alone"),
        pytest.param(b"\0" * 64, id="noughts"),
        pytest.param(padded(app_id=APP_ID[:-1]), id="app id cut"),
    ],
)
def test_whatever_is_wrong_inside_looks_the_same(plain: bytes) -> None:
    encrypted = raw_sealed(plain)
    assert refusal(signed_query(encrypted), outer(encrypted)) == "ciphertext"


def test_a_message_that_is_sealed_by_the_book_is_opened() -> None:
    encrypted = raw_sealed(PLAIN)
    assert protocol().open(signed_query(encrypted), outer(encrypted), now=NOW).body == TEXT


@pytest.mark.parametrize(
    ("encrypted", "reason"),
    [
        (b"not base64!", "base64"),
        (b"AAAA=AAA", "base64"),
        (b"AAA", "base64"),
        (b"=", "base64"),
        (b"A" * 20, "length"),
        (b"QUJDREVGR0hJSktMTU5PUA==", "length"),
        (b"\xe5\xa4\xa7", "base64"),
    ],
)
def test_what_no_cipher_can_make_is_refused(encrypted: bytes, reason: str) -> None:
    assert refusal(signed_query(encrypted), outer(encrypted)) == reason


def test_an_envelope_given_twice_is_refused() -> None:
    query, body = sealed()
    again = body.replace(b"</xml>", b"<Encrypt>AAAA</Encrypt></xml>")
    assert refusal(query, again) == "fields"


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (b"", "xml"),
        (b"<xml>", "xml"),
        (b"<xml></xml>", "fields"),
        (b"{}", "fields"),
        (b"{", "json"),
        (b"[]", "xml"),
        (b'{"a":NaN}', "json"),
        (b'<!DOCTYPE xml [<!ENTITY a "b">]><xml/>', "doctype"),
        (b'{"a":' + b"[" * 20_000 + b"]" * 20_000 + b"}", "depth"),
        (b"\xff\xfe<\0x\0m\0l\0/\0>\0", "xml"),
        (b"<\0x\0m\0l\0/\0>\0", "xml"),
    ],
)
def test_a_genuine_envelope_round_rubbish_is_refused(message: bytes, reason: str) -> None:
    assert refusal(*sealed(message)) == reason


def test_a_body_over_64_kib_is_refused_before_it_is_read() -> None:
    query, body = sealed()
    assert refusal(query, body + b" " * 65536) == "oversized"


def test_a_refusal_says_nothing_of_what_was_inside() -> None:
    with pytest.raises(CallbackRefused) as refused:
        protocol().open(*sealed(aes_key=OLD_KEY), now=NOW)
    assert str(refused.value) == "ciphertext"


@pytest.mark.parametrize("key", ["", "A" * 42, "A" * 44, "A" * 42 + "=", "A" * 42 + "-", "Ａ" * 43])
def test_a_key_that_is_none_is_refused_at_the_start(key: str) -> None:
    with pytest.raises(ValueError, match="43"):
        protocol(aes_key=key)
