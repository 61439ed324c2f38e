"""Failures of the calendar."""

from __future__ import annotations

from typing import ClassVar

from daxiang.kernel.errors import DomainError


class CalendarWrong(DomainError):
    """The table of added years cannot be read. `str(error)` names the field and what would be right."""

    code: ClassVar[str] = "calendar_wrong"
