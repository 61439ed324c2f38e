"""Which sentences make a clause, and the clause that they make."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from daxiang.domains.restrictions.clauses import WEEKDAYS
from daxiang.domains.restrictions.days import MakeupWorkday
from daxiang.domains.restrictions.drafting.days import DaysTold, read_days
from daxiang.domains.restrictions.drafting.drafts import (
    Leftover,
    Line,
    Table,
    filled,
    optional,
    silent,
)
from daxiang.domains.restrictions.drafting.exemptions import without_exceptions
from daxiang.domains.restrictions.drafting.findings import Found, Reading, Unread, agreed
from daxiang.domains.restrictions.drafting.hours import read_hours
from daxiang.domains.restrictions.drafting.places import PlacesTold
from daxiang.domains.restrictions.drafting.roles import Roles, bans
from daxiang.domains.restrictions.drafting.sentences import Sentence, unnumbered
from daxiang.domains.restrictions.drafting.tails import (
    TailTold,
    has_pairs,
    is_about_tails,
    read_hanzi,
    read_letter,
    read_tail,
    read_temporary,
)
from daxiang.domains.restrictions.drafting.vehicles import PlatesTold, read_classes, read_plates, read_seats
from daxiang.domains.restrictions.drafting.whom import Said, bound, who_table
from daxiang.domains.restrictions.tails import TailRule

_LABEL = re.compile(r"(?:限行|限制|禁行|管控|适用)?(?:车辆|对象|车型)(?:范围)?(?:为|是)?:")
_RUN = re.compile(r"开([四4])停([四4])")
_RUN_DAYS = re.compile(r"连续[^,;]{0,24}?(\d{1,2})(?:个自然日|天|日)")
_REST_DAYS = re.compile(r"(?:间隔|停驶|再次[^;]{0,16})[^,;]{0,10}?(\d{1,2})(?:个自然日|天|日)")
_WATCHED = re.compile(
    r"(?:上述|前述)(?!限|措施|规定|车辆|机动车)[^,;()]{1,6}|\d吨|排放|国[一二三四五六]|单向|单行|车长|空驶|未载客|空载|预约|审批|申请|报备|备案|其[他它余]时|掉头|左转|右转|错峰出行"
)


@dataclass(frozen=True, kw_only=True)
class ClauseDraft:
    """The tables of one clause, what is left of it, and the places that its own sentences name."""

    tables: tuple[Table, ...]
    leftovers: tuple[Leftover, ...]


def said_by_clause(roles: Roles) -> tuple[Said, ...]:
    """The clauses of a notice: other vehicles, or other hours for the same ones, are another."""
    groups = _groups(roles.body) or _groups(roles.purpose)
    groups = _with_what_hangs_on(groups, roles)
    if len(groups) <= 1:
        general = roles.purpose if roles.body else ()
        return (Said(own=roles.body or roles.purpose, general=general, exempt=roles.exempt),)
    anchors = {one for group in groups for one in group}
    general = tuple(one for one in (*roles.purpose, *roles.body) if one not in anchors)
    exempt = tuple(one for one in roles.exempt if one not in anchors)
    return tuple(Said(own=group, general=general, exempt=exempt) for group in groups)


def _with_what_hangs_on(groups: list[tuple[Sentence, ...]], roles: Roles) -> list[tuple[Sentence, ...]]:
    """Each group with what follows it in the same paragraph, behind a semicolon."""
    owners = {one.number: at for at, group in enumerate(groups) for one in group}
    joined = [list(group) for group in groups]
    before: Sentence | None = None
    for one in roles.inside:
        hangs_on = before is not None and before.ends in (";", "；") and not one.mark
        if before is not None and hangs_on and one.number not in owners and before.number in owners:
            owners[one.number] = owners[before.number]
            joined[owners[before.number]].append(one)
        before = one
    return [tuple(group) for group in joined]


def _groups(sentences: Sequence[Sentence]) -> list[tuple[Sentence, ...]]:
    found: dict[object, list[Sentence]] = {}
    for one in sentences:
        if (key := _binds(one)) is not None:
            found.setdefault(key, []).append(one)
    groups: list[tuple[Sentence, ...]] = []
    for ones in found.values():
        hours = [told for one in ones if (told := read_hours(one.plain)) is not None]
        is_one = len(ones) == 1 or all(told == hours[0] for told in hours)
        groups += [tuple(ones)] if is_one else [(one,) for one in ones]
    return sorted(groups, key=lambda group: group[0].number)


def _binds(one: Sentence) -> object | None:
    """What tells the vehicles of this sentence from those of another; None where it binds none."""
    text = without_exceptions(one.plain)
    classes = read_classes(text)
    plates = read_plates(text)
    if classes is None or not classes.classes or not (bans(text) or _LABEL.search(text)):
        return None
    if plates == PlatesTold() and re.search(r"同样|同等|适用|按上述|按照上述", text):
        return None
    return (classes.classes, str(read_seats(text)), str(plates))


def draft_clause(
    said: Said, others: Sequence[Said], *, number: int, places: PlacesTold | None, has_sanction: Line
) -> ClauseDraft:
    """One clause of the card; `places` where it speaks of some of the card's alone."""
    tail = _tail(said, others)
    days = read_days(said.every, [one for one in said.every if has_pairs(one.plain)])
    days = _days_of_pairs(days, tail)
    run, run_left = _run(said)
    who, who_left = who_table(said)
    lines = (
        Line(key="id", value=f"rule-{number}", note="草稿起的名，可以改"),
        _says(said),
        *_place_lines(places, said),
        *_day_lines(days),
        filled(
            "hours",
            bound(said, read_hours, what="几点到几点"),
            wanted='写成 ["07:00-22:00"]，全天写 ["all_day"]',
        ),
        has_sanction,
    )
    remark = days.days.sentences[0] if isinstance(days.days, Found) else None
    leftovers = [
        *who_left,
        *([Leftover(what=days.remark, sentence=remark)] if days.remark else []),
        *run_left,
        *_watched(said),
    ]
    tables = (Table(header="[[clause]]", lines=lines), who, *run, *_tail_tables(said, tail))
    return ClauseDraft(tables=tables, leftovers=tuple(leftovers))


