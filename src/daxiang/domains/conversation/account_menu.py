"""The menu under a city's account as its pack writes it: `menu.toml`, read and checked.

The limits are the platform's (its page on the account's menu): three buttons, five below each, names of 16
bytes and, below, of 60.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from daxiang.domains.conversation.facts import Feature
from daxiang.domains.conversation.menus import (
    KEY_CARS,
    KEY_CRASH,
    KEY_HELP,
    KEY_MESSAGE,
    KEY_PICTURE,
    KEY_TODAY,
)
from daxiang.domains.restrictions.fields import Fields

FILE = "menu.toml"
MOST_BUTTONS, MOST_BELOW = 3, 5
NAME_BYTES, NAME_BYTES_BELOW = 16, 60
LONGEST_PAGE = 500
"""Bytes: with the website's own address it stays within the platform's 1024."""
NEEDS: dict[str, Feature | None] = {
    KEY_TODAY: None,
    KEY_HELP: None,
    KEY_CRASH: None,
    KEY_CARS: Feature.REMEMBER,
    KEY_MESSAGE: Feature.MESSAGE,
    KEY_PICTURE: Feature.PICTURE,
}
"""Key -> the feature without which a tap would lead to nothing."""


@dataclass(frozen=True, kw_only=True)
class Planned:
    """One entry as the pack has it: a key, or a page of the website, or entries below it."""

    name: str
    does: str = ""
    page: str = ""
    below: tuple[Planned, ...] = ()


@lru_cache(maxsize=64)
def read_menu(folder: Path) -> tuple[Planned, ...]:
    """The menu of a pack; empty where it has none. Kept, because the folder of a generation never changes.

    Raises PackWrong, naming file and field.
    """
    path = folder / FILE
    if not path.is_file():
        return ()
    top = Fields.of_file(path, file=f"{folder.name}/{FILE}")
    planned = tuple(_entry(one, may_have_below=True) for one in top.tables("button"))
    if len(planned) > MOST_BUTTONS:
        top.wrong("button", f"最多{MOST_BUTTONS}项")
    top.done()
    return planned


def _entry(fields: Fields, *, may_have_below: bool) -> Planned:
    name, most = fields.text("name"), NAME_BYTES if may_have_below else NAME_BYTES_BELOW
    if len(name.encode()) > most:
        fields.wrong("name", f"最多{most // 3}个汉字")
    if may_have_below and fields.has("button"):
        below = tuple(_entry(one, may_have_below=False) for one in fields.tables("button"))
        if len(below) > MOST_BELOW:
            fields.wrong("button", f"最多{MOST_BELOW}项")
        planned = Planned(name=name, below=below)
    elif fields.has("page"):
        page = fields.text("page")
        if not page.startswith("/") or page.startswith("//") or len(page.encode()) > LONGEST_PAGE:
            fields.wrong("page", "要以 / 开头，比如 /m/，也不要太长")
        planned = Planned(name=name, page=page)
    else:
        does = fields.text("does")
        if does not in NEEDS:
            fields.wrong("does", f"可写的有：{'、'.join(NEEDS)}")
        planned = Planned(name=name, does=does)
    fields.done()
    return planned
