"""The one base of every failure that a domain can name."""

from __future__ import annotations

from typing import ClassVar


class DomainError(Exception):
    """A failure that the product foresees.

    A subclass names the failure (`PlateUnreadable`), sets `code` (stable, snake_case, used in JSON answers
    and in the table of texts) and keeps the values that a text needs. `str(error)` is one short Chinese
    sentence for a person: what happened and what to do next.
    """

    code: ClassVar[str] = "domain_error"

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message)
        self.values = values
