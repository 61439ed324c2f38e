"""A case in another city in the words of the chat: who may drive when, what is missing, why. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from daxiang.domains.calendars.rules import DayKind
from daxiang.domains.conversation.bubbles import Line, Weight
from daxiang.domains.conversation.cases import Frame
from daxiang.domains.conversation.chinese import day_name, hour, hours_between, listed, moment
from daxiang.domains.conversation.elsewhere_cases import (
    Branch,
    Course,
    Rider,
    Stretch,
    later_stretch,
)
from daxiang.domains.conversation.talk import Told
from daxiang.domains.conversation.unsure import KINDS
from daxiang.domains.conversation.wording import SAFE_COURSE, WORDS, clock, day_off, rest_of, when
from daxiang.domains.restrictions.city_cards import CityCards
from daxiang.domains.restrictions.facts import FACT_TEXTS, FactName
from daxiang.domains.restrictions.reasons import CLASS_NAMES, digits_text
from daxiang.domains.restrictions.rules import Decision
from daxiang.domains.restrictions.sources import Source
from daxiang.domains.restrictions.states import Cause
from daxiang.domains.restrictions.values import Passage, Place, Sanction, SanctionKind

MOST_NAMES = 3
"""Places named one by one; more are counted."""
_OF_THE_TAIL = {Cause.TAIL, Cause.TAIL_FREE}
_EXEMPT = {
    Cause.EXEMPT_NEW_ENERGY,
    Cause.EXEMPT_USE,
    Cause.EXEMPT_CLASS,
    Cause.EXEMPT_PLATE,
    Cause.EXEMPT_FACT,
}
FACT_LABELS: dict[tuple[FactName, bool], str] = {
    (FactName.ENTRY_PERMIT, False): "没办进京证",
    (FactName.ENTRY_PERMIT, True): "办了进京证",
    (FactName.FIRST_ARRIVAL, False): "不是",
    (FactName.FIRST_ARRIVAL, True): "这个月第一次到、就是这一天到",
    (FactName.DAYS_DRIVEN, False): "前几天没开过",
    (FactName.DAYS_DRIVEN, True): "连着开满4天、还没停够4天",
}
FACT_QUESTIONS: dict[FactName, str] = {
    FactName.ENTRY_PERMIT: "进京证办了没有？",
    FactName.FIRST_ARRIVAL: "是这个月第一次到吗？早几天到的，告诉我哪天到的。",
    FactName.DAYS_DRIVEN: "前几天哪些天开过？比如“前3天都开了”“22号23号开过”。",
}
FACT_CHOICES: dict[FactName, tuple[str, str]] = {
    FactName.ENTRY_PERMIT: ("办了", "没办"),
    FactName.FIRST_ARRIVAL: ("第一次到", "不是第一次"),
    FactName.DAYS_DRIVEN: ("前几天没开过", "连着开满4天了"),
}


@dataclass(frozen=True, kw_only=True)
class Abroad:
    """A car at the places of another city over some time, in every way in which what is missing can be."""

    cards: CityCards
    rider: Rider
    subject: str
    places: tuple[Place, ...]
    frame: Frame
    now: datetime
    told: Told
    branches: tuple[Branch, ...]

    @property
    def alike(self) -> list[list[Branch]]:
        """The branches that fare alike, in their order."""
        found: dict[object, list[Branch]] = {}
        for branch in self.branches:
            found.setdefault(branch.shape, []).append(branch)
        return list(found.values())

    @property
    def stretches(self) -> list[Stretch]:
        return [one for branch in self.branches for course in branch.courses for one in course]

    @property
    def telling(self) -> Stretch:
        """The gravest stretch of the first branch."""
        first = [one for course in self.branches[0].courses for one in course]
        return min(first, key=lambda one: _GRAVITY.index(one.passage))

    @property
    def fact(self) -> FactName | None:
        """The fact of the driver's that is missing and decides."""
        if len(self.alike) == 1:
            return None
        return next((branch.fact for branch in self.branches if branch.fact), None)

    @property
    def origins(self) -> tuple[str, ...]:
        """How the plate may begin, where that decides; the first of those that fare alike."""
        by_origin: dict[str | None, tuple[object, ...]] = {}
        for branch in self.branches:
            by_origin[branch.origin] = (*by_origin.get(branch.origin, ()), branch.shape)
        if len(set(by_origin.values())) < 2:
            return ()
        return tuple(origin for origin in by_origin if origin is not None)

    @property
    def is_by_digit(self) -> bool:
        return any(one.is_by_digit for one in self.stretches)


