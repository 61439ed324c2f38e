"""access_token: two families, their lives, their limits, and every way to be refused."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.callee import APP_ID
from tests.simulator.conftest import Simulator

NOON, AFTER = "2026-11-24T12:00:00+08:00", "2026-11-24T{}+08:00"
ASKED = {"grant_type": "client_credential", "appid": APP_ID, "secret": "secret"}
QUERY = "grant_type=client_credential&appid={appid}&secret={secret}"


async def plain(simulator: Simulator) -> str:
    said = await simulator.get(f"/cgi-bin/token?{QUERY.format(appid=APP_ID, secret='secret')}")
    text: str = said["access_token"]
    return text


async def stable(simulator: Simulator, **more: Any) -> dict[str, Any]:
    said: dict[str, Any] = await simulator.post("/cgi-bin/stable_token", ASKED | more)
    return said


async def code(simulator: Simulator, token: str) -> int:
    """What a harmless call says to this token."""
    said = await simulator.get(f"/cgi-bin/getcallbackip?access_token={token}")
    return int(said.get("errcode", 0))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"appid": None}, 41002),
        ({"secret": None}, 41004),
        ({"appid": "wx0"}, 40013),
        ({"secret": "wrong"}, 40125),
        ({"grant_type": "password"}, 40002),
    ],
)
async def test_each_wrong_application_has_its_code(
    simulator: Simulator, change: dict[str, Any], expected: int
) -> None:
    said = await stable(simulator, **change)
    assert said["errcode"] == expected
    assert " rid: " in said["errmsg"]
    told = {name: value for name, value in (ASKED | change).items() if value is not None}
    query = "&".join(f"{name}={value}" for name, value in told.items())
    assert (await simulator.get(f"/cgi-bin/token?{query}"))["errcode"] == expected


@pytest.mark.parametrize(
    ("setting", "expected"), [({"secret_frozen": True}, 40243), ({"ip_whitelist": ["192.0.2.1"]}, 40164)]
)
async def test_the_consoles_security_page_is_obeyed(
    simulator: Simulator, setting: dict[str, Any], expected: int
) -> None:
    await simulator.set(**setting)
    assert (await stable(simulator))["errcode"] == expected


async def test_a_new_plain_token_leaves_the_old_one_five_minutes(simulator: Simulator) -> None:
    await simulator.at(NOON)
    first = await plain(simulator)
    second = await plain(simulator)
    assert first != second
    await simulator.at(AFTER.format("12:04:59"))
    assert [await code(simulator, one) for one in (first, second)] == [0, 0]
    await simulator.at(AFTER.format("12:05:00"))
    assert [await code(simulator, one) for one in (first, second)] == [40001, 0]
    await simulator.at(AFTER.format("14:00:00"))
    assert await code(simulator, second) == 42001


async def test_the_stable_token_stays_until_five_minutes_before_its_end(simulator: Simulator) -> None:
    await simulator.at(NOON)
    first = await stable(simulator)
    assert first["expires_in"] == 7200
    await simulator.at(AFTER.format("13:54:59"))
    assert await stable(simulator) == {"access_token": first["access_token"], "expires_in": 301}
    await simulator.at(AFTER.format("13:55:00"))
    second = await stable(simulator)
    assert second["access_token"] != first["access_token"]
    assert await code(simulator, first["access_token"]) == 0
    await simulator.at(AFTER.format("14:00:00"))
    assert await code(simulator, first["access_token"]) == 42001


async def test_the_families_know_nothing_of_each_other(simulator: Simulator) -> None:
    held = (await stable(simulator))["access_token"]
    await simulator.at("2030-01-01T00:00:00")
    await simulator.at("2026-01-01T00:00:00")
    for _ in range(3):
        await plain(simulator)
    await simulator.post("/_sim/clock", {"offset_s": 600, "rate": 0})
    assert await code(simulator, held) == 0


async def test_a_forced_refresh_voids_the_old_one_and_is_limited(simulator: Simulator) -> None:
    await simulator.at(NOON)
    first = await stable(simulator)
    second = await stable(simulator, force_refresh=True)
    assert await code(simulator, first["access_token"]) == 40001
    assert await code(simulator, second["access_token"]) == 0
    assert (await stable(simulator, force_refresh=True))["errcode"] == 45011
    for number in range(1, 20):
        await simulator.at(AFTER.format(f"12:{number:02}:00"))
        assert "access_token" in await stable(simulator, force_refresh=True)
    await simulator.at(AFTER.format("12:30:00"))
    assert (await stable(simulator, force_refresh=True))["errcode"] == 45009
    assert "access_token" in await stable(simulator)


async def test_the_days_tokens_run_out_and_come_back_at_midnight(simulator: Simulator) -> None:
    await simulator.set(token_daily=2)
    await simulator.at("2026-11-24T23:59:00+08:00")
    await plain(simulator)
    await plain(simulator)
    query = QUERY.format(appid=APP_ID, secret="secret")
    assert (await simulator.get(f"/cgi-bin/token?{query}"))["errcode"] == 45009
    await simulator.at("2026-11-25T00:00:00+08:00")
    await plain(simulator)


@pytest.mark.parametrize(("token", "expected"), [("", 41001), ("x" * 136, 40001), ("短", 40014)])
async def test_what_is_no_token_has_its_code(simulator: Simulator, token: str, expected: int) -> None:
    assert await code(simulator, token) == expected


async def test_all_tokens_of_an_account_can_be_voided_at_once(simulator: Simulator) -> None:
    held = [await plain(simulator), (await stable(simulator))["access_token"]]
    assert (await simulator.post("/_sim/tokens/expire", {"account": "service"}))["expired"] == 2
    assert [await code(simulator, one) for one in held] == [40001, 40001]
    assert await code(simulator, (await stable(simulator))["access_token"]) == 0


async def test_the_record_shows_when_each_token_was_asked_for(simulator: Simulator) -> None:
    await stable(simulator)
    await stable(simulator, force_refresh=True)
    rows = [row for row in await simulator.truth() if row["kind"] == "token"]
    assert [(row["family"], row["forced"], row["account"]) for row in rows] == [
        ("stable", False, "service"),
        ("stable", True, "service"),
    ]
    assert all(row["begin"] <= row["end"] for row in rows)
    assert rows[0]["token"] != rows[1]["token"]


async def test_the_wrong_method_and_an_unknown_address_have_their_codes(simulator: Simulator) -> None:
    assert (await simulator.get("/cgi-bin/stable_token"))["errcode"] == 43002
    assert (await simulator.post("/cgi-bin/getcallbackip", {}))["errcode"] == 41001
    assert (await simulator.api("/cgi-bin/getcallbackip", {}))["errcode"] == 43001
    assert (await simulator.api("/cgi-bin/nothing/here"))["errcode"] == 40066
