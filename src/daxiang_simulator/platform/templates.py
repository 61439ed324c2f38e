"""Template messages of a verified service account: the templates in use, and sending.

A send with a `client_msg_id` that went to the same person within ten minutes brings the first one's number
and nothing else. The end of each send comes as TEMPLATESENDJOBFINISH.
"""

from __future__ import annotations

import re
import secrets
from functools import lru_cache
from typing import Any

from daxiang_simulator.messages import event_fields
from daxiang_simulator.truth import Kind
from daxiang_simulator.world import World

from .cleaning import is_link
from .custom import recipient
from .frame import Call, call
from .industries import INDUSTRIES, TRAFFIC_POLICE
from .later import Job
from .refusals import Refused
from .rights import Right
from .values import check_value

OK = {"errcode": 0, "errmsg": "ok"}
REPEAT_S = 600
IN_USE = 25
HIDDEN = frozenset({"first", "remark"})
_FIELD = re.compile(r"(?:(?P<label>[^\s：:{}]+)[：:]\s*)?\{\{(?P<name>\w+)\.DATA\}\}")


@lru_cache(maxsize=1024)
def fields_of(content: str) -> tuple[tuple[str, str], ...]:
    """Name and label of each field in a template's content."""
    return tuple((match["name"], match["label"] or "") for match in _FIELD.finditer(content))


@call("POST", "/cgi-bin/message/template/send", right=Right.SERVICE, daily="template_daily")
def send(made: Call) -> dict[str, Any]:
    body, account, followers = made.body, made.account, made.world.followers
    person = recipient(made)
    template = made.shelf("template").get(str(body.get("template_id")))
    if template is None:
        raise Refused(40037)
    if not is_link(body.get("url")):
        raise Refused(65317)
    lines, key = _lines(made, template), _repeat_key(made)
    if account.name not in person.following:
        raise Refused(43004)
    page = followers.of(account, person)
    if page["is_black"]:
        raise Refused(43019)
    known = made.world.repeats.get(key, at=made.at) if key else None
    if known is not None:
        made.tell(Kind.TEMPLATE_REPEATED, openid=body["touser"], msg_id=str(known))
        return {**OK, "msgid": known}
    number = made.world.numbers.next()
    if key:
        made.world.repeats.put(key, number, at=made.at)
    status = "failed:user block" if page["refuses"] else "success"
    _told(made, person.user, template, number, status)
    if status == "success":
        made.deliver(person, _shown(made, template, lines, number))
    if account.setting("template_events"):
        due = made.at + account.setting("events_after_s")
        made.world.later.add(
            account.name, "template", due=due, user=person.user, msg_id=number, status=status
        )
    return {**OK, "msgid": number}


def _lines(made: Call, template: dict[str, Any]) -> list[dict[str, str]]:
    """What the person reads, line by line. Raises Refused 47001 or 47003."""
    given = made.body.get("data")
    if not isinstance(given, dict):
        raise Refused(47001)
    lines, most = [], made.account.setting("template_value_shown")
    is_strict = made.account.setting("template_types_checked")
    for name, label in fields_of(template["content"]):
        held = given.get(name)
        value = check_value(name, held) if is_strict else str((held or {}).get("value", ""))
        if name not in HIDDEN:
            lines.append({"label": label, "value": value[:most]})
    return lines


def _shown(made: Call, template: dict[str, Any], lines: list[dict[str, str]], number: int) -> dict[str, Any]:
    body = made.body
    program = body.get("miniprogram")
    shown: dict[str, Any] = {"kind": "template", "title": template["title"], "pairs": lines}
    shown |= {"template_id": template["template_id"], "msg_id": str(number)}
    if isinstance(program, dict) and program.get("appid"):
        return shown | {"mini": program, "url": ""}
    return shown | {"url": body.get("url") or "", "mini": None}


def _told(made: Call, user: str, template: dict[str, Any], number: int, status: str) -> None:
    body = made.body
    made.tell(
        Kind.TEMPLATE,
        user=user,
        openid=body["touser"],
        msg_id=str(number),
        template_id=template["template_id"],
        client_msg_id=body.get("client_msg_id"),
        status=status,
        data=body["data"],
        url=body.get("url"),
    )


def _repeat_key(made: Call) -> str | None:
    given = made.body.get("client_msg_id")
    if given is None:
        return None
    if not isinstance(given, str) or not 1 <= len(given) <= 64:
        raise Refused(40035, "client_msg_id")
    return f"{made.account.name}\n{made.body['touser']}\n{given}"


async def finish(world: World, account_name: str, job: Job) -> None:
    """Tell the account how a template message ended."""
    person = world.people.get(job["user"])
    account = world.accounts.get(account_name)
    if person is None or account is None:
        return
    event = event_fields("TEMPLATESENDJOBFINISH", None, MsgID=job["msg_id"], Status=job["status"])
    await world.conversations.tell(account, person, event)


@call("GET", "/cgi-bin/template/get_all_private_template", right=Right.SERVICE)
def all_templates(made: Call) -> dict[str, Any]:
    return {"template_list": list(made.shelf("template").values())}


@call("POST", "/cgi-bin/template/api_add_template", right=Right.SERVICE)
def add(made: Call) -> dict[str, Any]:
    short = made.need("template_id_short", 40037)
    names = made.body.get("keyword_name_list") or ["内容"]
    if not isinstance(names, list) or len(made.shelf("template")) >= IN_USE:
        raise Refused(45026 if isinstance(names, list) else 40097)
    content = "\n".join(f"{name}：{{{{keyword{n}.DATA}}}}" for n, name in enumerate(names, 1))
    number = secrets.token_urlsafe(32)
    made.put("template", number, new_template(number, title=f"模板 {short}", content=content))
    return {**OK, "template_id": number}


@call("POST", "/cgi-bin/template/del_private_template", right=Right.SERVICE)
def delete(made: Call) -> dict[str, Any]:
    number = made.need("template_id", 40037)
    if number not in made.shelf("template"):
        raise Refused(40037)
    made.drop("template", number)
    return OK


@call("POST", "/cgi-bin/template/api_set_industry", right=Right.SERVICE)
def set_industry(made: Call) -> dict[str, Any]:
    chosen = {name: made.need(name, 40097) for name in ("industry_id1", "industry_id2")}
    if not INDUSTRIES.keys() >= set(chosen.values()):
        raise Refused(40097, "industry_id")
    for name, code in chosen.items():
        made.put("industry", name, code)
    return OK


@call("GET", "/cgi-bin/template/get_industry", right=Right.SERVICE)
def get_industry(made: Call) -> dict[str, Any]:
    held, named = made.shelf("industry"), ("primary_industry", "secondary_industry")
    codes = (held.get(name, TRAFFIC_POLICE) for name in ("industry_id1", "industry_id2"))
    return {name: INDUSTRIES[code] for name, code in zip(named, codes, strict=True)}


def new_template(number: str, *, title: str, content: str) -> dict[str, Any]:
    """A template as the platform lists it."""
    return {
        "template_id": number,
        "title": title,
        "primary_industry": "政府与公共事业",
        "deputy_industry": "交警",
        "content": content,
        "example": "",
    }
