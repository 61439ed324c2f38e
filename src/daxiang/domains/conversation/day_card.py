"""What the picture of the day says for one car. Pure: the cards, the car and the day give every word.

It is passed on, and looked at hours later: it names its day, says hours instead of "now", and helps the
family's other car. The marks hold for the day's traffic hours; what is shut at night stands in a line.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from daxiang.design.day_card.values import DayCard, Map, Marked, OpenWays, Tone
from daxiang.domains.conversation.chinese import hours_between, weekday
from daxiang.domains.restrictions.city_cards import CityCards
from daxiang.domains.restrictions.reasons import CLASS_NAMES
from daxiang.domains.restrictions.rules import DaySpan, Decision, closures_at, day_spans, decide
from daxiang.domains.restrictions.values import Passage, Place, Question, Vehicle, VehicleClass
from daxiang.kernel.clock import SHANGHAI

DAYTIME = (time(6), time(23))
"""The hours for which a mark on the map holds."""
_TONES = {
    Passage.ALLOWED: Tone.MAY,
    Passage.BANNED: Tone.MAYNOT,
    Passage.UNKNOWN: Tone.UNKNOWN,
    Passage.CONDITIONAL: Tone.UNKNOWN,
}
_WORDS = {Tone.MAY: "能走", Tone.MAYNOT: "不能走", Tone.CLOSED: "封闭", Tone.UNKNOWN: "不确定"}
_GRAVITY = (Tone.MAYNOT, Tone.CLOSED, Tone.UNKNOWN, Tone.MAY)
MOST_WAYS = 3
"""Names in one line of what is open instead."""
ON_THE_SPOT = "现场有标志或民警指挥时，以现场为准。"


@dataclass(frozen=True, kw_only=True)
class _Course:
    """One place through the daytime: its gravest tone, and when that is."""

    place: Place
    tone: Tone
    hours: str
    decision: Decision


def day_card(cards: CityCards, *, vehicle: Vehicle, subject: str, day: date, city_map: Map) -> DayCard:
    """The picture for a car on a day. `subject`: 尾号5, or the masked plate. Raises TimeUnusable."""
    ruled = [_course(cards, place, vehicle, day) for place in cards.restricted_places() if place.river]
    gravest = min((course.tone for course in ruled), key=_GRAVITY.index, default=Tone.UNKNOWN)
    struck = [course for course in ruled if course.tone is gravest]
    ways = () if gravest is Tone.MAY else _ways(cards, struck, vehicle, day)
    return DayCard(
        date=f"{day.year}年{day.month}月{day.day}日　{weekday(day)}",
        organisation=cards.accounts["service"],
        subject=f"{subject}，只管这一天",
        tone=gravest,
        headline=_headline(struck, gravest),
        until=struck[0].hours if struck and len({course.hours for course in struck}) == 1 else "",
        map=city_map,
        marks=_marks(cards, city_map, ruled, ways, vehicle, day),
        ways=tuple(
            OpenWays(label=label, names=tuple(place.short_name for place in places)) for label, places in ways
        ),
        family=_family(cards, ruled, vehicle, day),
        notes=_notes(cards, struck, vehicle, day),
    )


def _headline(struck: list[_Course], tone: Tone) -> str:
    names = "、".join(course.place.short_name for course in struck)
    both = "都" if tone is Tone.MAY and len(struck) > 1 else ""
    return f"{names}{both}{_WORDS[tone]}"


def _daytime(day: date) -> tuple[datetime, datetime]:
    start, end = DAYTIME
    return datetime.combine(day, start, SHANGHAI), datetime.combine(day, end, SHANGHAI)


def _course(cards: CityCards, place: Place, vehicle: Vehicle, day: date) -> _Course:
    begins, ends = _daytime(day)
    question = Question(place=place.id, at=begins, vehicle=vehicle)
    spans = [span for span in day_spans(cards, question, day) if span.end > begins and span.start < ends]
    decided = [(span, decide(cards, replace(question, at=max(span.start, begins)))) for span in spans]
    tone = min((_tone(decision) for _, decision in decided), key=_GRAVITY.index)
    those = [(span, decision) for span, decision in decided if _tone(decision) is tone]
    return _Course(
        place=place, tone=tone, hours=_hours([span for span, _ in those], tone), decision=those[0][1]
    )


def _tone(decision: Decision) -> Tone:
    return Tone.CLOSED if decision.is_closed else _TONES[decision.passage]


def _hours(spans: list[DaySpan], tone: Tone) -> str:
    """7:00–22:00; 全天 for a whole day; nothing where it is not known."""
    if tone is Tone.UNKNOWN:
        return ""
    whole = timedelta(days=1)
    if any(span.end - span.start >= whole for span in spans):
        return "全天"
    return "全天" if tone is Tone.MAY else "、".join(hours_between(span.start, span.end) for span in spans)


_Ways = tuple[tuple[str, tuple[Place, ...]], ...]


def _ways(cards: CityCards, struck: list[_Course], vehicle: Vehicle, day: date) -> _Ways:
    """What is open through the whole daytime instead, by river."""
    found: dict[str, tuple[Place, ...]] = {}
    for course in struck:
        others = tuple(cards.place(name) for name in course.place.stand_ins)
        found[f"过{course.place.river}走"] = tuple(
            other for other in others if _course(cards, other, vehicle, day).tone is Tone.MAY
        )
    return tuple((label, places[:MOST_WAYS]) for label, places in found.items() if places)


def _marks(
    cards: CityCards, city_map: Map, ruled: list[_Course], ways: _Ways, vehicle: Vehicle, day: date
) -> dict[str, Marked]:
    named = {place.id for _, places in ways for place in places}
    known = {course.place.id: course for course in ruled}
    marks = {}
    for crossing in city_map.crossings:
        if crossing.id not in cards.places:
            continue
        course = known.get(crossing.id) or _course(cards, cards.place(crossing.id), vehicle, day)
        is_ruled = crossing.id in known
        note = course.hours if is_ruled and course.tone is not Tone.MAY else ""
        marks[crossing.id] = Marked(tone=course.tone, is_strong=is_ruled or crossing.id in named, note=note)
    return marks


def _family(cards: CityCards, ruled: list[_Course], vehicle: Vehicle, day: date) -> str:
    """What holds for the cars whose tail makes a difference: the family's other car."""
    if vehicle.plate is None and vehicle.tail is None:
        return ""
    mine = [course.tone for course in ruled]
    others: dict[tuple[Tone, ...], list[str]] = {}
    for digit in "1357902468":
        other = replace(vehicle, plate=None, tail=digit)
        tones = tuple(_course(cards, course.place, other, day).tone for course in ruled)
        if list(tones) != mine:
            others.setdefault(tones, []).append(digit)
    if len(others) != 1:
        return "" if others else "家里别的尾号也一样。"
    ((tones, digits),) = others.items()
    which = "、".join(
        course.place.short_name for course, tone in zip(ruled, tones, strict=True) if tone is not Tone.MAY
    )
    name = f"家里尾号{' '.join(sorted(digits))}的车，这一天"
    return f"{name}{which}{_WORDS[min(tones, key=_GRAVITY.index)]}。" if which else f"{name}都能走。"


