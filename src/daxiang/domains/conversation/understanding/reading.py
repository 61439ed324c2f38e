"""From the pieces of a text to what it means: a question, a wish, or talk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice, product

from daxiang.domains.conversation.meaning import (
    Asks,
    Car,
    Intent,
    NotUnderstood,
    PlateNotReadable,
    Small,
    SmallTalk,
    Topic,
    WantsCar,
    Wish,
)
from daxiang.domains.conversation.understanding.days import Relative
from daxiang.domains.conversation.understanding.named_cars import named_cars
from daxiang.domains.conversation.understanding.names import Names
from daxiang.domains.conversation.understanding.no_car import no_car_in
from daxiang.domains.conversation.understanding.parts import Part, Token
from daxiang.domains.conversation.understanding.questions import CORRECTED
from daxiang.domains.conversation.understanding.readings import MOST_READINGS
from daxiang.domains.conversation.understanding.route import route
from daxiang.domains.conversation.understanding.unread import not_read, stands_for_a_car
from daxiang.domains.conversation.understanding.when import Times, times

_CARS = frozenset({Part.PLATE, Part.TAIL, Part.LETTER, Part.NUMBER, Part.ODD})
_TIMES = frozenset({Part.DAY, Part.PERIOD, Part.CLOCK, Part.NOW, Part.DELAY})
_GROUND = frozenset({Part.PLACE, Part.BANK, Part.AREA, Part.CITY})
_ASKED = frozenset({Part.ASK, Part.TOPIC})
_WAYS = frozenset({Part.BANK, Part.CITY})
_WITH_CAR = _CARS | {Part.KIND}
_WHOLE = _CARS | {Part.ASK, Part.TOPIC, Part.CITY}
_DRIVING = _CARS | _GROUND | _ASKED | {Part.KIND}
_FACTS = _CARS | _TIMES | _GROUND | {Part.KIND}
_JOINED = _FACTS | {Part.TO, Part.AND, Part.FROM_ON, Part.UNTIL, Part.NOT}

_SMALL_ORDER = (
    Small.ROAD_FAULT,
    Small.ABUSE,
    Small.VIOLATIONS,
    Small.INSPECTION,
    Small.HUMAN,
    Small.HELP,
    Small.THANKS,
    Small.BYE,
    Small.GREETING,
)
_MATTERS = frozenset({Small.VIOLATIONS, Small.INSPECTION, Small.HUMAN, Small.ROAD_FAULT})
_LIGHT_WISHES = frozenset({Wish.TODAY, Wish.MY_CARS})
_SURE_WISHES = frozenset({Wish.REMEMBER, Wish.FORGET, Wish.EVENING_ON, Wish.EVENING_OFF, Wish.TELL_ME})
"""Wishes that change something; only when nothing else is said that might turn them round."""


def read(tokens: list[Token], text: str, *, now: datetime, names: Names) -> Intent:
    """What the pieces of a text mean together."""
    parts = frozenset([token.part for token in tokens])
    if Part.SMALL in parts or Part.WISH in parts:
        said = _talk(tokens, text, parts, now=now, names=names)
        if said is not None:
            return said
        tokens = [token for token in map(_as_question, tokens) if token is not None]
        parts = frozenset([token.part for token in tokens])
    if Part.LEAN in parts:
        tokens = _corrected(tokens)
    if Part.PLATE in parts:
        wrong = next(
            (one.value for one in tokens if one.part is Part.PLATE and isinstance(one.value, str)), None
        )
        if wrong is not None:
            return PlateNotReadable(advice=wrong)
    if not _is_question(parts):
        return _unclear(tokens, text)
    return _question(tokens, text, parts, now=now, names=names)


_ONLY_AREA = frozenset({Part.AREA})
_BOUND = frozenset({Part.TOWARDS, Part.ORIGIN, Part.LEAN})
"""图书馆还书3号 asks nothing about driving; 去图书馆 does."""
_ALIKE = (_CARS, _TIMES, frozenset({Part.PLACE}), frozenset({Part.BANK}))


def _corrected(tokens: list[Token]) -> list[Token]:
    """5明天能走吗，不对，6: what is said again behind 不对 takes the place of what was said before it."""
    at = next((n for n in reversed(range(len(tokens))) if tokens[n].value == CORRECTED), None)
    if at is None:
        return tokens
    again = frozenset([token.part for token in tokens[at + 1 :]])
    replaced = [parts for parts in _ALIKE if parts & again]
    kept = [one for one in tokens[:at] if not any(one.part in parts for parts in replaced)]
    return [*kept, *tokens[at:]]


def _is_question(parts: frozenset[Part]) -> bool:
    if driving := parts & _DRIVING:
        return driving != _ONLY_AREA or Part.UNREAD not in parts or bool(parts & _BOUND)
    return bool(parts & _TIMES) and Part.UNREAD not in parts


def _as_question(token: Token) -> Token | None:
    """Talk inside a question: 今天能走 names a day, abuse and thanks say nothing, the rest was not read."""
    if token.part is Part.WISH:
        if token.value is Wish.TODAY:
            return token._replace(part=Part.DAY, value=Relative(0))
        return (
            token._replace(part=Part.FILLER)
            if token.value is Wish.MY_CARS
            else token._replace(part=Part.UNREAD)
        )
    if token.part is Part.SMALL:
        return token._replace(part=Part.UNREAD if token.value in _MATTERS else Part.FILLER)
    return token


def _talk(
    tokens: Sequence[Token], text: str, parts: frozenset[Part], *, now: datetime, names: Names
) -> Intent | None:
    """A wish or small talk; None when the text is a question all the same."""
    kinds = {token.value for token in tokens if token.part is Part.SMALL}
    if Small.OTHER_CAR in kinds or (
        Small.VIOLATIONS in kinds and Part.PLATE in parts and Part.ASK not in parts
    ):
        return SmallTalk(kind=Small.OTHER_CAR, car=_one_car(tokens, text, now=now, names=names))
    wish = next((one for one in tokens if one.part is Part.WISH and one.value not in _LIGHT_WISHES), None)
    if wish is not None and (found := _wish(wish, tokens, text, parts, now=now, names=names)):
        return found
    if not kinds:
        light = next(
            (one.value for one in tokens if one.part is Part.WISH and one.value in _LIGHT_WISHES), None
        )
        if isinstance(light, Wish) and not parts & (_FACTS | _ASKED | {Part.UNREAD, Part.NOT}):
            return WantsCar(wish=light)
        return None
    if parts & _DRIVING and not (kinds & _MATTERS and not parts & (_ASKED | {Part.PLATE, Part.TAIL})):
        return None
    if parts & _TIMES and not kinds & (_MATTERS | {Small.ABUSE, Small.HELP}) and Part.UNREAD not in parts:
        return None
    kind = next(one for one in _SMALL_ORDER if one in kinds)
    if Part.UNREAD in parts and kind in {Small.GREETING, Small.BYE, Small.HELP}:
        return None
    return SmallTalk(kind=kind, car=_one_car(tokens, text, now=now, names=names))


def _wish(
    token: Token,
    tokens: Sequence[Token],
    text: str,
    parts: frozenset[Part],
    *,
    now: datetime,
    names: Names,
) -> Intent | None:
    wish = token.as_a(Wish)
    if wish in _SURE_WISHES and parts & {Part.UNREAD, Part.SMALL, Part.NOT}:
        return None
    if wish is Wish.FORGET and not _is_order(token, tokens, text):
        return NotUnderstood(words=text)
    if wish is Wish.PICTURE and parts & {Part.UNREAD, Part.NOT}:
        return None
    return WantsCar(wish=wish, car=_one_car(tokens, text, now=now, names=names))


_BEFORE_ORDER = frozenset(
    [
        "请",
        "帮我",
        "把",
        "麻烦",
        "我要",
        "我想",
        "给我",
        "都",
        "全部",
        "你",
        "您",
        "那",
        "好",
        "好的",
        "我的车",
        "把我的车",
    ]
)
_BEHIND_ORDER = frozenset(
    [
        "吧",
        "啊",
        "呀",
        "的",
        "车",
        "我",
        "我的",
        "这",
        "辆",
        "这辆车",
        "这车",
        "那车",
        "那辆车",
        "尾号",
        "了",
        ",",
        "谢谢",
        "的车",
    ]
)


def _is_order(order: Token, tokens: Sequence[Token], text: str) -> bool:
    """忘记 is an order only when nothing but a car goes with it: 我忘记尾号了 deletes nothing."""
    said = text[order.start : order.end]
    before = [one for one in tokens if one.end <= order.start]
    behind = [one for one in tokens if one.start >= order.end]
    has_car = any(one.part in _CARS for one in behind)
    if any(text[one.start : one.end] not in _BEFORE_ORDER for one in before if one.part is not Part.BREAK):
        return False
    if (
        said in {"忘记", "忘掉"}
        and not has_car
        and any(text[one.start : one.end] in {"了", "尾号"} for one in behind)
    ):
        return False
    return all(
        one.part in _CARS or one.part is Part.BREAK or text[one.start : one.end] in _BEHIND_ORDER
        for one in behind
    )


def _one_car(tokens: Sequence[Token], text: str, *, now: datetime, names: Names) -> Car | None:
    kept = [one for one in tokens if one.part in _CARS | {Part.KIND, Part.AND, Part.NOT}]
    kept = [one for one in kept if not (one.part is Part.PLATE and isinstance(one.value, str))]
    cars = named_cars(kept, text, now=now, calendar=names.calendar, has_day=True).readings[0][0]
    return cars[0] if len(cars) == 1 else None


def _question(
    tokens: Sequence[Token], text: str, parts: frozenset[Part], *, now: datetime, names: Names
) -> Intent:
    when = times(tokens, text, now=now, calendar=names.calendar) if parts & _TIMES else Times()
    has_day = bool(when.readings[0].days)
    if parts & _WITH_CAR:
        cars = named_cars(tokens, text, now=now, calendar=names.calendar, has_day=has_day)
        car_readings, unread, is_cut = cars.readings, when.unread + cars.unread, when.is_cut or cars.is_cut
    else:
        car_readings, unread, is_cut = (((), ()),), when.unread, when.is_cut
    if Part.UNREAD in parts or Part.NOT in parts:
        unread = unread + not_read(tokens, text)
    way = _NO_WAY
    if parts & _WAYS:
        way = _way(tokens, text, has_place=Part.PLACE in parts, home=names.city)
        unread = unread + way.unread
    places, alias = _places(tokens, text) if Part.PLACE in parts else ((), None)
    topic, area, leans = _topic(tokens, parts, way), _area(tokens, parts), _leans(parts)
    words = " ".join(unread)
    is_cut = is_cut or len(car_readings) * len(when.readings) > MOST_READINGS
    is_car_unread = Part.UNREAD in parts and stands_for_a_car(tokens, text)
    readings = tuple(
        Asks(
            topic=topic,
            cars=cars,
            days=time.days or days,
            hours=time.hours,
            is_now=when.is_now,
            places=places,
            alias=alias,
            area=area,
            origin=way.origin,
            destination=way.destination,
            city=way.city,
            beside=way.beside,
            leans=leans,
            unread=words,
            is_car_unread=is_car_unread,
            is_cut=is_cut,
        )
        for (cars, days), time in islice(product(car_readings, when.readings), MOST_READINGS)
    )
    if len(readings) > 1:
        return replace(readings[0], readings=readings)
    if (
        words
        and not parts & _ASKED
        and readings[0] == Asks(unread=words, leans=leans, is_car_unread=is_car_unread)
    ):
        return _unclear(tokens, text)
    return readings[0]


def _unclear(tokens: Sequence[Token], text: str) -> Intent:
    """Nothing that asks about driving; who names what is no car of the cards is told about that."""
    unread = " ".join(not_read(tokens, text))
    return Asks(unread=unread, leans=True) if no_car_in(unread) else NotUnderstood(words=text)


def _topic(tokens: Sequence[Token], parts: frozenset[Part], way: _Way) -> Topic:
    if Part.TOPIC in parts:
        return next(one for one in tokens if one.part is Part.TOPIC).as_a(Topic)
    return Topic.WAY if way.origin and way.destination else Topic.PASSAGE


def _area(tokens: Sequence[Token], parts: frozenset[Part]) -> str | None:
    return str(next(one.value for one in tokens if one.part is Part.AREA)) if Part.AREA in parts else None


def _places(tokens: Sequence[Token], text: str) -> tuple[tuple[str, ...], str | None]:
    """The places named, and the name that several of them bear."""
    places: tuple[str, ...] = ()
    alias = None
    for token in tokens:
        if token.part is Part.PLACE:
            ids: tuple[str, ...] = token.as_a(tuple)
            if len(ids) > 1:
                alias = text[token.start : token.end]
            places = places + tuple(one for one in ids if one not in places) if places else ids
    return places, alias


def _leans(parts: frozenset[Part]) -> bool:
    """那…呢, or a bare part of a question: a day, a place, a kind of car, with nothing asked and no tail."""
    return (
        Part.LEAN in parts
        or not parts & _WHOLE
        or (Part.TOPIC in parts and not (parts & (_FACTS | {Part.ASK})))
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Way:
    """Where from, where to, and to what other city."""

    origin: str | None = None
    destination: str | None = None
    city: str | None = None
    beside: str | None = None
    unread: list[str] = field(default_factory=list)


_NO_WAY = _Way()


def _way(tokens: Sequence[Token], text: str, *, has_place: bool, home: str) -> _Way:
    """Banks and another city. A second city, or one beside our own places, was not understood; one that is
    only where the way begins says nothing.
    """
    ours = route(tokens, text)
    cities = _cities(tokens, text, home)
    is_ours = has_place or ours.origin is not None or ours.destination is not None
    city, unread = (None, cities) if is_ours or not cities else (cities[0], cities[1:])
    return _Way(
        origin=ours.origin,
        destination=ours.destination,
        city=city,
        beside=cities[0] if is_ours and cities else None,
        unread=ours.unread + unread,
    )


_TO = "去到来回往进"


def _cities(tokens: Sequence[Token], text: str, home: str) -> list[str]:
    """The other cities: from 成都 to 北京 it is 北京, and none where the way leads home."""
    named = [one for one in tokens if one.part is Part.CITY]
    if any(f"{sign}{home}" in text for sign in _TO):
        return []
    ends = [one for one in named if text[max(0, one.start - 1) : one.start] not in {"从", "由"}]
    return list(dict.fromkeys(str(one.value) for one in ends or named))
