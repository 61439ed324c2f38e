"""`python -m tests.simulator.clients.reader TOKEN KEY APP_ID`: callbacks opened and parsed by wechatpy.

In, a line each: {"query", "body"} of a sealed callback. Out: {"class", "fields"} of what wechatpy made of it.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from wechatpy import parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.utils import check_signature


def opened(crypto: WeChatCrypto, token: str, callback: dict[str, Any]) -> Any:
    """wechatpy's message for a sealed callback, both of whose signatures hold."""
    query = callback["query"]
    check_signature(token, query["signature"], query["timestamp"], query["nonce"])
    signed = (query["msg_signature"], query["timestamp"], query["nonce"])
    return parse_message(crypto.decrypt_message(callback["body"], *signed))


def main() -> None:
    crypto, token = WeChatCrypto(*sys.argv[1:]), sys.argv[1]
    for line in sys.stdin:
        message = opened(crypto, token, json.loads(line))
        names = [name for name in dir(message) if not name.startswith("_")]
        held = {name: getattr(message, name) for name in names}
        fields = {name: str(value) for name, value in held.items() if not callable(value)}
        print(json.dumps({"class": type(message).__name__, "fields": fields}, ensure_ascii=False))


if __name__ == "__main__":
    main()
