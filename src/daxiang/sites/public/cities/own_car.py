"""The car of whoever looks at a city's page: pressed as a digit, or typed and then in no address."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.http import QueryDict

from daxiang.domains.conversation.cars import name_of
from daxiang.domains.conversation.meaning import Asks, Car, InCrash, InDanger, PlateNotReadable
from daxiang.domains.conversation.queries import meaning
from daxiang.domains.restrictions.city_cards import CityCards
from daxiang.domains.restrictions.values import Vehicle
from daxiang.sites.public.asked import KINDS, Asked, read_asked
from daxiang.sites.public.cities.cars import DIGITS, Kind, Whose, begins, vehicle_of, vehicle_of_car
from daxiang.sites.public.cities.outlook import outlook_of

_UNREAD = "没看懂这辆车。写车牌最后一位，或者写整个车牌，比如 {begins}12345。"
_NO_SUCH_WHOSE = "没有这样的车可选。"


@dataclass(frozen=True, kw_only=True)
class OwnCar:
    """What was asked of the page. `car` None: nothing, or it could not be read (`wrong` says so).

    `whose`: as chosen or as the plate tells; None where nobody said. `is_danger`: words that come first.
    """

    asked: Asked
    car: Car | None = None
    whose: Whose | None = None
    wrong: str = ""
    is_danger: bool = False

    @property
    def name(self) -> str:
        """尾号5, 鄂A·1***5: as the page calls it."""
        return name_of(self.car) if self.car else ""

    def vehicle(self, cards: CityCards) -> Vehicle:
        """The vehicle that the engine is asked about. Raises ValueError without a car."""
        if self.car is None:
            raise ValueError("no car was named")
        return vehicle_of_car(cards, self.car, self.whose or Whose.LOCAL)


def read_own_car(fields: QueryDict, cards: CityCards, now: datetime) -> OwnCar:
    """The car of an address (`tail`, `kind`, `who`) or of a form (`q`). Never raises."""
    asked = read_asked(fields, today=now.date())
    given = fields.getlist("who")
    whose = Whose(given[0]) if given and given[0] in tuple(Whose) else None
    if asked.wrong or (given and (whose is None or len(set(given)) > 1)):
        wrong = str(asked.wrong) if asked.wrong else _NO_SUCH_WHOSE
        return OwnCar(asked=asked, whose=whose, wrong=wrong)
    if asked.words:
        return _typed(asked, whose, cards, now)
    if not asked.tail:
        return OwnCar(asked=asked, whose=whose)
    return OwnCar(asked=asked, car=replace(KINDS[asked.kind], tail=asked.tail), whose=whose)


def _typed(asked: Asked, whose: Whose | None, cards: CityCards, now: datetime) -> OwnCar:
    """The one car that was typed, as the chat would read it; nothing that it left unread."""
    meant = meaning(asked.words, city=cards.id, at=now)
    if isinstance(meant, InDanger | InCrash):
        return OwnCar(asked=asked, whose=whose, is_danger=True)
    car = meant.cars[0] if isinstance(meant, Asks) and len(meant.cars) == 1 and not meant.unread else None
    if car is None or (car.plate is None and car.tail is None):
        advice = meant.advice if isinstance(meant, PlateNotReadable) else ""
        unread = _UNREAD.format(begins=begins(cards, Whose.LOCAL))
        return OwnCar(asked=asked, whose=whose, wrong=advice or unread)
    if car.plate is not None:
        whose = Whose.LOCAL if cards.is_local(car.plate) else Whose.VISITOR
    elif car.is_local is not None:
        whose = Whose.LOCAL if car.is_local else Whose.VISITOR
    return OwnCar(asked=asked, car=car, whose=whose)


def file_of(own: OwnCar, cards: CityCards, today: date) -> tuple[str, Kind] | None:
    """The tail and kind of the calendar file that says of every day what this page says of this car.

    None where there is none such: an address can name a tail and a kind, and no plate.
    """
    if own.car is None:
        return None
    vehicle, whose = own.vehicle(cards), own.whose or Whose.LOCAL
    kind = next((kind for kind, like in KINDS.items() if _is_like(own.car, like)), None)
    if kind is None:
        return None
    likely = own.car.tail_digit or ""
    for digit in (likely, *DIGITS):
        made = Kind(kind=kind, whose=whose)
        if digit and _agree(cards, vehicle, vehicle_of(cards, made, digit), today):
            return digit, made
    return None


def _is_like(car: Car, like: Car) -> bool:
    is_green = bool(car.is_green or (car.plate and car.plate.is_new_energy))
    bare = replace(car, plate=None, tail=None, letter=None, is_green=is_green or None, is_local=None)
    return bare == like


def _agree(cards: CityCards, one: Vehicle, other: Vehicle, today: date) -> bool:
    return all(
        outlook_of(cards, place.id, one, today, 90) == outlook_of(cards, place.id, other, today, 90)
        for place in cards.restricted_places()
    )
