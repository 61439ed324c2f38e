"""What agents and people said to each other: read from the record of messages, by the sessions of the time.

Source: developers.weixin.qq.com, "获取聊天记录": pictures, sounds and films stand as words in brackets.
"""

from __future__ import annotations

import json
from typing import Any

from .frame import Call, call
from .refusals import Refused
from .rights import Right

SAID, HEARD = 2002, 2003
LONGEST_SPAN_S = 86_400
MOST = 10_000
_SAID = (
    "SELECT id, user, at, body FROM received WHERE account = ? AND at BETWEEN ? AND ? AND id >= ?"
    " AND json_extract(body, '$.agent_account') IS NOT NULL ORDER BY id LIMIT ?"
)
_HEARD = (
    "SELECT id, user, at, kind, words FROM message WHERE account = ? AND at BETWEEN ? AND ? AND id >= ?"
    " AND NOT is_event AND user = ? ORDER BY id LIMIT ?"
)


@call("POST", "/customservice/msgrecord/getmsglist", right=Right.VERIFIED)
async def records(made: Call) -> dict[str, Any]:
    span, first, most = _asked(made)
    name, read = made.account.name, made.world.store.read
    found = [
        (number, _record(made, user, SAID, at, shown.get("agent_account"), _words(shown["kind"], shown)))
        for number, user, at, body in await read(_SAID, (name, *span, first, most))
        for shown in [json.loads(body)]
    ]
    for user, sessions in _sessions(made).items():
        for number, _, at, kind, words in await read(_HEARD, (name, *span, first, user, most)):
            worker = next((one["agent"] for one in sessions if one["at"] <= at < one["until"]), None)
            if worker is not None:
                said = _words(kind, {"content": words})
                found.append((number, _record(made, user, HEARD, at, worker, said)))
    page = sorted(found, key=lambda one: one[0])[:most]
    listed = [record for _, record in page]
    return {"recordlist": listed, "number": len(listed), "msgid": page[-1][0] + 1 if page else first}


def _asked(made: Call) -> tuple[tuple[int, int], int, int]:
    """The span, the first number and how many. Raises Refused 65416 or 65417."""
    given = [made.body.get("starttime"), made.body.get("endtime")]
    given += [made.body.get("msgid", 1), made.body.get("number", MOST)]
    whole = [one for one in given if isinstance(one, int) and not isinstance(one, bool) and 0 <= one < 2**63]
    if len(whole) < len(given):
        raise Refused(65416)
    start, end, first, most = whole
    if end < start or not 1 <= most <= MOST:
        raise Refused(65416)
    if end - start > LONGEST_SPAN_S:
        raise Refused(65417)
    return (start, end), first, most


def _sessions(made: Call) -> dict[str, list[dict[str, Any]]]:
    """All sessions there ever were, by user: agent, `at` and `until` in Unix seconds."""
    held: dict[str, list[dict[str, Any]]] = {}
    for one in made.shelf("session_past").values():
        held.setdefault(one["user"], []).append(one)
    for user, one in made.shelf("session").items():
        held.setdefault(user, []).append({**one, "until": float("inf")})
    return held


def _record(made: Call, user: str, code: int, at: float, worker: object, text: str) -> dict[str, Any]:
    openid = made.world.people.find(user).openid(made.account)
    return {"openid": openid, "opercode": code, "text": text, "time": int(at), "worker": worker}


def _words(kind: str, shown: dict[str, Any]) -> str:
    return str(shown.get("content") or "") if kind in {"text", "msgmenu"} else f"[{kind}]"
