"""The first story: somebody follows the account, types a tail, and is told what that car may use."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request

import psycopg
import pytest
from prove.instance import ROOT, Instance, request

from daxiang.foundation.database.url import cluster_url
from tests.foundation.processes import wait_for
from tests.journeys.conftest import TUESDAY

pytestmark = pytest.mark.system


def asked(instance: Instance, text: str, at: str = TUESDAY) -> dict[str, object]:
    command = [sys.executable, "-m", "daxiang.config.cli", "ask", text, "--at", at, "--json"]
    done = subprocess.run(command, env=instance.environment, cwd=ROOT, capture_output=True, check=True)
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


def page(instance: Instance, role: str, path: str) -> str:
    with urllib.request.urlopen(instance.url(role, path), timeout=10) as answer:  # noqa: S310 (our own copy)
        return str(answer.read().decode())


def test_a_follower_is_greeted_with_ten_digits(on_tuesday: Instance) -> None:
    user = on_tuesday.new_user()
    greeted = on_tuesday.follow(user)
    assert greeted["outcome"] == "answered"
    assert [choice["label"] for choice in greeted["reply"]["choices"]] == list("0123456789")
    assert "120" in greeted["reply"]["content"]


def test_a_tail_is_answered_rightly_and_as_the_command_says(on_tuesday: Instance) -> None:
    user = on_tuesday.new_user()
    on_tuesday.follow(user)
    said = on_tuesday.send(user, "5")
    expected = asked(on_tuesday, "5")
    assert said["outcome"] == "answered"
    assert said["tries"] == 1
    assert said["reply"]["content"] == expected["text"]
    assert expected["text"].splitlines()[0] == (
        "尾号5，今天（24日 周二）：长江大桥、江汉桥不能走，22:00后能走。"
    )
    assert {(a["place"], a["passage"], a["until"]) for a in expected["advice"]} == {
        ("changjiang-bridge", "banned", "2026-11-24T22:00:00+08:00"),
        ("jianghan-bridge", "banned", "2026-11-24T22:00:00+08:00"),
    }


def test_the_website_says_the_same(on_tuesday: Instance) -> None:
    html = page(on_tuesday, "web", "/?tail=5")
    assert "长江大桥、江汉桥不能走" in html
    assert "22:00后能走" in html


def test_on_a_makeup_workday_the_answer_is_unknown_unless_both_readings_agree(on_tuesday: Instance) -> None:
    on_tuesday.set_clock("2026-10-10T10:00:00+08:00")
    user = on_tuesday.new_user()
    on_tuesday.follow(user)
    assert "不确定" in on_tuesday.send(user, "5")["reply"]["content"].splitlines()[0]
    assert "能走" in on_tuesday.send(user, "6")["reply"]["content"].splitlines()[0]


def test_a_crash_gets_120_and_122_first_in_both_accounts(on_tuesday: Instance) -> None:
    user = on_tuesday.new_user()
    for account in ("service", "subscription"):
        on_tuesday.follow(user, account)
        first_line = on_tuesday.send(user, "我被撞了", account)["reply"]["content"].splitlines()[0]
        assert "120" in first_line
        assert "122" in first_line


def test_a_stranger_gets_one_courteous_line_from_the_internal_account(on_tuesday: Instance) -> None:
    user = on_tuesday.new_user()
    on_tuesday.follow(user, "subscription")
    assert "只对本单位民警开放" in on_tuesday.send(user, "今日", "subscription")["reply"]["content"]


def test_everything_received_is_in_the_inbox_of_the_person(on_tuesday: Instance) -> None:
    user = on_tuesday.new_user()
    on_tuesday.follow(user)
    on_tuesday.send(user, "6")
    kinds = request(on_tuesday.url("simulator", f"/_sim/users/{user}/inbox?account=service"))
    assert len(kinds["inbox"] if isinstance(kinds, dict) else kinds) == 2


def test_neither_the_logs_nor_the_tables_show_who_asked_what(on_tuesday: Instance) -> None:
    user = on_tuesday.new_user("王小花")
    openid = next(u for u in _users(on_tuesday) if u["user"] == user)["openids"]["service"]
    on_tuesday.follow(user)
    on_tuesday.send(user, "鄂A88661")
    with psycopg.connect(cluster_url(on_tuesday.home)) as connection:
        rows = connection.execute("SELECT * FROM inbox_message").fetchall()
    cells = [cell if isinstance(cell, bytes) else str(cell).encode() for row in rows for cell in row]
    shown = on_tuesday.log.read_bytes() + b"\n".join(cells)
    assert len(rows) > 1
    for secret in (openid, "鄂A88661", "88661", "王小花"):
        assert secret.encode() not in shown


def _users(instance: Instance) -> list[dict[str, dict[str, str]]]:
    held = request(instance.url("simulator", "/_sim/users"))
    users: list[dict[str, dict[str, str]]] = held["users"] if isinstance(held, dict) else held
    return users


def test_metrics_stay_true_with_several_gateway_processes(on_tuesday: Instance) -> None:
    def answered() -> float:
        lines = page(on_tuesday, "gateway", "/metrics").splitlines()
        return sum(
            float(line.rsplit(" ", 1)[1])
            for line in lines
            if line.startswith("daxiang_callbacks_total") and 'outcome="answered"' in line
        )

    def once(least: float) -> float:
        """A process carries its counts over once a second."""
        return wait_for(lambda: now if (now := answered()) >= least else None, what=f"{least:g} answers")

    user = on_tuesday.new_user()
    on_tuesday.follow(user)
    truth = request(on_tuesday.url("simulator", "/_sim/truth?since=0"))["truth"]
    before = once(sum(row["kind"] == "delivered" for row in truth))
    for _ in range(20):
        on_tuesday.send(user, "5")
    assert once(before + 20) == before + 20
