"""What a question costs: to understand it, and to answer it, on one core; and the picture of the day.

`python -m bench.conversation` prints microseconds of CPU per question over a mix of what people type, the
dearest kinds, and milliseconds per picture. `--profile` adds where the time goes. No database, no network.

What is measured: the whole of `reply_to_text`, in a warm process. Every text is read anew. The product keeps,
for each kind of car and each stretch of the day, the verdict that the cards give, as it does for a city's
morning; it keeps no reply, no text and no plate. No two plates are alike, words and blanks around a question
change, and the clock moves on. "Reckoned anew" is what the first question of a stretch costs: nothing is kept
but the plans of the days. Each round takes the yardstick too, since other processes share the core: "on a
quiet core" is the figure by that.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from daxiang.design.day_card.draw import draw_day
from daxiang.domains.conversation import driving
from daxiang.domains.conversation.day_card import day_card
from daxiang.domains.conversation.queries import reply_to_text
from daxiang.domains.restrictions.drawing import map_of
from daxiang.domains.restrictions.queries import load_city, pack_folder
from daxiang.domains.restrictions.values import Vehicle
from daxiang.kernel.clock import SHANGHAI

CITY = "wuhan"
START = datetime(2026, 11, 24, 8, 10, tzinfo=SHANGHAI)
ROUNDS, TURNS = 9, 8
QUIET_US = 27.0
"""The yardstick on a quiet core of the machine that the limits are set for."""
BEFORE = ("", "请问", "你好，", "", "师傅 ", "", "麻烦问下", "", "")
AFTER = ("", "", "？", "", "谢谢", "。", "", "啊", " ")
BARE = frozenset({"a digit", "a plate", "two readings", "danger", "talk"})
"""Kinds that nobody dresses up, or whose form is the question."""
WANTED_US, WANTED_MS = 100.0, 20.0
PLATES = ("鄂A{r}5", "鄂a·{r}{n}", "{area}{r}{n}", "鄂A D{r}{n}", "鄂Ａ{r}{n}", "{area}{r}{n}k", "鄂A·F1{r}")
PROVINCES, AREAS = "鄂京沪粤湘豫皖川赣陕渝浙", "ABCDEFGH"
"""Many areas, because rules tell some apart: an answer that is kept for each of them is kept in vain."""
MIX: dict[str, tuple[str, ...]] = {
    "a digit": ("{n}",),
    "tail in words": ("尾号{n}", "尾号{n}能走吗", "我的车尾号{n}今天能走大桥吗", "尾号是{n}"),
    "a plate": PLATES,
    "tail and day": ("{n} 明天", "尾号{n}，周六", "{n} 28号", "尾号{n} 12月{n}日"),
    "tail, day, hour, place": (
        "尾号{n} 明天晚上10点 长江大桥",
        "明天上午九点半走江汉桥，尾号{n}",
        "{n} 早高峰 公铁隧道",
    ),
    "other vehicles": ("绿牌今天能走大桥吗", "货车 长江大桥", "9座商务车 尾号{n} 去武昌", "摩托能不能上二桥"),
    "no car": ("长江大桥明天能走吗", "今天限行吗", "周末限行吗"),
    "two readings": ("12", "{n} 10点", "1{n}"),
    "a way": ("从武昌到汉口 尾号{n}", "我在光谷去汉口怎么走 尾号{n}"),
    "not understood": ("今天的月亮好圆", "单号双号什么意思", "我的车还没有上牌照呢怎么办"),
    "talk": ("你好", "谢谢", "帮助", "狗东西"),
    "danger": ("我被撞了", "有人受伤了"),
    "long": (
        "警官您好我是从河南开车过来的我车牌尾号是{n}的蓝牌小车现在在汉口火车站旁边想明天上午九点走武汉长江大桥",
    ),
}
WEIGHTS = {"a digit": 40, "a plate": 20, "tail in words": 12, "tail and day": 6, "tail, day, hour, place": 6}
"""The rest counts 2 each: of 100 questions, so many are of the kind."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of question: medians of the rounds."""

    name: str
    weight: int
    cpu_us: float


def ask(words: str, turn: int) -> object:
    """One question, as one follows another through the morning."""
    return reply_to_text(words, account_kind="service", city=CITY, at=START + timedelta(seconds=7 * turn))


def questions(kind: str, turn: int = 0) -> list[str]:
    """Ten of each form; `turn` gives other plates and other words around it."""
    found = [
        one.format(n=n, r=1000 + (turn * 7919 + n * 613 + len(one)) % 8999, area=_area(turn * 31 + n * 7))
        for n in range(10)
        for one in MIX[kind]
    ]
    if kind in BARE:
        return found
    return [f"{BEFORE[(turn + at) % 9]}{one}{AFTER[(turn // 9 + at) % 9]}" for at, one in enumerate(found)]


