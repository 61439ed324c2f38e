"""The simulator's own way to JSON says what the ordinary one says."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daxiang_simulator.jsontext import dump

_plain = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
_keys = st.text() | st.integers() | st.booleans() | st.none()
_values = st.recursive(_plain, lambda inner: st.lists(inner) | st.dictionaries(_keys, inner), max_leaves=20)


@given(_values)
def test_any_value_is_written_as_json_writes_it(value: Any) -> None:
    assert dump(value) == json.dumps(value, ensure_ascii=False)


def test_what_json_does_not_know_is_refused() -> None:
    with pytest.raises(TypeError, match="not JSON serializable"):
        dump({"moment": object()})
