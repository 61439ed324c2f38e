"""Tables that sort, filter and page on the server; all of it stands in the address, so a view can be kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import urlencode

PAGE = 20
_LONGEST_FILTER = 100
_MOST_PAGES = 10_000


class Column(NamedTuple):
    """`order`: the SQL expression that sorts by it; empty: it does not sort. Never made of what was typed."""

    key: str
    name: str
    order: str = ""
    is_number: bool = False


class Head(NamedTuple):
    """A column's head: `url` sorts by it (the other way round when it does already)."""

    name: str
    url: str
    sort: str
    """`ascending`, `descending`, or empty."""
    is_number: bool


@dataclass(frozen=True, kw_only=True)
class View:
    """What is asked of a table. `page` counts from 1."""

    columns: tuple[Column, ...]
    sort: str
    is_down: bool
    page: int
    filters: Mapping[str, str] = field(default_factory=dict)

    @property
    def order(self) -> str:
        """The ORDER BY, of the columns' own expressions."""
        column = next(one for one in self.columns if one.key == self.sort)
        return f"{column.order} {'DESC' if self.is_down else 'ASC'}"

    @property
    def offset(self) -> int:
        return (self.page - 1) * PAGE

    def address(self, **changes: str | int) -> str:
        """The query string of this view with some of it changed."""
        told: dict[str, str | int] = {key: value for key, value in self.filters.items() if value}
        told |= {"sort": ("-" if self.is_down else "") + self.sort, "page": self.page, **changes}
        if told["page"] == 1:
            del told["page"]
        return "?" + urlencode(told)

    def heads(self) -> list[Head]:
        return [self._head(one) for one in self.columns]

    def _head(self, column: Column) -> Head:
        if not column.order:
            return Head(column.name, "", "", column.is_number)
        is_here = column.key == self.sort
        turned = "" if is_here and self.is_down else "-"
        sort = ("descending" if self.is_down else "ascending") if is_here else ""
        return Head(column.name, self.address(sort=turned + column.key, page=1), sort, column.is_number)


@dataclass(frozen=True, kw_only=True)
class Pager:
    """Where in the whole a page stands."""

    total: int
    first: int
    last: int
    before: str
    """Address of the page before; empty: there is none."""
    after: str


def view_of(
    asked: Mapping[str, str], *, columns: Sequence[Column], filters: Sequence[str], default: str
) -> View:
    """Read a view from an address; what is not known in it is not said. `default`: `-at` sorts down."""
    sorts = {one.key for one in columns if one.order}
    wanted = asked.get("sort", default)
    wanted = wanted if wanted.removeprefix("-") in sorts else default
    page = asked.get("page", "1")
    number = int(page) if page.isascii() and page.isdecimal() and len(page) < 6 else 1
    return View(
        columns=tuple(columns),
        sort=wanted.removeprefix("-"),
        is_down=wanted.startswith("-"),
        page=min(max(number, 1), _MOST_PAGES),
        filters={key: _clean(asked.get(key, "")) for key in filters},
    )


def pager_of(view: View, *, total: int, shown: int) -> Pager:
    first = view.offset + 1 if shown else 0
    return Pager(
        total=total,
        first=first,
        last=view.offset + shown,
        before=view.address(page=view.page - 1) if view.page > 1 else "",
        after=view.address(page=view.page + 1) if view.offset + shown < total else "",
    )


def like(words: str) -> str:
    """A pattern that finds these words anywhere, with nothing in them meaning more than itself."""
    escaped = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def _clean(words: str) -> str:
    return words.replace("\0", "").strip()[:_LONGEST_FILTER]
