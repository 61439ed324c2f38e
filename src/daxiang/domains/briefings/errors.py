"""What can go wrong with an edition; `str()` is a sentence for whoever acts."""

from __future__ import annotations

from typing import ClassVar

from daxiang.kernel.errors import DomainError


class EditionUnknown(DomainError):
    """There is no such edition."""

    code: ClassVar[str] = "edition_unknown"


class MoveRefused(DomainError):
    """The action may not be done by this person, or not now."""

    code: ClassVar[str] = "move_refused"


class DayTaken(DomainError):
    """Another edition of that day is scheduled or sent: there is one message a day."""

    code: ClassVar[str] = "day_taken"


class IncidentsWrong(DomainError):
    """A file of incidents cannot be read; says in which line and why."""

    code: ClassVar[str] = "incidents_wrong"


class CorrectionRefused(DomainError):
    """There is nothing to correct, or nobody else has approved it."""

    code: ClassVar[str] = "correction_refused"


class MediumRefused(DomainError):
    """This file is no picture or video that we can show."""

    code: ClassVar[str] = "medium_refused"
