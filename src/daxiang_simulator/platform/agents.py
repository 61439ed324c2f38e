"""People who answer by hand: accounts of customer service and their sessions, in their plain form."""

from __future__ import annotations

import re
from typing import Any

from daxiang_simulator.messages import event_fields
from daxiang_simulator.people import Person
from daxiang_simulator.world import World

from .custom import recipient
from .frame import Call, call
from .later import Job
from .media import sort_out
from .refusals import Refused
from .rights import Right
from .uploads import uploaded

OK = {"errcode": 0, "errmsg": "ok"}
AGENTS = 100
LONGEST_NICKNAME = 16
_NAME = re.compile(r"[A-Za-z0-9_]+")


@call("POST", "/customservice/kfaccount/add", right=Right.VERIFIED)
def add(made: Call) -> dict[str, Any]:
    name, held = _name(made), made.shelf("agent")
    if name in held:
        raise Refused(61453)
    if len(held) >= AGENTS:
        raise Refused(61456)
    number = str(1000 + len(held) + 1)
    made.put("agent", name, {"nickname": _nickname(made), "id": number, "is_online": False, "portrait": ""})
    return OK


@call("POST", "/customservice/kfaccount/update", right=Right.VERIFIED)
def update(made: Call) -> dict[str, Any]:
    name = _known(made, made.body.get("kf_account"))
    made.put("agent", name, {**made.shelf("agent")[name], "nickname": _nickname(made)})
    return OK


@call("POST", "/customservice/kfaccount/inviteworker", right=Right.VERIFIED)
def invite(made: Call) -> dict[str, Any]:
    name = _known(made, made.body.get("kf_account"))
    made.put("agent", name, {**made.shelf("agent")[name], "invited": made.need("invite_wx", 61451)})
    return OK


@call("GET", "/customservice/kfaccount/del", right=Right.VERIFIED)
def delete(made: Call) -> dict[str, Any]:
    made.drop("agent", _known(made, made.query.get("kf_account")))
    return OK


@call("POST", "/customservice/kfaccount/uploadheadimg", right=Right.VERIFIED, is_raw=True)
async def portrait(made: Call) -> dict[str, Any]:
    name = _known(made, made.query.get("kf_account"))
    _, body, _ = await uploaded(made)
    content_type = sort_out(made.account, "image", body)
    number, rows = made.world.media.keep(made.account.name, "image", body, content_type, at=made.at)
    made.rows += rows
    address = made.address(f"/_sim/media/{number}")
    made.put("agent", name, {**made.shelf("agent")[name], "portrait": address})
    return OK


@call("GET", "/cgi-bin/customservice/getkflist", right=Right.VERIFIED)
def listed(made: Call) -> dict[str, Any]:
    return {
        "kf_list": [
            {
                "kf_account": name,
                "kf_headimgurl": agent["portrait"],
                "kf_id": agent["id"],
                "kf_nick": agent["nickname"],
            }
            for name, agent in made.shelf("agent").items()
        ]
    }


@call("GET", "/cgi-bin/customservice/getonlinekflist", right=Right.VERIFIED)
def online(made: Call) -> dict[str, Any]:
    sessions = [one["agent"] for one in made.shelf("session").values()]
    return {
        "kf_online_list": [
            {"kf_account": name, "status": 1, "kf_id": agent["id"], "accepted_case": sessions.count(name)}
            for name, agent in made.shelf("agent").items()
            if agent["is_online"]
        ]
    }


@call("POST", "/customservice/kfsession/create", right=Right.VERIFIED)
def open_session(made: Call) -> dict[str, Any]:
    name, person = _known(made, made.body.get("kf_account")), recipient(made, "openid")
    if not made.shelf("agent")[name]["is_online"]:
        raise Refused(65415)
    held = made.shelf("session").get(person.user)
    if held is not None and held["agent"] != name:
        raise Refused(65414)
    made.put("session", person.user, {"agent": name, "at": int(made.at)})
    made.drop("waiting", person.user)
    _tell(made, person, "kf_create_session", KfAccount=name)
    return OK


@call("POST", "/customservice/kfsession/close", right=Right.VERIFIED)
def close_session(made: Call) -> dict[str, Any]:
    name, person = _known(made, made.body.get("kf_account")), recipient(made, "openid")
    held = made.shelf("session").get(person.user)
    if held is None or held["agent"] != name:
        raise Refused(65413)
    made.drop("session", person.user)
    number = str(made.world.numbers.next())
    made.put("session_past", number, {**held, "user": person.user, "until": int(made.at) + 1})
    _tell(made, person, "kf_close_session", KfAccount=name)
    return OK


@call("GET", "/customservice/kfsession/getsession", right=Right.VERIFIED)
def session(made: Call) -> dict[str, Any]:
    person = made.world.people.by_openid(made.account, made.query.get("openid"))
    if person is None:
        raise Refused(40003)
    held = made.shelf("session").get(person.user)
    return {"createtime": held["at"] if held else 0, "kf_account": held["agent"] if held else ""}


@call("GET", "/customservice/kfsession/getsessionlist", right=Right.VERIFIED)
def sessions(made: Call) -> dict[str, Any]:
    name = _known(made, made.query.get("kf_account"))
    return {
        "sessionlist": [
            {"createtime": one["at"], "openid": made.world.people.find(user).openid(made.account)}
            for user, one in made.shelf("session").items()
            if one["agent"] == name
        ]
    }


@call("GET", "/customservice/kfsession/getwaitcase", right=Right.VERIFIED)
def waiting(made: Call) -> dict[str, Any]:
    cases = [
        {"latest_time": at, "openid": made.world.people.find(user).openid(made.account)}
        for user, at in made.shelf("waiting").items()
    ]
    return {"count": len(cases), "waitcaselist": cases}


async def finish(world: World, account_name: str, job: Job) -> None:
    """Tell the account of a session that began or ended."""
    account, person = world.accounts.get(account_name), world.people.get(job["user"])
    if account is not None and person is not None:
        await world.conversations.tell(account, person, job["fields"])


def _tell(made: Call, person: Person, event: str, **fields: str) -> None:
    happened = event_fields(event, None, **fields)
    made.world.later.add(made.account.name, "session", due=made.at, user=person.user, fields=happened)


def _name(made: Call) -> str:
    """A new agent's name, letters@account. Raises Refused."""
    if not made.account.setting("new_customer_service"):
        raise Refused(65400)
    name = made.body.get("kf_account")
    left, at, right = str(name).partition("@")
    if not isinstance(name, str) or not at or not right or not left:
        raise Refused(61452)
    if len(left) > 30:
        raise Refused(61454)
    if not _NAME.fullmatch(left):
        raise Refused(61455)
    return name


def _nickname(made: Call) -> str:
    nickname = made.body.get("nickname")
    if not isinstance(nickname, str) or not 1 <= len(nickname) <= LONGEST_NICKNAME:
        raise Refused(61451, "nickname")
    return nickname


def _known(made: Call, name: object) -> str:
    if not isinstance(name, str) or name not in made.shelf("agent"):
        raise Refused(61452)
    return name
