"""The draft box: articles before they are sent or published."""

from __future__ import annotations

import secrets
from typing import Any

from .articles import check_article, check_articles, listed, shown
from .frame import Call, call
from .material import page_of
from .refusals import Refused

OK = {"errcode": 0, "errmsg": "ok"}


@call("POST", "/cgi-bin/draft/add", daily=1_000)
def add(made: Call) -> dict[str, Any]:
    media_id = secrets.token_urlsafe(48)
    articles = check_articles(made, made.body.get("articles"), media_id)
    made.put("draft", media_id, _kept(made, articles, created=int(made.at)))
    return {"media_id": media_id}


@call("POST", "/cgi-bin/draft/update", daily=1_000)
def update(made: Call) -> dict[str, Any]:
    media_id = made.need("media_id", 41006)
    draft = need_draft(made, media_id)
    number = made.body.get("index", 0)
    if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number < len(draft["articles"]):
        raise Refused(40114)
    given = made.body.get("articles")
    article = check_article(made, given[0] if isinstance(given, list) and given else given, media_id, number)
    articles = [*draft["articles"][:number], article, *draft["articles"][number + 1 :]]
    made.put("draft", media_id, _kept(made, articles, created=draft["created"]))
    return OK


@call("POST", "/cgi-bin/draft/get", daily=1_000)
def get(made: Call) -> dict[str, Any]:
    draft = need_draft(made, made.need("media_id", 41006))
    return content_of(made, draft)


@call("POST", "/cgi-bin/draft/delete", daily=1_000)
def delete(made: Call) -> dict[str, Any]:
    media_id = made.need("media_id", 41006)
    need_draft(made, media_id)
    made.drop("draft", media_id)
    return OK


@call("POST", "/cgi-bin/draft/batchget", daily=1_000)
def batch(made: Call) -> dict[str, Any]:
    offset, count = page_of(made)
    held = list(made.shelf("draft").items())[::-1]
    items = [
        {"media_id": key, "content": content_of(made, one), "update_time": one["at"]}
        for key, one in held[offset : offset + count]
    ]
    return {"total_count": len(held), "item_count": len(items), "item": items}


@call("GET", "/cgi-bin/draft/count", daily=1_000)
def count_all(made: Call) -> dict[str, Any]:
    return {"total_count": len(made.shelf("draft"))}


@call("POST", "/cgi-bin/draft/switch", is_raw=True, daily=1_000)
def switch(_made: Call) -> dict[str, Any]:
    return {**OK, "is_open": 1}


def need_draft(made: Call, media_id: object) -> dict[str, Any]:
    """The draft with this id. Raises Refused 40007."""
    draft: dict[str, Any] | None = made.shelf("draft").get(str(media_id))
    if draft is None:
        raise Refused(40007)
    return draft


def take_out(made: Call, media_id: str) -> dict[str, Any]:
    """The draft, which leaves the box because it is sent or published; readers still find its pages."""
    draft = need_draft(made, media_id)
    made.put("article", media_id, {"articles": draft["articles"], "is_deleted": False, "at": int(made.at)})
    if made.account.setting("draft_hidden_when_sent"):
        made.drop("draft", media_id)
    return draft


def content_of(made: Call, held: dict[str, Any], *, is_published: bool = False) -> dict[str, Any]:
    """The content of a draft or a publication; without the words when no_content is 1.

    The pages show `news_item` alone, captured answers both times too: the setting `article_extras`.
    """
    articles = listed(made, held["articles"], is_published=is_published)
    if made.body.get("no_content") == 1:
        articles = [{name: value for name, value in one.items() if name != "content"} for one in articles]
    times = {"create_time": held["created"], "update_time": held["at"]}
    return {"news_item": articles} | (times if made.account.setting("article_extras") else {})


def _kept(made: Call, articles: list[dict[str, Any]], *, created: int) -> dict[str, Any]:
    return {"articles": articles, "created": created, "at": int(made.at), "shown": shown(made, articles)}
