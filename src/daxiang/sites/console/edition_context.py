"""What the page of an edition says: its flow, what stands in its way, who may do what now."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from daxiang.domains.briefings import desk
from daxiang.domains.briefings.content import Content
from daxiang.domains.briefings.differences import changes
from daxiang.domains.briefings.gate import checked, stops
from daxiang.domains.briefings.media import media, media_in, media_of
from daxiang.domains.briefings.operations import EDITION_NAMES, EditionKind
from daxiang.domains.briefings.queries import Edition, Moved, moves, standing_of
from daxiang.domains.briefings.reviewing import compared_with
from daxiang.domains.briefings.times import GOES_AT
from daxiang.domains.briefings.workflow import Action, Actor, Part, Status, refusal
from daxiang.domains.officers.models import Staff
from daxiang.domains.officers.permissions import Permission, Role
from daxiang.kernel.clock import SHANGHAI
from daxiang.sites.console.edition_form import ADDABLE, NAMES, shown
from daxiang.sites.console.frame import may, now
from daxiang.sites.edition_view import told

_SHELF, _HANDED_IN = 60, timedelta(days=14)
"""How much of the library, and of what officers handed in, an editor can choose from."""
STATES = {
    Status.DRAFT: ("live", "草稿"),
    Status.IN_REVIEW: ("live", "等审定"),
    Status.APPROVED: ("ok", "已审定，没定时"),
    Status.SCHEDULED: ("ok", "定好了时间"),
    Status.SENDING: ("live", "正在发"),
    Status.SENT: ("ok", "已发出"),
    Status.WITHDRAWN: ("idle", "撤下了"),
}
ACTIONS = {
    "edit": "改稿",
    Action.SEND_FOR_REVIEW: "送审",
    Action.SEND_BACK: "退回",
    Action.APPROVE: "审定",
    Action.SCHEDULE: "定时",
    Action.UNSCHEDULE: "取消定时",
    Action.CLAIM: "开始发",
    Action.ACCEPT: "发出",
    Action.RELEASE: "没发成，再试",
    Action.REFUSE: "平台不收",
    Action.MISS: "过了时间没发",
    Action.WITHDRAW: "撤下",
}
BY_PEOPLE = (
    Action.SEND_FOR_REVIEW,
    Action.SEND_BACK,
    Action.APPROVE,
    Action.SCHEDULE,
    Action.UNSCHEDULE,
    Action.WITHDRAW,
)


def actor_of(staff: Staff) -> Actor:
    """Whoever is signed in, in the parts that the roles give."""
    parts = set()
    if may(staff, Permission.WRITE_EDITIONS):
        parts.add(Part.EDITOR)
    if may(staff, Permission.REVIEW_EDITIONS):
        parts.add(Part.REVIEWER)
    return Actor(name=staff.name, parts=frozenset(parts))


def reviewers_known() -> list[str]:
    """The names of who may approve."""
    held = Staff.objects.filter(is_active=True, roles__contains=[Role.REVIEWER.value])
    return list(held.order_by("name").values_list("name", flat=True))


def one_of(name: str, known: list[str]) -> str:
    """The name if it is known, else empty: nobody is named yet."""
    return name if name in known else ""


def context_of(cursor: Any, staff: Staff, held: Edition, typed: Content | None) -> dict[str, object]:
    """Everything the page says of an edition. `typed`: a text that was not kept, to stay in the form."""
    text, life = typed or held.content, moves(cursor, held.id)
    return {
        "id": held.id.hex(),
        "day": f"{held.day.month}月{held.day.day}日",
        "kind": EDITION_NAMES[held.kind],
        "revision": held.revision,
        "status": held.status.value,
        "state": STATES[held.status],
        "digest": held.digest.hex(),
        "print": held.digest.hex()[:16],
        "flow": _flow(held, life),
        "left": time_left(held, now()),
        "view": told(held.content, media=media_of(cursor, media_in(held.content))),
        "reviewer": held.reviewer,
        "deputy": held.deputy,
        "corrections": desk.corrections(cursor, held.id),
        "life": [_lived(one) for one in life],
        **_fields(cursor, staff, held, text),
        **_looked(cursor, held, text),
        **_steps(cursor, held, staff),
    }


def _fields(cursor: Any, staff: Staff, held: Edition, text: Content) -> dict[str, object]:
    """The form, with what an editor can put into it."""
    is_editor = Part.EDITOR in actor_of(staff).parts
    titles = {one.id: one.title for one in media_of(cursor, media_in(text)).values()}
    return {
        "is_editor": is_editor and held.status not in (Status.SENDING, Status.SENT, Status.WITHDRAWN),
        "fields": shown(text, titles),
        "title": text.title,
        "teaser": text.teaser,
        "base": held.revision,
        "addable": [(kind.value, NAMES[kind]) for kind in ADDABLE],
        "library": media(cursor, most=_SHELF, offset=0)[0] if is_editor else [],
        "handed_in": desk.contributions(cursor, since=now() - _HANDED_IN) if is_editor else [],
    }


def _looked(cursor: Any, held: Edition, text: Content) -> dict[str, object]:
    """What the checks found, what changed, what people said."""
    found, since = checked(cursor, text, day=held.day), compared_with(cursor, held)
    before = desk.revision(cursor, held.id, since).content if since > 0 else None
    said = desk.comments(cursor, held.id)
    return {
        "found": found,
        "stops": stops(found),
        "since": since,
        "changes": changes(before, held.content) if before is not None else [],
        "comments": [one for one in said if one.settled_at is None],
        "settled": [one for one in said if one.settled_at is not None],
    }


def _steps(cursor: Any, held: Edition, staff: Staff) -> dict[str, object]:
    """What this person may do now. Once eight is over, another time of the edition's day can be set."""
    at, seen, goes_at = now(), held.digest, datetime.combine(held.day, GOES_AT, SHANGHAI)
    late = goes_at if at < goes_at else at + timedelta(minutes=1)
    can = {
        action.value: not why_not(cursor, held, action, staff, seen=seen, note="x", at=late)
        for action in BY_PEOPLE
    }
    can["schedule"] &= late.astimezone(SHANGHAI).date() == held.day
    return {
        "may": can,
        "is_reviewer": Part.REVIEWER in actor_of(staff).parts,
        "own_text": why_not(cursor, held, Action.APPROVE, staff, seen=seen, note="x", at=goes_at),
        "goes_at": f"{goes_at:%H:%M}" if at < goes_at else "",
        "is_special": held.kind is EditionKind.SPECIAL,
    }


