"""The documents against what is there: links, settings, metrics, commands, targets, README twice over."""

from __future__ import annotations

import argparse
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from django.apps import apps
from prometheus_client import Counter, Histogram
from prove.__main__ import CAMPAIGNS

from daxiang.config.cli import build_parser
from daxiang.config.cli_rules import answers
from daxiang.domains.restrictions.clauses import WEEKDAYS
from daxiang.domains.restrictions.facts import FactName
from daxiang.domains.restrictions.tails import TailRule
from daxiang.foundation import metrics
from daxiang.foundation.demo import with_demo_values
from daxiang.foundation.settings import read_settings
from daxiang.jobs.worker import WorkerApp

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"(?<!`)\[[^\]]*\]\(([^)\s]+)\)")
BY_THE_SUPERVISOR = {"DAXIANG_LIFELINE", "DAXIANG_METRICS", "PROMETHEUS_MULTIPROC_DIR"}
ASIDE = {"DAXIANG_POSTGRES_BIN"}
"""Read by the launcher of the private database alone."""


def _named(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=_named)
def test_every_link_inside_the_documents_leads_somewhere(page: Path) -> None:
    targets = [one for one in LINK.findall(page.read_text(encoding="utf-8")) if "://" not in one]
    missing = [one for one in targets if not (page.parent / one.partition("#")[0]).exists()]
    assert missing == []


def test_every_page_is_found_from_the_index() -> None:
    index = ROOT / "docs/README.md"
    linked = {(index.parent / one).resolve() for one in LINK.findall(index.read_text(encoding="utf-8"))}
    assert {page for page in PAGES if page.is_relative_to(ROOT / "docs")} - linked == {index}


class _Recording(dict[str, str]):
    """An environment that remembers what was asked of it."""

    def __init__(self, values: Mapping[str, str]) -> None:
        super().__init__(values)
        self.asked: set[str] = set()

    def get(self, key: str, default: str | None = None) -> str | None:  # type: ignore[override]
        self.asked.add(key)
        return super().get(key, default)


def test_the_page_of_settings_names_each_variable_that_is_read_and_no_other(tmp_path: Path) -> None:
    environment = _Recording(with_demo_values({"DAXIANG_HOME": str(tmp_path)}))
    read_settings(environment)
    read = {one for one in environment.asked if not re.search("_FILE$|SUBSCRIPTION", one)}
    page = (ROOT / "docs/reference/settings.md").read_text(encoding="utf-8")
    told = set(re.findall(r"`((?:DAXIANG|DATABASE|PROMETHEUS)_[A-Z_]+[A-Z])`", page))
    assert told == read | BY_THE_SUPERVISOR | ASIDE


def test_each_variable_in_any_document_exists() -> None:
    known = set(re.findall(r"`([A-Z_]+)`", (ROOT / "docs/reference/settings.md").read_text(encoding="utf-8")))
    for page in PAGES:
        words = set(re.findall(r"\bDAXIANG_[A-Z_]+[A-Z]\b", page.read_text(encoding="utf-8")))
        assert {one for one in words if "SUBSCRIPTION" not in one} <= known, page


def _figures() -> set[str]:
    """What the processes count and what is read from PostgreSQL when `/metrics` is asked."""
    counted = {
        metric.name + ("_total" if metric.type == "counter" else "")
        for collector in (one for one in vars(metrics).values() if isinstance(one, Counter | Histogram))
        for metric in collector.describe()
    }
    return counted | {one.name for one in metrics._business._sources}


