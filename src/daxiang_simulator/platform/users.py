"""Followers as an account may see them: who they are, remarks, and the blacklist.

Nickname and portrait are not given since 2021-12-27.
"""

from __future__ import annotations

import hashlib
from typing import Any

from daxiang_simulator.people import Person

from .custom import recipient
from .frame import Call, call
from .refusals import Refused
from .rights import Right

OK = {"errcode": 0, "errmsg": "ok"}
A_PAGE = 10_000
A_BATCH = 100
BLACK_AT_ONCE = 20
LONGEST_REMARK = 30


@call("GET", "/cgi-bin/user/get", right=Right.VERIFIED, daily=500)
def get(made: Call) -> dict[str, Any]:
    openids = [openid for openid, _ in following(made)]
    return paged(openids, made.query.get("next_openid", ""))


@call("GET", "/cgi-bin/user/info", right=Right.VERIFIED, daily=5_000_000)
def info(made: Call) -> dict[str, Any]:
    return profile(made, made.query.get("openid"))


@call("POST", "/cgi-bin/user/info/batchget", right=Right.VERIFIED, daily=5_000_000)
def batch(made: Call) -> dict[str, Any]:
    asked = made.body.get("user_list")
    if not isinstance(asked, list) or not 1 <= len(asked) <= A_BATCH:
        raise Refused(40032)
    if not all(isinstance(one, dict) for one in asked):
        raise Refused(40031)
    return {"user_info_list": [profile(made, one.get("openid")) for one in asked]}


@call("POST", "/cgi-bin/user/info/updateremark", right=Right.VERIFIED, daily=10_000)
def remark(made: Call) -> dict[str, Any]:
    person = recipient(made, "openid")
    words = made.body.get("remark")
    if not isinstance(words, str) or len(words) > LONGEST_REMARK:
        raise Refused(40035, "remark")
    page = made.world.followers.of(made.account, person)
    made.save(person, {**page, "remark": words})
    return OK


@call("POST", "/cgi-bin/tags/members/getblacklist", right=Right.VERIFIED, daily=1_000)
def blacklist(made: Call) -> dict[str, Any]:
    pages = made.world.followers.everyone(made.account)
    found = [made.world.people.get(user) for user, page in pages.items() if page["is_black"]]
    black = [person.openid(made.account) for person in found if person is not None]
    return paged(black, str(made.body.get("begin_openid") or ""))


@call("POST", "/cgi-bin/tags/members/batchblacklist", right=Right.VERIFIED, daily=1_000)
def blacken(made: Call) -> dict[str, Any]:
    return _set_black(made, is_black=True)


@call("POST", "/cgi-bin/tags/members/batchunblacklist", right=Right.VERIFIED, daily=1_000)
def whiten(made: Call) -> dict[str, Any]:
    return _set_black(made, is_black=False)


def _set_black(made: Call, *, is_black: bool) -> dict[str, Any]:
    for person in people_in(made, made.body.get("openid_list"), most=BLACK_AT_ONCE):
        page = made.world.followers.of(made.account, person)
        made.save(person, {**page, "is_black": is_black})
    return OK


def following(made: Call) -> list[tuple[str, dict[str, Any]]]:
    """Openid and page of everybody who follows now, in the order in which they first came."""
    name, people = made.account.name, made.world.people
    pages = made.world.followers.everyone(made.account)
    found = [(people.get(user), page) for user, page in pages.items()]
    here = [(person, page) for person, page in found if person is not None and name in person.following]
    return [(person.openid(made.account), page) for person, page in here]


def people_in(made: Call, openids: object, *, most: int) -> list[Person]:
    """The people behind a list of openids. Raises Refused 40031, 40032 or 40003."""
    if not isinstance(openids, list) or not openids:
        raise Refused(40031)
    if len(openids) > most:
        raise Refused(40032)
    found = [made.world.people.by_openid(made.account, one) for one in openids]
    whole = [person for person in found if person is not None]
    if len(whole) < len(found):
        raise Refused(40003)
    return whole


def paged(openids: list[str], after: str) -> dict[str, Any]:
    """One page of a list of openids. Raises Refused 40003 when `after` is not in it."""
    start = 0
    if after:
        if after not in openids:
            raise Refused(40003)
        start = openids.index(after) + 1
    page = openids[start : start + A_PAGE]
    head = {"total": len(openids), "count": len(page)}
    return {**head, **({"data": {"openid": page}} if page else {}), "next_openid": page[-1] if page else ""}


def profile(made: Call, openid: object) -> dict[str, Any]:
    """What an account may know of a person. Raises Refused 40003."""
    person = made.world.people.by_openid(made.account, openid)
    if person is None:
        raise Refused(40003)
    if made.account.name not in person.following:
        return {"subscribe": 0, "openid": openid}
    page = made.world.followers.of(made.account, person)
    scene = (page["qr"] or {}).get("scene", 0)
    shown = {
        "subscribe": 1,
        "openid": openid,
        "language": "zh_CN",
        "subscribe_time": page["subscribe_time"],
        "remark": page["remark"],
        "groupid": page["tags"][0] if page["tags"] else 0,
        "tagid_list": page["tags"],
        "subscribe_scene": page["subscribe_scene"],
        "qr_scene": scene if isinstance(scene, int) else 0,
        "qr_scene_str": scene if isinstance(scene, str) else "",
    }
    return shown | (union(person) if made.account.setting("unionid") else {})


def union(person: Person) -> dict[str, str]:
    """The id that all accounts of one open-platform owner share."""
    return {"unionid": "o6_" + hashlib.sha256(f"{person.user}\nunion".encode()).hexdigest()[:25]}
