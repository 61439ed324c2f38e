"""The how-to "add your city in an hour", run as it stands: its files are written, its commands executed."""

from __future__ import annotations

import io
import json
import re
import shlex
import sys
import tomllib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import psycopg
import pytest

from daxiang.config.cli import main
from daxiang.domains.restrictions.drafting.writing import LEFTOVERS
from daxiang.domains.restrictions.generations.operations import activate
from daxiang.domains.restrictions.generations.watch import Watch
from daxiang.domains.restrictions.packs import read_files
from daxiang.domains.restrictions.queries import abandon, city_ids, city_named, load_city
from daxiang.domains.restrictions.rules import decide
from daxiang.domains.restrictions.values import Passage, Question, Vehicle
from daxiang.kernel.clock import SHANGHAI
from tests.inbox.test_inbox import conninfo
from tests.rules.drafting.drafts import leftovers

PAGE = (Path(__file__).parents[2] / "docs/how-to/add-your-city.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"^`(\S+)`\n\n```(?:toml|text|json)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))
COMMANDS = [
    line
    for block in re.findall(r"^```sh\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    for line in block.splitlines()
]
CARD = "QH-BRIDGE-2026.toml"
WEDNESDAY = datetime(2026, 11, 25, 8, tzinfo=SHANGHAI)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    abandon("qinghe")


def write(desk: Path, *names: str) -> None:
    for name in names:
        path = desk / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(FILES[name], encoding="utf-8")


def run(
    command: str, desk: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> tuple[int, str]:
    """One line of the page: the exit status and what it printed."""
    line, _, fed = command.partition(" < ")
    words = shlex.split(line)
    if words[0] == "mkdir":
        (desk / words[-1]).mkdir(parents=True)
        return 0, ""
    if words[0] == "mv":
        (desk / words[1]).rename(desk / words[2] / words[1])
        return 0, ""
    assert words[0] == ".venv/bin/daxiang"
    raw = (desk / fed).read_bytes() if fed else b""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw), encoding="utf-8"))
    capfd.readouterr()
    status = main(words[1:])
    return status, capfd.readouterr().out


def command(part: str, *, nth: int = 0) -> str:
    return [line for line in COMMANDS if part in line][nth]