def _says(said: Said) -> Line:
    """The notice's own sentence where one says it all; else a person's."""
    only = said.own[0] if len(said.own) == 1 and not said.exempt else None
    if only is not None and read_hours(only.plain) and bans(only.plain) and unnumbered(only.text):
        return Line(key="says", value=unnumbered(only.text), sentences=(only,))
    return Line(key="says", missing="用一句短话说给人听：哪天、几点、什么车、怎么限")


def _place_lines(places: PlacesTold | None, said: Said) -> Iterator[Line]:
    if places is not None:
        yield Line(key="places", value=(*places.ids, *places.phrases), sentences=said.own[:1])


def _days_of_pairs(told: DaysTold, tail: Reading[TailTold]) -> DaysTold:
    """Where no days are named but those of the tails, it is in force on them."""
    if told.days is not None or not isinstance(tail, Found) or not tail.value.pairs:
        return told
    words = tuple(WEEKDAYS[number] for number in tail.value.pairs)
    return replace(
        told,
        days=Found(words, tail.sentences),
        remark="公告写的是星期几，没写法定节假日算不算，请核实后再定 days",
    )


def _day_lines(told: DaysTold) -> Iterator[Line]:
    yield filled("days", told.days, wanted='写成 ["workday"]、["daily"] 或星期几')
    if isinstance(told.makeup, Found | Unread):
        yield filled("makeup_workday", told.makeup, wanted="restricted、free、unknown、as_weekday 里选一个")
    else:
        yield Line(key="makeup_workday", value=MakeupWorkday.UNKNOWN.value, note="公告没写调休上班怎么算")
    yield from optional("bridged_day", told.bridged, wanted="连着放假、又不是全体公民放假日的，算不算")


def _tail(said: Said, others: Sequence[Said]) -> Reading[TailTold]:
    if not others:
        return read_tail(said.own) or read_tail(said.general) or _all_tails(said)
    own = read_tail(said.own)
    speaks = any(is_about_tails(one.plain) for one in said.own)
    general = read_tail(said.general)
    if isinstance(own, Found):
        return own
    if speaks:
        return general if isinstance(general, Found) else own
    if general is None or any(is_about_tails(one.plain) for other in others for one in other.own):
        return _all_tails(said)
    about = tuple(one for one in said.general if is_about_tails(one.plain))
    return Unread("尾号那几句管不管这一段", about)


