"""What the roles of the console may do: readable lists, one a role. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum


class Role(StrEnum):
    """A person may hold several, and then sees and does what any of them may."""

    EDITOR = "editor"  # 编辑
    REVIEWER = "reviewer"  # 审核
    OPERATOR = "operator"  # 运维
    CASEWORKER = "caseworker"  # 民警
    ADMINISTRATOR = "administrator"  # 管理员


class Permission(StrEnum):
    """One thing that may be done or seen."""

    READ_EDITIONS = "read_editions"
    WRITE_EDITIONS = "write_editions"
    REVIEW_EDITIONS = "review_editions"
    INCIDENTS = "incidents"
    """See, file and import them."""
    MEDIA = "media"
    MESSAGES = "messages"
    """Read and answer what citizens left."""
    TASKS = "tasks"
    SENDING = "sending"
    """What was sent, when, and whether the platform took it; no content."""
    ALARMS = "alarms"
    ROSTER = "roster"
    PEOPLE = "people"
    """Officers and units."""
    ACCOUNTS = "accounts"
    """Who may sign in, and as what."""
    AUDIT = "audit"
    """Who looked at whose data, and who did what."""


ROLES: Mapping[Role, frozenset[Permission]] = {
    Role.EDITOR: frozenset(
        {
            Permission.READ_EDITIONS,
            Permission.WRITE_EDITIONS,
            Permission.INCIDENTS,
            Permission.MESSAGES,
            Permission.MEDIA,
        }
    ),
    Role.REVIEWER: frozenset({Permission.READ_EDITIONS, Permission.REVIEW_EDITIONS}),
    Role.OPERATOR: frozenset({Permission.SENDING, Permission.ALARMS}),
    Role.CASEWORKER: frozenset(
        {Permission.MESSAGES, Permission.INCIDENTS, Permission.TASKS, Permission.ROSTER}
    ),
    Role.ADMINISTRATOR: frozenset(
        {
            Permission.PEOPLE,
            Permission.ACCOUNTS,
            Permission.ROSTER,
            Permission.AUDIT,
            Permission.ALARMS,
        }
    ),
}

NAMES: Mapping[Role, str] = {
    Role.EDITOR: "编辑",
    Role.REVIEWER: "审核",
    Role.OPERATOR: "运维",
    Role.CASEWORKER: "民警",
    Role.ADMINISTRATOR: "管理员",
}


def permissions_of(roles: Iterable[str]) -> frozenset[Permission]:
    """The union of what the roles may do; a role that is not known any more may nothing."""
    known = [ROLES[Role(role)] for role in roles if role in frozenset(Role)]
    return frozenset[Permission]().union(*known)


def role_of(name: str) -> Role | None:
    """The role of this English or Chinese name."""
    clean = name.strip()
    return next((role for role in Role if clean in (role.value, NAMES[role])), None)
