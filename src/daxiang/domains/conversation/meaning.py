"""What a message can mean: the words that `understand` gives and `answer` takes. Values only.

Days are dates already: whoever understands knows the day on which it was said. Places are ids of the city's
pack. What a person did not say is None or empty, never a guess; `lean` fills it from the talk before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from daxiang.domains.restrictions.values import VehicleClass, VehicleUse
from daxiang.kernel.plates import Plate


class Danger(StrEnum):
    """What kind of help is needed first."""

    INJURY = "injury"
    CRASH = "crash"
    FIRE = "fire"
    CRIME = "crime"
    WATER = "water"  # somebody or a car in the water
    BREAKDOWN = "breakdown"  # a car that stands where others drive fast
    HAZARD = "hazard"  # seen on the road: somebody against the traffic, a stone, a drunk at the wheel


class Topic(StrEnum):
    """What a question about driving wants to know."""

    PASSAGE = "passage"  # 能走吗: the default
    OPEN = "open"  # 长江隧道现在开着没: the place, whatever the car
    WAY = "way"  # 从武昌去汉口走哪边
    BASIS = "basis"  # 看依据
    NEXT = "next"  # 什么时候能走, 几点解禁
    DAYS = "days"  # 这周哪几天能走


class Wish(StrEnum):
    """What a person wants done; each is an operation of its own."""

    REMEMBER = "remember"  # 记住这辆车
    FORGET = "forget"  # 忘记
    MY_CARS = "my_cars"  # 我的车
    TODAY = "today"  # menu: 今天能走
    EVENING_ON = "evening_on"  # 到晚上提醒我
    EVENING_OFF = "evening_off"  # 不用提醒了
    PICTURE = "picture"  # 今天的图
    LEAVE_MESSAGE = "leave_message"  # 给民警留言
    TAKE_BACK = "take_back"  # 撤回留言 1003
    TELL_ME = "tell_me"  # 定了告诉我, 有新通告告诉我
    YES = "yes"
    NO = "no"


class Small(StrEnum):
    """Talk that asks for nothing about driving."""

    GREETING = "greeting"
    HELP = "help"
    THANKS = "thanks"
    ABUSE = "abuse"
    BYE = "bye"
    OTHER_CAR = "other_car"  # 帮我查…违章, 车主电话: never answered about a car that is not bound
    VIOLATIONS = "violations"  # 我的违法, 申诉: not switched on yet
    PENALTY = "penalty"  # 闯限行罚多少
    INSPECTION = "inspection"
    HUMAN = "human"  # 人工, 问民警
    ROAD_FAULT = "road_fault"  # 路上有坑, 红绿灯坏了


@dataclass(frozen=True, kw_only=True, slots=True)
class Car:
    """A vehicle as far as the person named it. `letter`: the tail is a letter and the digit is not known.

    `height_m` in metres. `is_local`: None unless said (外地车 False; a plate's own letters say it too).
    `is_odd`: 单号 or 双号 without the digit. `begins`: how the plate begins, where only that was said (京牌).
    """

    plate: Plate | None = None
    tail: str | None = None
    letter: str | None = None
    vehicle_class: VehicleClass | None = None
    use: VehicleUse | None = None
    is_green: bool | None = None
    seats: int | None = None
    height_m: float | None = None
    is_local: bool | None = None
    is_odd: bool | None = None
    begins: str | None = None

    @property
    def tail_digit(self) -> str | None:
        """The digit that counts, where it is known."""
        return self.plate.tail_digit if self.plate else self.tail


@dataclass(frozen=True, kw_only=True, slots=True)
class Hours:
    """When within the day, in minutes from midnight; `end` None: that one minute. `end` may pass 1440 (今晚).

    `said`: the person's own words (早高峰), to repeat an assumption.
    """

    start: int
    end: int | None = None
    said: str = ""


@dataclass(frozen=True, kw_only=True)
class Intent:
    """What a message means."""


@dataclass(frozen=True, kw_only=True)
class InDanger(Intent):
    """`dialled`: the emergency number that was typed, as if this account could call it; else empty."""

    dangers: frozenset[Danger]
    dialled: str = ""
    is_english: bool = False


@dataclass(frozen=True, kw_only=True)
class InCrash(Intent):
    """A step of the crash talk after its first line: what the person told or tapped."""

    is_hurt: bool | None = None
    can_move: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Asks(Intent):
    """A question about driving. Several readings of one text stand in `readings`, the likeliest first, and
    then every other field is that of the first.
    """

    topic: Topic = Topic.PASSAGE
    cars: tuple[Car, ...] = ()
    days: tuple[date, ...] = ()
    """In the order said; empty: not said (today, or the talk's day)."""
    hours: Hours | None = None
    is_now: bool = False
    """现在, 这会儿: said in so many words."""
    places: tuple[str, ...] = ()
    alias: str | None = None
    """The name that means several places (二桥), as said; then `places` holds all of them."""
    area: str | None = None
    """A place we know of but have no crossing for (协和医院, 东湖磨山 maps to its place instead)."""
    origin: str | None = None
    destination: str | None = None
    """Banks of the city as the pack names them: 武昌, 汉口, 汉阳."""
    city: str | None = None
    """Another city, by its Chinese name."""
    beside: str | None = None
    """Another city named beside crossings or banks of ours: its own may be meant (重庆黄花园大桥)."""
    leans: bool = False
    """Said as a follow-up (那…呢): what is missing comes from the talk, else it would be today's."""
    readings: tuple[Asks, ...] = ()
    unread: str = ""
    """Words in it that were not understood; an answer that they could change must not be given as certain."""
    is_car_unread: bool = False
    """Whether some of these words stand where a vehicle is named (依维柯 6 大桥)."""
    is_cut: bool = False
    """More was named, or can be meant, than is read together: the rest has to be asked by itself."""


@dataclass(frozen=True, kw_only=True)
class WantsCar(Intent):
    """Talk about one's own cars or notices: the wish and the car it is about, where named."""

    wish: Wish
    car: Car | None = None
    words: str = ""
    """The text of a message for the officers, where it came along."""


@dataclass(frozen=True, kw_only=True)
class SentPlace(Intent):
    """A location. Degrees in WGS-84; `label` as the phone gave it."""

    lat: float
    lon: float
    label: str


@dataclass(frozen=True, kw_only=True)
class PlateNotReadable(Intent):
    """Something that looks like a plate and is none; `advice` says what to do."""

    advice: str


@dataclass(frozen=True, kw_only=True)
class SmallTalk(Intent):
    kind: Small
    car: Car | None = None


@dataclass(frozen=True, kw_only=True)
class Heard(Intent):
    """A voice message: what was recognised, and what that means."""

    words: str
    meaning: Intent


@dataclass(frozen=True, kw_only=True)
class NotUnderstood(Intent):
    """Nothing that we are sure of."""

    words: str = ""
