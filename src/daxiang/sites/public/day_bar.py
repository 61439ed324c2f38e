"""The hours of one day with what holds in each, as figures for an SVG that is measured in percent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from daxiang.sites.public.tones import english_word_of, tone_of, word_of

_HOURS = 24.0
_GLYPH_PERCENT = 4.1
"""How wide one character of a word is on the narrowest bar we draw (about 340 px)."""
_TICK_PERCENT = 11.0
"""Two hours nearer than this would touch each other; the later one gives way."""


class Stretch(Protocol):
    """A part of a day with one answer, in hours from 0 to 24."""

    @property
    def start_hour(self) -> float: ...
    @property
    def end_hour(self) -> float: ...
    @property
    def passage(self) -> str: ...


@dataclass(frozen=True, kw_only=True)
class Part:
    x: str
    width: str
    middle: str
    tone: str
    word: str
    is_tight: bool
    """On a telephone the word would not fit: words go before hours do."""


@dataclass(frozen=True, kw_only=True)
class Mark:
    x: str
    anchor: str
    text: str


@dataclass(frozen=True, kw_only=True)
class DayBar:
    parts: tuple[Part, ...]
    ticks: tuple[Mark, ...]
    now: Mark | None
    spoken: str
    """The same in a sentence, for who does not see it."""


def day_bar(spans: Sequence[Stretch], *, now: datetime | None, is_english: bool = False) -> DayBar | None:
    """The bar, or None when the whole day has one answer: then there is nothing to draw.

    `now` is left out when the day is not today.
    """
    if len(spans) < 2:
        return None
    mark = None
    if now is not None:
        present = "Now" if is_english else "现在"
        mark = _mark(now.hour + now.minute / 60, f"{present} {now.hour}:{now.minute:02}", edge=11.0)
    return DayBar(
        parts=tuple(_part(span, is_english) for span in spans),
        ticks=_ticks(spans),
        now=mark,
        spoken=_spoken(spans, mark, is_english),
    )


def _spoken(spans: Sequence[Stretch], mark: Mark | None, is_english: bool) -> str:
    now = mark.text if mark else ""
    if is_english:
        said = ", ".join(
            f"{_hour(s.start_hour)} to {_hour(s.end_hour)} {_word(s.passage, is_english)}" for s in spans
        )
        return f"That day: {said}. {now}".strip()
    said = "，".join(f"{_hour(s.start_hour)}到{_hour(s.end_hour)}{word_of(s.passage)}" for s in spans)
    return f"这一天：{said}。{now}"


def _word(passage: str, is_english: bool) -> str:
    return english_word_of(passage) if is_english else word_of(passage)


def _percent(hour: float) -> str:
    return f"{100 * hour / _HOURS:.2f}%"


def _hour(hour: float) -> str:
    return f"{int(hour)}:{round(hour % 1 * 60):02}"


def _part(span: Stretch, is_english: bool) -> Part:
    hours, word = span.end_hour - span.start_hour, _word(span.passage, is_english)
    room = 100 * hours / _HOURS
    needed = len(word) * _GLYPH_PERCENT * (0.55 if is_english else 1)
    return Part(
        x=_percent(span.start_hour),
        width=_percent(hours),
        middle=_percent((span.start_hour + span.end_hour) / 2),
        tone=tone_of(span.passage),
        word=word if room >= needed * 0.7 else "",
        is_tight=room < needed,
    )


def _mark(hour: float, text: str, *, edge: float) -> Mark:
    at = 100 * hour / _HOURS
    anchor = "start" if at < edge else "end" if at > 100 - edge else "middle"
    return Mark(x=_percent(hour), anchor=anchor, text=text)


def _ticks(spans: Sequence[Stretch]) -> tuple[Mark, ...]:
    kept: list[float] = []
    for hour in [span.start_hour for span in spans]:
        if not kept or 100 * (hour - kept[-1]) / _HOURS >= _TICK_PERCENT:
            kept.append(hour)
    return tuple(_mark(hour, _hour(hour), edge=4.0) for hour in kept)
