"""`daxiang rules draft`: what it prints, what it refuses."""

from __future__ import annotations

import io
import sys
import tomllib
from pathlib import Path

import pytest

from daxiang.config.cli import main
from daxiang.domains.restrictions.errors import PackWrong
from tests.rules.packs import pack

NOTICE = "自2026年5月1日起，每日7时至9时，禁止载货汽车在大桥通行。\n"


def test_a_draft_goes_to_standard_output_and_what_is_left_to_standard_error(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "notice.txt"
    path.write_text(NOTICE, encoding="utf-8")

    assert main(["rules", "draft", str(path), "--id", "T-2"]) == 0

    printed = capfd.readouterr()
    assert tomllib.loads(printed.out)["id"] == "T-2"
    assert "读出" in printed.err
    assert "provenance.url" in printed.err


def test_a_notice_can_be_pasted_and_the_file_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(NOTICE.encode()), encoding="utf-8"))

    assert main(["rules", "draft", "-", "--out", str(tmp_path / "T-3.toml")]) == 0

    assert tomllib.loads((tmp_path / "T-3.toml").read_text(encoding="utf-8"))["id"] == "T-3"
    assert capfd.readouterr().out == ""


@pytest.mark.parametrize(
    ("raw", "options", "said"),
    [
        (None, [], "读不了这个文件"),
        (b"\xff\xfe\x00", [], "不是 UTF-8"),
        (b" \n\t", [], "里面没有文字"),
        ("车".encode() * 20_001, [], "不像一份公告"),
        (b"x", ["--city", "atlantis"], "没有录入这个城市"),
        (b"x", ["--id", "../etc"], "卡的编号只用"),
        (b"x", ["--out", "notice.txt"], "已经有了"),
        (b"x", ["--out", "no/such/folder/T.toml"], "写不了"),
    ],
)
def test_broken_input_gets_one_sentence(
    raw: bytes | None,
    options: list[str],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    if raw is not None:
        (tmp_path / "notice.txt").write_bytes(raw)

    status = main(["rules", "draft", "notice.txt", *options])

    printed = capfd.readouterr()
    assert (status, printed.out) == (2, "")
    assert len(printed.err.splitlines()) == 1
    assert said in printed.err


def test_a_draft_is_refused_by_the_check_with_the_line_until_a_person_has_finished_it(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "notice.txt"
    path.write_text(NOTICE, encoding="utf-8")
    main(["rules", "draft", str(path), "--id", "T-1"])
    draft = capfd.readouterr().out

    with pytest.raises(PackWrong, match=r"testtown/restrictions/T-1\.toml：第\d+行，") as refused:
        pack(tmp_path / "pack", T_1=draft)

    line = draft.splitlines()[int(str(refused.value).split("第")[1].split("行")[0]) - 1]
    assert "没读出来" in line
