"""Which notice it is: title, issuer, document number, level of alert."""

from __future__ import annotations

import re
from collections.abc import Sequence

from daxiang.domains.restrictions.drafting.findings import Found, Reading, Unread
from daxiang.domains.restrictions.drafting.sentences import Sentence
from daxiang.domains.restrictions.values import AlertLevel

_TITLE = re.compile(
    r"(?:.{0,40}关于.{2,80}的?(?:通告|公告|通知|决定|规定|意见)|.{2,60}(?:通告|公告|通行规定|限行规定))(?:\(.{1,16}\))?"
)
_NUMBER = re.compile(
    r"[\u4e00-\u9fffA-Za-z]{0,14}[〔\[(（［【]\d{4}[〕\])）］】]第?\d{1,5}号|\d{4}年第\d{1,5}号|第\d{1,5}号"
)
_ISSUER = re.compile(
    r"[\u4e00-\u9fff、]{2,40}(?:公安局|管理局|交警支队|交警总队|警察支队|警察总队|交警大队|警察大队|人民政府|政府|委员会|办公室|厅|局|支队|总队|大队)"
)
_DATE_LINE = re.compile(r"\d{4}(?:年|[-./])\d{1,2}(?:月|[-./])\d{1,2}日?")
_HEAD, _TAIL = 5, 5
_LEVELS = (("黄色", AlertLevel.YELLOW), ("橙色", AlertLevel.ORANGE), ("红色", AlertLevel.RED))


def head_of(sentences: Sequence[Sentence]) -> tuple[Sentence, ...]:
    """Title, number and the like: lines of their own before the first real sentence."""
    found = []
    for one in sentences[:_HEAD]:
        if one.ends != "\n" or len(one.plain) > 90 or re.match(r"为(?!.{0,6}局)|根据|经研究", one.plain):
            break
        if not (_TITLE.fullmatch(one.plain) or _NUMBER.search(one.plain) or _is_signature(one)):
            break
        found.append(one)
    return tuple(found)


def signature_of(sentences: Sequence[Sentence]) -> tuple[Sentence, ...]:
    """Who signed and when: short lines at the end."""
    found: list[Sentence] = []
    for one in reversed(sentences[-_TAIL:]):
        if not _is_signature(one):
            break
        found.insert(0, one)
    return tuple(found)


def _is_signature(one: Sentence) -> bool:
    return bool(_DATE_LINE.fullmatch(one.plain) or _ISSUER.fullmatch(one.plain)) and one.ends == "\n"


def read_title(head: Sequence[Sentence]) -> Reading[str]:
    """The title as it stands; over two lines it is for a person to join."""
    titles = [one for one in head if _TITLE.fullmatch(one.plain)]
    if len(titles) == 1:
        return Found(titles[0].text, (titles[0],))
    return Unread("标题写在哪几行", tuple(titles)) if titles else None


def read_issuer(head: Sequence[Sentence], signed: Sequence[Sentence]) -> Reading[str]:
    """Who issued it: as signed, else as the title begins."""
    names = [one for one in signed if _ISSUER.fullmatch(one.plain)]
    names = names or [one for one in head if _ISSUER.fullmatch(one.plain)]
    if names:
        return Found("、".join(dict.fromkeys(one.text for one in names)), tuple(names))
    for one in head:
        before = re.match(rf"({_ISSUER.pattern})(?=关于|通告|公告|通知)", one.text)
        if before:
            return Found(before[1], (one,))
    return None


def read_document_no(head: Sequence[Sentence]) -> Reading[str]:
    """The notice's own number: that of its head. Numbers further down are of other documents."""
    found: dict[str, Sentence] = {}
    for one in head:
        for match in _NUMBER.finditer("".join(one.text.split())):
            found.setdefault(match[0].lstrip("（("), one)
    if len(found) > 1:
        return Unread("文号：写了不止一个", tuple(found.values()))
    return next((Found(number, (one,)) for number, one in found.items()), None)


def read_alert(sentences: Sequence[Sentence]) -> Reading[tuple[str, ...]]:
    """While which levels of an alert it holds; None where it speaks of none."""
    about = [one for one in sentences if "预警" in one.plain]
    if not about:
        return None
    levels = {level.value: one for one in about for word, level in _LEVELS if word in one.plain}
    is_during = any(re.search(r"预警[^,;]{0,8}(?:期间|响应|发布|启动|后)", one.plain) for one in about)
    if not levels or not is_during or any("解除" in one.plain for one in about):
        return Unread("是不是只在预警期间执行，哪几级", tuple(about))
    return Found(tuple(levels), tuple(dict.fromkeys(levels.values())))
