"""wechatpy on Flask, as its documentation shows, with a pool and one commit a message."""

from __future__ import annotations

from account import AES_KEY, APP_ID, CREATE, DATABASE, INSERT, PATH, POOL, TOKEN, answer
from flask import Flask, abort, request
from psycopg_pool import ConnectionPool
from wechatpy import create_reply, parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.exceptions import InvalidAppIdException, InvalidSignatureException
from wechatpy.utils import check_signature

app = Flask(__name__)
crypto = WeChatCrypto(TOKEN, AES_KEY, APP_ID)


# gunicorn imports this in its worker, after the fork.
pool = ConnectionPool(DATABASE, min_size=8, max_size=8, open=True, kwargs=POOL)
with pool.connection() as first:
    first.execute(CREATE)


@app.post(PATH)
def callback() -> str:
    timestamp, nonce = request.args.get("timestamp", ""), request.args.get("nonce", "")
    try:
        check_signature(TOKEN, request.args.get("signature", ""), timestamp, nonce)
        body = crypto.decrypt_message(request.data, request.args.get("msg_signature", ""), timestamp, nonce)
    except (InvalidSignatureException, InvalidAppIdException):
        abort(403)
    message = parse_message(body)
    created = int(message.create_time.timestamp())
    row = (int(message.id), message.source, message.type, message.content, created)
    with pool.connection() as connection:
        if connection.execute(INSERT, row).rowcount != 1:
            return ""
    return str(
        crypto.encrypt_message(create_reply(answer(message.content), message).render(), nonce, timestamp)
    )
