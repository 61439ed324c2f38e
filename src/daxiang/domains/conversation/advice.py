"""May this car drive here today, until when, and what is open instead. Pure.

`advise` gathers the decisions into one value; `in_words` says it as the chat does. The page draws the same
value, so the two can never differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from daxiang.domains.conversation.chinese import day_name, hour, moment
from daxiang.domains.conversation.replies import Advice, PlaceNow, Span, TailAdvice, Way
from daxiang.domains.restrictions.rules import CityCards, Decision, Source, day_spans, decide
from daxiang.domains.restrictions.values import Passage, Place, Question, Vehicle
from daxiang.kernel.plates import Plate

WORDS = {
    Passage.ALLOWED: "能走",
    Passage.BANNED: "不能走",
    Passage.UNKNOWN: "不确定",
    Passage.CONDITIONAL: "要看情况",
}
SAFE_COURSE = "拿不准的时候，请按不能走安排。"


def vehicle_of(*, tail: str, plate: Plate | None) -> Vehicle:
    """The car that a tail or a plate is taken for: a private small passenger car, green when the plate is."""
    return Vehicle(
        plate=plate,
        tail=tail,
        new_energy=plate is not None and plate.is_new_energy,
    )


def advise(cards: CityCards, *, tail: str, plate: Plate | None = None, at: datetime) -> TailAdvice:
    """The answer for one car at one instant, over every restricted crossing of the city."""
    vehicle = vehicle_of(tail=tail, plate=plate)
    return advise_vehicle(cards, vehicle, subject=subject_of(tail, plate), at=at)


def advise_vehicle(cards: CityCards, vehicle: Vehicle, *, subject: str, at: datetime) -> TailAdvice:
    """The same for whatever has a tail; `subject` is how the answer names it."""
    ruled = cards.restricted_places()
    decisions = {place.id: decide(cards, Question(place=place.id, at=at, vehicle=vehicle)) for place in ruled}
    ways = {place.id: _open_instead(cards, place, vehicle, at) for place in ruled}
    lead = _gravest(list(decisions.values()))
    same = [place for place in ruled if decisions[place.id].passage == lead.passage]
    same_hour = all(decisions[place.id].until == lead.until for place in same)
    after = _next_change(cards, same[0], vehicle, lead)
    return TailAdvice(
        tail=vehicle.tail_digit or "",
        subject=subject,
        day_text=day_name(at, at),
        passage=lead.passage,
        headline=_headline(ruled, decisions),
        until_text=_until_text(lead, after, at) if same_hour else "",
        ways=_ways(cards, same, ways) if lead.passage != Passage.ALLOWED else (),
        next_text=_next_text(lead, after, at) if same_hour else "",
        why=f"{lead.reason.rstrip('。')}。{_assumed(vehicle)}",
        source=_source_text(lead.source),
        caution=lead.caution,
        spans=_spans(cards, same[0], vehicle, at),
        places=tuple(_as_advice(place, decisions[place.id], ways[place.id]) for place in ruled),
        crossings=_crossings(cards, vehicle, at),
    )


def in_words(advice: TailAdvice) -> str:
    """The chat's bubble: the answer and its hour, what is open, the next change, why, source."""
    until = f"，{advice.until_text}" if advice.until_text else ""
    lines = [f"{advice.subject}，{advice.day_text}：{advice.headline}{until}。"]
    lines += [SAFE_COURSE] if advice.passage == Passage.UNKNOWN else []
    lines += [f"{way.label}：{'、'.join(way.names)}。" for way in advice.ways]
    lines += [advice.next_text] if advice.next_text else []
    lines += [f"为什么：{advice.why}"]
    lines += [f"依据：{advice.source}。"] if advice.source else []
    lines += [f"{advice.caution.rstrip('。')}。"] if advice.caution else []
    return "\n".join(lines)


_GRAVITY = (Passage.BANNED, Passage.UNKNOWN, Passage.CONDITIONAL, Passage.ALLOWED)


def _gravest(decisions: Sequence[Decision]) -> Decision:
    return min(decisions, key=lambda decision: _GRAVITY.index(decision.passage))


def subject_of(tail: str, plate: Plate | None) -> str:
    """尾号5, or the masked plate and how it is counted."""
    if plate is None:
        return f"尾号{tail}"
    return plate.masked if plate.is_new_energy else f"{plate.masked} 按{tail}算"