def _area(number: int) -> str:
    return PROVINCES[number % len(PROVINCES)] + AREAS[number // len(PROVINCES) % len(AREAS)]


def cpu_us(kind: str, turns: Iterable[int]) -> float:
    """Microseconds of this process's CPU per question of one kind."""
    batches = [(turn, questions(kind, turn)) for turn in turns]
    began = time.process_time_ns()
    for turn, words in batches:
        for one in words:
            ask(one, turn)
    return (time.process_time_ns() - began) / 1e3 / sum(len(words) for _, words in batches)


@dataclass(frozen=True, kw_only=True)
class Round:
    """One round of all kinds, and the yardstick while it ran."""

    cpu_us: Mapping[str, float]
    yardstick_us: float


def measure() -> list[Round]:
    """Every kind, in rounds, so that a busy minute of the machine strikes them all."""
    for kind in MIX:
        cpu_us(kind, range(3))
    return [_round(range(first, first + TURNS)) for first in range(3, 3 + ROUNDS * TURNS, TURNS)]


def _round(turns: Iterable[int]) -> Round:
    found, sticks = {}, [yardstick_us()]
    for kind in MIX:
        found[kind] = cpu_us(kind, turns)
        sticks.append(yardstick_us())
    return Round(cpu_us=found, yardstick_us=statistics.mean(sticks))


def kinds_of(rounds: Sequence[Round], *, is_quiet: bool = False) -> list[Kind]:
    """The medians; `is_quiet`: as on a quiet core, by each round's yardstick."""
    return [
        Kind(
            name=kind,
            weight=WEIGHTS.get(kind, 2),
            cpu_us=statistics.median(
                one.cpu_us[kind] * (QUIET_US / one.yardstick_us if is_quiet else 1) for one in rounds
            ),
        )
        for kind in MIX
    ]


def anew_us() -> float:
    """Microseconds for a digit whose verdict is not kept yet."""
    took = 0
    for turn in range(60):
        driving.forget()
        began = time.process_time_ns()
        ask(str(turn % 10), turn)
        took += time.process_time_ns() - began
    return took / 1e3 / 60


def yardstick_us() -> float:
    """A thousand additions: some 27 µs of CPU on a quiet core, twice that where another process shares it."""
    began, total = time.process_time_ns(), 0
    for n in range(20_000):
        total += n
    return (time.process_time_ns() - began) / 1e3 / 20


def mean_us(kinds: Sequence[Kind]) -> float:
    """The mix's mean."""
    return sum(one.cpu_us * one.weight for one in kinds) / sum(one.weight for one in kinds)


def picture_ms() -> tuple[float, float, int]:
    """CPU milliseconds of a warm picture, median and longest of a fortnight by ten tails; its most bytes."""
    draw = _pictures()
    draw(START.date(), 0)
    took, most = [], 0
    for ahead in range(14):
        for tail in range(10):
            began = time.process_time_ns()
            most = max(most, len(draw(START.date() + timedelta(days=ahead), tail)))
            took.append((time.process_time_ns() - began) / 1e6)
    return statistics.median(took), max(took), most


def _pictures() -> Callable[[date, int], bytes]:
    cards, drawn = load_city(CITY), map_of(pack_folder(CITY))
    assert drawn is not None

    def draw(day: date, tail: int) -> bytes:
        vehicle = Vehicle(tail=str(tail))
        return draw_day(day_card(cards, vehicle=vehicle, subject=f"尾号{tail}", day=day, city_map=drawn))

    return draw


def profile() -> None:
    """Where the time of the whole mix goes."""
    texts = [(turn, one) for turn in range(20) for kind in MIX for one in questions(kind, turn)]
    with cProfile.Profile() as profiler:
        for turn, one in texts:
            ask(one, turn)
    pstats.Stats(profiler).sort_stats("tottime").print_stats(25)


def lines(rounds: Sequence[Round]) -> list[str]:
    """The table: as measured, and as on a quiet core."""
    quiet = {one.name: one.cpu_us for one in kinds_of(rounds, is_quiet=True)}
    kinds = kinds_of(rounds)
    found = [
        f"{'one question, understood and answered':44} µs of CPU, median of {ROUNDS} rounds; on a quiet core"
    ]
    found += [
        f"{'  ' + one.name:44} {one.cpu_us:8.1f} {quiet[one.name]:8.1f}   {one.weight} in 100"
        for one in sorted(kinds, key=lambda one: -one.cpu_us)
    ]
    mean, calm = mean_us(kinds), mean_us(kinds_of(rounds, is_quiet=True))
    return [*found, f"{'  the mix':44} {mean:8.1f} {calm:8.1f}   wanted {WANTED_US:.0f}"]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.conversation", description=__doc__)
    parser.add_argument("--profile", action="store_true", help="say where the time goes")
    options = parser.parse_args()
    rounds = measure()
    print("\n".join(lines(rounds)))
    print(f"{'  a digit, its verdict reckoned anew':44} {anew_us():8.1f}")
    stick = statistics.median(one.yardstick_us for one in rounds)
    print(f"{'  yardstick: a thousand additions':44} {stick:8.1f} {QUIET_US:8.1f}")
    middle, longest, size = picture_ms()
    print(
        f"{'a picture of the day, warm':44} {middle:8.1f} ms, longest {longest:.1f}, wanted {WANTED_MS:.0f}"
    )
    print(f"{'  its size':44} {size / 1000:8.1f} kB, wanted 100")
    if options.profile:
        profile()
    return 0


if __name__ == "__main__":
    sys.exit(main())
