"""An answer as the page draws it: tone, headline, lines, numbers to call, the day in hours."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from daxiang.domains.conversation.queries import PageAnswer
from daxiang.sites.public.day_bar import DayBar, day_bar
from daxiang.sites.public.tones import tone_of, word_of

_NUMBER = re.compile(r"(?<!\d)(110|119|120|122)(?!\d)")
_DIGITS = frozenset("0123456789")


@dataclass(frozen=True, kw_only=True)
class AnswerCard:
    """One answer. `kind` as in `PageAnswer`; `advice` has its own layout, the others are a headline and
    lines.
    """

    answer: PageAnswer
    kind: str
    tone: str
    word: str
    """The passage in words, empty when the headline already says it."""
    headline: str
    lines: tuple[str, ...]
    calls: tuple[str, ...]
    """Numbers that the text names, in its order: only for danger."""
    day: DayBar | None
    has_digits: bool
    """The choices are plate digits, so they stand in a grid."""


def card_of(answer: PageAnswer, *, now: datetime) -> AnswerCard:
    """The card for an answer; the day bar marks the present hour when the answer is about today."""
    first, *rest = [line for line in answer.text.splitlines() if line.strip()] or ["不确定"]
    advice = answer.advice
    headline = advice.headline if advice else first
    tone = tone_of(advice.passage) if advice else ("maynot" if answer.kind == "danger" else "plain")
    is_today = advice is not None and advice.day_text.startswith("今天")
    return AnswerCard(
        answer=answer,
        kind="advice" if advice else answer.kind,
        tone=tone,
        word="" if advice is None or word_of(advice.passage) in headline else word_of(advice.passage),
        headline=headline,
        lines=tuple(rest),
        calls=tuple(dict.fromkeys(_NUMBER.findall(answer.text))) if answer.kind == "danger" else (),
        day=day_bar(advice.spans, now=now if is_today else None) if advice else None,
        has_digits=bool(answer.choices) and _DIGITS.issuperset(answer.choices),
    )