def _all_tails(said: Said) -> Reading[TailTold]:
    """A sentence that bans and speaks of no tail bans them all."""
    banning = tuple(one for one in said.own if bans(without_exceptions(one.plain)))
    return Found(TailTold(rule=TailRule.ALL), banning[:1]) if banning else None


def _tail_tables(said: Said, tail: Reading[TailTold]) -> Iterator[Table]:
    rule = filled(
        "rule",
        tail,
        wanted="怎么限：all、parity、weekday_pairs、rotation、date_groups、digits、next_to_date",
        value=tail.value.rule.value if isinstance(tail, Found) else None,
    )
    lines = [rule]
    if isinstance(tail, Found) and tail.value.rule is not TailRule.ALL:
        every = said.every
        lines.append(
            silent("letter", agreed(every, read_letter, what="字母"), note="公告没写尾号是字母的怎么算")
        )
        lines.append(
            silent("hanzi", agreed(every, read_hanzi, what="汉字"), note="公告没写尾号是汉字的怎么算")
        )
        temporary = agreed(every, read_temporary, what="临时号牌")
        lines.append(silent("temporary", temporary, note="公告没写临时号牌怎么算"))
        if tail.value.digits:
            lines.append(Line(key="digits", value=tail.value.digits, sentences=tail.sentences))
    yield Table(header="[clause.tail]", lines=tuple(lines))
    if isinstance(tail, Found):
        yield from _number_tables(tail)


def _number_tables(tail: Found[TailTold]) -> Iterator[Table]:
    told = tail.value
    if told.pairs:
        yield Table(header="[clause.tail.pairs]", lines=_weekday_lines(told.pairs, tail.sentences))
    for period in told.periods:
        ends = (
            Line(key="from", value=period.first, sentences=tail.sentences[:0], note=None),
            Line(key="to", value=period.last),
        )
        yield Table(header="[[clause.tail.period]]", lines=(*ends, *_weekday_lines(period.pairs, ())))
    for tails, dates in told.groups:
        yield Table(
            header="[[clause.tail.group]]",
            lines=(Line(key="tails", value=tails), Line(key="dates", value=dates)),
        )


def _weekday_lines(pairs: dict[int, tuple[int, ...]], ones: tuple[Sentence, ...]) -> tuple[Line, ...]:
    return tuple(
        Line(key=WEEKDAYS[day], value=digits, sentences=_naming(ones, day)) for day, digits in pairs.items()
    )


def _naming(ones: tuple[Sentence, ...], day: int) -> tuple[Sentence, ...]:
    named = tuple(one for one in ones if f"周{'一二三四五六日'[day]}" in one.plain)
    return (named or ones)[:1]


def _run(said: Said) -> tuple[tuple[Table, ...], tuple[Leftover, ...]]:
    for one in (*said.own, *said.general):
        named, on, off = _RUN.search(one.plain), _RUN_DAYS.search(one.plain), _REST_DAYS.search(one.plain)
        if not named and not (on and off):
            continue
        counts = (4, 4) if named else (int(on[1]), int(off[1])) if on and off else (0, 0)
        lines = (
            Line(key="on", value=counts[0], sentences=(one,)),
            Line(key="off", value=counts[1], sentences=(one,)),
            _free_days(said),
        )
        return (Table(header="[clause.run]", lines=lines),), ()
    about = [one for one in said.own if _RUN_DAYS.search(one.plain)]
    return (), tuple(Leftover(what="连续开几天、停几天", sentence=one) for one in about)


def _free_days(said: Said) -> Line:
    for one in said.every:
        if re.search(r"重新计算|清零|重新起算", one.plain):
            return Line(key="free_days", value="reset", sentences=(one,))
        if re.search(r"(?:计入|视为|算作|计为)停驶", one.plain):
            return Line(key="free_days", value="count_as_stop", sentences=(one,))
    return Line(key="free_days", missing="不执行的日子怎么算：count_as_stop 算停驶，reset 重新数")


def _watched(said: Said) -> Iterator[Leftover]:
    for one in (*said.own, *said.exempt):
        for word in dict.fromkeys(_WATCHED.findall(one.plain)):
            yield Leftover(what=f"写了“{word}”，没有读", sentence=one)