_GRAVITY = (Passage.BANNED, Passage.UNKNOWN, Passage.CONDITIONAL, Passage.ALLOWED)


def lines_of(case: Abroad) -> list[Line]:
    """The whole answer to one case."""
    lines = [Line(first_line(case), Weight.ANSWER)]
    if len(case.alike) > 1:
        lines += [Line(text, Weight.WAY) for text in _each_branch(case)]
    else:
        lines += [Line(text, Weight.WAY) for text in _unsure_lines(case)]
        lines.append(Line(_next(case), Weight.NEXT))
    return lines + basis_lines(case)


def first_line(case: Abroad) -> str:
    """The verdict, the city, the day in full, the places, and the hour at which it changes."""
    told = f"{case.cards.name}{when(case.frame, case.now)}{f'，{case.subject}' if case.subject else ''}"
    if len(case.alike) > 1:
        what = "是哪里的车牌" if case.origins else FACT_TEXTS[case.fact] if case.fact else "车牌"
        return f"{told}：{names_of(case.places)}要看{what}。"
    passages = {one.passage for one in case.stretches}
    first = case.telling.decision
    if passages == {Passage.UNKNOWN} and first.cause is Cause.RUN_OUT:
        return f"{told}：{names_of(case.places)}不确定，没有查到这一天有效的通告。"
    verdict = verdict_of(case, case.branches[0])
    if passages != {Passage.ALLOWED}:
        return f"{told}：{verdict}。"
    causes = {one.decision.cause for one in case.stretches}
    if causes == {Cause.DAY_FREE} and first.day is not None:
        day = day_name(case.frame.start, case.now)
        off = day_off(case.cards, first, case.frame.start.date())
        return f"能走。{case.cards.name}{day}{off}，{clock(case.frame)}{verdict}。"
    if len(causes) == 1 and causes <= _EXEMPT:
        return f"能走。{first.reason}，{case.cards.name}{when(case.frame, case.now)}{verdict}。"
    return f"能走。{told}：{verdict}。"


def brief(case: Abroad) -> str:
    """The verdict without its day, on one line."""
    if len(case.alike) == 1:
        return verdict_of(case, case.branches[0])
    return "；".join(text.rstrip("。") for text in _each_branch(case))


def whole_line(case: Abroad) -> str:
    """The first line where several cases follow each other: with every way in which it can turn out."""
    if len(case.alike) == 1:
        return first_line(case)
    whose = f"，{case.subject}" if case.subject else ""
    return f"{case.cards.name}{when(case.frame, case.now)}{whose}：{brief(case)}。"


def names_of(places: Sequence[Place]) -> str:
    """五环内; of many 延安高架等17处."""
    if len(places) > MOST_NAMES:
        return f"{places[0].short_name}等{len(places)}处"
    return listed([place.short_name for place in places])


def verdict_of(case: Abroad, branch: Branch, *, with_names: bool = True) -> str:
    """五环内7:00–9:00不能走，其他时间能走; place by place where they differ, the gravest first."""
    alike: dict[object, list[int]] = {}
    for number, course in enumerate(branch.courses):
        alike.setdefault(tuple(one.shape for one in course), []).append(number)
    found = []
    for numbers in alike.values():
        places = tuple(case.places[number] for number in numbers)
        is_named = with_names or len(alike) > 1
        found.append((branch.courses[numbers[0]], places, names_of(places) if is_named else ""))
    found.sort(key=lambda one: min(_GRAVITY.index(stretch.passage) for stretch in one[0]))
    return "；".join(_verdict(case, branch, course, places, names) for course, places, names in found)


