"""What each sentence of a notice is for: head, purpose, exception, sanction, signature, or the rule."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from daxiang.domains.restrictions.drafting.exemptions import is_exemption
from daxiang.domains.restrictions.drafting.identity import head_of, signature_of
from daxiang.domains.restrictions.drafting.sanctions import is_about_sanctions
from daxiang.domains.restrictions.drafting.sentences import Sentence

_PURPOSE = re.compile(
    r"^(?:为(?:了|进一步|加强|缓解|改善|确保|保障|切实|有效|减少|规范|维护|打赢|方便)|根据|依据|经)"
)
_BANS = re.compile(r"禁止|限行|不得|不准|禁行|限制|停驶|单双号|限号|错峰|单双日|轮换")


@dataclass(frozen=True, kw_only=True)
class Roles:
    """The sentences by what they are for; each is in one of these."""

    head: tuple[Sentence, ...]
    purpose: tuple[Sentence, ...]
    exempt: tuple[Sentence, ...]
    sanction: tuple[Sentence, ...]
    body: tuple[Sentence, ...]
    signature: tuple[Sentence, ...]

    @property
    def inside(self) -> tuple[Sentence, ...]:
        """All between head and signature, in order."""
        return tuple(
            sorted((*self.purpose, *self.exempt, *self.sanction, *self.body), key=lambda one: one.number)
        )


def roles_of(sentences: Sequence[Sentence]) -> Roles:
    """Each sentence's role, by its words and by where it stands."""
    signature = signature_of(sentences)
    head = tuple(one for one in head_of(sentences) if one not in signature)
    told: dict[str, list[Sentence]] = {"purpose": [], "exempt": [], "sanction": [], "body": []}
    opened: Sentence | None = None
    for one in sentences[len(head) : len(sentences) - len(signature)]:
        if one.is_heading:
            opened = None
            continue
        if opened is not None and not _goes_on(opened, told["exempt"][-1], one):
            opened = None
        told["exempt" if opened else _role(one)].append(one)
        if opened is None and told["exempt"][-1:] == [one] and _opens(one):
            opened = one
    return Roles(head=head, signature=signature, **{name: tuple(ones) for name, ones in told.items()})


def bans(plain: str) -> bool:
    """Whether a text restricts somebody."""
    return bool(_BANS.search(plain))


def _role(one: Sentence) -> str:
    if _PURPOSE.search(one.plain):
        return "purpose"
    if is_about_sanctions(one.plain):
        return "sanction"
    return "exempt" if is_exemption(one.plain) else "body"


def _opens(one: Sentence) -> bool:
    """Whether more items of an exception follow in sentences of their own."""
    return one.plain.endswith(":") or (":" in one.plain and (one.ends in (";", "；") or one.mark == "一"))


def _goes_on(opened: Sentence, before: Sentence, one: Sentence) -> bool:
    """Whether this is the next item of the list: numbered below its opening, or after a semicolon."""
    return (one.mark in ("(", "1") and one.mark != opened.mark) or (
        before.ends in (";", "；") and not one.mark
    )
