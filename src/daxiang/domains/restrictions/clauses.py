"""From the sentences of a card's file to values: whom, when, which tails."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from itertools import pairwise

from daxiang.domains.calendars.rules import DayKind
from daxiang.domains.restrictions.days import (
    DAY_MINUTES,
    EVERY_WEEKDAY,
    BridgedDay,
    Days,
    Hours,
    MakeupWorkday,
)
from daxiang.domains.restrictions.facts import FactName
from daxiang.domains.restrictions.fields import Fields
from daxiang.domains.restrictions.history import FreeDays, Run
from daxiang.domains.restrictions.tails import DateGroup, Period, Sign, SignRule, Tail, TailRule
from daxiang.domains.restrictions.values import (
    EVERYBODY,
    AlertLevel,
    Arrival,
    Clause,
    Lift,
    Origin,
    Outcome,
    VehicleClass,
    VehicleUse,
    Who,
)
from daxiang.kernel.plates import PROVINCES, PlateKind

ALL_DAY = "all_day"
DAILY = "daily"
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WINDOW = re.compile(r"(\d{2}):(\d{2})-(\d{2}):(\d{2})")
_PREFIX = re.compile(f"[{PROVINCES}][A-Z]?")
_MAKEUP = {
    MakeupWorkday.RESTRICTED: True,
    MakeupWorkday.FREE: False,
    MakeupWorkday.UNKNOWN: None,
    MakeupWorkday.AS_WEEKDAY: None,
}
_OF_LETTERS = frozenset({SignRule.LAST_DIGIT_BEFORE, SignRule.ZERO, SignRule.EVEN, SignRule.UNKNOWN})


def read_clause(fields: Fields, makeup_as: Mapping[date, int]) -> Clause:
    """One `[[clause]]`. `makeup_as`: the card's table of worked weekend days that count as a weekday."""
    clause = Clause(
        id=fields.text("id"),
        says=fields.text("says"),
        places=_some_places(fields),
        who=_who(fields.table("who")),
        days=_days(fields, makeup_as),
        makeup_note=fields.text_if_any("makeup_note"),
        hours=_hours(fields),
        tail=_tail(fields.table("tail")),
        sanction=fields.text_or_unknown("sanction"),
        outcome=fields.choice("outcome", Outcome) if fields.has("outcome") else Outcome.BANNED,
        run=_run(fields.table("run")) if fields.has("run") else None,
        alerts=frozenset(fields.choices("alert", AlertLevel)) if fields.has("alert") else frozenset(),
    )
    if clause.outcome is Outcome.CLOSED:
        fields.wrong("outcome", "封闭要写成 [[closure]] 一段；这里可写的有：banned、unknown")
    fields.done()
    return clause


def read_closure(fields: Fields) -> Clause:
    """A place shut to everybody for works: no vehicle, tail or sanction to speak of."""
    clause = Clause(
        id=fields.text("id"),
        says=fields.text("says"),
        places=_some_places(fields),
        who=EVERYBODY,
        days=_days(fields, {}),
        hours=_hours(fields),
        tail=Tail(rule=TailRule.ALL, letter=None),
        sanction=None,
        outcome=Outcome.CLOSED,
    )
    fields.done()
    return clause


def read_lift(fields: Fields) -> Lift:
    """One `[[lift]]` of a waiver."""
    lift = Lift(
        says=fields.text("says"),
        card=fields.text("of"),
        clauses=frozenset(fields.texts("clauses")),
        days=_days(fields, {}),
        hours=_hours(fields),
    )
    fields.done()
    return lift


def _some_places(fields: Fields) -> frozenset[str] | None:
    return frozenset(fields.texts("places")) if fields.has("places") else None


