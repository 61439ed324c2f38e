"""Who looked at whose data and why, and who did what: the record, for administrators."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from daxiang.domains.audit.queries import Asked, recorded
from daxiang.domains.officers.models import Staff
from daxiang.domains.officers.permissions import Permission
from daxiang.kernel.clock import SHANGHAI
from daxiang.sites.console.frame import framed, now
from daxiang.sites.console.staff_only import allowed
from daxiang.sites.console.tables import PAGE, Column, like, pager_of, view_of

_COLUMNS = (
    Column("at", "时间", "at"),
    Column("who", "谁"),
    Column("what", "看了或做了什么"),
    Column("target", "对谁、对哪件"),
    Column("why", "为什么；从哪里"),
)
NAMES = {
    "message": "看留言（遮住）",
    "message_unmasked": "看留言全文",
    "message_taken": "接留言",
    "message_given_back": "放回留言",
    "message_answered": "回复留言",
    "message_closed": "办完留言",
    "added": "开账号",
    "renewed": "换一次性密码",
    "ended": "停用账号",
    "signed_in": "登录",
    "signed_out": "退出",
    "refused": "密码不对",
    "locked": "锁住一会儿",
    "password_set": "设密码",
    "enrolled": "绑定手机验证器",
    "factor_reset": "解绑手机验证器",
    "roles_set": "改岗位",
    "officer_set": "连警号",
    "word_added": "加不该发的词",
    "word_dropped": "去掉不该发的词",
    "edition_acted": "简报",
    "incidents_imported": "导入警情",
    "officer": "看民警信息",
    "roll_brought": "更新名册",
    "code_given": "给绑定码",
    "officer_ended": "办理离岗",
    "roster_brought": "排班",
    "task_added": "发紧急任务",
    "alarm_take": "接告警",
    "alarm_close": "关告警",
}
_DAYS = 7


@require_safe
@allowed(Permission.AUDIT)
def audit(request: HttpRequest, staff: Staff) -> HttpResponse:
    """The record of the last week, or of the days asked for; the newest first."""
    view = view_of(
        request.GET, columns=_COLUMNS, filters=("who", "what", "kind", "first", "last"), default="-at"
    )
    today = now().astimezone(SHANGHAI).date()
    last = _day(view.filters["last"], today)
    first = _day(view.filters["first"], last - timedelta(days=_DAYS))
    what = view.filters["what"]
    kind = view.filters["kind"] if view.filters["kind"] in ("look", "deed") else ""
    asked = Asked(
        first=datetime.combine(first, time(), SHANGHAI),
        last=datetime.combine(last, time(), SHANGHAI) + timedelta(days=1),
        who=view.filters["who"],
        what=what,
        like=like(what),
        kind=kind,
    )
    with connection.cursor() as cursor:
        rows, total = recorded(cursor, asked, most=PAGE, offset=view.offset)
    context: dict[str, object] = {
        "heads": [one._replace(url="") for one in view.heads()],
        "rows": [(one.at.astimezone(SHANGHAI), one, NAMES.get(one.what, one.what)) for one in rows],
        "pager": pager_of(view, total=total, shown=len(rows)),
        "filters": view.filters,
        "kind": kind,
        "first": first.isoformat(),
        "last": last.isoformat(),
    }
    return framed(request, staff, "console/audit.html", context, heading="查看记录")


def _day(words: str, otherwise: date) -> date:
    try:
        found = date.fromisoformat(words)
    except ValueError:
        return otherwise
    return found if 2000 < found.year < 2200 else otherwise
