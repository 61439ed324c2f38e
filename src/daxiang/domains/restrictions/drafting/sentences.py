"""A notice as numbered sentences: as they stand, to be quoted, and in one plain spelling, to be read."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

MOST_SIGNS = 600
"""A sentence that is longer is cut: no notice has one, and reading costs more than its length."""
_STOPS = "。！？!?；;"
_OPENS, _CLOSES = "（(〔［[【《“", "）)〕］]】》”"
_HIERARCHY = re.compile(
    r"^(?:[0-9]{1,2}[、.)](?![0-9])|\([0-9一二三四五六七八九十]{1,3}\)|[一二三四五六七八九十]{1,3}、)"
)
_MARKS = (
    ("(", re.compile(r"\([0-9一二三四五六七八九十]{1,3}\)")),
    ("1", re.compile(r"[0-9]{1,2}[、.)](?![0-9])")),
    ("一", re.compile(r"[一二三四五六七八九十]{1,3}、")),
)
_NUMBERED = re.compile(
    r"^\s*(?:[0-9０-９]{1,2}[、.．)）](?![0-9])|[(（][0-9一二三四五六七八九十]{1,3}[)）]|[一二三四五六七八九十]{1,3}、)\s*"
)
_HEADING = re.compile(
    r"(?:不受|下列|以下|限行|限制|禁行|禁止|管控|管制|通行|适用|执行|实施|尾号|违反|处罚|例外|豁免)"
    r"[^,:]{0,20}(?:时间|时段|日期|区域|范围|路段|道路|车辆|车型|对象|尾号|号码|措施|规定|办法|方式|情形|要求):?"
)
_DASHES = re.compile(r"[-‐‑–—―−~]+")
_COUNTED = re.compile(
    r"(?<!周)(?<!星期)([〇零一二三四五六七八九十]{1,4})(?=时(?!间|段|候|期|刻)|点|分(?!别)|月|日|年|座|元|轴|天|次|小时|吨|米)"
)
_NUMERALS = {sign: number for number, sign in enumerate("零一二三四五六七八九")} | {"〇": 0}


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """`text` as it stands in the notice; `plain` for reading; `ends` the sign behind it; `number` from 1.

    `mark`: how it is numbered in the notice: "(" (一), "1" 1., "一" 一、, or empty. A heading on its
    own line stands, for reading, before the sentence behind it as well, whose mark is then the heading's.
    """

    number: int
    text: str
    plain: str
    ends: str
    mark: str
    is_heading: bool = False


def sentences_of(notice: str) -> tuple[Sentence, ...]:
    """The sentences in order: by full stop, semicolon and line, never inside brackets."""
    found: list[Sentence] = []
    heading: Sentence | None = None
    for text, ends in _pieces(notice):
        spelled = plain(text)
        bare = _HIERARCHY.sub("", spelled)
        if not bare:
            continue
        mark = next((name for name, pattern in _MARKS if pattern.match(spelled)), "")
        is_heading = bool(mark and ends == "\n" and _HEADING.fullmatch(bare))
        if heading is not None and not is_heading:
            bare, mark = f"{heading.plain.rstrip(':')}:{bare}", heading.mark
        one = Sentence(
            number=len(found) + 1, text=text, plain=bare, ends=ends, mark=mark, is_heading=is_heading
        )
        heading = one if is_heading else None
        found.append(one)
    return tuple(found)


def unnumbered(text: str) -> str:
    """The text without the number that stands before it in the notice."""
    return _NUMBERED.sub("", text, count=1)


def plain(text: str) -> str:
    """One spelling: half width, no blanks, one sign for every dash, 周 for weekdays, digits for counts."""
    narrow = "".join(unicodedata.normalize("NFKC", text).split())
    narrow = _DASHES.sub("-", narrow)
    narrow = re.sub(r"(?:星期|礼拜)(?=[一二三四五六日天])", "周", narrow).replace("周天", "周日")
    return _COUNTED.sub(lambda found: _digits(found[1]), narrow)


def _pieces(notice: str) -> list[tuple[str, str]]:
    """Texts between stops, each with the stop behind it; a sign that no comment may carry ends one too."""
    pieces: list[tuple[str, str]] = []
    start = depth = 0
    for at, sign in enumerate(notice + "\n"):
        is_break = sign != "\t" and unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp")
        if sign in _OPENS:
            depth += 1
        elif sign in _CLOSES:
            depth = max(0, depth - 1)
        if is_break or (sign in _STOPS and not depth) or at - start >= MOST_SIGNS:
            is_cut = not is_break and sign not in _STOPS
            if text := notice[start:at].strip():
                pieces.append((text, "\n" if is_break else "" if is_cut else sign))
            start = at if is_cut else at + 1
            depth = 0 if is_break else depth
    return pieces


def _digits(told: str) -> str:
    """十二 -> 12, 二〇二六 -> 2026, 三十一 -> 31."""
    if "十" not in told:
        return "".join(str(_NUMERALS[sign]) for sign in told)
    tens, _, ones = told.partition("十")
    if "十" in ones or len(tens) > 1 or len(ones) > 1:
        return told
    return str(_NUMERALS.get(tens, 1) * 10 + _NUMERALS.get(ones, 0))
