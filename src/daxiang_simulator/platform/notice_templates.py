"""Choosing templates of subscription notices from a public library, which here is a small invented one."""

from __future__ import annotations

import secrets
from typing import Any

from .frame import Call, call
from .refusals import Refused
from .rights import Right

OK = {"errcode": 0, "errmsg": "ok"}
IN_USE = 25
ONCE, LONG_TERM = 2, 3
CATEGORY = {"id": 616, "name": "交通管理"}
LIBRARY: dict[str, tuple[str, int, tuple[tuple[str, str], ...]]] = {
    "10001": (
        "交通违法处理提醒",
        LONG_TERM,
        (
            ("car_number", "车牌号"),
            ("time", "违法时间"),
            ("thing", "违法地点"),
            ("thing", "违法行为"),
            ("amount", "罚款金额"),
        ),
    ),
    "10002": (
        "业务办理进度提醒",
        ONCE,
        (("thing", "业务名称"), ("phrase", "办理状态"), ("time", "更新时间"), ("thing", "备注")),
    ),
    "10003": (
        "检验到期提醒",
        LONG_TERM,
        (("car_number", "车牌号"), ("date", "到期日期"), ("thing", "温馨提示")),
    ),
}
"""tid → title, kind of consent, fields (type, label); kid is the place, from 1."""


@call("GET", "/wxaapi/newtmpl/getcategory", right=Right.VERIFIED)
def categories(_made: Call) -> dict[str, Any]:
    return {**OK, "data": [CATEGORY]}


@call("GET", "/wxaapi/newtmpl/getpubtemplatetitles", right=Right.VERIFIED)
def titles(made: Call) -> dict[str, Any]:
    if str(CATEGORY["id"]) not in made.query.get("ids", "").split(","):
        raise Refused(200018)
    start, limit = (_number(made, name, code) for name, code in (("start", 200016), ("limit", 200017)))
    if limit > 30:
        raise Refused(200017)
    listed = [
        {"tid": int(tid), "title": title, "type": kind, "categoryId": str(CATEGORY["id"])}
        for tid, (title, kind, _) in LIBRARY.items()
    ]
    return {**OK, "count": len(listed), "data": listed[start : start + limit]}


@call("GET", "/wxaapi/newtmpl/getpubtemplatekeywords", right=Right.VERIFIED)
def keywords(made: Call) -> dict[str, Any]:
    if made.query.get("tid") not in LIBRARY:
        raise Refused(200014)
    fields = LIBRARY[made.query["tid"]][2]
    listed = [
        {"kid": number, "name": label, "example": label, "rule": kind}
        for number, (kind, label) in enumerate(fields, 1)
    ]
    return {**OK, "count": len(listed), "data": listed}


@call("POST", "/wxaapi/newtmpl/addtemplate", right=Right.VERIFIED)
def add(made: Call) -> dict[str, Any]:
    tid = str(made.body.get("tid"))
    if tid not in LIBRARY:
        raise Refused(200014)
    title, kind, fields = LIBRARY[tid]
    chosen = made.body.get("kidList")
    if not isinstance(chosen, list) or not 2 <= len(chosen) <= 5:
        raise Refused(200020)
    if not all(isinstance(kid, int) and 1 <= kid <= len(fields) for kid in chosen):
        raise Refused(200020)
    scene = made.body.get("sceneDesc", "")
    if not isinstance(scene, str) or len(scene) > 15:
        raise Refused(200021)
    if len(made.shelf("notice_template")) >= IN_USE:
        raise Refused(200012)
    content = "\n".join(f"{fields[kid - 1][1]}:{{{{{fields[kid - 1][0]}{kid}.DATA}}}}" for kid in chosen)
    number = secrets.token_urlsafe(32)
    made.put("notice_template", number, new_notice_template(number, title=title, content=content, kind=kind))
    return {**OK, "priTmplId": number}


@call("GET", "/wxaapi/newtmpl/gettemplate", right=Right.VERIFIED)
def listed(made: Call) -> dict[str, Any]:
    return {**OK, "data": list(made.shelf("notice_template").values())}


@call("POST", "/wxaapi/newtmpl/deltemplate", right=Right.VERIFIED)
def delete(made: Call) -> dict[str, Any]:
    number = made.need("priTmplId", 40037)
    if number not in made.shelf("notice_template"):
        raise Refused(40037)
    made.drop("notice_template", number)
    return OK


def new_notice_template(number: str, *, title: str, content: str, kind: int) -> dict[str, Any]:
    """A template as the platform lists it; kind 2 is one-time, 3 long-term."""
    return {"priTmplId": number, "title": title, "content": content, "example": "", "type": kind}


def _number(made: Call, name: str, code: int) -> int:
    value = made.query.get(name, "")
    if not value.isdecimal() or len(value) > 6:
        raise Refused(code)
    return int(value)
