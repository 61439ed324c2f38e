"""What can go wrong on duty; `str()` is a sentence for the officer."""

from __future__ import annotations

from typing import ClassVar

from daxiang.kernel.errors import DomainError


class RosterWrong(DomainError):
    """A file of shifts cannot be taken; says in which lines and why."""

    code: ClassVar[str] = "roster_wrong"


class SwapRefused(DomainError):
    """This shift cannot be swapped like that."""

    code: ClassVar[str] = "swap_refused"


class TaskRefused(DomainError):
    """There is no such task, or nobody to tell."""

    code: ClassVar[str] = "task_refused"