def test_the_page_leads_from_an_empty_folder_to_answers(
    desk: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def does(part: str, nth: int = 0) -> tuple[int, str]:
        return run(command(part, nth=nth), desk, monkeypatch, capfd)

    does("mkdir")
    write(desk, "my-packs/qinghe/city.toml", "my-packs/qinghe/places.toml", "notice.txt", "questions.jsonl")
    assert does("check qinghe")[0] == 0
    assert does("draft notice.txt")[0] == 0
    refused, _ = does("rules diff")
    write(desk, CARD)
    changes, told = does("rules diff")
    does("mv ")
    assert does("check qinghe", 1)[0] == 0
    shown, aloud = does("show QH")
    _, answers = does("answer <")

    assert (refused, changes, shown) == (2, 1, 0)
    assert "2026-11-25 07:00 – 2026-11-25 09:00  清河桥  鄂X12343：不确定（没有卡） → 不能走" in told
    assert "清河市公安局关于清河大桥机动车通行管理的通告（QH-BRIDGE-2026）" in aloud
    passages = {row["id"]: row["passage"] for row in map(json.loads, answers.splitlines())}
    assert passages == {"tail-3": "banned", "tail-4": "allowed", "green": "allowed"}


def test_the_finished_card_says_what_the_draft_had_read(
    desk: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    write(desk, "my-packs/qinghe/city.toml", "my-packs/qinghe/places.toml", "notice.txt")
    run(command("draft notice.txt"), desk, monkeypatch, capfd)

    draft = tomllib.loads((desk / CARD).read_text(encoding="utf-8"))
    finished = tomllib.loads(FILES[CARD])

    for key in ("id", "city", "title", "layer", "places", "validity"):
        assert draft[key] == finished[key], key
    for key in ("days", "makeup_workday", "hours", "tail"):
        assert draft["clause"][0][key] == finished["clause"][0][key], key
    assert sorted(draft["clause"][0]["who"]["exempt_uses"]) == ["bus", "school_bus", "taxi"]
    assert "殡葬车辆" in leftovers(draft)
    assert draft["short_title"] == draft["provenance"]["url"] == draft["clause"][0]["says"] == ""


WRITTEN = {
    "short_title": '"清河大桥尾号限行通告"',
    "url": '"https://qinghe.example/notices/2026-2.html"',
    "confidence": '"L"',
    "verified_on": "2026-11-25",
    "says": '"工作日早晚高峰，小客车按尾号限行"',
}
"""What a person writes where the draft of this page's notice is blank."""


def finished(draft: str, *, but: str | None = None) -> str:
    """The draft with every blank written but one, and with what was left over dealt with."""
    for key, value in WRITTEN.items():
        if key != but:
            draft = draft.replace(f'\n{key} = ""  # ', f"\n{key} = {value}  # ")
    return draft if but == LEFTOVERS else re.sub(rf'(?ms)^"{LEFTOVERS}" = \[.*?^\]\n', "", draft)


@pytest.mark.parametrize("blank", [*WRITTEN, LEFTOVERS, None])
def test_a_draft_is_refused_at_the_line_of_whatever_is_still_to_be_written(
    blank: str | None, desk: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    write(desk, "my-packs/qinghe/city.toml", "my-packs/qinghe/places.toml", "notice.txt")
    run(command("draft notice.txt"), desk, monkeypatch, capfd)
    draft = finished((desk / CARD).read_text(encoding="utf-8"), but=blank)
    (desk / "my-packs/qinghe/restrictions").mkdir()
    (desk / "my-packs/qinghe/restrictions" / CARD).write_text(draft, encoding="utf-8")

    status = main(["rules", "--packs", "my-packs", "check", "qinghe"])

    said = capfd.readouterr().err
    if blank is None:
        assert (status, said) == (0, "")
    else:
        number = int(said.split("第")[1].split("行")[0])
        assert status == 2
        assert draft.splitlines()[number - 1].lstrip('"').startswith(blank)


def test_a_city_without_a_rule_on_record_says_so_and_allows_nothing(
    desk: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    status, _ = run(command("check xiangyang"), desk, monkeypatch, capfd)
    cards = load_city("xiangyang")

    assert (status, cards.cards, cards.headline, cards.accounts) == (0, (), (), {})
    assert cards.no_tail_rule is not None
    assert cards.no_tail_rule.startswith("没有查到襄阳按尾号限行的规定")
    question = Question(place="city", at=WEDNESDAY, vehicle=Vehicle(tail="5"))
    assert decide(cards, question).passage is Passage.UNKNOWN


def test_a_folder_without_a_city_is_refused_in_one_sentence(
    desk: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["rules", "--packs", str(desk), "check"]) == 2
    assert "里没有城市" in capfd.readouterr().err


def test_cities_of_ones_own_are_put_away_after_the_command(
    desk: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    write(desk, "my-packs/qinghe/city.toml", "my-packs/qinghe/places.toml")
    run(command("check qinghe"), desk, monkeypatch, capfd)

    assert "qinghe" not in city_ids()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_an_activated_city_that_the_program_does_not_carry_is_live_by_its_name(desk: Path) -> None:
    write(desk, "my-packs/qinghe/city.toml", "my-packs/qinghe/places.toml", CARD)
    (desk / "my-packs/qinghe/restrictions").mkdir()
    (desk / CARD).rename(desk / "my-packs/qinghe/restrictions" / CARD)
    pack = read_files(desk / "my-packs/qinghe", city="qinghe")
    with psycopg.connect(conninfo(), autocommit=True) as connection:
        activate(connection, pack=pack, at=WEDNESDAY, by="甲")
        Watch(conninfo, folder=desk / "laid-out").look(connection)

    found = city_named("清河")

    assert found is not None
    assert found.generation == pack.digest
    assert "qinghe" in city_ids()
    question = Question(place="clear-river-bridge", at=WEDNESDAY, vehicle=Vehicle(tail="3"))
    assert decide(found, question).passage is Passage.BANNED
