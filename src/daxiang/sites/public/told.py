"""An answer in the parts that a page draws, in Chinese: the words are those of the chat.

`english` says the same values in English. Both give `Told`, so that one template draws either.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from daxiang.domains.conversation.cases import ONE_DAY, Case, Frame, Piece, after, course_of, grave, rank
from daxiang.domains.conversation.chinese import hours_between
from daxiang.domains.conversation.replies import Reply, ReplyKind, Span
from daxiang.domains.conversation.wording import groups, until_text, word
from daxiang.domains.restrictions.city_cards import CityCards
from daxiang.domains.restrictions.rules import Decision
from daxiang.domains.restrictions.values import Passage, Place
from daxiang.sites.public.day_bar import DayBar, day_bar
from daxiang.sites.public.found import Found, OneCase
from daxiang.sites.public.tones import tone_of

_BASIS_THERE = "依据是什么"
"""Of another city the basis is asked for: this page shows our own."""
_WAY = re.compile(r"((?:过|去)[^：，不]{1,9}走|[^：，]{2,9}，现在这几条都能走)：([^：；，]+)。")
_IN_BRACKETS = re.compile(r"（[^）]*）")
_NUMBER = re.compile(r"(?<!\d)(110|119|120|122)(?!\d)")
_ASSUMED = re.compile(r"按..小客车算。")
_WHOLE = "其他时间"


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Places that fare alike. `until`: when that changes, or the hours; empty when nothing is to be said."""

    tone: str
    names: str
    word: str
    until: str


@dataclass(frozen=True, kw_only=True)
class Part:
    """One car at one time."""

    whom: str
    verdicts: tuple[Verdict, ...]
    bar: DayBar | None

    @property
    def tone(self) -> str:
        return self.verdicts[0].tone


@dataclass(frozen=True, kw_only=True)
class Way:
    """What is open instead: a label, and names as the chat gives them."""

    label: str
    names: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Tap:
    """Something to press: what it says, and the words that it asks."""

    label: str
    words: str


@dataclass(frozen=True, kw_only=True)
class Told:
    """An answer, ready to be drawn. `kind` as in the chat. Without `parts` there are a headline and lines.

    `says`: sentences; `calls`: numbers to call, only for danger. `is_foreign`: the sentences are Chinese on
    an English page.
    """

    kind: str
    tone: str
    headline: str
    parts: tuple[Part, ...] = ()
    ways: tuple[Way, ...] = ()
    says: tuple[str, ...] = ()
    why: str = ""
    source: str = ""
    caution: str = ""
    taps: tuple[Tap, ...] = ()
    calls: tuple[str, ...] = ()
    is_foreign: bool = False
    summary: str = field(default="")
    """One line for the title of a page and for a preview."""

    @property
    def has_digits(self) -> bool:
        return bool(self.taps) and all(len(tap.words) == 1 and tap.words.isdigit() for tap in self.taps)


def told(found: Found) -> Told:
    """The reply in parts. Every line of the chat is somewhere on the page."""
    reply = found.reply
    if reply is None:
        raise ValueError("nothing was asked")
    if not found.cases:
        return words_of(reply)
    first, *rest = _lines(reply)
    parts = tuple(_part(found, one) for one in found.cases)
    one, part = gravest(found, parts)
    return Told(
        kind=reply.kind,
        tone=part.tone,
        headline=headline(part),
        parts=parts,
        ways=tuple(ways_in(rest)),
        says=tuple(([first] if _is_needed(first, one) else []) + _says(rest, found)),
        why=_why(rest, one),
        source=_after(rest, "依据：") or (f"{one.advice.source}。" if one.advice.source else ""),
        caution=one.advice.caution or "",
        taps=_taps(reply),
        summary=f"{part.whom}：{headline(part)}",
    )


def _why(lines: list[str], one: OneCase) -> str:
    """The chat's reason; where it says why in its own lines, only what it took the car for."""
    if one.decision.passage is Passage.UNKNOWN and not _after(lines, "为什么："):
        return next((line for line in lines if _ASSUMED.fullmatch(line)), "")
    return _after(lines, "为什么：") or one.advice.why


def words_of(reply: Reply) -> Told:
    """A reply that is not about one car's passage: its first line, and the rest."""
    is_danger = reply.kind is ReplyKind.DANGER
    first, *rest = _lines(reply)
    return Told(
        kind=reply.kind,
        tone="maynot" if is_danger else "plain",
        headline=first,
        says=tuple(rest),
        taps=_taps(reply),
        calls=numbers_in(reply.text) if is_danger else (),
        summary=first,
    )


def _lines(reply: Reply) -> list[str]:
    return [line for line in reply.text.splitlines() if line.strip()] or ["不确定"]


def _taps(reply: Reply) -> tuple[Tap, ...]:
    is_elsewhere = bool(reply.talk and reply.talk.city)
    return tuple(
        Tap(label=words, words=_BASIS_THERE if is_elsewhere and words == "看依据" else words)
        for words in reply.choices
    )


