"""What keeps an edition from being scheduled: looked at then, and an hour and five minutes before it goes.
Pure.

In doubt it is said: a person decides, and what is marked as a person's data is taken out or veiled first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from daxiang.domains.briefings.compose import TO_WRITE
from daxiang.domains.briefings.content import Content, texts_of
from daxiang.kernel.plates import PROVINCES

_ID_NUMBER = re.compile(
    r"(?<![0-9])[1-9][0-9]{5}(?:19|20)[0-9]{2}[01][0-9][0-3][0-9][0-9]{3}[0-9Xx](?![0-9])"
)
_PHONE = re.compile(r"(?<![0-9])(?:\+?86[- ]?)?1[3-9][0-9](?:[- ]?[0-9]{4}){2}(?![0-9])")
_LANDLINE = re.compile(r"(?<![0-9])0[0-9]{2,3}[- ][2-9][0-9]{6,7}(?![0-9])")
_PLATE = re.compile(rf"[{PROVINCES}][A-Za-z][·.\s-]?(?=[A-Za-z0-9]*[0-9])[A-Za-z0-9]{{4,6}}[挂学警港澳]?")
_BANK_CARD = re.compile(r"(?<![0-9])62[0-9]{14,17}(?![0-9])")
_PERSONAL = {
    "身份证号": _ID_NUMBER,
    "手机号": _PHONE,
    "电话号码": _LANDLINE,
    "车牌号": _PLATE,
    "银行卡号": _BANK_CARD,
}
_LINK = re.compile(r"https?://|www\.", re.IGNORECASE)
LONGEST_TEASER = 120


class Weight(StrEnum):
    STOPS = "stops"
    WARNS = "warns"


class Finding(NamedTuple):
    """One thing that was found. `where`: the section and article."""

    weight: Weight
    where: str
    says: str


@dataclass(frozen=True, kw_only=True)
class Medium:
    """A picture or video of the library: until when it may be shown (None: for good), and its words for who
    cannot see it.
    """

    expires_on: date | None
    alt: str
    has_rights: bool


def findings(
    content: Content, *, day: date, media: Mapping[str, Medium], sensitive: Iterable[str] = ()
) -> list[Finding]:
    """Everything that stands in the way of an edition of that day, or should be looked at once more."""
    words = [word for word in sensitive if word]
    found: list[Finding] = []
    if not content.teaser.strip() or len(content.teaser) > LONGEST_TEASER:
        found.append(Finding(Weight.STOPS, "导语", f"导语要写，最多{LONGEST_TEASER}字。"))
    for where, text in texts_of(content):
        found += _of_text(where, text, words)
    for section in content.sections:
        for article in section.articles:
            where = f"{section.title}·{article.title}"
            found += [one for name in article.media for one in _of_medium(where, media.get(name), day)]
    return found


def _of_text(where: str, text: str, sensitive: Iterable[str]) -> list[Finding]:
    found = [
        Finding(Weight.STOPS, where, f"有{name}，请遮住或删掉。")
        for name, pattern in _PERSONAL.items()
        if pattern.search(text)
    ]
    if TO_WRITE in text:
        found.append(Finding(Weight.STOPS, where, "还没有写完。"))
    found += [Finding(Weight.STOPS, where, f"有不该发的词：{word}。") for word in sensitive if word in text]
    if _LINK.search(text):
        found.append(Finding(Weight.WARNS, where, "有网址，请看看是不是该发。"))
    return found


def _of_medium(where: str, medium: Medium | None, day: date) -> list[Finding]:
    if medium is None:
        return [Finding(Weight.STOPS, where, "图片或视频不在媒体库里。")]
    found = []
    if not medium.has_rights:
        found.append(Finding(Weight.STOPS, where, "图片或视频没有写明可以用。"))
    if medium.expires_on is not None and medium.expires_on < day:
        found.append(Finding(Weight.STOPS, where, f"图片或视频只能用到{medium.expires_on}。"))
    if not medium.alt.strip():
        found.append(Finding(Weight.STOPS, where, "图片或视频还没有文字说明。"))
    return found