def test_the_page_of_metrics_names_each_figure_and_no_other(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(metrics, "_business", metrics.BusinessTotals())
    settings = read_settings(with_demo_values({"DAXIANG_HOME": str(tmp_path)}))
    WorkerApp(settings)
    page = (ROOT / "docs/reference/metrics.md").read_text(encoding="utf-8")
    told = set(re.findall(r"^\| `(daxiang_\w+)`", page, re.MULTILINE))
    assert told == _figures() | {"daxiang_totals_readable"}


def _commands(parser: argparse.ArgumentParser, before: str) -> Iterator[str]:
    """Every command of the parser that has no parts of its own."""
    parts = [one for one in parser._actions if isinstance(one, argparse._SubParsersAction)]
    for part in parts:
        for name, below in part.choices.items():
            yield from _commands(below, f"{before} {name}")
    if not parts:
        yield before


def test_the_page_of_commands_names_each_command_and_every_document_only_such() -> None:
    commands = set(_commands(build_parser(), "daxiang"))
    known = commands | {one.rpartition(" ")[0] for one in commands}
    page = (ROOT / "docs/reference/commands.md").read_text(encoding="utf-8")
    for command in commands:
        assert f"`{command}" in page, command
    parts = {one.split()[1] for one in commands if one.count(" ") > 1}
    for other in PAGES:
        for first, second in re.findall(
            r"`(?:\.venv/bin/)?daxiang ([a-z]+)(?: ([a-z]+))?", other.read_text("utf-8")
        ):
            assert (f"daxiang {first} {second}" if first in parts and second else f"daxiang {first}") in known


def test_make_and_its_campaigns_are_named_as_they_are() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for page in PAGES:
        words = page.read_text(encoding="utf-8")
        assert set(re.findall(r"`make ([a-z]+)", words)) <= targets, page
        named = {one for group in re.findall(r"make prove P=([a-z|]+)", words) for one in group.split("|")}
        assert named <= set(CAMPAIGNS), page
    page_of_commands = (ROOT / "docs/reference/commands.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `([a-z]+)` \|", page_of_commands, re.MULTILINE)) == set(CAMPAIGNS)


FACT = re.compile(
    r"https?://127[\d.:]+/|\b(?:120|122|3\.11|2\.0)\b|(?<=`)[a-z_]+/?(?=`)|make run|kill -9|Ctrl-C"
)


def test_readme_says_the_same_in_both_languages() -> None:
    english, chinese = (
        (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh-CN.md")
    )
    assert sorted(FACT.findall(english)) == sorted(FACT.findall(chinese))
    links = [[one for one in LINK.findall(words) if "README" not in one] for words in (english, chinese)]
    assert links[0] == links[1]
    assert [len(re.findall("^## ", words, re.MULTILINE)) for words in (english, chinese)] == [3, 3]


def test_the_example_of_rules_answer_is_answered_and_each_part_of_an_answer_is_explained() -> None:
    page = (ROOT / "docs/reference/rules-answer.md").read_text(encoding="utf-8")
    example = re.search(r"^echo '(.+)' \|", page, re.MULTILINE)
    assert example is not None
    (answered,) = answers([example[1].encode()])
    assert answered.line["passage"] == "banned"
    explained = page.partition("| in an answer |")[2]
    assert {one for one in answered.line if f"`{one}`" not in explained} <= {"id"}


def _keys(table: object) -> Iterator[str]:
    for key, value in table.items() if isinstance(table, dict) else ():
        if not key[0].isdigit() and key not in WEEKDAYS:
            yield key
        for one in value if isinstance(value, list) else [value]:
            yield from _keys(one)


def test_every_field_and_every_tail_rule_of_a_card_is_explained() -> None:
    cards = [tomllib.loads(path.read_text("utf-8")) for path in ROOT.glob("cities/*/restrictions/*.toml")]
    page = (ROOT / "docs/reference/rule-cards.md").read_text(encoding="utf-8")
    used = {key for card in cards for key in _keys(card)} | {rule.value for rule in TailRule}
    assert used - set(re.findall(r"\w+", page)) - set(FactName) == set()
    assert len(cards) > 40


def test_every_table_says_what_it_holds_of_people() -> None:
    page = (ROOT / "docs/reference/personal-data.md").read_text(encoding="utf-8")
    assert [one._meta.db_table for one in apps.get_models() if f"`{one._meta.db_table}`" not in page] == []
