"""A short slice of the campaign that holds `until` against the second evaluator, boundary by boundary."""

from __future__ import annotations

from datetime import timedelta

import pytest
from prove import untils

from tests.rules.country.questions import CITIES


@pytest.mark.parametrize("city", CITIES)
def test_nothing_changes_before_until_and_something_does_at_it(city: str) -> None:
    found = untils.judged(city, seed=7, count=4)

    assert (found.asked, found.examples) == (4, [])
    assert found.boundaries > 0


@pytest.mark.parametrize("seconds", [-1, 1])
def test_an_until_that_is_a_second_off_is_found(monkeypatch: pytest.MonkeyPatch, seconds: int) -> None:
    """The campaign can fail: the engine's word is bent by one second either way."""
    right = untils.decide

    def bent(*asked: object) -> object:
        found = right(*asked)  # type: ignore[arg-type]
        late = found.until and found.until + timedelta(seconds=seconds)
        return type("Bent", (), {"until": late, "passage": found.passage})

    monkeypatch.setattr(untils, "decide", bent)
    found = untils.judged("tianjin", seed=7, count=20)

    assert found.wrong == 20 - found.never > 0


def test_every_city_has_its_share_and_together_they_are_all() -> None:
    assert sum(untils.shares(10_000).values()) == 10_000
    assert set(untils.shares(10_000)) == set(CITIES)
