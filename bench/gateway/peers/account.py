"""What all peers share: the account, the words of the answer, and the table against repeats.

The environment says it all: GW_TOKEN, GW_AES_KEY, GW_APP_ID, GW_DATABASE, and GW_TABLE, one for each peer.
"""

from __future__ import annotations

import os

TOKEN, AES_KEY = os.environ["GW_TOKEN"], os.environ["GW_AES_KEY"]
APP_ID = os.environ["GW_APP_ID"]
DATABASE, TABLE = os.environ["GW_DATABASE"], os.environ["GW_TABLE"]
PATH = "/wechat/service"

CREATE = f"""CREATE TABLE IF NOT EXISTS {TABLE} (
    msg_id bigint PRIMARY KEY, openid text NOT NULL, kind text NOT NULL, content text,
    created bigint NOT NULL, received timestamptz NOT NULL DEFAULT now())"""
INSERT = (
    f"INSERT INTO {TABLE} (msg_id, openid, kind, content, created) VALUES (%s, %s, %s, %s, %s) "  # noqa: S608
    "ON CONFLICT DO NOTHING"
)
INSERT_MANY = (
    f"INSERT INTO {TABLE} (msg_id, openid, kind, content, created) SELECT * FROM unnest("  # noqa: S608
    "%s::bigint[], %s::text[], %s::text[], %s::text[], %s::bigint[]) "
    "ON CONFLICT DO NOTHING RETURNING msg_id"
)
POOL = {"autocommit": True, "prepare_threshold": 0}


def answer(text: str) -> str:
    if len(text) == 1 and text.isdigit():
        return f"菜单{text}：请回复车牌号查询违法记录，回复0返回上级菜单"
    return f"车牌{text}已收到，正在查询，请稍候"