def gravest(found: Found, parts: tuple[Part, ...]) -> tuple[OneCase, Part]:
    """The case that gives the tone, and how it is drawn."""
    return min(zip(found.cases, parts, strict=True), key=lambda pair: _gravity(pair[0].case))


def _is_needed(first: str, one: OneCase) -> bool:
    """Whether the chat's first line says more than the verdicts: a safe course, or how it was read."""
    is_conditional = one.decision.passage is Passage.CONDITIONAL
    return is_conditional or "请按" in first or first.startswith("我按")


def numbers_in(text: str) -> tuple[str, ...]:
    """The emergency numbers of a text, in its order."""
    return tuple(dict.fromkeys(_NUMBER.findall(text)))


def headline(part: Part) -> str:
    """长江大桥、江汉桥不能走，22:00后能走: the gravest verdict on one line."""
    verdict = part.verdicts[0]
    return f"{verdict.names}{verdict.word}{'，' if verdict.until else ''}{verdict.until}"


def tone(decision: Decision) -> str:
    """The look of a decision; shut to everybody has its own."""
    return "closed" if decision.is_closed else tone_of(decision.passage)


def _gravity(case: Case) -> int:
    return min(rank(grave(course)) for course in case.courses)


def _part(found: Found, one: OneCase) -> Part:
    here = Frame(start=found.now, is_now=True)
    subject = f"{one.advice.subject}，" if one.advice.subject else ""
    place = next(place for place in one.case.places if place.id == one.decision.place)
    return Part(
        whom=f"{subject}{one.advice.day_text}",
        verdicts=tuple(_verdict(found.cards, one.case, group, here) for group in groups(one.case)),
        bar=bar_of(found, one, place),
    )


def _verdict(
    cards: CityCards, case: Case, group: tuple[tuple[Place, ...], tuple[Piece, ...]], here: Frame
) -> Verdict:
    places, course = group
    worst = grave(course).decision
    said = word(worst)
    both = "都" if worst.passage is Passage.ALLOWED and len(places) > 1 else ""
    return Verdict(
        tone=tone(worst),
        names="、".join(place.short_name for place in places),
        word=both + said,
        until=_until(cards, case, places[0], course, here),
    )


def _until(cards: CityCards, case: Case, place: Place, course: tuple[Piece, ...], here: Frame) -> str:
    worst = grave(course).decision
    if len(course) > 1:
        held = [piece for piece in course if word(piece.decision) == word(worst)]
        rest = {word(piece.decision) for piece in course if piece not in held}
        hours = "、".join(hours_between(piece.start, piece.end or piece.start) for piece in held)
        return f"{hours}，{_WHOLE}{rest.pop()}" if len(rest) == 1 else hours
    if case.frame.end is not None:
        return "全天" if case.frame.is_whole_day else ""
    return until_text(worst, after(cards, case.vehicle, place, worst), case.frame, here)


def bar_of(found: Found, one: OneCase, place: Place, *, is_english: bool = False) -> DayBar | None:
    """The hours of that day at the place that gives the tone."""
    midnight = one.case.frame.start.replace(hour=0, minute=0, second=0, microsecond=0)
    spans = day_of(found.cards, one, place)
    is_today = midnight.date() == found.now.date()
    return day_bar(spans, now=found.now if is_today else None, is_english=is_english)


def day_of(cards: CityCards, one: OneCase, place: Place) -> tuple[Span, ...]:
    """A day from 0 to 24 with what holds in each part, closures told from bans."""
    midnight = one.case.frame.start.replace(hour=0, minute=0, second=0, microsecond=0)
    end = midnight + ONE_DAY
    frame = Frame(start=midnight, end=end, is_whole_day=True)
    return tuple(
        Span(
            start_hour=(piece.start - midnight).total_seconds() / 3600,
            end_hour=((piece.end or end) - midnight).total_seconds() / 3600,
            passage="closed" if piece.decision.is_closed else piece.decision.passage,
        )
        for piece in course_of(cards, one.vehicle, place, frame)
    )


def ways_in(lines: Iterable[str]) -> Iterable[Way]:
    """过长江走：鹦鹉洲大桥、长江二桥。 of the chat, taken apart."""
    for line in lines:
        if match := _WAY.fullmatch(line):
            yield Way(label=match[1], names=tuple(match[2].split("、")))


def bare(name: str) -> str:
    """A name without what stands in brackets behind it: 长江隧道（到1:00）."""
    return _IN_BRACKETS.sub("", name)


def _says(lines: Iterable[str], found: Found) -> list[str]:
    """What is neither a way, nor why, nor a source, nor another case's verdict, which stands in its part."""
    shown = ["为什么：", "依据："]
    if len(found.cases) > 1:
        shown += [f"{one.advice.subject}：" for one in found.cases]
        shown += [f"{one.advice.day_text}：" for one in found.cases]
    return [
        line
        for line in lines
        if not (line.startswith(tuple(shown)) or _WAY.fullmatch(line) or _ASSUMED.fullmatch(line))
    ]


def _after(lines: Iterable[str], label: str) -> str:
    return next((line.removeprefix(label) for line in lines if line.startswith(label)), "")
