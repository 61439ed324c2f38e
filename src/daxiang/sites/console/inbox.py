"""The inbox: what citizens left for the officers. Take, answer, close, with a clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from daxiang.domains.officers.models import Staff
from daxiang.domains.officers.permissions import Permission
from daxiang.domains.residents.answering import (
    LONGEST_ANSWER,
    WARN_BEFORE,
    Case,
    Step,
    is_overdue,
)
from daxiang.domains.residents.errors import MessageGone, MessageHeld
from daxiang.domains.residents.queries import Which
from daxiang.foundation.logs import MASK, masked
from daxiang.kernel.clock import SHANGHAI
from daxiang.sites.console.frame import address_from, framed, now, refused, sealer, tell
from daxiang.sites.console.looking import (
    NoWayToAnswer,
    Purpose,
    act_on_message,
    answer_message,
    look_at_message,
    look_at_messages,
    look_at_whole_message,
)
from daxiang.sites.console.staff_only import allowed

_UNREADABLE = "（打不开：缺少当时的密钥）"
_HEADING = "群众留言"
_DELIVERY = {
    "waiting": ("live", "正在送"),
    "sending": ("live", "正在送"),
    "sent": ("ok", "已送到微信"),
    "refused": ("bad", "没送到：微信不收"),
    "expired": ("bad", "没送到：过了能发的时间"),
    "unknown": ("warn", "不知道送到没有，请打电话确认"),
}
_CHIPS = ((Which.ALL, "全部"), (Which.OPEN, "待答"), (Which.MINE, "我在办"), (Which.CLOSED, "已办完"))
_TAKEN_NOW = {
    Step.TAKE: "您接下了这条留言。",
    Step.GIVE_BACK: "放回去了，别人可以接。",
    Step.CLOSE: "办完了。",
}


@dataclass(frozen=True, kw_only=True)
class Line:
    """One message as a page shows it. `state`: symbol, tone and words of its clock."""

    number: int
    left: str
    words: str
    is_closed: bool
    is_masked: bool
    """Something in the words is not shown."""
    taken_by: str
    sign: str
    clock: str
    due: str
    answer: str
    answered: str
    delivery: tuple[str, str] | None


@require_safe
@allowed(Permission.MESSAGES)
def messages(request: HttpRequest, staff: Staff) -> HttpResponse:
    """What people left, the newest first; `?before=1234` goes on from there, `?which=open` shows a part."""
    before, asked = request.GET.get("before", ""), request.GET.get("which", "")
    which = Which(asked) if asked in list(Which) else Which.ALL
    at = now()
    page = look_at_messages(
        who=staff.name,
        before=int(before) if before.isascii() and before.isdecimal() and len(before) < 19 else None,
        which=which,
        sealer=sealer(),
        now=at,
    )
    context: dict[str, object] = {
        "lines": [_line(one, at) for one in page.cases],
        "purposes": list(Purpose),
        "older": page.cases[-1].message.number if page.has_more and page.cases else None,
        "is_first": before == "",
        "which": which,
        "chips": _CHIPS,
        "kept_days": settings.DAXIANG.retention.messages_days,
    }
    return framed(request, staff, "console/messages.html", context, heading=_HEADING)


@require_safe
@allowed(Permission.MESSAGES)
def message(request: HttpRequest, staff: Staff, *, number: int) -> HttpResponse:
    """One message, masked, with the form for an answer."""
    return _shown(request, staff, number)


@require_POST
@allowed(Permission.MESSAGES)
def whole_message(request: HttpRequest, staff: Staff, *, number: int) -> HttpResponse:
    """One message with nothing masked, for a purpose that is written down with the look."""
    purpose = request.POST.get("purpose", "")
    if purpose not in list(Purpose):
        return redirect("console:messages")
    at = now()
    found = _known(number) and look_at_whole_message(
        who=staff.name, number=number, purpose=Purpose(purpose), sealer=sealer(), now=at
    )
    if not found:
        return _gone(request, staff, number)
    context: dict[str, object] = {
        "number": number,
        "left": _moment(found.left_at),
        "words": _UNREADABLE if found.words is None else found.words,
        "purpose": purpose,
    }
    return framed(request, staff, "console/whole_message.html", context, heading=f"留言{number}的全文")


@require_POST
@allowed(Permission.MESSAGES)
def take(request: HttpRequest, staff: Staff, *, number: int) -> HttpResponse:
    """Work on it from now on."""
    return _acted(request, staff, number, Step.TAKE)


@require_POST
@allowed(Permission.MESSAGES)
def give_back(request: HttpRequest, staff: Staff, *, number: int) -> HttpResponse:
    """Somebody else may take it."""
    return _acted(request, staff, number, Step.GIVE_BACK)


@require_POST
@allowed(Permission.MESSAGES)
def message_done(request: HttpRequest, staff: Staff, *, number: int) -> HttpResponse:
    """Done with: some time later it goes."""
    return _acted(request, staff, number, Step.CLOSE)


@require_POST
@allowed(Permission.MESSAGES)
def answer(request: HttpRequest, staff: Staff, *, number: int) -> HttpResponse:
    """Send an answer into the chat of whoever left the message."""
    words = request.POST.get("words", "").replace("\0", "").replace("\r\n", "\n").strip()
    if not words or len(words) > LONGEST_ANSWER:
        fault = f"回复要写，最多{LONGEST_ANSWER}个字。" + ("" if not words else f"现在{len(words)}个字。")
        return _shown(request, staff, number, words=words, fault=fault, status=422)
    try:
        if not _known(number):
            raise MessageGone("没有这条留言。")
        answer_message(
            who=staff.name,
            number=number,
            words=words,
            address=address_from(request),
            sealer=sealer(),
            now=now(),
        )
    except MessageGone:
        return _gone(request, staff, number)
    except (MessageHeld, NoWayToAnswer) as error:
        return _shown(request, staff, number, words=words, fault=str(error), status=409)
    tell(request, "回复发出去了。")
    return redirect("console:message", number=number)


def _acted(request: HttpRequest, staff: Staff, number: int, step: Step) -> HttpResponse:
    try:
        if not _known(number):
            raise MessageGone("没有这条留言。")
        act_on_message(who=staff.name, number=number, step=step, address=address_from(request), now=now())
    except MessageGone:
        return _gone(request, staff, number)
    except MessageHeld as error:
        return _shown(request, staff, number, fault=str(error), status=409)
    tell(request, _TAKEN_NOW[step])
    if step is Step.TAKE:
        return redirect("console:message", number=number)
    return redirect("console:messages")


def _shown(
    request: HttpRequest,
    staff: Staff,
    number: int,
    *,
    words: str = "",
    fault: str = "",
    status: int = 200,
) -> HttpResponse:
    at = now()
    case = look_at_message(who=staff.name, number=number, sealer=sealer(), now=at) if _known(number) else None
    if case is None:
        return _gone(request, staff, number)
    context: dict[str, object] = {
        "line": _line(case, at),
        "purposes": list(Purpose),
        "is_mine": case.taken_by == staff.name,
        "words": words,
        "fault": fault,
        "most": LONGEST_ANSWER,
    }
    return framed(request, staff, "console/message.html", context, heading=f"留言{number}", status=status)


def _gone(request: HttpRequest, staff: Staff, number: int) -> HttpResponse:
    words = f"编号{number}的留言没有了：可能是群众撤回了，或者办完以后到期删掉了。"
    return refused(
        request, staff, heading="没有这条留言", words=words, status=404, back=reverse("console:messages")
    )


def _known(number: int) -> bool:
    """Whether a message could have this number at all."""
    return number < 2**63


def _line(case: Case, at: datetime) -> Line:
    told = case.message
    shown = _UNREADABLE if told.words is None else masked(told.words)
    sign, clock = _clock(case, at)
    return Line(
        number=told.number,
        left=_moment(told.left_at),
        words=shown,
        is_closed=told.is_closed,
        is_masked=MASK in shown,
        taken_by=case.taken_by or "",
        sign=sign,
        clock=clock,
        due=f"{_moment(case.due_at)} 前",
        answer=case.answer or "",
        answered="" if case.answered_at is None else _moment(case.answered_at),
        delivery=_DELIVERY.get(case.delivery or ""),
    )


def _clock(case: Case, at: datetime) -> tuple[str, str]:
    """The symbol and the words for the time that is left."""
    if case.message.is_closed:
        return "idle", "已办完"
    if case.answered_at is not None:
        return "ok", "已答"
    left = case.due_at - at
    if is_overdue(case, at):
        return "bad", f"超 {_length(-left)}"
    return ("warn" if left <= WARN_BEFORE else "todo"), f"剩 {_length(left)}"


def _length(length: timedelta) -> str:
    minutes = int(length.total_seconds()) // 60
    days, minutes = divmod(minutes, 24 * 60)
    if days:
        return f"{days}天"
    return f"{minutes}分" if minutes < 60 else f"{minutes // 60}:{minutes % 60:02}"


def _moment(at: datetime) -> str:
    local = at.astimezone(SHANGHAI)
    return f"{local.month}月{local.day}日 {local.hour}:{local.minute:02}"
