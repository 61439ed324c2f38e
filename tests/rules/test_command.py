"""`daxiang rules`: lines in, lines out."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from daxiang.config.cli import main

CASES = (Path(__file__).parents[1] / "cases/restrictions.jsonl").read_bytes()
GOOD = json.loads(CASES.splitlines()[1])


def answer(
    lines: bytes, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> tuple[int, list[dict[str, Any]]]:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(lines), encoding="utf-8"))
    status = main(["rules", "answer"])
    return status, [json.loads(line) for line in capfd.readouterr().out.splitlines()]


def test_every_written_case_is_answered_in_order(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    status, answers = answer(CASES, monkeypatch, capfd)

    assert status == 0
    for case, found in zip(map(json.loads, CASES.splitlines()), answers, strict=True):
        assert found["id"] == case["id"]
        assert as_wanted(found, case["expect"]) == case["expect"], case["id"]


def as_wanted(found: dict[str, Any], expected: dict[str, Any]) -> dict[str, Any]:
    """What the cases' README holds an answer to: the passage always, the card where it bans, the tail and the
    sanction wherever they are given.
    """
    free = {} if expected["passage"] == "banned" else {"rule": expected.get("rule")}
    return {key: free[key] if key in free else found[key] for key in expected}


def test_the_written_cases_are_one_list_without_doubles() -> None:
    names = [json.loads(line)["id"] for line in CASES.splitlines()]
    assert names == [f"V{number:02}" for number in range(1, 43)]
    assert len(set(CASES.splitlines())) == len(names)


def test_the_written_cases_are_those_of_the_shared_list() -> None:
    shared = Path(__file__).parents[3] / "shared/cases/restrictions.jsonl"
    if not shared.is_file():
        pytest.skip("../shared/cases/restrictions.jsonl is not here")
    assert shared.read_bytes() == CASES


def test_an_answer_has_all_the_fields_that_the_readme_names(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    _, [found] = answer(json.dumps(GOOD).encode(), monkeypatch, capfd)

    assert found == {
        "id": "V02",
        "passage": "banned",
        "closed": False,
        "needs": [],
        "rule": "WH-BRIDGE-2019",
        "tail": "5",
        "day": "workday",
        "sanction": {"kind": "fine", "fine_fen": None, "points": 1},
        "until": "2026-11-24T22:00:00+08:00",
        "reason": "双日只准双号，尾号5要到22:00后才能走",
        "source": "武汉长江大桥、江汉桥单双号通行通告（2019年11月2日起），文号未录入",
        "caution": "这条规定最近核对于 2025-12-09，请留意现场标志",
    }


@pytest.mark.parametrize(
    ("bad", "case_id", "code"),
    [
        (b"{", None, "bad_json"),
        (b"\xff\xfe", None, "bad_json"),
        (b"[" * 100_000, None, "bad_json"),
        (b"[1]", None, "not_a_case"),
        (b"{}", None, "not_a_case"),
        ({"id": ["x"]}, None, "not_a_case"),
        ({"city": "atlantis"}, "V02", "city_unknown"),
        ({"city": "../wuhan"}, "V02", "city_unknown"),
        ({"place": "no-such-bridge"}, "V02", "place_unknown"),
        ({"at": "2026-11-24T08:30:00"}, "V02", "time_unusable"),
        ({"at": "9999-12-31T23:59:59-12:00"}, "V02", "time_unusable"),
        ({"at": "tomorrow"}, "V02", "not_a_case"),
        ({"at": 5}, "V02", "not_a_case"),
        ({"vehicle": None}, "V02", "not_a_case"),
        ({"facts": []}, "V02", "not_a_case"),
        ({"vehicle": GOOD["vehicle"] | {"plate": "鄂A1234O"}}, "V02", "plate_unreadable"),
        ({"vehicle": GOOD["vehicle"] | {"class": "tank"}}, "V02", "not_a_case"),
        ({"vehicle": GOOD["vehicle"] | {"new_energy": "no"}}, "V02", "not_a_case"),
        ({"vehicle": GOOD["vehicle"] | {"seats": True}}, "V02", "not_a_case"),
        ({"vehicle": GOOD["vehicle"] | {"height_m": 0}}, "V02", "not_a_case"),
        ({"vehicle": GOOD["vehicle"] | {"is_local": "yes"}}, "V02", "not_a_case"),
    ],
)
def test_a_bad_line_gets_its_error_in_place_and_the_others_are_answered(
    bad: bytes | dict[str, Any],
    case_id: str | None,
    code: str,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    good = json.dumps(GOOD).encode()
    line = bad if isinstance(bad, bytes) else json.dumps(GOOD | bad).encode()

    status, (first, middle, last) = answer(b"\n".join((good, line, good)), monkeypatch, capfd)

    assert status == 2
    assert first == last
    assert (middle["id"], middle["error"]["code"]) == (case_id, code)
    assert middle["error"]["message"]
    assert middle.keys() == {"id", "error"}


def test_an_id_that_utf8_cannot_hold_comes_back_as_it_came(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    status, [found] = answer(json.dumps(GOOD | {"id": "\ud800"}).encode(), monkeypatch, capfd)

    assert (status, found["id"]) == (0, "\ud800")


def test_the_cards_are_listed_shown_and_checked(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "list", "--json"]) == 0
    rows = {row["id"]: row for row in json.loads(capsys.readouterr().out)}
    assert rows["WH-BRIDGE-2019"]["valid_until"] is None
    assert rows["WH-WAIVER-2019SF"]["layer"] == "waiver"
    assert main(["rules", "check"]) == 0
    assert main(["rules", "check", "wuhan"]) == 0
    assert "zhiyin-bridge  知音桥（知音桥、江汉二桥、二桥、知音大桥）" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("card", "said"),
    [
        ("WH-BRIDGE-2019", "管：小客车、中型客车；不管：出租车、绿牌车"),
        ("WH-BRIDGE-2011", "尾号：单日只准单号，双日只准双号；尾号是字母的怎么算没查到"),
        ("WH-2014-ADJ", "管：外地的小客车；不管：没有例外"),
        ("WH-2014-ADJ", "处罚：2014-01-05起罚款100元，记分没查到（道路交通安全法第九十条）"),
        ("WH-TUNNEL", "管：9座及以上的小客车；不管：没有例外"),
        ("WH-TUNNEL", "日子：周六、周日；钟点：0:00–5:00"),
        ("WH-WAIVER-2018GW", "放开：10月1日至7日每天9时至17时，长江大桥不分单双号"),
        ("WH-EL-2022", "日子：休息日、法定节假日（调休上班的不算）；钟点：9:00–17:00"),
    ],
)
def test_a_card_reads_aloud_in_the_words_of_a_clerk(
    card: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["rules", "show", card]) == 0
    assert said in [line.strip() for line in capsys.readouterr().out.splitlines()]


def test_what_is_not_there_is_said_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments, status in ((["show", "X"], 2), (["check", "atlantis"], 2), (["calendar", "2027"], 1)):
        assert main(["rules", *arguments]) == status
        printed = capsys.readouterr()
        assert (printed.out, printed.err.count("\n")) == ("", 1)


def test_the_calendar_of_a_year_names_its_makeup_workdays(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "calendar", "2026", "--json"]) == 0
    days = json.loads(capsys.readouterr().out)["days"]

    assert {"date": "2026-10-10", "kind": "makeup_workday", "name": None} in days
    assert len(days) == 33 + 6


def test_the_rules_need_neither_django_nor_a_database() -> None:
    code = (
        "import sys; import daxiang.domains.restrictions.queries as q; q.load_city('wuhan'); "
        "sys.exit(any(name.split('.')[0] in ('django', 'psycopg') for name in sys.modules))"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
