"""Publishing: an article gets its public page and nobody is told of it."""

from __future__ import annotations

import secrets
from typing import Any

from daxiang_simulator.messages import event_fields
from daxiang_simulator.truth import Kind, truth_row
from daxiang_simulator.world import World

from .drafts import content_of, need_draft, take_out
from .frame import Call, call
from .later import Job
from .mass_sending import helper
from .material import page_of
from .refusals import Refused
from .rights import Right

OK = {"errcode": 0, "errmsg": "ok"}
RUNNING, PUBLISHED = 1, 0
FAILED = frozenset({2, 4})
"""Originality not shown, refused by the platform: the two ends that name articles."""


@call("POST", "/cgi-bin/freepublish/submit", right=Right.PUBLISHER, daily=100)
def submit(made: Call) -> dict[str, Any]:
    media_id = made.need("media_id", 41006)
    need_draft(made, media_id)
    if made.account.setting("publish_refusal"):
        raise Refused(made.account.setting("publish_refusal"))
    draft = take_out(made, media_id)
    number = str(made.world.numbers.next() % 10**12)
    count = len(draft["articles"])
    held = {"status": RUNNING, "media_id": media_id, "article_id": "", "count": count}
    made.put("publication", number, held)
    made.put("publishing", number, draft)
    made.tell(Kind.PUBLISH, publish_id=number, media_id=media_id, status=RUNNING)
    due = made.at + made.account.setting("publish_seconds")
    made.world.later.add(made.account.name, "publish", due=due, number=number)
    return {**OK, "publish_id": number, "msg_data_id": str(made.world.numbers.next() % 10**10)}


async def finish(world: World, account_name: str, job: Job) -> None:
    """The check is over: the article is public, or not, as the setting publish_status says."""
    account, number = world.accounts.get(account_name), job["number"]
    held = world.shelves["publication"].of(account_name).get(number)
    if account is None or held is None:
        return
    status = account.setting("publish_status")
    draft = world.shelves["publishing"].drop(account_name, number)
    if draft is not None:
        held["status"] = status
        if status == PUBLISHED:
            held["article_id"] = secrets.token_urlsafe(48)
            world.shelves["published"].put(account_name, held["article_id"], {**draft, "number": number})
        world.shelves["publication"].put(account_name, number, held)
        facts = {"account": account_name, "publish_id": number, "status": status}
        await world.store.write(
            truth_row(Kind.PUBLISH, at=world.clock.now(), **facts, article_id=held["article_id"])
        )
    info: dict[str, Any] = {"publish_id": int(number), "publish_status": status}
    if status == PUBLISHED:
        info |= {"article_id": held["article_id"], "article_detail": _detail(world, account_name, held)}
    elif failed := _failed(held):
        info["fail_idx"] = failed
    await world.conversations.tell(
        account,
        None,
        event_fields("PUBLISHJOBFINISH", None, PublishEventInfo=info),
        openid=helper(account),
    )


@call("POST", "/cgi-bin/freepublish/get", right=Right.PUBLISHER, daily=1_000)
def get(made: Call) -> dict[str, Any]:
    number = made.need("publish_id", 40097)
    held = made.shelf("publication").get(number)
    if held is None:
        raise Refused(40002, "publish_id")
    answer: dict[str, Any] = {"publish_id": number, "publish_status": held["status"]}
    if held["status"] == PUBLISHED:
        detail = _detail(made.world, made.account.name, held)
        answer |= {"article_id": held["article_id"], "article_detail": detail}
    return answer | {"fail_idx": _failed(held)}


@call("POST", "/cgi-bin/freepublish/getarticle", right=Right.PUBLISHER, daily=1_000)
def get_article(made: Call) -> dict[str, Any]:
    return content_of(made, _need(made), is_published=True)


@call("POST", "/cgi-bin/freepublish/batchget", right=Right.PUBLISHER, daily=1_000)
def batch(made: Call) -> dict[str, Any]:
    offset, count = page_of(made)
    held = list(made.shelf("published").items())[::-1]
    items = [
        {"article_id": key, "content": content_of(made, one, is_published=True), "update_time": one["at"]}
        for key, one in held[offset : offset + count]
    ]
    return {"total_count": len(held), "item_count": len(items), "item": items}


@call("POST", "/cgi-bin/freepublish/delete", right=Right.PUBLISHER, daily=100)
def delete(made: Call) -> dict[str, Any]:
    held = _need(made)
    number = made.body.get("index", 0)
    if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number <= len(held["articles"]):
        raise Refused(40114)
    publication = made.shelf("publication")[held["number"]]
    articles = [
        {**one, "is_deleted": True} if number in {0, place} else one
        for place, one in enumerate(held["articles"], 1)
    ]
    if all(one.get("is_deleted") for one in articles):
        made.drop("published", made.body["article_id"])
        made.put("publication", held["number"], {**publication, "status": 5})
        made.put("article", publication["media_id"], {"articles": held["articles"], "is_deleted": True})
    else:
        made.put("published", made.body["article_id"], {**held, "articles": articles})
    return OK


def _need(made: Call) -> dict[str, Any]:
    held: dict[str, Any] | None = made.shelf("published").get(made.need("article_id", 53600))
    if held is None:
        raise Refused(53600)
    return held


def _failed(held: dict[str, Any]) -> list[int]:
    """The numbers of the articles that did not pass; all of them, as nobody looks at one alone here."""
    return list(range(1, held.get("count", 0) + 1)) if held["status"] in FAILED else []


def _detail(world: World, account: str, held: dict[str, Any]) -> dict[str, Any]:
    published = world.shelves["published"].of(account).get(held["article_id"], {"articles": []})
    numbered = enumerate(published["articles"], 1)
    items = [{"idx": n, "article_url": one["url"]} for n, one in numbered if not one.get("is_deleted")]
    return {"count": len(items), "item": items}