def _verdict(case: Abroad, branch: Branch, course: Course, places: Sequence[Place], names: str) -> str:
    if len(course) > 1:
        return names + hours_text(case.frame, course)
    one = course[0]
    both = "都" if one.passage is Passage.ALLOWED and 1 < len(places) <= MOST_NAMES and names else ""
    if case.frame.end is not None:
        whole = "" if one.passage is Passage.ALLOWED or not case.frame.is_whole_day else "全天"
        return f"{names}{both}{whole}{word(one)}"
    until = _until(case, branch, places[0], one)
    before = f"{_at(one.until, case)}前" if one.is_by_digit and one.until is not None else ""
    return f"{names}{before}{both}{word(one)}{'，' if until else ''}{until}"


def word(one: Stretch) -> str:
    """能走, 不能走, 不确定; 尾号3和8不能走，别的能走."""
    said = WORDS[one.passage]
    return f"尾号{digits_text(one.held)}{said}，别的能走" if one.is_by_digit else said


def hours_text(frame: Frame, course: Course) -> str:
    """7:00–9:00、17:00–20:00不能走，9:00–17:00尾号2和7不能走，其他时间能走."""
    by_word: dict[str, list[Stretch]] = {}
    for one in course:
        by_word.setdefault(word(one).removesuffix("，别的能走"), []).append(one)
    rest = WORDS[Passage.ALLOWED] if WORDS[Passage.ALLOWED] in by_word else ""
    said = [
        f"{listed([_hours(frame, one) for one in stretches])}{text}"
        for text, stretches in by_word.items()
        if text != rest
    ]
    return "，".join([*said, f"{rest_of(frame)}{rest}"] if rest else said)


def _hours(frame: Frame, one: Stretch) -> str:
    return hours_between(one.start, one.end or one.start, of=frame.start.date())


def _until(case: Abroad, branch: Branch, place: Place, one: Stretch) -> str:
    if one.until is None or one.is_by_digit:
        return ""
    if one.passage is Passage.ALLOWED:
        return f"到{_at(one.until, case)}"
    then = _then(case, branch, place, one.until)
    is_free = one.passage is Passage.BANNED and then.passage is Passage.ALLOWED and not then.is_by_digit
    return f"{_at(one.until, case)}{'开' if one.decision.is_closed else '后能走'}" if is_free else ""


def _at(instant: datetime, case: Abroad) -> str:
    is_same = instant.date() == case.frame.start.date()
    return hour(instant) if is_same else moment(instant, case.now)


def _then(case: Abroad, branch: Branch, place: Place, at: datetime) -> Stretch:
    return later_stretch(case.cards, case.rider, branch, place, case.told, Frame(start=at))[0]


def _each_branch(case: Abroad) -> list[str]:
    """One line for each beginning of a plate that fares otherwise; of one, for each way a fact can be."""
    by_origin: dict[str | None, list[Branch]] = {}
    for branch in case.branches:
        by_origin.setdefault(branch.origin, []).append(branch)
    told: dict[str, list[str]] = {}
    for origin, branches in by_origin.items():
        label = origin_label(case.cards, origin, case.origins) if case.origins else ""
        told.setdefault(_ways(case, branches, alone=not case.origins), []).append(label)
    lines = []
    for text, labels in told.items():
        label = "、".join(label for label in labels if label)
        lines += [f"{label}：{text}。"] if label else [f"{one}。" for one in text.split("\n")]
    return lines


def _ways(case: Abroad, branches: Sequence[Branch], *, alone: bool) -> str:
    if len({branch.shape for branch in branches}) == 1:
        return verdict_of(case, branches[0], with_names=False)
    said = []
    for branch in branches:
        label = FACT_LABELS[branch.fact, branch.value] if branch.fact else ""
        said.append(f"{label}{'：' if alone else '的，'}{verdict_of(case, branch, with_names=False)}")
    return ("\n" if alone else "；").join(said)


