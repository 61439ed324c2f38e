"""A draft as TOML: a field a line, beside it the sentence that it came from, and what is to be finished."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from daxiang.domains.restrictions.drafting.drafts import Draft, Line, Table, Value
from daxiang.domains.restrictions.drafting.sentences import Sentence

LEFTOVERS = "没读完"
"""The field that holds what is in no other. No card may have it, so a draft is never taken for a card."""


def toml(draft: Draft) -> str:
    """The whole file. `daxiang rules check` refuses it until a person has written what is blank."""
    return "\n".join(_all(draft)) + "\n"


def _all(draft: Draft) -> Iterator[str]:
    yield "# 草稿：由公告的文字读出来的，还不是规则卡。没读出来的写成空的，rules check 会说在哪一行。"
    yield "# 写完以后，删掉“原句”这些注释也可以；公告的原文请照 url 核对一遍。"
    if draft.leftovers:
        yield "# 下面这些写在公告里，却没有放进哪个字段。一条一条看过、写好，再把这一段整个删掉。"
        yield f'"{LEFTOVERS}" = ['
        for one in draft.leftovers:
            yield f"    {_quoted(one.text)},"
        yield "]"
    for table in draft.tables:
        yield from _table(table)
    if draft.untouched:
        yield ""
        yield "# 公告里这些句子，什么都没有取："
        for sentence in draft.untouched:
            yield f"# 第{sentence.number}句：{sentence.text}"


def _table(table: Table) -> Iterator[str]:
    yield ""
    if table.header:
        yield table.header
    for line in table.lines:
        yield from _line(line)


def _line(line: Line) -> Iterator[str]:
    beside, below = _comments(line)
    told = f"{line.key} = {_value(line.value)}"
    yield f"{told}  # {beside}" if beside else told
    for one in below:
        yield f"# {one}"


def _comments(line: Line) -> tuple[str, list[str]]:
    quotes = [_quote(one) for one in line.sentences]
    first = f"没读出来：{line.missing}" if line.missing is not None else line.note
    told = [*([first] if first else []), *quotes]
    return (told[0], told[1:]) if told else ("", [])


def _quote(sentence: Sentence) -> str:
    return f"原句（第{sentence.number}句）：{sentence.text}"


def _value(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, tuple):
        return f"[{', '.join(_value(one) for one in value)}]"
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return str(value)


def _quoted(text: str) -> str:
    """A TOML basic string; a sentence has no sign in it that a file may not hold."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t")
    return f'"{escaped}"'