def _assumed(vehicle: Vehicle) -> str:
    return "按绿牌小客车算。" if vehicle.new_energy else "按蓝牌小客车算。"


def _headline(ruled: Sequence[Place], decisions: dict[str, Decision]) -> str:
    said = []
    for passage in _GRAVITY:
        names = [place.short_name for place in ruled if decisions[place.id].passage == passage]
        if names:
            said.append("、".join(names) + WORDS[passage])
    return "；".join(said)


def _source_text(source: Source | None) -> str:
    """两桥单双号通告，2019年11月2日起; empty when no notice decided."""
    if source is None:
        return ""
    return f"{source.short_title}，{source.since.year}年{source.since.month}月{source.since.day}日起"


def _until_text(decision: Decision, after: Decision | None, at: datetime) -> str:
    """22:00后能走 only when that is what comes; a change into the unknown promises nothing."""
    if decision.until is None or after is None:
        return ""
    if decision.passage not in {Passage.ALLOWED, Passage.BANNED}:
        return ""
    if decision.passage == Passage.BANNED and after.passage != Passage.ALLOWED:
        return ""
    same_day = decision.until.date() == at.date()
    when = hour(decision.until) if same_day else moment(decision.until, at)
    return f"到{when}" if decision.passage == Passage.ALLOWED else f"{when}后能走"


def _next_change(cards: CityCards, place: Place, vehicle: Vehicle, now: Decision) -> Decision | None:
    if now.until is None:
        return None
    return decide(cards, Question(place=place.id, at=now.until, vehicle=vehicle))


def _next_text(now: Decision, after: Decision | None, at: datetime) -> str:
    """What comes after the present answer, for as long as that holds."""
    if now.until is None or after is None:
        return ""
    begins = moment(now.until, at)
    if after.passage == Passage.ALLOWED:
        ends = "" if after.until is None else f"，一直能走到{moment(after.until, at)}"
        return f"{begins}起{ends}。" if ends else f"{begins}起能走。"
    if after.passage == Passage.BANNED and after.until is not None:
        ends = hour(after.until) if after.until.date() == now.until.date() else moment(after.until, at)
        return f"{day_name(now.until, at)}{hour(now.until)}–{ends}不能走。"
    return f"{begins}起{WORDS[after.passage]}。"


def _open_instead(cards: CityCards, place: Place, vehicle: Vehicle, at: datetime) -> tuple[Place, ...]:
    """The crossings that stand in for this one and are themselves open to this car now."""
    stand_ins = [cards.places[name] for name in place.stand_ins]
    return tuple(
        other
        for other in stand_ins
        if decide(cards, Question(place=other.id, at=at, vehicle=vehicle)).passage == Passage.ALLOWED
    )


def _ways(cards: CityCards, places: Sequence[Place], ways: dict[str, tuple[Place, ...]]) -> tuple[Way, ...]:
    return tuple(
        Way(label=f"过{place.river}走", names=tuple(other.short_name for other in ways[place.id]))
        for place in places
        if ways[place.id]
    )


def _spans(cards: CityCards, place: Place, vehicle: Vehicle, at: datetime) -> tuple[Span, ...]:
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)

    def hours(instant: datetime) -> float:
        return (instant - midnight) / timedelta(hours=1)

    question = Question(place=place.id, at=at, vehicle=vehicle)
    return tuple(
        Span(start_hour=hours(start), end_hour=hours(end), passage=passage)
        for start, end, passage in day_spans(cards, question, at.date())
    )


def _crossings(cards: CityCards, vehicle: Vehicle, at: datetime) -> tuple[PlaceNow, ...]:
    """Every crossing of the pack, each decided like any other question."""
    found = []
    for place in cards.places.values():
        decision = decide(cards, Question(place=place.id, at=at, vehicle=vehicle))
        found.append(
            PlaceNow(
                place=place.id,
                name=place.short_name,
                river=place.river,
                passage=decision.passage,
                is_closed=False,
                until=decision.until,
                reason=decision.reason,
            )
        )
    return tuple(found)


def _as_advice(place: Place, decision: Decision, ways: tuple[Place, ...]) -> Advice:
    return Advice(
        place=place.id,
        passage=decision.passage,
        until=decision.until,
        rule=decision.rule,
        instead=tuple(other.id for other in ways) if decision.passage != Passage.ALLOWED else (),
    )
