"""A card read aloud, as a clerk would: whom it binds, when, where, what follows, and how sure we are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from daxiang.domains.restrictions.facts import FactName
from daxiang.domains.restrictions.reasons import (
    ALERT_NAMES,
    CLASS_NAMES,
    KIND_NAMES,
    ORIGIN_NAMES,
    SIGN_RULES,
    USE_NAMES,
    days_text,
    hours_text,
    tail_days_text,
)
from daxiang.domains.restrictions.tails import Sign, SignRule, Tail
from daxiang.domains.restrictions.values import (
    Arrival,
    Card,
    Clause,
    Confidence,
    Once,
    Outcome,
    Place,
    Sanction,
    SanctionKind,
    VehicleClass,
    Who,
)

CONFIDENCE_NAMES = {
    Confidence.LAW: "读过原文",
    Confidence.PAGE: "读过转载的网页",
    Confidence.WEAK_PAGE: "只有弱转载",
    Confidence.KNOWN: "凭常识",
    Confidence.DOUBTED: "关键的事实还没有佐证，一律答不确定",
}
_SANCTIONS = {SanctionKind.NONE: "不罚", SanctionKind.WARNING: "警告", SanctionKind.FINE: "罚款"}


def validity(card: Card) -> str:
    """2019-11-02 00:00起，另行通知为止."""
    start = f"{card.valid_from:%Y-%m-%d %H:%M}起"
    return f"{start}，到{card.valid_until:%Y-%m-%d %H:%M}止" if card.valid_until else f"{start}，另行通知为止"


def standing(card: Card, at: datetime) -> str:
    """Whether the card holds at an instant: 还没开始, 有效, 已过期. Says nothing of a successor."""
    if at < card.valid_from:
        return "还没开始"
    return "已过期" if card.valid_until and card.valid_until <= at else "有效"


def card_lines(card: Card, places: Mapping[str, Place]) -> Iterator[str]:
    """The card, a line after the other."""
    told = card.provenance
    yield f"{card.title}（{card.id}）"
    yield f"发布：{told.issuer}，{told.document_no or '文号未录入'}"
    yield f"有效：{validity(card)}"
    yield f"地方：{'、'.join(_place_name(places[place_id]) for place_id in card.places)}"
    if card.alerts:
        yield f"只在：{'、'.join(ALERT_NAMES[level] for level in sorted(card.alerts))}期间"
    if card.replaces:
        yield f"这期间代替：{'、'.join(sorted(card.replaces))}"
    for number, clause in enumerate(card.clauses, start=1):
        yield f"第{number}条：{clause.says}"
        yield from (f"  {line}" for line in _clause_lines(card, clause, places))
    for lift in card.lifts:
        yield f"放开：{lift.says}"
        yield f"  放开的是：{lift.card} 的 {'、'.join(sorted(lift.clauses))}"
        yield f"  日子：{days_text(lift.days)}；钟点：{hours_text(lift.hours)}"
    yield f"原文：{told.quote or '没有原句，只有转述'}"
    yield f"出处：{told.url}（{CONFIDENCE_NAMES[told.confidence]}）"
    yield f"最近核对：{told.verified_text}，{told.verified_by or '还没有人签字'}"


def _clause_lines(card: Card, clause: Clause, places: Mapping[str, Place]) -> Iterator[str]:
    if clause.places is not None:
        here = [places[place_id].short_name for place_id in card.places if place_id in clause.places]
        yield f"只在：{'、'.join(here)}"
    if clause.outcome is Outcome.CLOSED:
        yield "管：所有的车，封闭养护"
    else:
        yield f"管：{_bound(clause.who)}；不管：{_exempt(clause.who)}"
        yield f"尾号：{tail_days_text(clause.tail)}{_signs(clause.tail)}"
    if clause.alerts:
        yield f"只在：{'、'.join(ALERT_NAMES[level] for level in sorted(clause.alerts))}期间"
    if clause.run:
        yield f"最多连续开{clause.run.on}天，再停{clause.run.off}天"
    if clause.outcome is Outcome.UNKNOWN:
        yield "怎么限没查到，一律答不确定"
    yield f"日子：{days_text(clause.days)}；钟点：{hours_text(clause.hours)}"
    if clause.makeup_note:
        yield f"调休：{clause.makeup_note}"
    if clause.outcome is Outcome.BANNED:
        rows = [row for row in card.sanctions if row.id == clause.sanction]
        yield f"处罚：{'；'.join(_sanction(row) for row in rows) or '没查到'}"


def clause_parts(
    card: Card, clause: Clause, places: Mapping[str, Place], at: datetime
) -> Iterator[tuple[str, str]]:
    """A clause by paragraph, each with its label: whom, when, where, which tails, whom not, and what follows
    at that instant.
    """
    yield "管谁", "所有的车，封闭养护" if clause.outcome is Outcome.CLOSED else _bound(clause.who)
    yield "什么时候", f"{days_text(clause.days)}，{hours_text(clause.hours)}"
    if clause.makeup_note:
        yield "调休", clause.makeup_note
    if levels := clause.alerts or card.alerts:
        yield "只在", f"{'、'.join(ALERT_NAMES[level] for level in sorted(levels))}期间"
    here = [place_id for place_id in card.places if clause.is_about(place_id)]
    yield "在哪里", "、".join(places[place_id].name for place_id in here)
    if clause.outcome is not Outcome.CLOSED:
        yield from _whom_not(clause)
    if clause.outcome is Outcome.UNKNOWN:
        yield "没查到", "怎么限没查到，一律答不确定"
    if clause.outcome is Outcome.BANNED:
        row = card.sanction(clause, at)
        yield "违反了", _follows(row) if row else "怎么罚没查到"


def _whom_not(clause: Clause) -> Iterator[tuple[str, str]]:
    if clause.run:
        yield "开几停几", f"最多连续开{clause.run.on}天，再停{clause.run.off}天"
    tails = f"{tail_days_text(clause.tail)}{_signs(clause.tail)}"
    yield "尾号", tails.removeprefix("尾号")
    if freed := _freed(clause.who):
        yield "不管谁", freed
    if unsaid := _unsaid(clause.who):
        yield "没查到", f"管不管{unsaid}"


def _place_name(place: Place) -> str:
    return f"{place.name}（{place.bounds}）" if place.bounds else place.name


def _signs(tail: Tail) -> str:
    """How plates count that do not simply end in a digit."""
    if tail.letter is None:
        return ""
    before = tail.letter is SignRule.LAST_DIGIT_BEFORE
    told = "；尾号是字母的" + ("，看字母前最后一个数字" if before else SIGN_RULES[tail.letter])
    if tail.hanzi is not SignRule.LAST_DIGIT_BEFORE:
        told += f"；尾号是汉字的{SIGN_RULES[tail.hanzi]}"
    if tail.temporary is not SignRule.LAST_DIGIT_BEFORE:
        told += f"；临时号牌{SIGN_RULES[tail.temporary]}"
    return told + ("；半挂车看牵引车的车牌" if tail.of_tractor else "")


def _bound(who: Who) -> str:
    """Whom it binds: 京号牌的小客车, 外地、7座及以下的小客车."""
    bound = who.classes - who.exempt_classes
    classes = "、".join(dict.fromkeys(CLASS_NAMES[one] for one in VehicleClass if one in bound))
    seats = [f"{who.seats_at_least}座及以上"] if who.seats_at_least is not None else []
    seats += [f"{who.seats_at_most}座及以下"] if who.seats_at_most is not None else []
    tall = [f"高过{who.taller_than_m:g}米"] if who.taller_than_m is not None else []
    origin = [ORIGIN_NAMES[who.origin].removesuffix("车")] if who.origin is not None else []
    axles = [f"{who.axles_at_least}轴及以上"] if who.axles_at_least is not None else []
    plates = [f"{'、'.join(who.plates)}号牌"] if who.plates else []
    plates += [f"非{'、'.join(who.not_plates)}号牌"] if who.not_plates else []
    plates += [KIND_NAMES[kind] for kind in sorted(who.plate_kinds)]
    plates += [f"除{KIND_NAMES[kind]}外" for kind in sorted(who.not_plate_kinds)]
    ends = [_ENDS[who.ends_in]] if who.ends_in is not None else []
    given = [_given(name, holds) for name, holds in who.given]
    only = "、".join([*origin, *plates, *ends, *seats, *tall, *axles, *given])
    return f"{only}的{classes}" if only else classes


_ENDS = {
    Sign.LETTER: "尾号是字母",
    Sign.DIGIT: "尾号是数字",
    Sign.HANZI: "尾号是汉字",
}
_FACTS = {
    FactName.ENTRY_PERMIT: "办了进京证",
    FactName.REGIONAL_PLATE: "区域号牌",
    FactName.NOVICE: "实习期驾驶人",
    FactName.UNLOADED: "空驶",
    FactName.TRANSIT: "只从高速过境",
    FactName.EXEMPT_DAY: "申请了免限日",
    FactName.PASS: "有通行证",
}


def _given(name: FactName, holds: bool) -> str:
    return _FACTS[name] if holds else f"不是{_FACTS[name]}"


def _exempt(who: Who) -> str:
    freed, unsaid = _freed(who), _unsaid(who)
    words = freed or ("" if unsaid else "没有例外")
    return "；".join(part for part in (words, f"{unsaid}没查到" if unsaid else "") if part)


def _freed(who: Who) -> str:
    """Whom it does not bind."""
    free = [CLASS_NAMES[one] for one in VehicleClass if one in who.exempt_classes]
    exempt = [*dict.fromkeys(free), *(USE_NAMES[use] for use in sorted(who.exempt_uses))]
    until = f"（到{who.green_until:%Y-%m-%d}前）" if who.green_until else ""
    exempt += [f"绿牌车{until}"] if who.exempt_new_energy else []
    exempt += [f"{'、'.join(who.exempt_plates)}号牌车"] if who.exempt_plates else []
    exempt += [KIND_NAMES[kind] for kind in sorted(who.exempt_plate_kinds)]
    exempt += [f"{_FACTS[name]}的" for name in sorted(who.exempt_given)]
    exempt += [_ARRIVALS[who.exempt_arrival]] if who.exempt_arrival else []
    return "、".join(exempt)


def _unsaid(who: Who) -> str:
    """Of whom the notice, as far as it was read, does not say whether it binds them."""
    unsaid = [USE_NAMES[use] for use in sorted(who.unsaid_uses)]
    return "、".join(unsaid + (["绿牌车"] if who.exempt_new_energy is None else []))


_ARRIVALS = {Arrival.EVER: "外地车第一次到的当天", Arrival.MONTH: "外地车当月第一次到的当天"}
_ONCE = {Once.DAY: "一天里多次算一次", Once.FOUR_HOURS: "四小时里多次算一次"}


def _sanction(row: Sanction) -> str:
    fine = f"{row.fine_fen / 100:g}元" if row.fine_fen is not None else "多少没查到"
    points = f"记{row.points}分" if row.points is not None else "记分没查到"
    money = f"{fine}，" if row.kind is SanctionKind.FINE else ""
    return f"{row.since:%Y-%m-%d}起{_SANCTIONS[row.kind]}{money}{points}{_grace(row)}（{row.legal_basis}）"


def _grace(row: Sanction) -> str:
    grace = f"，头{row.first_free}次不罚" if row.first_free else ""
    grace += f"，头{row.warn_first}次警告" if row.warn_first else ""
    return grace + (f"，{_ONCE[row.once_per]}" if row.once_per else "")


def _follows(row: Sanction) -> str:
    """罚款100元，不记分（…）: one sanction, as it is told to a driver."""
    said = [_SANCTIONS[row.kind]]
    if row.kind is SanctionKind.FINE:
        said = ["罚款，多少没查到" if row.fine_fen is None else f"罚款{row.fine_fen / 100:g}元"]
    if row.kind is not SanctionKind.NONE:
        said.append("记分没查到" if row.points is None else f"记{row.points}分" if row.points else "不记分")
    return f"{'，'.join(said)}{_grace(row)}（{row.legal_basis}）"
