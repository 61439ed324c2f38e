"""The platform's own published vectors (developers.weixin.qq.com, "消息推送")."""

from __future__ import annotations

import json

import pytest

from daxiang_simulator.envelope import EnvelopeRefused, decode_key, seal, sign, unseal

TOKEN = "AAAAA"
KEY = decode_key("A" * 43)
APP_ID = "wxba5fad812f8e6fb9"
PUSHED = (
    "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVza"
    "zhZv6JsXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwK"
    "SqFIZoNqJ4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04="
)
REPLY = "ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ=="


@pytest.mark.parametrize(
    ("timestamp", "nonce", "signature"),
    [
        ("1714036504", "1514711492", "f464b24fc39322e44b38aa78f5edd27bd1441696"),
        ("1714037059", "486452656", "899cf89e464efb63f54ddac96b0a0a235f53aa78"),
        ("1714112445", "415670741", "6c5c811b55cc85e0e1b54100749188c20beb3f5d"),
    ],
)
def test_the_published_signatures_of_addresses_come_out(timestamp: str, nonce: str, signature: str) -> None:
    assert sign(TOKEN, timestamp, nonce) == signature


def test_the_published_signature_of_a_sealed_message_comes_out() -> None:
    signature = sign(TOKEN, "1714112445", "415670741", PUSHED)
    assert signature == "046e02f8204d34f8ba5fa3b1db94908f3df2e9b3"


def test_the_published_sealed_message_opens() -> None:
    opened = unseal(key=KEY, app_id=APP_ID, sealed=PUSHED)
    assert len(opened) == 167
    assert json.loads(opened)["debug_str"] == "hello world"


def test_the_published_reply_is_sealed_byte_for_byte() -> None:
    text = b'{"demo_resp":"good luck"}'
    assert seal(key=KEY, app_id=APP_ID, text=text, random=b"707722b803182950") == REPLY
    assert sign(TOKEN, "1713424427", "415670741", REPLY) == "1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1"


@pytest.mark.parametrize("length", range(0, 65, 5))
def test_a_text_of_any_length_comes_back(length: int) -> None:
    text = ("桥" * length).encode()
    sealed = seal(key=KEY, app_id=APP_ID, text=text, random=b"r" * 16)
    assert unseal(key=KEY, app_id=APP_ID, sealed=sealed) == text


@pytest.mark.parametrize("sealed", ["", "不是", "AAAA", PUSHED[:-8] + "AAAAAAA=", REPLY[4:] + REPLY[:4]])
def test_what_was_not_sealed_so_is_refused(sealed: str) -> None:
    with pytest.raises(EnvelopeRefused):
        unseal(key=KEY, app_id=APP_ID, sealed=sealed)


def test_another_app_id_is_refused() -> None:
    with pytest.raises(EnvelopeRefused, match="AppID"):
        unseal(key=KEY, app_id="wx0000000000000000", sealed=REPLY)
