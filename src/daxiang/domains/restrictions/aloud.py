"""A card read aloud, as a clerk would: whom it binds, when, where, what follows, and how sure we are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from daxiang.domains.restrictions.reasons import (
    CLASS_NAMES,
    ORIGIN_NAMES,
    USE_NAMES,
    days_text,
    hours_text,
)
from daxiang.domains.restrictions.values import (
    Card,
    Clause,
    Confidence,
    LetterRule,
    Outcome,
    Place,
    Sanction,
    SanctionKind,
    TailRule,
    VehicleClass,
    Who,
)

CONFIDENCE_NAMES = {
    Confidence.LAW: "读过原文",
    Confidence.PAGE: "读过转载的网页",
    Confidence.WEAK_PAGE: "只有弱转载",
    Confidence.KNOWN: "凭常识",
}
_TAILS = {
    TailRule.PARITY: "单日只准单号，双日只准双号",
    TailRule.NEXT_TO_DATE: "日期尾数前一位、后一位的尾号不能走",
    TailRule.ALL: "不看尾号",
}
_LETTERS = {
    LetterRule.LAST_DIGIT_BEFORE: "；尾号是字母的，看字母前最后一个数字",
    LetterRule.UNKNOWN: "；尾号是字母的怎么算没查到",
    None: "",
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
    yield f"地方：{'、'.join(places[place_id].name for place_id in card.places)}"
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
        yield f"尾号：{_TAILS[clause.tail.rule]}{_LETTERS[clause.tail.letter]}"
    yield f"日子：{days_text(clause.days)}；钟点：{hours_text(clause.hours)}"
    if clause.makeup_note:
        yield f"调休：{clause.makeup_note}"
    if clause.outcome is Outcome.BANNED:
        rows = [row for row in card.sanctions if row.id == clause.sanction]
        yield f"处罚：{'；'.join(_sanction(row) for row in rows) or '没查到'}"


def _bound(who: Who) -> str:
    classes = "、".join(dict.fromkeys(CLASS_NAMES[one] for one in VehicleClass if one in who.classes))
    seats = [f"{who.seats_at_least}座及以上"] if who.seats_at_least is not None else []
    seats += [f"{who.seats_at_most}座及以下"] if who.seats_at_most is not None else []
    tall = [f"高过{who.taller_than_m:g}米"] if who.taller_than_m is not None else []
    origin = [ORIGIN_NAMES[who.origin]] if who.origin is not None else []
    only = "、".join([*origin, *seats, *tall])
    return f"{classes}中{only}的" if only else classes


def _exempt(who: Who) -> str:
    exempt = [USE_NAMES[use] for use in sorted(who.exempt_uses)]
    exempt += ["绿牌车"] if who.exempt_new_energy else []
    unsaid = [USE_NAMES[use] for use in sorted(who.unsaid_uses)]
    unsaid += ["绿牌车"] if who.exempt_new_energy is None else []
    words = "、".join(exempt) or ("" if unsaid else "没有例外")
    doubt = f"{'、'.join(unsaid)}没查到" if unsaid else ""
    return "；".join(part for part in (words, doubt) if part)


def _sanction(row: Sanction) -> str:
    fine = f"{row.fine_fen / 100:g}元" if row.fine_fen is not None else "多少没查到"
    points = f"记{row.points}分" if row.points is not None else "记分没查到"
    money = f"{fine}，" if row.kind is SanctionKind.FINE else ""
    return f"{row.since:%Y-%m-%d}起{_SANCTIONS[row.kind]}{money}{points}（{row.legal_basis}）"
