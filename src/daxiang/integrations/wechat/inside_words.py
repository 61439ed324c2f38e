"""How the officer's chat words what a reviewer is told."""

from __future__ import annotations

from daxiang.domains.briefings.content import SATURDAY, Content, SectionKind
from daxiang.domains.briefings.operations import EDITION_NAMES, WORKER
from daxiang.domains.briefings.reviewing import Looked
from daxiang.domains.officers.people_queries import Account
from daxiang.domains.officers.permissions import Permission, permissions_of
from daxiang.domains.officers.roll import veiled
from daxiang.kernel.clock import SHANGHAI

_LESSONS = (SectionKind.CLASSROOM, SectionKind.LAW)


def may_review(account: Account) -> bool:
    """Whether an account of the console may approve editions."""
    return Permission.REVIEW_EDITIONS in permissions_of(account.roles)


def review_told(looked: Looked, address: str, *, reviewer: str) -> str:
    """One edition that waits for this reviewer, with her link to it."""
    held = looked.edition
    due = held.due_at.astimezone(SHANGHAI)
    author = "系统起草" if looked.author == WORKER.name else f"写稿：{veiled(looked.author)}"
    which = f"{held.day.month}月{held.day.day}日{EDITION_NAMES[held.kind]}第{held.revision}稿"
    lines = [f"{which}等您审定，请在{due.hour}:{due.minute:02}前。{author}。"]
    compared = f"比第{looked.since}稿改了{looked.changes}处，已标出。" if looked.since else ""
    found = f"有{looked.stops}项没通过，页面里有" if looked.stops else "图片、敏感词、个人信息都通过"
    lines.append(f"{compared}检查：{found}。")
    other = held.deputy if held.deputy != reviewer else held.reviewer
    other = f"您今天不方便，可在页面里交给{veiled(other)}。" if other and other != reviewer else ""
    lines.append(f"8:00没有审定就不会发出。{other}")
    lines.append(f'<a href="{address}">打开终稿</a>（15分钟，只给您用）')
    return "\n".join(lines)


def highlights(content: Content) -> list[str]:
    """What a Saturday has beside the incidents: the lesson by its name, the rest in one line."""
    lessons = [one for one in content.sections if one.kind in _LESSONS]
    told = [f"{one.title}：{one.articles[0].title}。" for one in lessons if one.articles]
    others = [one.title for one in content.sections if one.kind in SATURDAY and one not in lessons]
    return [*told, f"还有：{'、'.join(others)}。"] if others else told
