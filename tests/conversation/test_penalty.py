"""罚多少: what is on record of the tail rules, and of no other breach."""

from __future__ import annotations

from datetime import datetime

import pytest

from daxiang.domains.conversation.penalty import penalty_text
from daxiang.domains.conversation.queries import reply_to_text
from daxiang.domains.restrictions.queries import city_ids, load_city
from daxiang.kernel.clock import SHANGHAI

NOON = datetime(2026, 11, 25, 11, 30, tzinfo=SHANGHAI)


def said(*texts: str, at: datetime = NOON) -> str:
    talk, text = None, ""
    for one in texts:
        reply = reply_to_text(one, account_kind="service", city="wuhan", at=at, talk=talk)
        talk, text = reply.talk or talk, reply.text
    return text


@pytest.mark.parametrize(
    "text",
    [
        "罚多少",
        "罚多少钱啊",
        "扣几分",
        "闯限行扣几分？",
        "请问闯禁行罚多少钱",
        "要是闯了单双号怎么处罚",
        "限行扣分吗",
        "误闯限行会不会扣分",
        "扣几分罚多少",
    ],
)
def test_what_a_breach_of_the_tail_rule_costs_is_told_by_the_cards(text: str) -> None:
    assert said(text).startswith("长江大桥、江汉桥不该走的时候走了：记1分，罚多少以处罚决定为准。")


def test_no_points_are_told_for_a_day_before_the_article_that_gives_them() -> None:
    told = said("罚多少", at=datetime(2022, 3, 31, 12, tzinfo=SHANGHAI))
    assert "记1分" not in told
    assert "罚多少以处罚决定为准" in told


@pytest.mark.parametrize(
    "text", ["超速罚多少", "闯红灯扣几分", "酒驾怎么处罚", "违停扣几分", "货车超载罚多少", "扣了几分"]
)
def test_of_another_breach_nothing_of_the_tail_rule_is_told(text: str) -> None:
    assert "不该走的时候走了" not in said(text)


def test_in_the_talk_of_another_city_it_is_that_city() -> None:
    assert said("成都 川A12345", "罚多少").startswith("成都：绕城内不该走的时候走了：")


@pytest.mark.parametrize("city", city_ids())
def test_every_city_has_a_sentence_that_claims_no_more_than_its_cards(city: str) -> None:
    cards = load_city(city)
    told = penalty_text(cards, NOON)
    fines = {row.fine_fen for card in cards.cards for row in card.sanctions} - {None}
    assert "None" not in told
    assert all(f"罚{fen // 100}元" not in told for fen in (5000, 10000, 20000) if fen not in fines)
