"""Alive and ready."""

from __future__ import annotations

import json
import socket

import pytest

from daxiang.foundation.health import city_pack_loaded, database_reachable, readiness


def test_ready_when_every_check_is_content() -> None:
    assert readiness([lambda: None]) == (200, b'{"ready":true,"reasons":[]}')


def test_not_ready_lists_every_reason() -> None:
    status, body = readiness([lambda: "database: away", lambda: None, lambda: "city pack: not loaded"])
    assert status == 503
    assert json.loads(body)["reasons"] == ["database: away", "city pack: not loaded"]


def test_a_check_that_breaks_is_a_reason_without_its_words() -> None:
    def broken() -> str | None:
        raise KeyError("secret")

    assert readiness([broken]) == (503, b'{"ready":false,"reasons":["check failed: KeyError"]}')


def test_a_pack_that_cannot_be_read_is_a_reason() -> None:
    def load() -> object:
        raise ValueError("line 3")

    assert city_pack_loaded(load)() == "city pack: not loaded (ValueError)"
    assert city_pack_loaded(lambda: "cards")() is None


def test_a_database_that_refuses_is_a_reason_without_its_address() -> None:
    with socket.socket() as taken:  # bound and not listening: every connection is refused
        taken.bind(("127.0.0.1", 0))
        reason = database_reachable(f"postgresql://me:secret@127.0.0.1:{taken.getsockname()[1]}/x")()
    assert reason == "database: not reachable (OperationalError)"


def test_a_database_that_never_answers_is_given_up_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        reason = database_reachable(f"postgresql://me@127.0.0.1:{mute.getsockname()[1]}/x", within_s=0.2)()
    assert reason == "database: no answer within 0.2 s"


@pytest.mark.postgres
def test_a_database_that_answers_is_no_reason(postgres_server: str) -> None:
    assert database_reachable(postgres_server)() is None
