"""The table of codes against what our reference of the platform names."""

from __future__ import annotations

import pytest

from daxiang.integrations.outcomes import Refused, Unavailable
from daxiang.integrations.wechat.client.answers import failure
from daxiang.integrations.wechat.client.codes import CODES, REFUSED_POLICIES, Policy, code_of, policy_of


def numbers(text: str) -> list[int]:
    """`40015-40028 45010` as a list."""
    found: list[int] = []
    for part in text.split():
        low, _, high = part.partition("..")
        found += range(int(low), int(high or low) + 1)
    return found


NAMED = {
    "tokens": "-1 40001 40002 40013 40014 40125 40164 40243 41002 41004 42001 43002 45009 45011 50004 50007"
    " 89503..89507",
    "menus": "40015..40028 45010 46003 65301..65317",
    "tags": "45159",
    "templates": "40003 40037 43004 43019 43117 45009 47001 48001 48004 48008 50005",
    "subscription": "43101 47003",
    "mass": "30001..30003 45065 45066 45067 45083 45084",
    "customer service": "45015 45047 48002 48008",
    "drafts and publishing": "40007 40114 41039 45166 53404..53406 53503..53505 88000",
    "media": "40004..40012 41005 41006 44001 45001 45007",
    "sign-in": "40029 40163",
    "quota": "48006 76001..76004 76021 76022",
    "bodies": "40033",
    "rights": "50001 50002",
}


@pytest.mark.parametrize("area", NAMED)
def test_every_code_that_the_reference_names_has_words_of_the_platform(area: str) -> None:
    assert [number for number in numbers(NAMED[area]) if number not in CODES or not CODES[number].words] == []


POLICIES = {
    Policy.BUSY: "-1",
    Policy.TOKEN: "40001 40014 42001",
    Policy.PERSON_GONE: "40003",
    Policy.RESTART_LOGIN: "40029 40163",
    Policy.CREDENTIALS: "40164 40243 89503..89507",
    Policy.OTHER_CHANNEL: "43004 43101 43019 48002 45015 45047",
    Policy.SPARE_PERSON: "43117",
    Policy.DAY_USED_UP: "45009",
    Policy.MINUTE_USED_UP: "45011",
    Policy.ALREADY_DONE: "45065",
    Policy.WAIT_A_MINUTE: "45066",
    Policy.OUR_FAULT: "47001 47003 40033",
    Policy.FEATURE_OFF: "48001 48004 48008 50001 50002 88000",
    Policy.TELL_EDITOR: "53503..53505",
}


@pytest.mark.parametrize("policy", POLICIES)
def test_a_code_has_the_policy_of_the_reference(policy: Policy) -> None:
    assert {policy_of(number) for number in numbers(POLICIES[policy])} == {policy}


@pytest.mark.parametrize("number", sorted(CODES))
def test_a_code_is_refused_or_unavailable_as_its_policy_says(number: int) -> None:
    wanted = Refused if policy_of(number) in REFUSED_POLICIES else Unavailable
    assert type(failure(number, "")) is wanted


def test_a_code_that_nobody_knows_is_final() -> None:
    assert type(failure(99999, "something new")) is Refused


@pytest.mark.parametrize("number", sorted(CODES))
def test_where_an_operator_has_to_act_a_chinese_sentence_says_what(number: int) -> None:
    code = code_of(number)
    if code.policy is Policy.CREDENTIALS:
        assert code.advice.endswith("。")
    assert not code.advice or any("\u4e00" <= letter <= "\u9fff" for letter in code.advice)
