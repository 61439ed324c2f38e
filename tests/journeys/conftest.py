"""A whole copy of Daxiang for the stories of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from prove.instance import Instance, running

TUESDAY = "2026-11-24T08:10:00+08:00"
"""An even day and a workday: tail 5 may not use the two bridges until 22:00."""


@pytest.fixture(scope="session")
def whole_copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    with running(tmp_path_factory.mktemp("copy") / "home") as instance:
        yield instance


@pytest.fixture
def on_tuesday(whole_copy: Instance) -> Instance:
    whole_copy.set_clock(TUESDAY)
    return whole_copy
