"""What becomes of a mass send: it reaches its followers, or the administrator says no, or says nothing.

The end is told by MASSSENDJOBFINISH. After a restart a send goes on where it had come to: nobody gets it
twice.
"""

from __future__ import annotations

import hashlib
from typing import Any

from daxiang_simulator.accounts import Account
from daxiang_simulator.messages import event_fields
from daxiang_simulator.people import Person
from daxiang_simulator.received import received_row
from daxiang_simulator.truth import Kind, truth_row
from daxiang_simulator.world import World

from .later import Job
from .quotas import month_of

AT_ONCE = 500
REMEMBERED = 64
"""Sends that a follower's page names, so that one which goes on after a restart passes over whom it reached;
as many as Later carries out side by side."""
SENT, REFUSED, SILENT = "send success", "err(40001)", "err(40002)"


async def finish(world: World, account_name: str, job: Job) -> None:
    """Send to everybody who is meant, then tell the account."""
    account, held = world.accounts.get(account_name), _held(world, account_name, job)
    if account is None or held is None:
        return
    if held["counts"] is None:
        await _deliver(world, account, held)
    await _tell(world, account, held, SENT)


async def silence(world: World, account_name: str, job: Job) -> None:
    """Half an hour has passed; when the administrator has said nothing the send fails."""
    account, held = world.accounts.get(account_name), _held(world, account_name, job)
    if account is not None and held is not None and held["is_waiting"]:
        await fail(world, account, held, SILENT)


async def confirm(world: World, account: Account, held: dict[str, Any], *, is_accepted: bool) -> None:
    """The administrator's tap."""
    if not is_accepted:
        await fail(world, account, held, REFUSED)
        return
    held["is_waiting"] = False
    world.shelves["mass"].touch(account.name, str(held["msg_id"]))
    due = world.clock.now() + account.setting("mass_seconds")
    world.later.add(account.name, "mass", due=due, number=held["msg_id"])
    await world.store.write(_truth(world, account, held, "confirmed"))


async def fail(world: World, account: Account, held: dict[str, Any], status: str) -> None:
    """The send comes to nothing; it does not count against the quota."""
    held |= {"is_waiting": False, "status": "SEND_FAIL"}
    held["counts"] = {"total": 0, "filtered": 0, "sent": 0, "errors": 0}
    world.shelves["mass"].touch(account.name, str(held["msg_id"]))
    await world.store.write(_truth(world, account, held, status))
    await _tell(world, account, held, status)


def waiting(world: World, account: Account, number: object) -> dict[str, Any] | None:
    """The send that waits for the administrator: the one with this number, or the newest."""
    held = [one for one in world.shelves["mass"].of(account.name).values() if one["is_waiting"]]
    chosen = [one for one in held if number in {None, one["msg_id"], str(one["msg_id"])}]
    return chosen[-1] if chosen else None


async def _deliver(world: World, account: Account, held: dict[str, Any]) -> None:
    number, month = held["msg_id"], month_of(world.clock.now())
    meant = _meant(world, account, held)
    left = [one for one in meant if _may_receive(world, account, one, month, number)]
    for start in range(0, len(left), AT_ONCE):
        part = left[start : start + AT_ONCE]
        rows = [
            received_row(world.numbers.next(), person, account, at=world.clock.now(), shown=_shown(held))
            for person in part
        ]
        for person in part:
            page = world.followers.of(account, person)
            got = [*page["mass"].get("got", ()), number][-REMEMBERED:]
            page["mass"] = {"got": got, month: page["mass"].get(month, 0) + 1}
            world.followers.save(account, person, page)
        held["sent"] += len(part)
        world.shelves["mass"].touch(account.name, str(number))
        facts = {"msg_id": str(number), "users": [person.user for person in part]}
        row = truth_row(Kind.MASS_RECEIVED, at=world.clock.now(), account=account.name, **facts)
        await world.store.write(*rows, row)
        world.feed.wake((person.user, account.name) for person in part)
    held["counts"] = {"total": len(meant), "filtered": held["sent"], "sent": held["sent"], "errors": 0}
    held["status"] = "SEND_SUCCESS"
    world.shelves["mass"].touch(account.name, str(number))
    await world.store.write(_truth(world, account, held, SENT))


def _meant(world: World, account: Account, held: dict[str, Any]) -> list[Person]:
    """Whom the send is for."""
    people = [world.people.get(user) for user in held["listed"] or world.followers.everyone(account)]
    following = [one for one in people if one is not None and account.name in one.following]
    if held["tag"] is None:
        return following
    return [one for one in following if held["tag"] in world.followers.of(account, one)["tags"]]


def _may_receive(world: World, account: Account, person: Person, month: str, number: int) -> bool:
    page = world.followers.of(account, person)
    if page["is_black"] or page["refuses"] or number in page["mass"].get("got", ()):
        return False
    most: int = account.setting("followers_monthly")
    return account.kind == "subscription" or page["mass"].get(month, 0) < most


async def _tell(world: World, account: Account, held: dict[str, Any], status: str) -> None:
    counts = held["counts"]
    articles = held["shown"].get("articles", [])
    listed = [{"ArticleIdx": n, "ArticleUrl": one["url"]} for n, one in enumerate(articles, 1)]
    event = event_fields(
        "MASSSENDJOBFINISH",
        None,
        MsgID=held["msg_id"],
        Status=status,
        TotalCount=counts["total"],
        FilterCount=counts["filtered"],
        SentCount=counts["sent"],
        ErrorCount=counts["errors"],
        CopyrightCheckResult={"Count": 0, "ResultList": {}, "CheckState": 1},
        ArticleUrlResult={"Count": len(listed), "ResultList": {"item": listed} if listed else {}},
    )
    await world.conversations.tell(account, None, event, openid=helper(account))


def helper(account: Account) -> str:
    """The openid of the helper for mass sends (mphelper), from whom the platform's own events come."""
    return "oAdmin" + hashlib.sha256(account.app_id.encode()).hexdigest()[:22]


def _held(world: World, account_name: str, job: Job) -> dict[str, Any] | None:
    return world.shelves["mass"].of(account_name).get(str(job["number"]))


def _shown(held: dict[str, Any]) -> dict[str, Any]:
    return {**held["shown"], "msg_id": str(held["msg_id"])}


def _truth(world: World, account: Account, held: dict[str, Any], status: str) -> Any:
    facts = {"msg_id": str(held["msg_id"]), "status": status, "counts": held["counts"]}
    return truth_row(Kind.MASS, at=world.clock.now(), account=account.name, **facts)
