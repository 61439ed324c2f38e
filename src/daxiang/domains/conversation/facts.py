"""Everything that an answer may rest on besides the message itself. Values only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from daxiang.domains.conversation.meaning import Car
from daxiang.domains.conversation.talk import Talk
from daxiang.domains.restrictions.city_cards import CityCards


class Feature(StrEnum):
    """What an installation has switched on. A choice that would lead to anything else is left out."""

    REMEMBER = "remember"  # 记住这辆车, 我的车, 忘记
    MESSAGE = "message"  # 给民警留言
    PICTURE = "picture"  # 今天的图
    EVENING = "evening"  # the notice at 20:00
    TELL_ME = "tell_me"  # 定了告诉我
    MENU = "menu"  # the account's menu has 今天能走


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnCar:
    """A car that its driver let us remember."""

    car: Car
    nickname: str = ""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """The state of the world and of the person at the moment of answering.

    `now`: aware, any zone. `talk`: the last one kept, however old; `answer` looks at its age. `words`: the
    message as typed, for a message to the officers. `cars`, `talk` and `has_evening` are empty where nobody
    asked for them; `needs_person` tells whether they can matter.
    """

    now: datetime
    cards: CityCards
    account_kind: str = "service"
    talk: Talk | None = None
    cars: tuple[OwnCar, ...] = ()
    has_evening: bool = False
    features: frozenset[str] = frozenset()
    public_url: str = ""
    words: str = ""
    cities: Callable[[str], CityCards | None] | None = None
    """The rules of another city by its Chinese name; None: nobody can tell them here."""

    def has(self, feature: Feature) -> bool:
        return feature in self.features