def _who(fields: Fields) -> Who:
    given = fields.choices("exempt_given", FactName) if fields.has("exempt_given") else ()
    free = fields.choices("exempt_classes", VehicleClass) if fields.has("exempt_classes") else ()
    unsaid = fields.choices("unsaid_uses", VehicleUse) if fields.has("unsaid_uses") else ()
    bound = fields.choices("classes", VehicleClass)
    who = Who(
        classes=frozenset((*bound, *free)),
        exempt_classes=frozenset(free),
        exempt_uses=frozenset(fields.choices("exempt_uses", VehicleUse, may_be_empty=True)),
        unsaid_uses=frozenset(unsaid),
        exempt_new_energy=fields.flag_or_unknown("exempt_new_energy"),
        green_until=fields.instant("exempt_new_energy_until")
        if fields.has("exempt_new_energy_until")
        else None,
        seats_at_least=fields.count_between("seats_at_least", low=2, high=99),
        seats_at_most=fields.count_between("seats_at_most", low=1, high=99),
        taller_than_m=fields.number("taller_than_m", low=1, high=6) if fields.has("taller_than_m") else None,
        axles_at_least=fields.count_between("axles_at_least", low=2, high=20),
        origin=fields.choice("origin", Origin) if fields.has("origin") else None,
        plates=_prefixes(fields, "plates"),
        not_plates=_prefixes(fields, "not_plates"),
        exempt_plates=_prefixes(fields, "exempt_plates"),
        plate_kinds=_kinds(fields, "plate_kinds"),
        not_plate_kinds=_kinds(fields, "not_plate_kinds"),
        exempt_plate_kinds=_kinds(fields, "exempt_plate_kinds"),
        ends_in=fields.choice("ends_in", Sign) if fields.has("ends_in") else None,
        given=_given(fields),
        exempt_given=frozenset(given),
        exempt_arrival=fields.choice("exempt_first_arrival", Arrival)
        if fields.has("exempt_first_arrival")
        else None,
    )
    for one in sorted({*bound} & who.exempt_classes):
        fields.wrong("exempt_classes", f"里的 {one} 也写在 classes 里，只留一处")
    _check_who(fields, who)
    _check_plates(fields, who)
    fields.done()
    return who


def _check_who(fields: Fields, who: Who) -> None:
    for use in sorted(who.exempt_uses & who.unsaid_uses):
        fields.wrong("unsaid_uses", f"里的 {use} 也写在 exempt_uses 里，只留一处")
    if who.green_until is not None and who.exempt_new_energy is not True:
        fields.wrong("exempt_new_energy_until", "只在 exempt_new_energy = true 时写")
    if who.seats_at_most is not None and who.seats_at_most < (who.seats_at_least or 0):
        fields.wrong("seats_at_most", f"不能小于 seats_at_least（{who.seats_at_least}）")
    for name in (FactName.FIRST_ARRIVAL, FactName.DAYS_DRIVEN):
        if name in who.exempt_given or name in dict(who.given):
            right = "exempt_first_arrival" if name is FactName.FIRST_ARRIVAL else "[clause.run]"
            field = "exempt_given" if name in who.exempt_given else "given"
            fields.wrong(field, f"里不写 {name}，要写成 {right}")
    for name, _ in who.given:
        if name in who.exempt_given:
            fields.wrong("exempt_given", f"里的 {name} 也写在 given 里，只留一处")


def _check_plates(fields: Fields, who: Who) -> None:
    """A plate is spoken of, not spoken of, or freed; never two of them by the same words."""
    if who.plates and who.not_plates:
        fields.wrong("not_plates", "和 plates 只写一个")
    if who.plate_kinds and who.not_plate_kinds:
        fields.wrong("not_plate_kinds", "和 plate_kinds 只写一个")
    for text in who.exempt_plates:
        if text.startswith(who.not_plates or ("-",)):
            fields.wrong("exempt_plates", f"里的 {text} 也写在 not_plates 里，只留一处")
    for kind in sorted(who.exempt_plate_kinds & who.not_plate_kinds):
        fields.wrong("exempt_plate_kinds", f"里的 {kind} 也写在 not_plate_kinds 里，只留一处")


def _kinds(fields: Fields, key: str) -> frozenset[PlateKind]:
    return frozenset(fields.choices(key, PlateKind)) if fields.has(key) else frozenset()


def _prefixes(fields: Fields, key: str) -> tuple[str, ...]:
    return read_prefixes(fields, key) if fields.has(key) else ()


