"""No person ever reads a place that was kept for a number or a sentence: {stays}, {number}."""

from __future__ import annotations

import re
import tomllib
from datetime import datetime
from pathlib import Path

import pytest
from django.test import Client

from daxiang.domains.conversation.facts import Feature
from daxiang.domains.conversation.queries import reply_to_text
from daxiang.domains.conversation.replies import Forget, LeaveMessage, TakeBack
from daxiang.domains.conversation.understanding import small_talk, wishes
from daxiang.sites.public.asked import Asked
from daxiang.sites.public.found import NOTHING_KEPT, find

HERE = Path(__file__).parents[1] / "conversation"
NOW = datetime.fromisoformat("2026-11-24T08:10+08:00")
FILLED = {Forget: "{stays}", LeaveMessage: "{number}", TakeBack: "{number}"}
"""What whoever does an act puts in its place."""


def said() -> list[str]:
    """Every text of the tests of the conversation, and every spelling of a wish or of small talk."""
    spellings = tomllib.loads((HERE / "danger_spellings.toml").read_text(encoding="utf-8"))
    odd = tomllib.loads((HERE / "odd_questions.toml").read_text(encoding="utf-8"))
    texts = [one for group in spellings["danger"] for one in group["spellings"]]
    texts += spellings["harmless"]["sentences"]
    texts += [one["q"] for group in odd["group"] for one in group["asked"]]
    texts += (HERE / "harmless_said.txt").read_text(encoding="utf-8").splitlines()
    for path in HERE.glob("test_*.py"):
        texts += re.findall(r'"([^"\\{}\n]*[一-鿿][^"\\{}\n]*)"', path.read_text(encoding="utf-8"))
    return [*dict.fromkeys((*texts, *wishes.WORDS, *wishes.YES, *wishes.NO, *small_talk.WORDS))]


def test_a_page_shows_no_brace_whatever_is_asked() -> None:
    texts = [words for words in said() if words]
    shown = {words: find(Asked(words=words), NOW, "wuhan").reply for words in texts}
    assert len(shown) > 2000
    assert [words for words, reply in shown.items() if reply and "{" in reply.text] == []


def test_the_chat_says_a_brace_only_where_the_act_fills_it() -> None:
    for words in said():
        reply = reply_to_text(
            words, account_kind="service", city="wuhan", at=NOW, features=frozenset(Feature)
        )
        text = reply.text.replace(FILLED.get(type(reply.act), "{}"), "")  # type: ignore[arg-type]
        assert "{" not in text, words


@pytest.mark.parametrize(("home", "words"), [("/", "忘记"), ("/m/", "忘记"), ("/en/", "forget me")])
def test_a_page_says_that_it_keeps_nothing_of_anyone(home: str, words: str) -> None:
    page = Client().get(home, {"q": words}).content.decode()
    assert "{stays}" not in page
    assert NOTHING_KEPT.splitlines()[0] in page.replace("&#x27;", "'")
