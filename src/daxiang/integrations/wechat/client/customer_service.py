"""Customer-service messages: what is sent to one person inside the window that the person opened.

Windows (the platform's page on customer-service messages): 5 messages in 48 h after a message of the person,
3 in 1 minute after a tap on the menu, a follow or a scan. The caller counts them; the platform's refusals are
45015 (window closed) and 45047 (count used up). The call carries no id of ours, so a lost answer stays
`OutcomeUnknown`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from daxiang.integrations.wechat.client.answers import objects, text, whole
from daxiang.integrations.wechat.client.checks import at_most_bytes, at_most_items, not_empty
from daxiang.integrations.wechat.client.client import Endpoint, Kind, WeChatClient

LONGEST_TEXT = 2048
"""Bytes of UTF-8 in one text, as for passive replies; the page of this call gives no figure."""
MOST_CHOICES = 50

_SEND = Endpoint(path="/cgi-bin/message/custom/send", kind=Kind.ACT)
_TYPING = Endpoint(path="/cgi-bin/message/custom/typing", kind=Kind.REPEATABLE)
_ACCOUNTS = Endpoint(path="/cgi-bin/customservice/getkflist", kind=Kind.READ, method="GET")
_ONLINE = Endpoint(path="/cgi-bin/customservice/getonlinekflist", kind=Kind.READ, method="GET")
_ADD = Endpoint(path="/customservice/kfaccount/add", kind=Kind.ACT)
_UPDATE = Endpoint(path="/customservice/kfaccount/update", kind=Kind.REPEATABLE)
_DELETE = Endpoint(path="/customservice/kfaccount/del", kind=Kind.ACT, method="GET")
_INVITE = Endpoint(path="/customservice/kfaccount/inviteworker", kind=Kind.ACT)
_OPEN = Endpoint(path="/customservice/kfsession/create", kind=Kind.ACT)
_CLOSE = Endpoint(path="/customservice/kfsession/close", kind=Kind.ACT)
_SESSION = Endpoint(path="/customservice/kfsession/getsession", kind=Kind.READ, method="GET")
_SESSIONS = Endpoint(path="/customservice/kfsession/getsessionlist", kind=Kind.READ, method="GET")
_WAITING = Endpoint(path="/customservice/kfsession/getwaitcase", kind=Kind.READ, method="GET")
_RECORDS = Endpoint(path="/customservice/msgrecord/getmsglist", kind=Kind.READ)


@dataclass(frozen=True, kw_only=True)
class Text:
    content: str


@dataclass(frozen=True, kw_only=True)
class Image:
    media_id: str


@dataclass(frozen=True, kw_only=True)
class Voice:
    media_id: str


@dataclass(frozen=True, kw_only=True)
class Video:
    media_id: str
    thumb_media_id: str = ""
    title: str = ""
    description: str = ""


@dataclass(frozen=True, kw_only=True)
class Music:
    url: str
    hq_url: str
    thumb_media_id: str
    title: str = ""
    description: str = ""


@dataclass(frozen=True, kw_only=True)
class News:
    """One link with a picture; the platform takes exactly one."""

    title: str
    description: str
    url: str
    picture_url: str


@dataclass(frozen=True, kw_only=True)
class Article:
    """An article that was published (`article_id`), or one of the library (`media_id`); one of the two."""

    article_id: str = ""
    media_id: str = ""


@dataclass(frozen=True, kw_only=True)
class Choices:
    """A question with choices to tap; a tap comes back as a text with `bizmsgmenuid` and opens a window."""

    head: str
    choices: tuple[tuple[str, str], ...]
    """(id, words)."""
    tail: str = ""


@dataclass(frozen=True, kw_only=True)
class MiniProgramPage:
    title: str
    app_id: str
    page_path: str
    thumb_media_id: str


@dataclass(frozen=True, kw_only=True)
class Card:
    card_id: str


Message = Text | Image | Voice | Video | Music | News | Article | Choices | MiniProgramPage | Card


def content(message: Message) -> dict[str, Any]:
    """The message as the platform's JSON, without whom it is for: {"msgtype", …}; it may be kept and sent
    later with `send_content`. Raises `Unfit`.
    """
    match message:
        case Text(content=words):
            not_empty(words, "文本")
            at_most_bytes(words, LONGEST_TEXT, "文本")
            return _named("text", content=words)
        case Image(media_id=media_id):
            return _named("image", media_id=media_id)
        case Voice(media_id=media_id):
            return _named("voice", media_id=media_id)
        case Choices():
            return _choices(message)
        case Article(article_id=article_id, media_id=media_id):
            if article_id:
                return _named("mpnewsarticle", article_id=article_id)
            not_empty(media_id, "图文的 media_id")
            return _named("mpnews", media_id=media_id)
        case Card(card_id=card_id):
            return _named("wxcard", card_id=card_id)
        case _:
            return _rich(message)


def _rich(message: Video | Music | News | MiniProgramPage) -> dict[str, Any]:
    match message:
        case Video():
            return _named(
                "video",
                media_id=message.media_id,
                thumb_media_id=message.thumb_media_id,
                title=message.title,
                description=message.description,
            )
        case Music():
            return _named(
                "music",
                title=message.title,
                description=message.description,
                musicurl=message.url,
                hqmusicurl=message.hq_url,
                thumb_media_id=message.thumb_media_id,
            )
        case News():
            not_empty(message.title, "图文标题")
            article = {"title": message.title, "description": message.description}
            return _named("news", articles=[article | {"url": message.url, "picurl": message.picture_url}])
        case MiniProgramPage():
            return _named(
                "miniprogrampage",
                title=message.title,
                appid=message.app_id,
                pagepath=message.page_path,
                thumb_media_id=message.thumb_media_id,
            )


def _choices(message: Choices) -> dict[str, Any]:
    at_most_items(message.choices, MOST_CHOICES, "选项")
    not_empty(message.choices, "选项")
    listed = [{"id": number, "content": words} for number, words in message.choices]
    return _named("msgmenu", head_content=message.head, list=listed, tail_content=message.tail)


def _named(kind: str, **fields: Any) -> dict[str, Any]:
    return {"msgtype": kind, kind: fields}


async def send(
    client: WeChatClient, *, openid: str, message: Message, staff_account: str | None = None
) -> None:
    """Send to one person, in the name of a member of staff where one is given.

    Raises `Refused` (45015, 45047, 48002, 40003 …), `Unavailable`, or `OutcomeUnknown`, after which it must
    not be sent again.
    """
    await send_content(client, openid=openid, content=content(message), staff_account=staff_account)


async def send_content(
    client: WeChatClient, *, openid: str, content: dict[str, Any], staff_account: str | None = None
) -> None:
    """Send what `content` made earlier; failures as for `send`."""
    not_empty(openid, "openid")
    body = {"touser": openid, **content}
    if staff_account is not None:
        body["customservice"] = {"kf_account": staff_account}
    await client.call(_SEND, body=body)


async def typing(client: WeChatClient, *, openid: str, is_typing: bool) -> None:
    """Show or end "对方正在输入"; shows for 15 s at most, and only inside a window."""
    command = "Typing" if is_typing else "CancelTyping"
    await client.call(_TYPING, body={"touser": openid, "command": command})


@dataclass(frozen=True, kw_only=True)
class StaffAccount:
    """A member of staff as the platform lists them."""

    account: str
    nickname: str
    number: str
    wechat: str
    """Empty while the invitation is not accepted."""
    avatar_url: str


@dataclass(frozen=True, kw_only=True)
class OnlineStaff:
    account: str
    status: int
    """1: on the web; 2: on the telephone; 3: both."""
    accepted: int
    """Sessions at this moment."""


@dataclass(frozen=True, kw_only=True)
class Session:
    openid: str
    staff_account: str
    created_at: int
    """Unix seconds; for one that waits, of the person's last message."""


