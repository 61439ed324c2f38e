"""看依据: the notice behind the last answer, who checked it, and that the road comes first. Pure."""

from __future__ import annotations

from daxiang.domains.conversation.asking import asked_for
from daxiang.domains.conversation.bubbles import Line, Weight, bubble
from daxiang.domains.conversation.cases import answered_places, case_of, frame_of, grave
from daxiang.domains.conversation.facts import Facts
from daxiang.domains.conversation.meaning import Asks
from daxiang.domains.conversation.replies import Reply, ReplyKind
from daxiang.domains.restrictions.rules import Decision
from daxiang.domains.restrictions.sources import Source

ON_THE_ROAD = "现场有标志或民警指挥时，以现场为准。"
LONGEST_QUOTE = 70


def answer_basis(asks: Asks, facts: Facts) -> Reply:
    """The sources of the answer to which this question leans; without one, of today's."""
    query, now = asked_for(asks, facts)
    cards = facts.cards
    frame = frame_of(
        day=query.days[0] if query.days else None, hours=query.hours, is_now=query.is_now, now=now
    )
    places = answered_places(cards, query.places, frame.start)
    case = case_of(cards, query.cars[0].vehicle, places, frame)
    decisions = [grave(course).decision for course in case.courses]
    sources = {source.title: source for one in decisions if (source := one.source or one.last)}
    lines = [line for source in sources.values() for line in _source_lines(source)]
    if not lines:
        lines = [Line(decisions[0].reason.rstrip("。") + "。" if decisions else "", Weight.ANSWER)]
    lines += [Line(_sanction(one), Weight.NEXT) for one in decisions[:1]]
    lines.append(Line(ON_THE_ROAD, Weight.WAY))
    return Reply(kind=ReplyKind.TALK, text=bubble(lines).text, cards=cards)


def _source_lines(source: Source) -> list[Line]:
    if source.issuer is None:
        checked = f"最近核对：{source.checked_text}。"
        return [Line(f"依据：{source.title}。", Weight.ANSWER), Line(checked, Weight.WAY)]
    number = source.document_no or "文号没有查到"
    until = (
        f"到{source.until.year}年{source.until.month}月{source.until.day}日"
        if source.until
        else "另行通知为止"
    )
    by = f"，核对人{source.checked_by}" if source.checked_by else "，还没有民警签字"
    quote = (source.quote or "")[:LONGEST_QUOTE]
    return [
        Line(f"依据：{source.title.partition('（')[0]}，{source.issuer}，{number}。", Weight.ANSWER),
        Line(f"{source.since.year}年{source.since.month}月{source.since.day}日起，{until}。", Weight.NEXT),
        Line(f"原文：{quote}。" if quote else "", Weight.WHY),
        Line(f"最近核对：{source.checked_text}{by}。", Weight.WAY),
    ]


def _sanction(decision: Decision) -> str:
    """Points only where an article gives them; the fine only where it is on record."""
    told = decision.sanction
    if told is None or told.points is None:
        return ""
    fine = "罚多少以处罚决定为准" if told.fine_fen is None else f"罚{told.fine_fen // 100}元"
    return f"违反的记{told.points}分，{fine}。"
