"""Mass sending: what is accepted, what it is counted against, and what becomes of it is in mass_sending.py.

Source: developers.weixin.qq.com, "群发接口和原创校验". A verified subscription account may send once a day,
to all or to one tag, never to a list of people; a service account may send a hundred times a day, and each
follower receives at most four a month.
"""

from __future__ import annotations

from typing import Any

from daxiang_simulator.truth import Kind

from .custom import recipient
from .drafts import need_draft, take_out
from .frame import Call, call
from .quotas import day_of, month_of
from .refusals import Refused
from .rights import Right
from .users import people_in

OK = {"errcode": 0, "errmsg": "ok"}
A_MINUTE = 60
PREVIEWS = 100
CLIENT_ID_BYTES = 64
CONFIRM_S = 1800
LEAST_LISTED, MOST_LISTED = 2, 10_000
SPEEDS = {0: 80, 1: 60, 2: 45, 3: 30, 4: 10}
"""Speed → ten thousands of messages a minute."""


@call("POST", "/cgi-bin/message/mass/sendall", right=Right.VERIFIED, minutely=A_MINUTE)
def send_all(made: Call) -> dict[str, Any]:
    chosen = made.body.get("filter")
    if not isinstance(chosen, dict):
        raise Refused(40097, "filter")
    to_all = chosen.get("is_to_all") is True
    tag = chosen.get("tag_id", chosen.get("group_id"))  # groups became tags; older clients say group_id
    if not to_all and str(tag) not in {"2", *made.shelf("tag")}:
        raise Refused(45159)
    return _accept(made, {"to_all": to_all, "tag": None if to_all else int(str(tag)), "listed": None})


@call("POST", "/cgi-bin/message/mass/send", right=Right.SERVICE, minutely=A_MINUTE)
def send_listed(made: Call) -> dict[str, Any]:
    openids = made.body.get("touser")
    if not isinstance(openids, list) or len(openids) > MOST_LISTED:
        raise Refused(40032 if isinstance(openids, list) else 40031)
    if len(openids) < LEAST_LISTED:
        raise Refused(40130)
    users = [person.user for person in people_in(made, list(dict.fromkeys(openids)), most=MOST_LISTED)]
    return _accept(made, {"to_all": False, "tag": None, "listed": users})


@call("POST", "/cgi-bin/message/mass/preview", right=Right.VERIFIED, daily=PREVIEWS)
def preview(made: Call) -> dict[str, Any]:
    named = made.body.get("towxname")
    person = next((one for one in made.world.people.everyone() if named in {one.user, one.nickname}), None)
    if named is None:
        person = recipient(made)
    if person is None:
        raise Refused(40132)
    if made.account.name not in person.following:
        raise Refused(43004)
    made.deliver(person, {**content(made, is_preview=True), "is_preview": True})
    return {"errcode": 0, "errmsg": "preview success"}


@call("POST", "/cgi-bin/message/mass/get", right=Right.VERIFIED)
def get(made: Call) -> dict[str, Any]:
    held = _need(made)
    return {"msg_id": held["msg_id"], "msg_status": held["status"]}


@call("POST", "/cgi-bin/message/mass/delete", right=Right.VERIFIED, daily=10)
def delete(made: Call) -> dict[str, Any]:
    held = _need(made)
    if held["media_id"]:
        article = made.shelf("article").get(held["media_id"])
        if article is not None:
            made.put("article", held["media_id"], {**article, "is_deleted": True})
    made.put("mass", str(held["msg_id"]), {**held, "status": "DELETE"})
    made.tell(Kind.MASS, msg_id=str(held["msg_id"]), status="deleted")
    return OK


@call("POST", "/cgi-bin/message/mass/speed/get", right=Right.VERIFIED, is_raw=True)
def speed(made: Call) -> dict[str, Any]:
    held = made.shelf("mass_speed").get("speed", 0)
    return {"speed": held, "realspeed": SPEEDS[held]}


@call("POST", "/cgi-bin/message/mass/speed/set", right=Right.VERIFIED)
def set_speed(made: Call) -> dict[str, Any]:
    wanted = made.body.get("speed")
    if wanted is None:
        raise Refused(45084)
    if isinstance(wanted, bool) or wanted not in SPEEDS:
        raise Refused(45083)
    made.put("mass_speed", "speed", wanted)
    return OK