def origin_label(cards: CityCards, origin: str | None, origins: Sequence[str] = ()) -> str:
    """京牌, 沪C牌, 鲁A、鲁S牌; 外地车."""
    if origin is None:
        return ""
    named = sorted(_named(cards), key=len, reverse=True)
    begins = next((one for one in named if origin.startswith(one)), None)
    if begins is None:
        return "外地车" if any(one.startswith(cards.local_plates) for one in origins) else "别的外地车"
    if begins in cards.local_plates:
        return f"{'、'.join(cards.local_plates)}牌"
    return f"{begins}牌"


def _named(cards: CityCards) -> frozenset[str]:
    clauses = (clause for card in cards.cards for clause in card.clauses)
    return frozenset(cards.local_plates).union(*(clause.who.prefixes for clause in clauses))


def _next(case: Abroad) -> str:
    """今天17:00–20:00不能走: what comes behind an instant; nothing where it is not the same for all."""
    branch = case.branches[0]
    if case.frame.end is not None or case.is_by_digit or len({one.shape for one in case.stretches}) > 1:
        return ""
    one, place = branch.courses[0][0], case.places[0]
    until = one.until
    if until is None:
        return ""
    then = _then(case, branch, place, until)
    if then.until is None:
        return ""
    end = then.until
    if then.passage is Passage.ALLOWED and one.passage is Passage.BANNED:
        return f"{moment(until, case.now)}起，一直能走到{moment(end, case.now)}。"
    if then.passage is not Passage.BANNED:
        return ""
    last = hour(end) if end.date() == until.date() else moment(end, case.now)
    rest = _rest_of_day(case, branch, place, end)
    return f"{day_name(until, case.now)}{hour(until)}–{last}{rest}{word(then)}。"


def _rest_of_day(case: Abroad, branch: Branch, place: Place, at: datetime) -> str:
    """、17:00–20:00, where the day has one more stretch in which nobody may."""
    midnight = at.replace(hour=0, minute=0) + timedelta(days=1)
    if at >= midnight:
        return ""
    course = later_stretch(case.cards, case.rider, branch, place, case.told, Frame(start=at, end=midnight))
    held = [one for one in course if one.passage is Passage.BANNED and not one.is_by_digit and one.start > at]
    return "".join(f"、{_hours(Frame(start=at), one)}" for one in held)


def _unsure_lines(case: Abroad) -> list[str]:
    """What is missing, and what is safe."""
    one = next((one for one in case.stretches if one.passage is Passage.UNKNOWN), None)
    if one is None:
        return []
    decision = one.decision
    if decision.cause is Cause.RUN_OUT:
        last = decision.last
        gone = (
            f"上一份只到{_full(last.until - timedelta(seconds=1))}，已经过期，不能照着走。"
            if last and last.until
            else ""
        )
        return [gone, f"到那里请看路口标志，出发前看{case.cards.name}交警的最新通告。"]
    if decision.cause is Cause.NO_CARD:
        name = CLASS_NAMES[case.rider.known.vehicle.vehicle_class]
        return [f"手上没有{name}走{names_of(case.places)}的规定，不敢说能走，请看路口标志。"]
    return [f"{decision.reason.rstrip('。')}。", *_if_so(decision), SAFE_COURSE]


def _if_so(decision: Decision) -> list[str]:
    """要是放假：能走: what holds under each kind that a day without a calendar can be."""
    by_word: dict[str, list[DayKind]] = {}
    for kind, passage in decision.readings:
        by_word.setdefault(WORDS[passage], []).append(kind)
    return [f"要是{'或'.join(KINDS[kind] for kind in kinds)}：{said}。" for said, kinds in by_word.items()]


