"""The same answer in English: own sentences on the same values, nothing translated by machine."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime

from daxiang.domains.calendars.rules import DayKind
from daxiang.domains.conversation.cars import is_green_car, known
from daxiang.domains.conversation.cases import Case, Piece, after, at_instant, grave
from daxiang.domains.conversation.chinese import hours_between
from daxiang.domains.conversation.replies import Reply, ReplyKind
from daxiang.domains.conversation.talk import Step
from daxiang.domains.conversation.wording import groups, word
from daxiang.domains.restrictions.city_cards import CityCards
from daxiang.domains.restrictions.rules import Decision
from daxiang.domains.restrictions.states import Cause
from daxiang.domains.restrictions.values import Passage, Place, VehicleClass
from daxiang.sites.public.english_names import (
    MONTHS,
    EnglishNames,
    day_in_english,
    english_names,
    listed_in_english,
)
from daxiang.sites.public.english_words import (
    checked_in_english,
    moment_in_english,
    subject_in_english,
    time_in_english,
    until_in_english,
)
from daxiang.sites.public.found import NOTHING_KEPT, Found, OneCase
from daxiang.sites.public.told import (
    Part,
    Tap,
    Told,
    Verdict,
    Way,
    bar_of,
    bare,
    gravest,
    numbers_in,
    tone,
    ways_in,
)

_WORDS = {"may": "you may drive", "maynot": "no entry", "closed": "closed", "unknown": "not certain"}
_TAPS = {
    "我是绿牌": "My plate is green",
    "我是货车": "I drive a truck",
    "我是绿牌货车": "I drive a green-plate truck",
    "看依据": "See the rule",
    "有人受伤": "Somebody is hurt",
    "没人受伤，车能动": "Nobody is hurt, the car moves",
    "没人受伤，车动不了": "Nobody is hurt, the car does not move",
}
_CALLS = {"119": "fire brigade", "110": "police", "120": "ambulance", "122": "traffic police"}
_FIRST_STEPS = {
    "119": "Leave the car, go well away, and do not go back for anything.",
    "110": "Go where other people are, and do not argue.",
    "120": "Hurt: do not move anybody, leave the car where it is, switch on the hazard lights.",
    "122": "Nobody hurt: hazard lights on, then wait in a safe place beside the road.",
}
_BRACKETED = re.compile(r"（到([\d:]+)）")
_SAFE = "To be on the safe side, plan as if you may not drive there."


def told_in_english(found: Found) -> Told:
    """The answer in English; of talk that has no English sentence the chat's Chinese one is shown as such."""
    reply = found.reply
    if reply is None:
        raise ValueError("nothing was asked")
    if not found.cases:
        return words_in_english(reply)
    names = english_names(found.cards.id)
    parts = tuple(_part(found, one, names) for one in found.cases)
    one, part = gravest(found, parts)
    return Told(
        kind=reply.kind,
        tone=part.tone,
        headline=_headline(part),
        parts=parts,
        ways=tuple(_ways(found, names)),
        says=tuple(_says(found, one, names)),
        why=_why(found, one, names),
        source=_source(one.decision, names),
        caution=_caution(one),
        taps=_taps(reply),
        summary=f"{part.whom}: {_headline(part)}",
    )


def _danger(numbers: tuple[str, ...], taps: tuple[Tap, ...]) -> Told:
    first = ", then ".join(f"{number} ({_CALLS[number]})" for number in numbers)
    says = tuple(_FIRST_STEPS[number] for number in numbers)
    headline = f"Call {first}"
    return Told(
        kind=ReplyKind.DANGER,
        tone="maynot",
        headline=headline,
        says=says,
        taps=taps,
        calls=numbers,
        summary=headline,
    )


def words_in_english(reply: Reply) -> Told:
    """Danger in English; of other talk one English line, and the Chinese words as the chat has them."""
    taps = _taps(reply)
    if reply.kind is ReplyKind.DANGER:
        return _danger(numbers_in(reply.text), taps)
    headline = "Here is what the account says, in Chinese"
    if reply.talk and reply.talk.step is Step.CAR:
        headline = "Which digit does your plate end in?"
    elif reply.text == NOTHING_KEPT:
        headline = "This website keeps nothing about anybody, so there is nothing to delete"
    elif reply.kind is ReplyKind.ASK_BACK:
        headline = "We are not sure what you mean. Press the last digit of your plate"
    return Told(
        kind=reply.kind,
        tone="plain",
        headline=headline,
        says=tuple(line for line in reply.text.splitlines() if line.strip()),
        taps=taps,
        is_foreign=True,
        summary=headline,
    )


