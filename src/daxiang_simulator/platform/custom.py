"""Customer-service messages: who may get one, what it may be, and what the person sees of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from daxiang_simulator.people import Person
from daxiang_simulator.replies import split_links
from daxiang_simulator.truth import Kind

from .cleaning import is_link
from .frame import Call, call
from .refusals import Refused
from .rights import Right

LONGEST_TEXT_BYTES = 2048
Shown = dict[str, Any]


@call("POST", "/cgi-bin/message/custom/send", right=Right.VERIFIED, daily="custom_daily")
def send(made: Call) -> dict[str, Any]:
    person = recipient(made)
    kind = made.body.get("msgtype")
    if not isinstance(kind, str) or kind not in KINDS:
        raise Refused(40008)
    part = made.body.get(kind)
    if not isinstance(part, dict):
        raise Refused(44004 if kind == "text" else 40035, kind)
    shown = {"kind": kind, **KINDS[kind](made, part), **_agent(made)}
    if made.world.followers.of(made.account, person)["refuses"]:
        raise Refused(48002)
    if made.account.name not in person.following:
        raise Refused(45015)
    window = made.world.followers.use_window(made.account, person, at=made.at)
    number = made.deliver(person, shown)
    made.tell(
        Kind.CUSTOM,
        user=person.user,
        openid=made.body["touser"],
        id=str(number),
        window=window,
        message=made.body,
    )
    return {"errcode": 0, "errmsg": "ok"}


@call("POST", "/cgi-bin/message/custom/typing", right=Right.VERIFIED, daily="custom_daily")
def typing(made: Call) -> dict[str, Any]:
    person = recipient(made)
    command = made.body.get("command")
    if command not in {"Typing", "CancelTyping"}:
        raise Refused(40097)
    if made.account.name not in person.following:
        raise Refused(45015)
    made.world.feed.say(
        person.user, {"kind": "typing", "account": made.account.name, "on": command == "Typing"}
    )
    return {"errcode": 0, "errmsg": "ok"}


def recipient(made: Call, name: str = "touser") -> Person:
    """The person whom an openid in the body means. Raises Refused 40003."""
    openid = made.body.get(name)
    person = made.world.people.by_openid(made.account, openid)
    if person is None:
        raise Refused(40003)
    return person


def _agent(made: Call) -> Shown:
    """Under which agent's name the message appears."""
    name = made.body.get("customservice")
    if not isinstance(name, dict):
        return {}
    agent = made.shelf("agent").get(str(name.get("kf_account")))
    if agent is None:
        raise Refused(65401)
    return {"agent": agent["nickname"], "agent_account": str(name["kf_account"])}


def _text(made: Call, part: dict[str, Any]) -> Shown:
    content = part.get("content")
    if not isinstance(content, str) or not content:
        raise Refused(44004)
    if len(content.encode()) > LONGEST_TEXT_BYTES:
        raise Refused(45002)
    return split_links(content)


def _media(name: str) -> Callable[[Call, dict[str, Any]], Shown]:
    def read(made: Call, part: dict[str, Any]) -> Shown:
        made.world.media.need(made.account.name, part.get("media_id"), kind=name, at=made.at)
        return {"media_id": part["media_id"], **_words(part, "title", "description")}

    return read


def _music(made: Call, part: dict[str, Any]) -> Shown:
    made.world.media.need(made.account.name, part.get("thumb_media_id"), kind="thumb", at=made.at)
    if not all(is_link(part.get(name)) for name in ("musicurl", "hqmusicurl")):
        raise Refused(65317)
    return _words(part, "title", "description", "musicurl", "hqmusicurl", "thumb_media_id")


def _news(made: Call, part: dict[str, Any]) -> Shown:
    articles = part.get("articles")
    if not isinstance(articles, list) or not articles or not all(isinstance(one, dict) for one in articles):
        raise Refused(44003)
    if len(articles) > made.account.setting("news_in_custom"):
        raise Refused(45008)
    if not all(is_link(one.get(name)) for one in articles for name in ("url", "picurl")):
        raise Refused(65317)
    rows = (("title", "title"), ("description", "description"), ("picture", "picurl"), ("url", "url"))
    return {"articles": [{ours: str(one.get(theirs) or "") for ours, theirs in rows} for one in articles]}


def _draft(made: Call, part: dict[str, Any]) -> Shown:
    held = made.shelf("draft").get(str(part.get("media_id")))
    if held is None:
        raise Refused(40007)
    return {"articles": held["shown"]}


def _published(made: Call, part: dict[str, Any]) -> Shown:
    held = made.shelf("published").get(str(part.get("article_id")))
    if held is None:
        raise Refused(53600)
    return {"articles": held["shown"]}


def _menu(made: Call, part: dict[str, Any]) -> Shown:
    items = part.get("list")
    if not isinstance(items, list) or not items or not all(isinstance(one, dict) for one in items):
        raise Refused(40035, "list")
    choices = [
        {"label": str(one.get("content")), "content": str(one.get("content")), "id": str(one.get("id"))}
        for one in items
    ]
    return {
        "content": part.get("head_content") or "",
        "tail": part.get("tail_content") or "",
        "choices": choices,
    }


def _mini_program(made: Call, part: dict[str, Any]) -> Shown:
    for name in ("appid", "pagepath", "thumb_media_id"):
        if not part.get(name):
            raise Refused(40035, name)
    return _words(part, "title", "appid", "pagepath", "thumb_media_id")


def _words(part: dict[str, Any], *names: str) -> Shown:
    return {name: str(part[name]) for name in names if part.get(name)}


KINDS: dict[str, Callable[[Call, dict[str, Any]], Shown]] = {
    "text": _text,
    "image": _media("image"),
    "voice": _media("voice"),
    "video": _media("video"),
    "music": _music,
    "news": _news,
    "mpnews": _draft,
    "mpnewsarticle": _published,
    "msgmenu": _menu,
    "miniprogrampage": _mini_program,
}
"""Readers by msgtype: what a person sees of it, or a refusal."""
