"""A city's menu as the platform takes it: what leads somewhere in this installation. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from daxiang.domains.conversation.account_menu import NEEDS, Planned
from daxiang.integrations.wechat.client.menus import Button, Entry, Press, Submenu


def menu_of(planned: Sequence[Planned], *, features: Collection[str], public_url: str) -> tuple[Entry, ...]:
    """The entries that lead somewhere in this installation; a submenu with nothing in it is left out."""
    entries: list[Entry] = []
    for one in planned:
        below = tuple(_button(leaf, public_url) for leaf in one.below if _works(leaf, features))
        if below:
            entries.append(Submenu(name=one.name, buttons=below))
        elif not one.below and _works(one, features):
            entries.append(_button(one, public_url))
    return tuple(entries)


def _works(one: Planned, features: Collection[str]) -> bool:
    if one.page:
        return True
    need = NEEDS[one.does]
    return need is None or need in features


def _button(one: Planned, public_url: str) -> Button:
    if one.page:
        return Button(name=one.name, press=Press.VIEW, url=f"{public_url.rstrip('/')}{one.page}")
    return Button(name=one.name, press=Press.CLICK, key=one.does)