def _lived(one: Moved) -> dict[str, object]:
    return {
        "at": one.at.astimezone(SHANGHAI),
        "who": one.who,
        "what": ACTIONS.get(one.action, one.action),
        "revision": one.revision,
        "note": one.note,
    }


def why_not(
    cursor: Any, held: Edition, action: Action, staff: Staff, *, seen: bytes, note: str, at: datetime
) -> str:
    """Why this person may not do it now; empty when she may. The row itself decides once more."""
    standing = standing_of(cursor, held)
    return refusal(standing, action, actor_of(staff), now=now(), seen=seen, note=note, at=at) or ""


def _flow(held: Edition, life: list[Any]) -> list[dict[str, str]]:
    """The five steps, each with who and when, or by when."""
    done = {one.action: one for one in life}
    names = ("草稿", "送审", "审定", "定时", "发出")
    order = (Status.DRAFT, Status.IN_REVIEW, Status.APPROVED, Status.SCHEDULED, Status.SENT)
    here = {Status.SENDING: 3, Status.WITHDRAWN: 0}.get(held.status)
    here = order.index(held.status) if here is None else here
    by = (
        f"第{held.revision}稿",
        _who(done.get(Action.SEND_FOR_REVIEW), "") if here >= 1 else f"审 {held.reviewer or '还没定'}",
        _who(done.get(Action.APPROVE), "") if here >= 2 else f"{held.due_at.astimezone(SHANGHAI):%H:%M} 前",
        _who(done.get(Action.SCHEDULE), "") if here >= 3 else "检查 07:00、07:55",
        _who(done.get(Action.ACCEPT), "") if here >= 4 else "08:00",
    )
    places = ("done" if at < here else "here" if at == here else "later" for at in range(5))
    return [
        {
            "name": name,
            "place": place,
            "by": told_by,
            "sign": {"done": "ok", "here": "live", "later": "todo"}[place],
        }
        for name, place, told_by in zip(names, places, by, strict=True)
    ]


def _who(moved: Any, otherwise: str) -> str:
    return otherwise if moved is None else f"{moved.who} {moved.at.astimezone(SHANGHAI):%H:%M}"


def time_left(held: Edition, at: datetime) -> tuple[str, str] | None:
    """To the next gate: how long, and to what."""
    goes_at = datetime.combine(held.day, GOES_AT, SHANGHAI)
    if held.status in (Status.DRAFT, Status.IN_REVIEW) and at < held.due_at:
        return _length(held.due_at - at), "离审定截止"
    if held.status in (Status.DRAFT, Status.IN_REVIEW, Status.APPROVED, Status.SCHEDULED) and at < goes_at:
        return _length(goes_at - at), "离发出"
    return None


def _length(left: timedelta) -> str:
    minutes = int(left.total_seconds()) // 60
    days, minutes = divmod(minutes, 24 * 60)
    return f"{days}天" if days else f"{minutes // 60}:{minutes % 60:02}"