def _full(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def basis_lines(case: Abroad) -> list[Line]:
    """Why, what follows, by which notice, and the caution where the notice was not looked at lately."""
    lines = [Line(_why(case), Weight.WHY)]
    decisions = [one.decision for one in case.stretches]
    banned = {one.sanction for one in decisions if one.passage is Passage.BANNED}
    if len(case.alike) == 1 and len(banned) == 1 and not case.is_by_digit:
        lines.append(Line(sanction_text(decisions), Weight.WHY))
    sources = {one.source.title: one.source for one in decisions if one.source is not None}
    if sources:
        told = listed([_source(source) for source in list(sources.values())[:2]])
        lines.append(Line(f"依据：{case.cards.name}{told}{_round(case)}。", Weight.SOURCE))
    if FactName.REGIONAL_PLATE in case.cards.facts and FactName.REGIONAL_PLATE not in dict(case.told):
        lines.append(Line("区域号牌另有规定，是的话告诉我“区域号牌”。", Weight.CAUTION))
    stale = [one for one in sources.values() if case.cards.is_stale(one.checked_on, case.now.date())]
    lines.append(Line(f"{stale[0].checked_line}。" if stale else "", Weight.CAUTION))
    return lines


def _source(source: Source) -> str:
    if source.issuer is None and source.until is None and not source.short_title:
        return source.title
    if source.until is None:
        return source.short_title
    return f"{source.short_title}，只到{_full(source.until - timedelta(seconds=1))}"


def _round(case: Abroad) -> str:
    """，这一轮尾号到12月27日, where the digits go round by a published table."""
    day, rules = case.frame.start.date(), {one.decision.rule for one in case.stretches}
    for card in case.cards.cards:
        for clause in card.clauses if card.id in rules else ():
            for period in clause.tail.periods:
                if period.first <= day <= period.last:
                    year = "" if period.last.year == case.now.year else f"{period.last.year}年"
                    return f"，这一轮尾号到{year}{period.last.month}月{period.last.day}日"
    return ""


def _why(case: Abroad) -> str:
    assumed = f"{case.rider.known.assumed}。" if case.rider.known.assumed else ""
    decision = case.telling.decision
    if len(case.alike) > 1 or case.is_by_digit or case.telling.passage is Passage.UNKNOWN:
        return assumed
    if decision.cause in _OF_THE_TAIL or (decision.tail is not None and decision.cause is Cause.HOURS_FREE):
        return f"为什么：{_tail_why(case, decision)}。{assumed}"
    is_off = decision.day in {DayKind.WEEKEND, DayKind.HOLIDAY} and decision.passage is Passage.ALLOWED
    if is_off or decision.cause is Cause.DAY_FREE or decision.cause in _EXEMPT:
        return assumed
    return f"为什么：{decision.reason.rstrip('。')}。{assumed}"


def _tail_why(case: Abroad, decision: Decision) -> str:
    rule = decision.reason.partition("，")[0]
    digit = case.rider.known.vehicle.tail_digit
    is_letter = case.rider.letter or (
        digit is not None and decision.tail is not None and decision.tail != digit
    )
    if decision.cause not in _OF_THE_TAIL:
        return decision.reason.rstrip("。")
    if is_letter and decision.tail is not None:
        return f"{rule}，您尾号是字母，按{decision.tail}算"
    is_told = decision.tail is not None and digit is not None
    return f"{rule}，您尾号{decision.tail}" if is_told else rule


def sanction_text(decisions: Iterable[Decision]) -> str:
    """违反的罚100元，不记分: only what is on record."""
    told = next((one.sanction for one in decisions if one.sanction is not None), None)
    return "" if told is None else _sanction(told)


def _sanction(told: Sanction) -> str:
    parts = []
    if told.first_free:
        parts.append(f"前{told.first_free}次不罚")
    if told.warn_first:
        parts.append(f"前{told.warn_first}次只警告")
    if told.kind is SanctionKind.FINE and told.fine_fen is not None:
        parts.append(f"罚{told.fine_fen // 100}元")
    if told.points is not None:
        parts.append(f"记{told.points}分" if told.points else "不记分")
    return f"违反的{'，'.join(parts)}。" if parts else ""
