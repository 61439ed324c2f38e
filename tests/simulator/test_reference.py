"""The reference page says what there is."""

from __future__ import annotations

import re
from pathlib import Path

from daxiang_simulator.platform.codes import WORDS
from daxiang_simulator.platform.settings import DEFAULTS
from daxiang_simulator.platform.table import calls_table
from daxiang_simulator.truth import Kind

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/reference/simulator.md").read_text(encoding="utf-8")


def test_the_page_has_every_call() -> None:
    assert calls_table() in PAGE


def test_the_page_names_every_setting_and_every_kind_of_truth() -> None:
    named = [*DEFAULTS, *(kind.value for kind in Kind)]
    assert [name for name in named if f"`{name}`" not in PAGE] == []


def test_every_code_that_the_simulator_says_has_its_words() -> None:
    files = (ROOT / "src/daxiang_simulator/platform").glob("*.py")
    said = {int(code) for path in files for code in re.findall(r"Refused\((\d+)", path.read_text("utf-8"))}
    assert len(said) > 50
    assert said - WORDS.keys() == set()
