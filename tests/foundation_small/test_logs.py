"""What leaves a process on its log lines."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from daxiang.foundation.logs import MASK, masked, without_personal_data

OPENID = "oABCDEFGHIJKLMNOPQRSTUVWXY_-"
PERSONAL = ("鄂A12345", "鄂Ａ·１２３４Ｋ", "鄂 AD12345", "粤B1234港", "a鄂a12345b", "A1234K")
PERSONAL += (OPENID, "13800138000", "+86 138 0013 8000", "42010619900101123X")
HARMLESS = (
    "answered",
    "/wechat/service",
    "2026-11-24T00:10:00.123456Z",
    "127.0.0.1:8000",
    "wx3c8e8ae01a2b3c4d",
)


@pytest.mark.parametrize("secret", PERSONAL)
def test_what_looks_personal_is_hidden_wherever_it_stands(secret: str) -> None:
    said = masked(f"查 {secret}，谢谢")
    assert MASK in said
    assert secret not in said


@pytest.mark.parametrize("word", HARMLESS)
def test_what_is_not_personal_stays_readable(word: str) -> None:
    assert masked(word) == word


def test_a_key_that_is_not_on_the_list_is_left_out_and_counted() -> None:
    line = without_personal_data(
        None, "info", {"event": "x", "plate": "鄂A12345", "content": "hello", "ms": 3}
    )
    assert line == {"event": "x", "ms": 3, "dropped": 2}


def test_a_number_that_is_a_telephone_is_hidden_and_others_stay() -> None:
    line = without_personal_data(None, "info", {"event": "x", "count": 13800138000, "ms": 12.5})
    assert line == {"event": "x", "count": MASK, "ms": 12.5}


def test_a_path_loses_its_query() -> None:
    assert without_personal_data(None, "info", {"event": "x", "path": "/?q=鄂A12345"})["path"] == "/"


def test_an_object_is_told_by_its_type_alone() -> None:
    line = without_personal_data(None, "info", {"event": "x", "reason": ValueError("张三"), "task": object()})
    assert line == {"event": "x", "reason": "ValueError", "task": "object"}


SCRIPT = """
import logging, sys, structlog
from daxiang.foundation.logs import configure_logs
configure_logs("web", sys.argv[1])
log = structlog.get_logger()
log.info("callback 鄂A12345", outcome="answered", openid="oABCDEFGHIJKLMNOPQRSTUVWXY_-", ms=3)
logging.getLogger("django.db").error("duplicate %s at %d", "鄂A12345", 7)
logging.getLogger("uvicorn.error").warning("two\\nlines 13800138000")
logging.getLogger("uvicorn.access").info("GET /?q=x")
try:
    raise ValueError("Zhang San lives here")
except ValueError as error:
    logging.getLogger("anything").exception("failed: %s", error)
raise RuntimeError("Zhang San again 鄂A12345")
"""


def _output(form: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, form], capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.stderr == ""
    return done.stdout.splitlines()


@pytest.mark.parametrize("form", ["text", "json"])
def test_planted_plates_openids_and_names_never_reach_the_output(form: str) -> None:
    lines = _output(form)
    assert len(lines) == 5  # one line an event, and no access line
    for secret in ("12345", "oABC", "1380013", "Zhang", "?q="):
        assert not [line for line in lines if secret in line]


def test_a_json_line_holds_role_level_time_and_the_frames_of_an_error() -> None:
    last = json.loads(_output("json")[-1])
    assert (last["role"], last["level"], last["error"]) == ("web", "critical", "RuntimeError")
    assert "<module>" in last["trace"]
    assert last["timestamp"].endswith("Z")


def test_another_librarys_message_is_filled_in_after_hiding() -> None:
    assert json.loads(_output("json")[1])["event"] == f"duplicate {MASK} at 7"
