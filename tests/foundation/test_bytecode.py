"""Children keep compiled modules, beside no source when that is forbidden."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from daxiang.foundation.supervisor.bytecode import keep_own_bytecode, keeping_bytecode

FORBIDDEN = {"PYTHONDONTWRITEBYTECODE": "1", "PATH": "/bin"}


@pytest.mark.parametrize("given", [{"PATH": "/bin"}, {**FORBIDDEN, "PYTHONPYCACHEPREFIX": "/elsewhere"}])
def test_an_environment_that_says_nothing_or_names_a_place_stays_as_it_is(
    given: dict[str, str], tmp_path: Path
) -> None:
    assert keeping_bytecode(given, tmp_path) == given


def test_the_place_is_the_virtual_environment_or_the_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    venv = tmp_path / "venv"
    venv.mkdir()
    monkeypatch.setattr(sys, "prefix", str(venv))
    kept = {"PATH": "/bin", "PYTHONPYCACHEPREFIX": str(venv / "bytecode")}
    assert keeping_bytecode(FORBIDDEN, tmp_path) == kept
    monkeypatch.setattr(sys, "prefix", sys.base_prefix)
    assert keeping_bytecode(FORBIDDEN, tmp_path)["PYTHONPYCACHEPREFIX"] == str(tmp_path / "run" / "bytecode")


def test_a_child_finds_its_modules_compiled_the_second_time_and_nothing_beside_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "prefix", sys.base_prefix)
    (tmp_path / "invented.py").write_text("WORD = 1\n", encoding="utf-8")
    env = keeping_bytecode({**os.environ, **FORBIDDEN, "PYTHONPATH": str(tmp_path)}, tmp_path / "home")
    for _ in range(2):
        subprocess.run([sys.executable, "-c", "import invented"], env=env, check=True)
    assert len(list((tmp_path / "home").rglob("invented.*.pyc"))) == 1
    assert not (tmp_path / "__pycache__").exists()


def test_a_process_keeps_what_it_has_still_to_import_only_in_an_environment_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.setattr(sys, "pycache_prefix", None)
    monkeypatch.setattr(sys, "prefix", sys.base_prefix)
    keep_own_bytecode()
    assert (sys.dont_write_bytecode, sys.pycache_prefix) == (True, None)
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    keep_own_bytecode()
    assert (sys.dont_write_bytecode, sys.pycache_prefix) == (False, str(tmp_path / "bytecode"))
