"""The briefing's commands: incidents by file, the list, the quiz."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from daxiang.config import cli_briefing
from daxiang.config.cli import main
from daxiang.domains.briefings.incidents import as_file
from tests.inbox.test_inbox import conninfo

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ROW = ("JQ1", "追尾", "长江大桥", "", "", "2026-11-24 08:30", "3", "两车追尾")


@pytest.fixture(autouse=True)
def tables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli_briefing, "database_url", lambda _: conninfo())
    with psycopg.connect(conninfo(), autocommit=True) as link:
        link.execute("TRUNCATE briefing_incident, briefing_edition, duty_quiz CASCADE")


def test_a_file_comes_in_once_and_a_wrong_one_not_at_all(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "jq.csv"
    file.write_bytes(as_file([ROW]))
    assert main(["briefing", "import", str(file)]) == 0
    assert main(["briefing", "import", str(file)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "新的1件，改了0件，没有变的0件。",
        "新的0件，改了0件，没有变的1件。",
    ]
    file.write_bytes(as_file([ROW, ("JQ2", *ROW[1:5], "昨天", "3", "x")]))
    assert main(["briefing", "import", str(file)]) == 2
    assert "第3行" in capsys.readouterr().err
    assert main(["briefing", "import", str(tmp_path / "none.csv")]) == 2


def test_the_quiz_has_one_right_choice(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["briefing", "quiz", "能上桥吗", "能", "*不能"]) == 0
    assert main(["briefing", "quiz", "能上桥吗", "能", "不能"]) == 2
    assert main(["briefing", "list"]) == 0
    assert "没有简报" in capsys.readouterr().out
