"""What stands around every page of the console: who is in, where one may go, what day and time it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from daxiang.domains.officers.models import Staff
from daxiang.domains.officers.permissions import NAMES, Permission, Role, permissions_of
from daxiang.foundation.sealing import Sealer
from daxiang.kernel.clock import SHANGHAI, clock_from
from daxiang.sites.console.addresses import address_of
from daxiang.sites.console.counts import waiting
from daxiang.sites.console.staff_only import unstored

THEME_COOKIE = "daxiang_console_theme"
_WEEKDAYS = "一二三四五六日"


class Page(NamedTuple):
    """A page of the navigation. `any_of`: one of these opens it."""

    view: str
    name: str
    icon: str
    key: str
    group: str
    any_of: frozenset[Permission]


def _page(view: str, name: str, icon: str, key: str, group: str, *any_of: Permission) -> Page:
    return Page(f"console:{view}", name, icon, key, group, frozenset(any_of))


BOARD = (Permission.READ_EDITIONS, Permission.MESSAGES, Permission.SENDING, Permission.ALARMS)
"""Whoever may one of these has a day to look at."""
PAGES = (
    _page("board", "今日", "clock", "1", "", *BOARD),
    _page("editions", "简报", "doc", "2", "", Permission.READ_EDITIONS),
    _page("incidents", "警情", "pin", "3", "", Permission.INCIDENTS),
    _page("messages", "群众留言", "bubble", "4", "", Permission.MESSAGES),
    _page("tasks", "紧急任务", "bolt", "5", "", Permission.TASKS),
    _page("roster", "排班", "cal", "6", "人", Permission.ROSTER),
    _page("people", "民警与单位", "people", "7", "人", Permission.PEOPLE),
    _page("suggestions", "意见箱", "bubble", "", "人", Permission.PEOPLE),
    _page("accounts", "工作台账号", "lock", "", "人", Permission.ACCOUNTS),
    _page("media", "媒体库", "pic", "8", "内容", Permission.MEDIA),
    _page("sending", "发送", "send", "9", "运行", Permission.SENDING),
    _page("alarms", "告警", "pulse", "", "运行", Permission.ALARMS),
    _page("audit", "查看记录", "eye", "0", "运行", Permission.AUDIT),
)
"""In the order of the navigation. What a role may not open is absent, never greyed."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of the navigation. `says`: what somebody must act on; empty: nothing."""

    name: str
    url: str
    icon: str
    key: str
    is_here: bool
    says: str


@dataclass(frozen=True, kw_only=True)
class Group:
    name: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, kw_only=True)
class Frame:
    """`heading`: the page's name. `now`: business time, in Beijing."""

    heading: str
    groups: tuple[Group, ...]
    roles: str
    now: datetime
    shows_editions: bool = False
    shows_alarms: bool = False
    shows_messages: bool = False
    overdue: str = ""

    @property
    def day(self) -> str:
        return f"{self.now.month}月{self.now.day}日 周{_WEEKDAYS[self.now.weekday()]}"


def now() -> datetime:
    """Business time."""
    return clock_from(settings.DAXIANG.clock_file).now()


def address_from(request: HttpRequest) -> str:
    """The address that a request comes from, past our own proxies."""
    return address_of(request.META, settings.DAXIANG.proxies)


def sealer() -> Sealer:
    return Sealer(settings.DAXIANG.data_keys)


def may(staff: Staff, permission: Permission) -> bool:
    return permission in permissions_of(staff.roles)


def first_page(staff: Staff) -> str | None:
    """The address that this account lands on; None when it may open nothing."""
    held = permissions_of(staff.roles)
    roles = frozenset(staff.roles)
    if roles == {Role.CASEWORKER}:
        return reverse("console:messages")
    return next((reverse(page.view) for page in PAGES if page.any_of & held), None)


def framed(
    request: HttpRequest,
    staff: Staff,
    template: str,
    context: dict[str, object] | None = None,
    *,
    heading: str,
    status: int = 200,
) -> HttpResponse:
    """A page inside the frame."""
    groups = _groups(request, staff)
    frame = Frame(
        heading=heading,
        groups=groups,
        roles="、".join(NAMES[Role(one)] for one in staff.roles if one in frozenset(Role)) or "没有岗位",
        now=now().astimezone(SHANGHAI),
        shows_editions=may(staff, Permission.READ_EDITIONS),
        shows_alarms=may(staff, Permission.ALARMS),
        shows_messages=may(staff, Permission.MESSAGES),
        overdue=next((one.says for group in groups for one in group.entries if one.name == "群众留言"), ""),
    )
    told = request.session.pop("told", "")
    whole = {"frame": frame, "staff": staff, "told": told, "theme": theme_of(request), **(context or {})}
    return unstored(render(request, template, whole, status=status))


def refused(
    request: HttpRequest, staff: Staff, *, heading: str, words: str, status: int, back: str = ""
) -> HttpResponse:
    """A page that says why not, and where to go instead."""
    context: dict[str, object] = {
        "words": words,
        "back": back or first_page(staff) or reverse("console:password"),
    }
    return framed(request, staff, "console/refused.html", context, heading=heading, status=status)


def tell(request: HttpRequest, words: str) -> None:
    """Say this on the next page: what was done."""
    request.session["told"] = words


def theme_of(request: HttpRequest) -> str:
    theme = request.COOKIES.get(THEME_COOKIE, "")
    return theme if theme in ("light", "dark") else ""


def _groups(request: HttpRequest, staff: Staff) -> tuple[Group, ...]:
    held = permissions_of(staff.roles)
    counts = waiting(held, now=now())
    groups: dict[str, list[Entry]] = {}
    for page in PAGES:
        if not page.any_of & held:
            continue
        url = reverse(page.view)
        is_here = request.path == url or (page.view != "console:board" and request.path.startswith(url))
        entry = Entry(
            name=page.name,
            url=url,
            icon=page.icon,
            key=page.key,
            is_here=is_here,
            says=counts.get(page.view, ""),
        )
        groups.setdefault(page.group, []).append(entry)
    return tuple(Group(name=name, entries=tuple(entries)) for name, entries in groups.items())
