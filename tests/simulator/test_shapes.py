"""Each answer has the shape of other projects' fixtures, but for what is explained."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.simulator.callee import Callee
from tests.simulator.conftest import Simulator
from tests.simulator.proofs import CALLS, proves
from tests.simulator.shapes import Shape, read_shape, shape_of
from tests.simulator.shapes.stories import STORIES, Scene

HERE = Path(__file__).parent / "shapes"
UNION = frozenset({"GET /cgi-bin/user/info", "POST /cgi-bin/user/info/batchget", "GET /sns/userinfo"})
"""Answers whose fixture is of an account that belongs to an open-platform owner."""


@dataclass(frozen=True, kw_only=True)
class Fixture:
    """A fixture: what it has, what of it our answer has no longer, and what ours has besides."""

    source: str
    call: str
    has: Shape
    gone: Shape
    new: Shape


def read_fixture(raw: dict[str, Any]) -> Fixture:
    gone, new = (
        frozenset().union(*(read_shape(part) for part, reason in raw.get(name, []) if reason))
        for name in ("gone", "new")
    )
    return Fixture(source=raw["source"], call=raw["call"], has=read_shape(raw["has"]), gone=gone, new=new)


FIXTURES = [read_fixture(raw) for raw in tomllib.loads((HERE / "fixtures.toml").read_text("utf-8"))["answer"]]


@pytest.mark.parametrize(
    "fixture",
    [pytest.param(one, marks=proves(one.call, shape=one.source), id=one.source) for one in FIXTURES],
)
async def test_an_answer_has_the_fixtures_shape(
    simulator: Simulator, callee: Callee, fixture: Fixture
) -> None:
    await simulator.set(unionid=fixture.call in UNION)
    said = await STORIES[fixture.call](Scene(simulator=simulator, callee=callee))
    assert shape_of(said) == fixture.has - fixture.gone | fixture.new


def test_only_what_a_fixture_has_can_be_gone_and_only_what_it_lacks_is_new() -> None:
    assert [one.source for one in FIXTURES if one.gone - one.has or one.new & one.has] == []


def test_every_story_is_of_a_call_that_there_is() -> None:
    assert {name.partition("#")[0] for name in STORIES} <= CALLS


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"a": 1, "b": {"c": "x"}}, "a:int b( c:str )"),
        ({"a": [1, 2], "b": [], "c": {}}, "a[]:int b[]:none c:empty"),
        ({"a": [{"b": 1, "c": True}, {"b": 2}]}, "a[]( b:int c:bool? )"),
        ({"a": [{"b": [{"c": 1}, {}]}, {"d": None}]}, "a[]( b[]( c:int? )  b[]:empty? d:none? )"),
        ({"a": 1.5}, "a:float"),
    ],
)
def test_a_shape_is_read_from_words_and_from_a_value(value: object, expected: str) -> None:
    assert shape_of(value) == read_shape(expected)


@pytest.mark.parametrize("words", ["a( b:int", "a:int a:int"])
def test_words_that_are_no_shape_are_a_mistake(words: str) -> None:
    with pytest.raises(ValueError, match="not a shape"):
        read_shape(words)
