"""A short slice of the campaign that asks the engine and the second evaluator alike."""

from __future__ import annotations

import pytest
from prove.rules import judged

from tests.rules.country.questions import CITIES


@pytest.mark.parametrize("city", CITIES)
def test_engine_and_evaluator_agree_about_a_city(city: str) -> None:
    found = judged(city, seed=7, every=400, minutes=30, untils=8)

    assert found.asked > 100
    assert found.untils == 8
    assert found.examples == []
