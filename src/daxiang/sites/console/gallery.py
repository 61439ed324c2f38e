"""The gallery of the console: every shared piece in every state. All of it is invented; nobody signs in."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from daxiang.domains.briefings.content import Article, Content, Figure, Section, SectionKind
from daxiang.sites.console.frame import theme_of
from daxiang.sites.console.tables import Column, pager_of, view_of
from daxiang.sites.edition_view import told

SIGNS = (
    ("ok", "好了"),
    ("warn", "要留意"),
    ("bad", "出错、超时"),
    ("live", "正在办"),
    ("idle", "没有"),
    ("stale", "旧了"),
    ("todo", "还没到"),
)
_COLUMNS = (Column("at", "时间", "at"), Column("severity", "等级", "severity"), Column("what", "经过"))
_FLOW = (
    ("草稿", "done", "ok", "第2稿"),
    ("送审", "done", "ok", "李 07:05"),
    ("审定", "here", "live", "07:30 前"),
    ("定时", "later", "todo", "检查 07:00、07:55"),
    ("发出", "later", "todo", "08:00"),
)
_EDITION = Content(
    title="11月25日 周三 简报",
    teaser="昨日警情41起，比上周二少6起；重要警情1件。",
    sections=(
        Section(
            kind=SectionKind.FIGURES,
            title="昨日数字",
            figures=(Figure(name="全部警情", count=41, before=47), Figure(name="追尾", count=12, before=12)),
        ),
        Section(
            kind=SectionKind.MUST,
            title="人人要知道",
            articles=(Article(title="", paragraphs=("货车全天不能上长江大桥。",)),),
        ),
    ),
)


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Pieces for who builds pages, and for who checks that they still look right."""
    view = view_of(request.GET, columns=_COLUMNS, filters=(), default="-at")
    context: dict[str, Any] = {
        "signs": SIGNS,
        "heads": view.heads(),
        "pager": pager_of(view, total=120, shown=50),
        "flow": [{"name": name, "place": place, "sign": sign, "by": by} for name, place, sign, by in _FLOW],
        "view": told(_EDITION, media={}),
        "theme": theme_of(request),
    }
    return render(request, "console/gallery.html", context)