def _taps(reply: Reply) -> tuple[Tap, ...]:
    """Those choices that have an English word."""
    return tuple(
        Tap(label=_TAPS.get(words, words), words=words)
        for words in reply.choices
        if words in _TAPS or words.isdigit()
    )


def _part(found: Found, one: OneCase, names: EnglishNames) -> Part:
    subject = subject_in_english(one.car)
    time = time_in_english(one.case.frame, found.now)
    place = next(place for place in one.case.places if place.id == one.decision.place)
    return Part(
        whom=f"{subject}, {time}" if subject else time[:1].upper() + time[1:],
        verdicts=tuple(_verdict(found, one.case, group, names) for group in groups(one.case)),
        bar=bar_of(found, one, place, is_english=True),
    )


def _verdict(
    found: Found, case: Case, group: tuple[tuple[Place, ...], tuple[Piece, ...]], names: EnglishNames
) -> Verdict:
    places, course = group
    worst = grave(course).decision
    return Verdict(
        tone=tone(worst),
        names=listed_in_english([names.place(place) for place in places]),
        word=_WORDS[tone(worst)],
        until=_until(found, case, places[0], course),
    )


def _until(found: Found, case: Case, place: Place, course: tuple[Piece, ...]) -> str:
    worst = grave(course).decision
    if len(course) > 1:
        held = [piece for piece in course if word(piece.decision) == word(worst)]
        rest = {tone(piece.decision) for piece in course if piece not in held}
        hours = ", ".join(hours_between(piece.start, piece.end or piece.start) for piece in held)
        return f"{hours}; otherwise {_WORDS[rest.pop()]}" if len(rest) == 1 else hours
    if case.frame.end is not None:
        return "all day" if case.frame.is_whole_day else ""
    return until_in_english(worst, after(found.cards, case.vehicle, place, worst), found.now)


def _headline(part: Part) -> str:
    verdict = part.verdicts[0]
    return f"{verdict.names}: {verdict.word}{', ' if verdict.until else ''}{verdict.until}"


def _ways(found: Found, names: EnglishNames) -> list[Way]:
    by_name = {place.short_name: place for place in found.cards.places.values()}
    ways = []
    for way in ways_in(found.reply.text.splitlines() if found.reply else ()):
        said = []
        for name in way.names:
            place = by_name.get(bare(name))
            until = _BRACKETED.search(name)
            english = names.place(place) if place else name
            said.append(f"{english} (until {until[1]})" if until else english)
        ways.append(Way(label=_way_label(way.label, names), names=tuple(said)))
    return ways


def _way_label(label: str, names: EnglishNames) -> str:
    if "到" in label:
        start, _, end = label.partition("，")[0].partition("到")
        return f"{names.bank(start)} to {names.bank(end)}"
    _, _, bank = label.removesuffix("走").partition("去")
    if bank:
        return f"To {names.bank(bank)}"
    return f"Across the {names.river(label.removeprefix('过').removesuffix('走'))}"


def _says(found: Found, one: OneCase, names: EnglishNames) -> list[str]:
    said = []
    if len(found.cases) == 1 and (following := _next(found.cards, one, found.now)):
        said.append(following)
    if one.decision.passage in {Passage.UNKNOWN, Passage.CONDITIONAL}:
        said += [*_readings(one.decision), _SAFE]
    return said + _other_crossings(found, one, names)


def _next(cards: CityCards, one: OneCase, now: datetime) -> str:
    """What comes after the present passage, where all places fare alike."""
    case = one.case
    if len(groups(case)) != 1 or len(case.courses[0]) != 1 or case.frame.end is not None:
        return ""
    decision = case.courses[0][0].decision
    then = after(cards, case.vehicle, case.places[0], decision)
    if decision.until is None or then is None:
        return ""
    start = moment_in_english(decision.until, now)
    end = f" until {moment_in_english(then.until, now)}" if then.until else ""
    said = "you may drive" if then.passage is Passage.ALLOWED else _WORDS[tone(then)]
    return f"From {start}{end}: {said}."


def _readings(decision: Decision) -> list[str]:
    kinds = {
        DayKind.WORKDAY: "a working day",
        DayKind.WEEKEND: "a day off",
        DayKind.HOLIDAY: "a public holiday",
        DayKind.MAKEUP_WORKDAY: "a worked weekend day",
    }
    return [f"If it is {kinds[kind]}: {_WORDS[_tone_of(passage)]}." for kind, passage in decision.readings]


