"""`python -m tests.simulator.clients.replier TOKEN KEY APP_ID`: every reply that wechatpy can make.

In, one line: {"query", "body"} of a sealed callback. Out, a line each: {"kind", "body"}, the reply sealed.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from wechatpy import create_reply, replies
from wechatpy.crypto import WeChatCrypto

from tests.simulator.clients.reader import opened

ARTICLE = {
    "title": "今天限行",
    "description": "五和零",
    "image": "https://a.example/1.jpg",
    "url": "https://a.example/",
}


def made(message: Any) -> dict[str, Any]:
    """Reply by kind."""
    music = {
        "title": "曲",
        "description": "说明",
        "music_url": "https://a.example/1",
        "hq_music_url": "https://a.example/2",
    }
    film = replies.VideoReply(message=message, media_id="film", title="片名", description="说明")
    return {
        "text": create_reply("您好 <b>&", message),
        "image": replies.ImageReply(message=message, media_id="picture"),
        "voice": replies.VoiceReply(message=message, media_id="sound"),
        "video": film,
        "music": replies.MusicReply(message=message, thumb_media_id="thumb", **music),
        "news": create_reply([ARTICLE], message),
        "transfer_customer_service": replies.TransferCustomerServiceReply(message=message),
        "empty": create_reply("", message),
    }


def main() -> None:
    crypto, callback = WeChatCrypto(*sys.argv[1:]), json.loads(sys.stdin.readline())
    for kind, reply in made(opened(crypto, sys.argv[1], callback)).items():
        sealed = crypto.encrypt_message(reply.render(), callback["query"]["nonce"]) if kind != "empty" else ""
        print(json.dumps({"kind": kind, "body": sealed}, ensure_ascii=False))


if __name__ == "__main__":
    main()