def read_prefixes(fields: Fields, key: str) -> tuple[str, ...]:
    """How plates begin: 川A, or 京 for all of a province; none of them within another."""
    found = fields.texts(key)
    for text in found:
        if not _PREFIX.fullmatch(text):
            fields.wrong(key, f'里的 {text!r} 不是车牌开头，要写成 "川A" 或 "京"')
        if len(text) > 1 and text[0] in found:
            fields.wrong(key, f"里的 {text} 已经在 {text[0]} 里，只留一个")
    return found


def _given(fields: Fields) -> tuple[tuple[FactName, bool], ...]:
    if not fields.has("given"):
        return ()
    table = fields.table("given")
    if not table.names():
        fields.wrong("given", "是空的；要写成 { regional_plate = true } 这样")
    for name in table.names():
        if name not in tuple(FactName):
            table.wrong(name, f"没有这件事，可写的有：{'、'.join(FactName)}")
    return tuple((FactName(name), table.flag(name)) for name in sorted(table.names()))


def _days(fields: Fields, makeup_as: Mapping[date, int]) -> Days:
    """`days` names kinds of day, days of the week, or "daily"; of makeup workdays it is said apart."""
    words = fields.texts("days")
    makeup = fields.choice("makeup_workday", MakeupWorkday)
    bridged = fields.choice("bridged_day", BridgedDay) if fields.has("bridged_day") else None
    as_weekday = makeup_as if makeup is MakeupWorkday.AS_WEEKDAY else None
    if bridged is not None and words not in (("workday",), ("workday", "weekend"), ("weekend", "workday")):
        fields.wrong("bridged_day", "只在 days 里写了 workday、没写 holiday 时写")
    if words == (DAILY,):
        if makeup is not MakeupWorkday.RESTRICTED:
            fields.wrong("makeup_workday", '要写 "restricted"，因为 days 是每天')
        return Days(restricted=dict.fromkeys(DayKind, True))
    restricted, weekdays = _kinds_or_weekdays(fields, words)
    return Days(
        restricted=restricted | {DayKind.MAKEUP_WORKDAY: _MAKEUP[makeup]},
        weekdays=weekdays,
        bridged=bridged,
        makeup_as=as_weekday,
    )


def _kinds_or_weekdays(
    fields: Fields, words: tuple[str, ...]
) -> tuple[dict[DayKind, bool | None], frozenset[int]]:
    plain = (DayKind.WORKDAY, DayKind.WEEKEND, DayKind.HOLIDAY)
    if all(word in WEEKDAYS for word in words):
        return dict.fromkeys(plain, True), frozenset(WEEKDAYS.index(word) for word in words)
    for word in words:
        if word not in plain:
            right = f'{"、".join(plain)}；或者只写星期几（{WEEKDAYS[0]}…），或者只写 ["{DAILY}"]'
            fields.wrong("days", f"不能写 {word!r}，可写的有：{right}")
    return {kind: kind in words for kind in plain}, EVERY_WEEKDAY


def _hours(fields: Fields) -> tuple[Hours, ...]:
    found = tuple(_window(fields, text) for text in fields.texts("hours"))
    if len(found) > 1 and any(window.is_all_day for window in found):
        fields.wrong("hours", f'写了 "{ALL_DAY}" 就不再写别的钟点')
    # Of one that crosses midnight the end is held against the next day's first windows too.
    spans = sorted((one.start + after, one.end + after) for one in found for after in (0, DAY_MINUTES))
    if any(end > later for (_, end), (later, _) in pairwise(spans)):
        fields.wrong("hours", "里有两段钟点重叠，合成一段写")
    return found