@dataclass(frozen=True, kw_only=True)
class Record:
    """One line of a conversation with staff."""

    openid: str
    staff_account: str
    operation: int
    """2002: staff sent; 2003: the person sent."""
    text: str
    at: int


async def staff_accounts(client: WeChatClient) -> tuple[StaffAccount, ...]:
    """All members of staff."""
    answer = await client.call(_ACCOUNTS)
    return tuple(
        StaffAccount(
            account=text(one, "kf_account"),
            nickname=text(one, "kf_nick"),
            number=str(one.get("kf_id", "")),
            wechat=text(one, "kf_wx"),
            avatar_url=text(one, "kf_headimgurl"),
        )
        for one in objects(answer, "kf_list")
    )


async def online_staff(client: WeChatClient) -> tuple[OnlineStaff, ...]:
    """Those who can be given a session now."""
    answer = await client.call(_ONLINE)
    return tuple(
        OnlineStaff(
            account=text(one, "kf_account"),
            status=whole(one, "status"),
            accepted=whole(one, "accepted_case"),
        )
        for one in objects(answer, "kf_online_list")
    )


async def add_staff(client: WeChatClient, *, account: str, nickname: str) -> None:
    """Add a member of staff: `name@account`, nickname of at most 16 characters."""
    await client.call(_ADD, body=_staff(account, nickname))