def _tone_of(passage: Passage) -> str:
    return {Passage.ALLOWED: "may", Passage.BANNED: "maynot"}.get(passage, "unknown")


def _other_crossings(found: Found, one: OneCase, names: EnglishNames) -> list[str]:
    """For a vehicle that has few ways: which others are shut to it, and that the rest is unsure."""
    shut, unsure = [], 0
    for place in found.cards.places.values():
        if not place.is_crossing or place in one.case.places:
            continue
        decision = at_instant(found.cards, one.vehicle, place, one.case.frame.start)
        if decision.passage is Passage.BANNED and not decision.is_closed:
            shut.append(names.place(place))
        unsure += decision.passage is Passage.UNKNOWN
    said = [f"Also no entry: {listed_in_english(shut)}."] if shut else []
    if unsure and one.vehicle.vehicle_class is not VehicleClass.SMALL_PASSENGER:
        said.append(
            "The other crossings are not certain: no rule for this vehicle is on record. "
            "Follow the signs, or ask an officer."
        )
    return said


def _why(found: Found, one: OneCase, names: EnglishNames) -> str:
    sentence = _CAUSES[one.decision.cause](found, one, names)
    assumed = known(one.car, 0).assumed
    if not assumed:
        return sentence
    return f"{sentence} Taken as a small car with a {'green' if is_green_car(one.car) else 'blue'} plate."


def _tail(found: Found, one: OneCase, names: EnglishNames) -> str:
    del found, names
    is_even = one.case.frame.start.day % 2 == 0
    return (
        f"On {'even' if is_even else 'odd'} dates only {'even' if is_even else 'odd'} last digits may drive."
    )


def _day_free(found: Found, one: OneCase, names: EnglishNames) -> str:
    day = one.case.frame.start.date()
    holiday = found.cards.calendar.holiday_name(day)
    if holiday:
        name = names.holiday(holiday)
        return f"{name[:1].upper()}{name[1:]} holiday: odd and even do not apply."
    return f"{day_in_english(day, today=found.now.date())} is a day off: odd and even do not apply."


_Sentence = Callable[[Found, OneCase, EnglishNames], str]


def _always(sentence: str) -> _Sentence:
    return lambda _found, _one, _names: sentence


_CAUSES: Mapping[Cause, _Sentence] = {
    Cause.TAIL: _tail,
    Cause.TAIL_FREE: _tail,
    Cause.CLASS: _always("This kind of vehicle is banned here, whatever its plate."),
    Cause.SEATS: _always("It has too many seats for this place."),
    Cause.HEIGHT: _always("It is too tall for this place."),
    Cause.ORIGIN: _always("The rule here depends on where the plate is from."),
    Cause.CLOSED: _always("Closed to everybody for maintenance."),
    Cause.DAY_FREE: _day_free,
    Cause.HOURS_FREE: _always("Odd and even apply at other hours only."),
    Cause.WAIVED: _always("The rule is lifted for the time being."),
    Cause.EXEMPT_NEW_ENERGY: _always("Green-plate cars are exempt from odd and even."),
    Cause.EXEMPT_USE: _always("This use is exempt from odd and even."),
    Cause.OPEN: _always("No restriction on record applies here."),
    Cause.TAIL_MISSING: _always("It depends on the last digit of the plate."),
    Cause.FACT_MISSING: _always("It depends on the vehicle: seats, height or where its plate is from."),
    Cause.MAKEUP_UNSAID: _always(
        "This weekend day is worked, and the notice does not say how such days count."
    ),
    Cause.LETTER_UNSAID: _always("The notice does not say how a plate that ends in a letter counts."),
    Cause.EXEMPTION_UNSAID: _always("The notice does not say whether this vehicle is exempt."),
    Cause.CALENDAR_MISSING: _always("The holidays of that year are not published yet."),
    Cause.RUN_OUT: _always("The last notice has run out, and no later one is on record."),
    Cause.NO_CARD: _always("No rule for this vehicle is on record here."),
}


def _source(decision: Decision, names: EnglishNames) -> str:
    source = decision.source or decision.last
    if source is None:
        return ""
    if source.issuer is None or decision.rule is None:
        return f"our record of the notices, checked {checked_in_english(source.checked_text)}."
    since = source.since
    title = names.card_title(decision.rule, source.short_title)
    return f"{title}, since {since.day} {MONTHS[since.month - 1]} {since.year}."


def _caution(one: OneCase) -> str:
    source = one.decision.source
    if one.advice.caution is None or source is None:
        return ""
    checked = checked_in_english(source.checked_text)
    return f"This rule was last checked on {checked}: watch for signs on the road"
