"""The envelope against the platform's published vectors, an independent implementation, and every forgery."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wechatpy.crypto import WeChatCrypto

from daxiang.integrations.wechat.envelope import Envelope, EnvelopeRefused, signature

# Published by the platform on its message-push page.
TOKEN, KEY, APP_ID = "AAAAA", "A" * 43, "wxba5fad812f8e6fb9"
ENCRYPTED = (
    b"+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVzazhZv6J"
    b"sXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8E"
    b"ajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04="
)
SAFE_POST = {"timestamp": b"1714112445", "nonce": b"415670741"}
MSG_SIGNATURE = b"046e02f8204d34f8ba5fa3b1db94908f3df2e9b3"
OTHER_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"


def envelope(**changed: str | None) -> Envelope:
    given_values = {"token": TOKEN, "app_id": APP_ID, "aes_key": KEY, "aes_key_previous": None, **changed}
    return Envelope(**given_values)  # type: ignore[arg-type]


def test_the_published_url_check_is_accepted() -> None:
    envelope().check_address(
        given=b"f464b24fc39322e44b38aa78f5edd27bd1441696", timestamp=b"1714036504", nonce=b"1514711492"
    )


def test_the_published_plain_signature_is_ours() -> None:
    assert signature(b"AAAAA", b"1714037059", b"486452656") == b"899cf89e464efb63f54ddac96b0a0a235f53aa78"


def test_the_published_message_opens() -> None:
    opened = envelope().open(encrypted=ENCRYPTED, given=MSG_SIGNATURE, **SAFE_POST)
    message = json.loads(opened.message)
    assert len(opened.message) == 167
    assert (message["ToUserName"], message["Event"], message["debug_str"]) == (
        "gh_97417a04a28d",
        "debug_demo",
        "hello world",
    )


def test_the_published_reply_has_our_signature() -> None:
    encrypted = b"ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ=="
    given_signature = signature(b"AAAAA", b"1713424427", b"415670741", encrypted)
    assert given_signature == b"1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1"
    opened = envelope().open(
        encrypted=encrypted, given=given_signature, timestamp=b"1713424427", nonce=b"415670741"
    )
    assert opened.message == b'{"demo_resp":"good luck"}'


def test_the_published_reply_is_made_byte_for_byte_with_its_random() -> None:
    encrypted, proof = envelope().seal(
        b'{"demo_resp":"good luck"}',
        timestamp=b"1713424427",
        nonce=b"415670741",
        random=b"707722b803182950",
    )
    assert encrypted == (
        b"ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ=="
    )
    assert proof == b"1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1"


def test_the_same_words_are_never_sealed_the_same_way() -> None:
    one = envelope()
    assert len({one.seal(b"5", timestamp=b"1", nonce=b"2")[0] for _ in range(200)}) == 200


def test_threads_share_an_envelope_without_harm() -> None:
    shared, crypto = envelope(), WeChatCrypto(TOKEN, KEY, APP_ID)

    def exchange(number: int) -> bool:
        message = b"%d" % number * (number % 50 + 1)
        encrypted, proof = shared.seal(message, timestamp=b"1", nonce=b"2")
        opened = shared.open(encrypted=encrypted, given=proof, timestamp=b"1", nonce=b"2")
        body = f"<xml><Encrypt><![CDATA[{encrypted.decode()}]]></Encrypt></xml>"
        theirs = crypto.decrypt_message(body, proof.decode(), "1", "2")
        return opened.message == message == theirs.encode()

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(exchange, range(800)))


@given(st.binary(max_size=400), st.sampled_from([0, 1]))
def test_what_we_seal_opens_again_with_the_key_that_sealed(message: bytes, key_number: int) -> None:
    both = envelope(aes_key_previous=OTHER_KEY)
    encrypted, proof = both.seal(message, timestamp=b"1", nonce=b"2", key_number=key_number)
    opened = both.open(encrypted=encrypted, given=proof, timestamp=b"1", nonce=b"2")
    assert (opened.message, opened.key_number) == (message, key_number)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=80))
def test_an_independent_implementation_opens_what_we_seal(text: str) -> None:
    encrypted, proof = envelope().seal(text.encode(), timestamp=b"1", nonce=b"2")
    body = f"<xml><Encrypt><![CDATA[{encrypted.decode()}]]></Encrypt></xml>"
    crypto = WeChatCrypto(TOKEN, KEY, APP_ID)
    assert crypto.decrypt_message(body, proof.decode(), "1", "2") == text


@given(st.integers(0, len(ENCRYPTED) - 1), st.integers(1, 255))
def test_a_changed_byte_is_refused(position: int, flip: int) -> None:
    forged = bytearray(ENCRYPTED)
    forged[position] ^= flip
    with pytest.raises(EnvelopeRefused):
        envelope().open(encrypted=bytes(forged), given=MSG_SIGNATURE, **SAFE_POST)


@given(st.binary(max_size=200))
def test_a_right_signature_over_rubbish_is_still_refused(rubbish: bytes) -> None:
    proof = signature(TOKEN.encode(), b"1", b"2", rubbish)
    with pytest.raises(EnvelopeRefused):
        envelope().open(encrypted=rubbish, given=proof, timestamp=b"1", nonce=b"2")


@pytest.mark.parametrize(
    "changed", [{"token": "BBBBB"}, {"app_id": "wx0000000000000000"}, {"aes_key": OTHER_KEY}]
)
def test_an_envelope_of_another_account_is_refused(changed: dict[str, str | None]) -> None:
    foreign, proof = envelope(**changed).seal(b"<xml/>", timestamp=b"1", nonce=b"2")
    if "token" not in changed:
        proof = signature(TOKEN.encode(), b"1", b"2", foreign)
    with pytest.raises(EnvelopeRefused):
        envelope().open(encrypted=foreign, given=proof, timestamp=b"1", nonce=b"2")