async def rename_staff(client: WeChatClient, *, account: str, nickname: str) -> None:
    """Give another nickname."""
    await client.call(_UPDATE, body=_staff(account, nickname))


async def remove_staff(client: WeChatClient, *, account: str) -> None:
    """Remove a member of staff."""
    await client.call(_DELETE, params={"kf_account": account})


async def invite_staff(client: WeChatClient, *, account: str, wechat: str) -> None:
    """Ask the owner of a WeChat id to become this member of staff."""
    await client.call(_INVITE, body={"kf_account": account, "invite_wx": wechat})


def _staff(account: str, nickname: str) -> dict[str, str]:
    not_empty(account, "客服账号")
    not_empty(nickname, "客服昵称")
    at_most_items(nickname, 16, "客服昵称")
    return {"kf_account": account, "nickname": nickname}


async def open_session(client: WeChatClient, *, openid: str, staff_account: str) -> None:
    """Give a person to a member of staff who is online."""
    await client.call(_OPEN, body={"kf_account": staff_account, "openid": openid})


async def close_session(client: WeChatClient, *, openid: str, staff_account: str) -> None:
    """End the session; later messages of the person come to us again."""
    await client.call(_CLOSE, body={"kf_account": staff_account, "openid": openid})


async def session_of(client: WeChatClient, *, openid: str) -> Session | None:
    """The person's session; None when there is none."""
    answer = await client.call(_SESSION, params={"openid": openid})
    account = text(answer, "kf_account")
    if not account:
        return None
    return Session(openid=openid, staff_account=account, created_at=whole(answer, "createtime"))


async def sessions_of(client: WeChatClient, *, staff_account: str) -> tuple[Session, ...]:
    """All sessions of a member of staff."""
    answer = await client.call(_SESSIONS, params={"kf_account": staff_account})
    return tuple(
        Session(openid=text(one, "openid"), staff_account=staff_account, created_at=whole(one, "createtime"))
        for one in objects(answer, "sessionlist")
    )


async def waiting(client: WeChatClient) -> tuple[Session, ...]:
    """Persons who wait for staff: at most 100, the longest first."""
    answer = await client.call(_WAITING)
    return tuple(
        Session(openid=text(one, "openid"), staff_account="", created_at=whole(one, "latest_time"))
        for one in objects(answer, "waitcaselist")
    )


async def records(
    client: WeChatClient, *, starts_at: int, ends_at: int, after: int = 1, most: int = 10000
) -> tuple[tuple[Record, ...], int]:
    """Lines between two Unix seconds of one day, and the `after` of the next page (0: there is none)."""
    body = {"starttime": starts_at, "endtime": ends_at, "msgid": after, "number": most}
    answer = await client.call(_RECORDS, body=body)
    lines = tuple(
        Record(
            openid=text(one, "openid"),
            staff_account=text(one, "worker"),
            operation=whole(one, "opercode"),
            text=text(one, "text"),
            at=whole(one, "time"),
        )
        for one in objects(answer, "recordlist")
    )
    return lines, whole(answer, "msgid") if whole(answer, "number") == most else 0
