"""What a page cannot do with an address."""

from __future__ import annotations

from daxiang.kernel.errors import DomainError


class AddressUnusable(DomainError):
    """A field of an address holds what no link of ours writes. Say the sentence, keep what was typed.

    `english`: the same sentence in English.
    """

    code = "address_unusable"

    def __init__(self, message: str, *, english: str) -> None:
        super().__init__(message, english=english)
        self.english = english
