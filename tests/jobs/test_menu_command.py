"""`daxiang menu`: what it prints, and that a machine can read it."""

from __future__ import annotations

import json
from pathlib import Path

import psycopg
import pytest

from daxiang.config import cli_menu
from daxiang.config.cli import main
from daxiang.domains.restrictions.queries import abandon, adopt, load_city
from daxiang.integrations.outcomes import Unavailable
from daxiang.integrations.wechat.client import menus


@pytest.fixture(autouse=True)
def without_a_database(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object, **__: object) -> None:
        raise psycopg.OperationalError

    monkeypatch.setattr("daxiang.jobs.in_force.psycopg.connect", away)


def test_the_menu_is_shown_as_people_see_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["menu", "show"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == ["今天能走  today", "今天的图  picture", "更多"]
    assert "  给民警留言  message" in lines


def test_the_menu_is_shown_as_the_platform_takes_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["menu", "show", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["button"][0] == {"type": "click", "name": "今天能走", "key": "today"}


def test_a_pack_without_a_menu_is_said_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    adopt("wuhan", load_city("wuhan"), tmp_path)
    try:
        assert (main(["menu", "show"]), main(["menu", "push"])) == (1, 1)
    finally:
        abandon("wuhan")
    assert "没有写菜单" in capsys.readouterr().err


def test_a_platform_that_cannot_be_reached_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def fails(*_: object) -> None:
        raise Unavailable("no_token", "")

    monkeypatch.setattr(menus, "create", fails)
    monkeypatch.setattr(cli_menu.menus, "get", fails)
    assert (main(["menu", "push"]), main(["menu", "show", "--live"])) == (1, 1)
    assert capsys.readouterr().err.count("微信没有办成：no_token") == 2