def _accept(made: Call, to: dict[str, Any]) -> dict[str, Any]:
    """Take a mass send on: it is under way, or waits for the administrator."""
    client_id = _client_id(made)
    if made.body.get("send_ignore_reprint", 0) not in {0, 1}:
        raise Refused(40035, "send_ignore_reprint")
    shown = content(made, is_preview=False)
    _check_quota(made, to_all=to["to_all"])
    number, account = made.world.numbers.next() % 10**10, made.account
    waits = account.setting("mass_protection") and (to["to_all"] or account.setting("tag_needs_admin"))
    media_id = made.body["mpnews"]["media_id"] if made.body["msgtype"] == "mpnews" else ""
    if media_id:
        take_out(made, media_id)
    held = {"msg_id": number, "status": "SENDING", "is_waiting": waits, "shown": shown, "media_id": media_id}
    held |= {"at": made.at, "day": day_of(made.at), "sent": 0, "counts": None, "is_over": False, **to}
    made.put("mass", str(number), held)
    if client_id:
        made.put("mass_client", client_id, {"at": made.at, "msg_id": number})
    status = "waiting" if waits else "sending"
    made.tell(Kind.MASS, msg_id=str(number), status=status, clientmsgid=client_id, to=to, content=shown)
    if waits:
        made.world.later.add(account.name, "mass_silence", due=made.at + CONFIRM_S, number=number)
    else:
        made.world.later.add(
            account.name, "mass", due=made.at + account.setting("mass_seconds"), number=number
        )
    return {"errcode": 0, "errmsg": "send job submission success", "msg_id": number, "msg_data_id": number}


def _client_id(made: Call) -> str | None:
    """The clientmsgid, not yet used. Raises Refused 45065, 45066 or 45067."""
    given = made.body.get("clientmsgid")
    if given is None:
        return None
    if not isinstance(given, str) or not 1 <= len(given.encode()) <= CLIENT_ID_BYTES:
        raise Refused(45067)
    known = made.shelf("mass_client").get(given)
    if known is None:
        return given
    if 0 <= made.at - known["at"] < made.account.setting("clientmsgid_retry_s"):
        raise Refused(45066)
    raise Refused(45065, msg_id=known["msg_id"], msg_data_id=known["msg_id"])


def _check_quota(made: Call, *, to_all: bool) -> None:
    """Raises Refused 45028 when the day's or the month's mass sends are used up."""
    today, month = day_of(made.at), month_of(made.at)
    counted = [one for one in made.shelf("mass").values() if one["status"] != "SEND_FAIL"]
    in_day = [one for one in counted if one["day"] == today]
    if made.account.kind == "subscription":
        if in_day:
            raise Refused(45028)
        return
    if len(in_day) >= made.account.setting("service_mass_daily"):
        raise Refused(45028)
    in_month = [one for one in counted if one["to_all"] and one["day"].startswith(month)]
    if to_all and len(in_month) >= made.account.setting("followers_monthly"):
        raise Refused(45028)


def content(made: Call, *, is_preview: bool) -> dict[str, Any]:
    """What each person will see. Raises Refused."""
    kind = made.body.get("msgtype")
    part = made.body.get("images" if kind in {"image", "images"} and "images" in made.body else str(kind))
    if kind not in {"mpnews", "text", "voice", "image", "images", "mpvideo"}:
        raise Refused(40008)
    if not isinstance(part, dict):
        raise Refused(40035, str(kind))
    if kind == "mpnews":
        draft = need_draft(made, part.get("media_id"))
        return {"kind": "news", "is_mass": not is_preview, "articles": draft["shown"]}
    if kind == "text":
        words = part.get("content")
        if not isinstance(words, str) or not words:
            raise Refused(44004)
        return {"kind": "text", "is_mass": not is_preview, "content": words, "choices": [], "links": []}
    listed = part.get("media_ids") or [part.get("media_id")]
    sort = {"voice": "voice", "mpvideo": "video"}.get(str(kind), "image")
    for media_id in listed:
        made.world.media.need(made.account.name, media_id, kind=sort, at=made.at)
    return {"kind": sort, "is_mass": not is_preview, "media_id": listed[0], "media_ids": listed}


def _need(made: Call) -> dict[str, Any]:
    held: dict[str, Any] | None = made.shelf("mass").get(made.need("msg_id", 40097))
    if held is None:
        raise Refused(40097, "msg_id")
    return held
