"""Tags on followers: a hundred an account, twenty a person."""

from __future__ import annotations

from typing import Any

from .custom import recipient
from .frame import Call, call
from .refusals import Refused
from .rights import Right
from .users import OK, following, paged, people_in

TAGS, A_PERSON = 100, 20
NAME_BYTES = 30
MEMBERS_AT_ONCE = 50
TOO_MANY_FANS = 100_000
SYSTEM = {"0": "默认组", "1": "屏蔽组", "2": "星标组"}
FIRST = 100


@call("POST", "/cgi-bin/tags/create", right=Right.VERIFIED, daily=1_000)
def create(made: Call) -> dict[str, Any]:
    held = made.shelf("tag")
    name = _name(made, None)
    if len(held) >= TAGS:
        raise Refused(45056)
    number = max((int(key) for key in held), default=FIRST - 1) + 1
    made.put("tag", str(number), {"id": number, "name": name})
    return {"tag": {"id": number, "name": name}}


@call("GET", "/cgi-bin/tags/get", right=Right.VERIFIED, daily=1_000)
def get(made: Call) -> dict[str, Any]:
    counts: dict[int, int] = {}
    for _, page in following(made):
        for number in page["tags"]:
            counts[number] = counts.get(number, 0) + 1
    star = {"id": 2, "name": SYSTEM["2"], "count": counts.get(2, 0)}
    own = [{**tag, "count": counts.get(tag["id"], 0)} for tag in made.shelf("tag").values()]
    return {"tags": [star, *own]}


@call("POST", "/cgi-bin/tags/update", right=Right.VERIFIED, daily=1_000)
def update(made: Call) -> dict[str, Any]:
    number = _number(made, (made.body.get("tag") or {}).get("id"), is_changing=True)
    made.put("tag", str(number), {"id": number, "name": _name(made, number)})
    return OK


@call("POST", "/cgi-bin/tags/delete", right=Right.VERIFIED, daily=1_000)
def delete(made: Call) -> dict[str, Any]:
    number = _number(made, (made.body.get("tag") or {}).get("id"), is_changing=True)
    pages = made.world.followers.everyone(made.account)
    tagged = [(user, page) for user, page in pages.items() if number in page["tags"]]
    if len(tagged) > TOO_MANY_FANS:
        raise Refused(45057)
    made.drop("tag", str(number))
    for user, page in tagged:
        page["tags"].remove(number)
        made.save(made.world.people.find(user), page)
    return OK


@call("POST", "/cgi-bin/user/tag/get", right=Right.VERIFIED, daily=1_000)
def members(made: Call) -> dict[str, Any]:
    number = _number(made, made.body.get("tagid"))
    openids = [openid for openid, page in following(made) if number in page["tags"]]
    shown = paged(openids, str(made.body.get("next_openid") or ""))
    return {name: value for name, value in shown.items() if name != "total"}


@call("POST", "/cgi-bin/tags/members/batchtagging", right=Right.VERIFIED, daily=1_000)
def tag(made: Call) -> dict[str, Any]:
    return _tagged(made, is_on=True)


@call("POST", "/cgi-bin/tags/members/batchuntagging", right=Right.VERIFIED, daily=1_000)
def untag(made: Call) -> dict[str, Any]:
    return _tagged(made, is_on=False)


@call("POST", "/cgi-bin/tags/getidlist", right=Right.VERIFIED, daily=10_000)
def of_person(made: Call) -> dict[str, Any]:
    page = made.world.followers.of(made.account, recipient(made, "openid"))
    return {"tagid_list": page["tags"]}


def _tagged(made: Call, *, is_on: bool) -> dict[str, Any]:
    number = _number(made, made.body.get("tagid"))
    people = people_in(made, made.body.get("openid_list"), most=MEMBERS_AT_ONCE)
    pages = [(person, made.world.followers.of(made.account, person)) for person in people]
    if any(made.account.name not in person.following for person, _ in pages):
        raise Refused(49003)
    if is_on and any(number not in page["tags"] and len(page["tags"]) >= A_PERSON for _, page in pages):
        raise Refused(45059)
    for person, page in pages:
        kept = [one for one in page["tags"] if one != number]
        made.save(person, {**page, "tags": [*kept, number] if is_on else kept})
    return OK


def _name(made: Call, own: int | None) -> str:
    """The name in the body, not yet taken by another tag. Raises Refused."""
    held = made.body.get("tag")
    name = held.get("name") if isinstance(held, dict) else None
    if not isinstance(name, str) or not name.strip():
        raise Refused(45157)
    if len(name.encode()) > NAME_BYTES:
        raise Refused(45158)
    taken = {tag["name"] for tag in made.shelf("tag").values() if tag["id"] != own} | set(SYSTEM.values())
    if name in taken:
        raise Refused(45157)
    return name


def _number(made: Call, number: object, *, is_changing: bool = False) -> int:
    """The tag that a number means. Raises Refused 45159, and 45058 where a system tag would be changed."""
    if str(number) in SYSTEM:
        if is_changing:
            raise Refused(45058)
        return int(str(number))
    if str(number) not in made.shelf("tag"):
        raise Refused(45159)
    return int(str(number))
