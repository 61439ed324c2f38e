"""What a driver tells for the rules of another city: 办了进京证, 第一次到, 连着开了四天. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from daxiang.domains.conversation.talk import Told
from daxiang.domains.conversation.understanding.parts import spellings
from daxiang.domains.conversation.understanding.wishes import NO, YES
from daxiang.domains.restrictions.facts import FactName

ARRIVED_ON = "arrived_on"
LONGEST_RUN = 9
"""Days driven in a row that are kept: more says no more."""

_NUMBERS = {sign: number for number, sign in enumerate("零一二三四五六七八九")} | {"两": 2}
_COUNT = f"(?P<days>[1-9{''.join(_NUMBERS)[1:]}])"
_PERMIT = "(?:进京证|进京通行证|进京手续)"
_ASIDE = re.compile(f"(?:要不要|需不需要|需要|需|要|用)?(?:办理?|申请)?{_PERMIT}(?:怎么办理?|在哪办|吗|么)?")
"""Talk of the permit that does not say whether there is one."""
_NO_LONGER = "(?:(?<!没)(?<!未)过期|(?<!没)(?<!未)到期|失效|作废|没批|没通过|未通过|被拒|用完|丢了)"
"""A permit that was, or was asked for: it opens nothing."""
_NOT_MINE = "(?:朋友|别人|同事|亲戚|家人|去年|前年|以前|上个?月)"
_SAID: tuple[tuple[FactName, bool, re.Pattern[str]], ...] = (
    (
        FactName.ENTRY_PERMIT,
        False,
        re.compile(
            f"(?:有|办了?|办过)?{_PERMIT}[^,。]{{0,6}}{_NO_LONGER}"
            f"|{_NO_LONGER}[^,。]{{0,6}}{_PERMIT}|{_NOT_MINE}[^,。]{{0,6}}{_PERMIT}"
        ),
    ),
    (
        FactName.PASS,
        False,
        re.compile(f"(?:有|办了?|办过)?通行证[^,。]{{0,6}}{_NO_LONGER}|{_NOT_MINE}[^,。]{{0,6}}通行证"),
    ),
    (FactName.EXEMPT_DAY, False, re.compile(f"申请(?:了|过)?免限[^,。]{{0,6}}{_NO_LONGER}")),
    (
        FactName.ENTRY_PERMIT,
        False,
        re.compile(
            f"(?:还没有?|没有?|未|忘了|不想)(?:办理?|办过|办好|申请|拿到|拿)?(?:过|好)?{_PERMIT}"
            f"|(?:没有?|无)证(?!件)|{_PERMIT}(?:我)?(?:还|都)?(?:没有|没|未)(?:有)?(?:办理?|办好|下来|申请|批|拿到)?"
        ),
    ),
    (
        FactName.ENTRY_PERMIT,
        True,
        re.compile(
            f"(?:已经|我)?(?:已办理?|办了|办好了?|办理了|办过|有了?|拿到了?|带了?)(?:过|了)?{_PERMIT}"
            f"|有证(?!件)|{_PERMIT}(?:我)?(?:已经|已|都)?(?:办好了?|办理了|办了|办过了?|有了|有|下来了|批了|拿到了)(?![吗么没])"
        ),
    ),
    (
        FactName.FIRST_ARRIVAL,
        False,
        re.compile("(?:不是|并非|非)(?:我)?(?:这个月|本月)?的?(?:第一次|头一次|头一回|首次)(?:到|来|去|进)?"),
    ),
    (
        FactName.FIRST_ARRIVAL,
        True,
        re.compile("(?:是)?(?:我)?(?:这个月|本月)?的?(?:第一次|头一次|头一回|首次)(?:到|来|去|进)?的?"),
    ),
    (FactName.REGIONAL_PLATE, False, re.compile("(?:不是|非)区域(?:号牌|牌照?)")),
    (FactName.REGIONAL_PLATE, True, re.compile("区域(?:号牌|牌照?)")),
    (FactName.NOVICE, False, re.compile("(?:不是|过了)(?:新手|实习期)")),
    (FactName.NOVICE, True, re.compile("(?:新手|实习期|实习司机)")),
    (FactName.TRANSIT, True, re.compile("(?:只|只是)?(?:走高速)?(?:过境|路过不下高速|不下高速|不下道)")),
    (FactName.EXEMPT_DAY, True, re.compile("(?:已经|已)?申请(?:了|过)?免限(?:行)?(?:了)?(?:一天)?")),
    (FactName.PASS, False, re.compile("(?:没有?|没办)通行证")),
    (FactName.PASS, True, re.compile("(?:有|办了|办好了?)通行证")),
)
"""The first that is found says it."""
_ANSWERS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    FactName.ENTRY_PERMIT: (
        spellings("办了 办好了 办理了 已办 已经办了 有 有了 有的 有证 办过 办过了 办了证"),
        spellings("没办 没有 没 未办 还没 还没办 没有办 没证 还没有 没办呢 还没办呢 没办好 正在办"),
    ),
    FactName.FIRST_ARRIVAL: (
        spellings("是的 第一次 头一次 头一回 首次 第一回 是第一次"),
        spellings("不是第一次 来过 到过 来过了 去过 去过了 早就到了 之前来过 以前来过"),
    ),
}
"""Whole messages that answer the question for that fact; beside yes and no."""
_POLITE = re.compile("[ ,.!。~]+$|^[ ,]+|(?<=[一-龥]{2})[吧啊呀呢]$")
_NONE_DRIVEN = re.compile(
    "(?:前几天|这几天|最近|之前|以前|前四天|前4天)?(?:都)?(?:没有|没|未)(?:开过?|上过?|去过?|进过?)(?:去|过)*"
)
_RUN = re.compile(
    "(?:我)?(?:已经|都)?(?:连着|连续|前|这|最近|近)?(?:已经)?(?:都)?(?:开|跑|走)(?:满|够)?(?:了|过)*"
    f"{_COUNT}天(?:了)?"
    f"|(?:我)?(?:前|这|最近|近|连着|连续|前面){_COUNT.replace('days', 'before')}天(?:都|全|每天)?(?:在)?"
    "(?:开|跑|走)(?:了|过|着|的)*"
)


class InWords(NamedTuple):
    """What was told, and the words that are left."""

    told: Told
    rest: str


def may_tell(words: str, *, of: frozenset[FactName]) -> bool:
    """Whether words can tell one of these facts at all: cheap, and rather once too often."""
    return any(sign in words for name in of for sign in _SIGNS[name])


_SIGNS: dict[FactName, str] = {
    FactName.ENTRY_PERMIT: "证续",
    FactName.FIRST_ARRIVAL: "次回首到来进",
    FactName.DAYS_DRIVEN: "开跑走上去进",
    FactName.REGIONAL_PLATE: "域",
    FactName.NOVICE: "新习",
    FactName.UNLOADED: "空载",
    FactName.TRANSIT: "境下",
    FactName.EXEMPT_DAY: "免",
    FactName.PASS: "证",
}
"""A sign that each way of telling a fact has."""


def told_in(line: str, *, of: frozenset[FactName], wants: str | None, day: date) -> InWords:
    """What a (normal) line tells of the facts `of` a city's cards; `wants`: the one that was asked for. Days
    driven are counted back from `day`, tomorrow at the latest: nobody has driven on a day still to come.
    """
    if wants is not None and (answer := _answer(line, wants)) is not None:
        return InWords(((wants, answer),), "")
    if not may_tell(line, of=of):
        return InWords((), line)
    found: dict[str, object] = {}
    for name, value, pattern in _SAID:
        if name in of and name not in found and (said := pattern.search(line)) is not None:
            found[name] = value
            line = f"{line[: said.start()]} {line[said.end() :]}"
    if FactName.ENTRY_PERMIT in of:
        line = _ASIDE.sub(" ", line)
    if FactName.DAYS_DRIVEN in of and (run := _run(line, day)) is not None:
        found[FactName.DAYS_DRIVEN], line = run
    return InWords(tuple(sorted(found.items())), line)


def _answer(line: str, wants: str) -> bool | None:
    """Yes or no to the question for that fact, where the whole message is nothing else."""
    if wants not in _ANSWERS:
        return None
    whole = _POLITE.sub("", line)
    yes, no = _ANSWERS[wants]
    if whole in no or whole in NO:
        return False
    return True if whole in yes or whole in YES else None


def _run(line: str, day: date) -> tuple[tuple[str, ...], str] | None:
    """The days driven before that day, and the words that are left."""
    if (said := _NONE_DRIVEN.search(line)) is not None:
        return (), f"{line[: said.start()]} {line[said.end() :]}"
    if (said := _RUN.search(line)) is None:
        return None
    count = said["days"] or said["before"]
    number = int(count) if count.isdigit() else _NUMBERS[count]
    return days_before(day, min(number, LONGEST_RUN)), f"{line[: said.start()]} {line[said.end() :]}"


_DATE = re.compile("(?:(?P<month>1[0-2]|[1-9])月)?(?P<day>3[01]|[12][0-9]|[1-9])[号日]")
_AGO = {"今天": 0, "今早": 0, "刚刚": 0, "昨天": 1, "昨晚": 1, "前天": 2, "大前天": 3}
_ARRIVED = re.compile("(?:到的?|来的?|进的?|到了|来了)$")
_DRIVEN = re.compile("(?:开|上|进|走)(?:过|了|的)")


def answered_by_days(line: str, wants: str | None, *, now: date) -> Told:
    """The days of arrival or of driving that answer the question for them: 23号到的, 22号23号开过. Past days,
    seen from `now`.
    """
    if wants not in {FactName.FIRST_ARRIVAL, FactName.DAYS_DRIVEN}:
        return ()
    days = _past_days(line, now)
    said = line.strip(" ,.!。")
    if not days:
        return ()
    if wants == FactName.FIRST_ARRIVAL and _ARRIVED.search(said):
        return ((ARRIVED_ON, days[0].isoformat()),)
    if wants == FactName.DAYS_DRIVEN and (_DRIVEN.search(said) or _DATE.sub("", said).strip("、,和 ") == ""):
        return ((str(FactName.DAYS_DRIVEN), as_days(days)),)
    return ()


def _past_days(line: str, now: date) -> list[date]:
    found = [now - timedelta(days=_AGO[word]) for word in sorted(_AGO, key=len) if word in line]
    if "大前天" in line and "前天" not in line.replace("大前天", ""):
        found = [one for one in found if one != now - timedelta(days=2)]
    for said in _DATE.finditer(line):
        day, month = int(said["day"]), int(said["month"]) if said["month"] else None
        for ago in range(366):
            one = now - timedelta(days=ago)
            if one.day == day and month in (None, one.month):
                found.append(one)
                break
    return sorted(set(found))


_A_DAY = "(?:(?:(?:1[0-2]|[1-9])月)?(?:3[01]|[12][0-9]|[1-9])[号日]|今天|昨天|大前天|前天)"
_BY_DAYS = re.compile(
    f"(?:我)?(?P<days>{_A_DAY}(?:[、,和跟 ]*{_A_DAY})*)(?:我|都|也|才|刚)*"
    "(?:(?P<came>[到来进]的)|(?P<drove>[开跑上]过))"
)


def told_by_days(line: str, *, of: frozenset[FactName], now: date) -> InWords:
    """Days told along with a question: 我昨天到的, 22日、23日开过. They are no days that are asked about."""
    said = _BY_DAYS.search(line)
    days = _past_days(said["days"], now) if said else []
    if said is None or not days:
        return InWords((), line)
    left = f"{line[: said.start()]} {line[said.end() :]}"
    if said["came"] and FactName.FIRST_ARRIVAL in of:
        return InWords(((ARRIVED_ON, days[0].isoformat()),), left)
    if said["drove"] and FactName.DAYS_DRIVEN in of:
        return InWords(((str(FactName.DAYS_DRIVEN), as_days(days)),), left)
    return InWords((), line)


def days_before(day: date, number: int) -> tuple[str, ...]:
    """So many days up to the one before, the earliest first, as facts are told."""
    return tuple((day - timedelta(days=ago)).isoformat() for ago in range(number, 0, -1))


def as_days(days: Iterable[date]) -> tuple[str, ...]:
    """Days as facts are told."""
    return tuple(sorted(day.isoformat() for day in days))


def added(before: Told, told: Told, *, day: date) -> Told:
    """What is known after this was told of that day; what is told later wins. A first arrival is of that day,
    unless its day is told.
    """
    found = dict(before) | dict(told)
    if dict(told).get(FactName.FIRST_ARRIVAL) is True and ARRIVED_ON not in found:
        found[ARRIVED_ON] = day.isoformat()
    if dict(told).get(FactName.FIRST_ARRIVAL) is False:
        found.pop(ARRIVED_ON, None)
    return tuple(sorted(found.items()))
