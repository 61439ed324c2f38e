"""Failures that the restriction rules name."""

from __future__ import annotations

from typing import ClassVar

from daxiang.kernel.errors import DomainError


class CityUnknown(DomainError):
    """There is no pack for this city. `daxiang rules list` shows the cities that there are."""

    code: ClassVar[str] = "city_unknown"


class PlaceUnknown(DomainError):
    """The city's pack has no place of this id. `daxiang rules check CITY` shows the places."""

    code: ClassVar[str] = "place_unknown"


class CardUnknown(DomainError):
    """No city's pack has a card of this id."""

    code: ClassVar[str] = "card_unknown"


class TimeUnusable(DomainError):
    """The time has no offset, or lies outside the years that can be answered (1990–2099)."""

    code: ClassVar[str] = "time_unusable"


class PackWrong(DomainError):
    """A file of a city pack is not right. `str(error)` names the file, the line, the field and what would be
    right.
    """

    code: ClassVar[str] = "pack_wrong"
