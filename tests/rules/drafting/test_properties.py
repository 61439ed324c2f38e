"""What holds of every draft, whatever the text."""

from __future__ import annotations

import tomllib
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from daxiang.domains.restrictions.drafting.reading import Known, draft_of
from daxiang.domains.restrictions.drafting.sentences import sentences_of
from daxiang.domains.restrictions.drafting.writing import toml
from tests.rules.drafting.drafts import QUOTED, drafted
from tests.rules.drafting.renderer import Rendered, notices

PIECES = st.sampled_from(
    [
        *'0123456789:：-—、，。；（）()\n\t"\\#[]=一二十时日月年周',
        *(
            "星期一",
            "至",
            "除外",
            "单双号",
            "尾号",
            "限行",
            "字母",
            "禁止",
            "7时",
            "2026年2月30日",
            "25:70",
            "罚款",
        ),
        *(
            "小型载客汽车",
            "座",
            "以下",
            "调休",
            "工作日",
            "法定节假日",
            "下列车辆不受限制：",
            "临时号牌",
            "川A",
            "连续",
            "天",
        ),
    ]
)
ANYTHING = st.one_of(
    st.text(max_size=300),
    st.lists(PIECES, max_size=60).map("".join),
)


@settings(max_examples=400, deadline=None)
@given(notice=ANYTHING)
def test_any_text_gives_a_draft_that_toml_can_read(notice: str) -> None:
    draft = draft_of(notice, Known())

    card = tomllib.loads(toml(draft))

    assert card["clause"]
    assert card["provenance"]["url"] == ""  # never taken for a finished card


@settings(max_examples=400, deadline=None)
@given(notice=ANYTHING)
def test_every_sentence_beside_a_field_stands_in_the_notice(notice: str) -> None:
    draft = draft_of(notice, Known())

    assert all(one.text in notice for line in draft.lines for one in line.sentences)


@settings(max_examples=200, deadline=None)
@given(notice=st.one_of(ANYTHING, notices().map(lambda rendered: rendered.text)))
def test_no_sentence_of_the_notice_is_lost(notice: str) -> None:
    text = toml(draft_of(notice, Known()))

    assert [
        one.text
        for one in sentences_of(notice)
        if f"第{one.number}句）：{one.text}" not in text and f"# 第{one.number}句：{one.text}" not in text
    ] == []


@settings(max_examples=150, deadline=None)
@given(rendered=notices())
def test_every_field_that_was_read_is_written_with_a_sentence_of_the_notice(rendered: Rendered) -> None:
    draft = draft_of(rendered.text, Known())
    quotes = QUOTED.findall(toml(draft))

    assert len(quotes) >= len(draft.read) > 5
    assert all(quote in rendered.text for quote in quotes)


@settings(max_examples=400, deadline=None)
@given(rendered=notices())
def test_the_notice_of_a_card_drafts_back_to_its_values(rendered: Rendered) -> None:
    _, card = drafted(rendered.text)

    assert len(card["clause"]) == 1, rendered.text
    assert comparable(card["clause"][0], rendered.clause) == sorted_uses(rendered.clause)
    assert card["validity"] == rendered.validity
    assert card["provenance"]["document_no"] == rendered.document_no
    assert sanction(card, rendered) == rendered.sanction


def comparable(clause: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    """The fields of the clause that the renderer told, and of `who` all."""
    found = {key: clause[key] for key in wanted}
    found["tail"] = {key: value for key, value in clause["tail"].items() if key not in ("hanzi", "temporary")}
    return sorted_uses(found)


def sorted_uses(clause: dict[str, Any]) -> dict[str, Any]:
    who = clause["who"] | {"exempt_uses": sorted(clause["who"]["exempt_uses"])}
    return clause | {"who": who}


def sanction(card: dict[str, Any], rendered: Rendered) -> dict[str, Any] | None:
    if "sanction" not in card:
        return None
    row = card["sanction"][0]
    extra = ("points", "warn_first", "first_free", "once_per")
    told = {key: row[key] for key in ("kind", "fine_fen", "legal_basis")}
    return told | {key: row[key] for key in extra if row.get(key, "unknown") != "unknown"}
