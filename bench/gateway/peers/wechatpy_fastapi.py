"""wechatpy on FastAPI, an asynchronous pool, one commit a message."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from account import AES_KEY, APP_ID, CREATE, DATABASE, INSERT, PATH, POOL, TOKEN, answer
from fastapi import FastAPI, HTTPException, Request, Response
from psycopg_pool import AsyncConnectionPool
from wechatpy import create_reply, parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.exceptions import InvalidAppIdException, InvalidSignatureException
from wechatpy.utils import check_signature

crypto = WeChatCrypto(TOKEN, AES_KEY, APP_ID)
pool = AsyncConnectionPool(DATABASE, min_size=8, max_size=8, open=False, kwargs=POOL)


@asynccontextmanager
async def life(_: FastAPI) -> AsyncIterator[None]:
    await pool.open(wait=True)
    async with pool.connection() as connection:
        await connection.execute(CREATE)
    yield
    await pool.close()


app = FastAPI(lifespan=life)


@app.post(PATH)
async def callback(
    request: Request, timestamp: str, nonce: str, signature: str, msg_signature: str
) -> Response:
    try:
        check_signature(TOKEN, signature, timestamp, nonce)
        body = crypto.decrypt_message(await request.body(), msg_signature, timestamp, nonce)
    except (InvalidSignatureException, InvalidAppIdException) as error:
        raise HTTPException(403) from error
    message = parse_message(body)
    created = int(message.create_time.timestamp())
    row = (int(message.id), message.source, message.type, message.content, created)
    async with pool.connection() as connection:
        if (await connection.execute(INSERT, row)).rowcount != 1:
            return Response("")
    reply = create_reply(answer(message.content), message).render()
    return Response(crypto.encrypt_message(reply, nonce, timestamp), media_type="application/xml")
