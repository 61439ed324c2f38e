"""How a passage looks and is called: four shapes, four words; colour only helps."""

from __future__ import annotations

TONES = {
    "allowed": "may",
    "banned": "maynot",
    "closed": "closed",
    "unknown": "unknown",
    "conditional": "unknown",
}
WORDS = {
    "allowed": "能走",
    "banned": "不能走",
    "closed": "封闭",
    "unknown": "不确定",
    "conditional": "要看情况",
}


def tone_of(passage: str) -> str:
    """The look of a passage; one that is not known here is drawn as 不确定, never as 能走."""
    return TONES.get(passage, "unknown")


def word_of(passage: str) -> str:
    return WORDS.get(passage, "不确定")


ENGLISH_WORDS = {
    "allowed": "open",
    "banned": "no entry",
    "closed": "closed",
    "unknown": "not certain",
    "conditional": "it depends",
}


def english_word_of(passage: str) -> str:
    """The short word for a passage on a bar or in a list."""
    return ENGLISH_WORDS.get(passage, "not certain")
