"""Where from and where to: 从武昌去汉口, 去汉口, 武昌到汉口."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from daxiang.domains.conversation.understanding.parts import Part, Token


@dataclass(slots=True)
class Route:
    origin: str | None = None
    destination: str | None = None
    unread: list[str] = field(default_factory=list)


_TOWARDS = frozenset({Part.TOWARDS, Part.TO})


def route(tokens: Sequence[Token], text: str) -> Route:
    """The banks of the way; a bank without any word beside it is where to, or of two the first where from."""
    banks = [at for at, token in enumerate(tokens) if token.part is Part.BANK]
    found = Route()
    for number, at in enumerate(banks):
        name = str(tokens[at].value)
        before = next((one for one in reversed(tokens[:at]) if one.part is not Part.BREAK), None)
        behind = next((one for one in tokens[at + 1 :] if one.part is not Part.BREAK), None)
        if _is_start(tokens[at], before, behind, text, is_last=number == len(banks) - 1):
            if found.origin is None:
                found.origin = name
            elif found.origin != name:
                found.unread.append(name)
        elif found.destination is None or found.destination == name:
            found.destination = name
        else:
            found.unread.append(name)
    if found.origin == found.destination:
        found.origin = None
    return found


def _is_start(token: Token, before: Token | None, behind: Token | None, text: str, *, is_last: bool) -> bool:
    if before is not None and before.end == token.start:
        if before.part is Part.ORIGIN or text[before.start : before.end].endswith(("在", "住")):
            return True
        if before.part in _TOWARDS:
            return False
    if not is_last:
        return True
    return behind is not None and behind.part in _TOWARDS and behind.start == token.end