def _notes(cards: CityCards, struck: list[_Course], vehicle: Vehicle, day: date) -> tuple[str, ...]:
    """Why and the source, in two lines; what is shut at night goes before the general sentence."""
    decision = struck[0].decision if struck else None
    is_small = vehicle.vehicle_class is VehicleClass.SMALL_PASSENGER
    colour = "绿牌" if vehicle.new_energy else "蓝牌" if is_small else ""
    night = _night(cards, day)
    first = f"按{colour}{CLASS_NAMES[vehicle.vehicle_class]}算。{night or ON_THE_SPOT}"
    if decision is None or decision.source is None:
        return (first,)
    source = decision.source
    since = f"{source.since.year}年{source.since.month}月{source.since.day}日起"
    return (first, f"依据：{source.short_title}，{since}。最近核对于 {source.checked_on}。")


def _night(cards: CityCards, day: date) -> str:
    """夜里养护封闭：长江隧道1:00–5:00、公铁隧道0:00–5:00。"""
    at = datetime.combine(day, time(12), SHANGHAI)
    shut = [
        f"{place.short_name}{hours}"
        for place in cards.places.values()
        if place.river
        for clause in closures_at(cards, place.id, at)
        for hours in clause.hours
    ]
    return f"夜里养护封闭：{'、'.join(shut)}。" if shut else ""