def _window(fields: Fields, text: str) -> Hours:
    if text == ALL_DAY:
        return Hours(start=0, end=DAY_MINUTES)
    found = _WINDOW.fullmatch(text)
    if not found:
        fields.wrong("hours", f'不能写 {text!r}，要写成 "07:00-22:00" 或 "{ALL_DAY}"')
    hour, minute, end_hour, end_minute = (int(part) for part in found.groups())
    start, end = hour * 60 + minute, end_hour * 60 + end_minute
    if minute > 59 or end_minute > 59 or start >= DAY_MINUTES or end > DAY_MINUTES or start == end:
        fields.wrong("hours", f"里的 {text!r} 不是一段钟点")
    # A window that ends before it begins crosses midnight.
    return Hours(start=start, end=end if end > start else end + DAY_MINUTES)


def _run(fields: Fields) -> Run:
    run = Run(on=fields.count("on"), off=fields.count("off"), free_days=fields.choice("free_days", FreeDays))
    for key, value in (("on", run.on), ("off", run.off)):
        if not 1 <= value <= 31:
            fields.wrong(key, "要写成1到31天")
    fields.done()
    return run


def _tail(fields: Fields) -> Tail:
    rule = fields.choice("rule", TailRule)
    for key in ("hanzi", "temporary", "plate"):
        if rule is TailRule.ALL and fields.has(key):
            fields.wrong(key, '不写，因为 rule = "all" 不看尾号')
    tail = Tail(
        rule=rule,
        letter=None if rule is TailRule.ALL else _sign_rule(fields, "letter", _OF_LETTERS),
        hanzi=_sign_rule_if_any(fields, "hanzi", _OF_LETTERS),
        temporary=_sign_rule_if_any(fields, "temporary", frozenset(SignRule)),
        of_tractor=fields.has("plate") and _of_tractor(fields),
        pairs=_pairs(fields.table("pairs")) if rule is TailRule.WEEKDAY_PAIRS else {},
        periods=_periods(fields) if rule is TailRule.ROTATION else (),
        groups=_groups(fields) if rule is TailRule.DATE_GROUPS else (),
        digits=fields.digits("digits") if rule is TailRule.DIGITS else frozenset(),
    )
    fields.done()
    return tail


def _of_tractor(fields: Fields) -> bool:
    if fields.text("plate") != "tractor":
        fields.wrong("plate", '只能写 "tractor"（半挂车看牵引车的车牌）')
    return True


def _sign_rule(fields: Fields, key: str, rules: frozenset[SignRule]) -> SignRule:
    rule = fields.choice(key, SignRule)
    if rule not in rules:
        fields.wrong(key, f"不能写 {rule.value!r}，可写的有：{'、'.join(sorted(rules))}")
    return rule


def _sign_rule_if_any(fields: Fields, key: str, rules: frozenset[SignRule]) -> SignRule:
    return _sign_rule(fields, key, rules) if fields.has(key) else SignRule.LAST_DIGIT_BEFORE


def _pairs(fields: Fields) -> dict[int, frozenset[int]]:
    """Weekday (Monday is 0) -> digits that are out; a weekday that is not written bans nobody."""
    found = _weekday_digits(fields)
    fields.done()
    return found


def _weekday_digits(fields: Fields) -> dict[int, frozenset[int]]:
    found = {number: fields.digits(word) for number, word in enumerate(WEEKDAYS) if fields.has(word)}
    if not found:
        fields.wrong(WEEKDAYS[0], "没有写；至少要写一天，比如 monday = [1, 6]")
    return found


def _periods(fields: Fields) -> tuple[Period, ...]:
    found: list[Period] = []
    for table in fields.tables("period"):
        period = Period(first=table.day("from"), last=table.day("to"), pairs=_weekday_digits(table))
        if period.last < period.first:
            table.wrong("to", "不能早于 from")
        if found and period.first <= found[-1].last:
            table.wrong("from", f"要晚于上一段的 to（{found[-1].last}）")
        table.done()
        found.append(period)
    return tuple(found)


def _groups(fields: Fields) -> tuple[DateGroup, ...]:
    found: list[DateGroup] = []
    for table in fields.tables("group"):
        dates = table.whole_numbers("dates", low=1, high=31)
        if any(dates & other.dates for other in found):
            table.wrong("dates", "里有一天已经写在别的组里")
        found.append(DateGroup(tails=table.digits("tails"), dates=dates))
        table.done()
    return tuple(found)
