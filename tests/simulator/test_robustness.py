"""What an attacker found: settings lost, two on one state, nonsense numbers, wrong types, wrong arguments."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from daxiang_simulator.__main__ import main
from daxiang_simulator.accounts import invented
from daxiang_simulator.app import make_app
from daxiang_simulator.clock import SharedClock
from daxiang_simulator.jsontext import DEEPEST, load
from daxiang_simulator.lock import StateHeld
from daxiang_simulator.platform.frame import Call
from daxiang_simulator.platform.quotas import Quotas
from daxiang_simulator.world import Options, World
from tests.simulator.callee import Callee
from tests.simulator.conftest import Simulator

MENU = "/cgi-bin/menu/create"
DEEP = b"[" * 60_000


async def raw(
    simulator: Simulator, method: str, path: str, body: bytes, **headers: str
) -> tuple[int, dict[str, Any]]:
    """A request with this very body."""
    async with simulator.client.request(method, path, data=body, headers=headers) as response:
        return response.status, await response.json()


def alone(options: Options, callback: str, mode: str, *named: str) -> Options:
    """As the command line starts it without a file of accounts."""
    made = invented("service", callback, mode)
    return replace(options, accounts=None, made=made, named=frozenset({"callback", *named}))


async def test_a_restart_keeps_the_settings_and_follows_what_the_command_line_names(
    options: Options, callee: Callee
) -> None:
    async with TestClient(TestServer(make_app(alone(options, callee.url(), "plain")))) as client:
        await Simulator(client).set(token_daily=7)
    later = "http://127.0.0.1:1/later"
    for start, mode in (
        (alone(options, later, "safe"), "plain"),
        (alone(options, later, "safe", "mode"), "safe"),
    ):
        async with TestClient(TestServer(make_app(start))) as client:
            held = (await Simulator(client).get("/_sim/accounts"))["accounts"][0]
        assert (held["settings"]["token_daily"], held["settings"]["speech_recognition"]) == (7, True)
        assert (held["callback"], held["mode"]) == (later, mode)


async def test_a_second_simulator_on_one_state_is_refused_until_the_first_has_ended(options: Options) -> None:
    first = await World.open(options)
    with pytest.raises(StateHeld, match="正在用"):
        await World.open(options)
    await first.close()
    await (await World.open(options)).close()


@pytest.mark.parametrize(
    "body",
    [
        b'{"token_daily": NaN}',
        b'{"events_after_s": Infinity}',
        b'{"events_after_s": 1e999}',
        b'{"events_after_s": -1}',
        b'{"token_daily": 1000000000000}',
        b'{"next_key_share": 2}',
        b"\xff",
        DEEP,
    ],
)
async def test_settings_that_make_no_sense_are_refused(simulator: Simulator, body: bytes) -> None:
    before = await simulator.get("/_sim/accounts")
    status, said = await raw(simulator, "PUT", "/_sim/accounts/service/settings", body)
    assert (status, said["error"][-1]) == (400, "。")
    assert await simulator.get("/_sim/accounts") == before


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "http", "value": 99},
        {"kind": "http", "value": 600},
        {"kind": "http", "value": 502.5},
        {"kind": "slow", "value": 61},
        {"kind": "slow", "value": -1},
        {"kind": "timeout", "value": -1},
        {"value": 0},
        {"value": 0.5},
        {"value": 10**400},
        {"count": 0},
        {"count": 1.5},
        {"seed": 10**30},
        {"kind": []},
        {"path": "/cgi-bin/nothing"},
        {"path": "/nothing/*"},
        {"account": "nobody"},
    ],
)
async def test_a_fault_out_of_all_ranges_is_refused(simulator: Simulator, wrong: dict[str, Any]) -> None:
    fault = {"path": MENU, "kind": "errcode"} | wrong
    status, said = await simulator.call("POST", "/_sim/faults", fault)
    assert (status, said["error"][-1]) == (400, "。")
    assert (await simulator.get("/_sim/faults"))["faults"] == []


@pytest.mark.parametrize("path", [MENU, "/cgi-bin/menu/*", "*"])
async def test_a_fault_may_name_a_call_its_beginning_or_all(simulator: Simulator, path: str) -> None:
    fault = {"path": path, "kind": "http", "value": 599, "count": 1}
    status, said = await simulator.call("POST", "/_sim/faults", fault)
    assert (status, said["path"]) == (200, path)


@pytest.mark.parametrize(
    "text",
    [
        "NaN",
        "[-Infinity]",
        "1e999",
        "[" * (DEEPEST + 1) + "]" * (DEEPEST + 1),
        '"\\ud800"',
        "{",
        "[" * 60_000,
    ],
)
def test_json_that_cannot_be_held_or_written_again_is_refused(text: str) -> None:
    for given in (text, text.encode()):
        with pytest.raises(ValueError, match=r".*"):
            load(given)


@pytest.mark.parametrize(
    "text", ["[" * DEEPEST + "]" * DEEPEST, "[" + "[]," * 500 + "[]]", '"\\ud83d\\ude97 [[["', "-1.5e3"]
)
def test_json_within_the_limits_is_read_as_it_is(text: str) -> None:
    assert load(text) == load(text.encode()) == json.loads(text)


WRONG: list[tuple[str, Any]] = [
    ("/cgi-bin/tags/delete", {"tag": 5}),
    ("/cgi-bin/tags/create", {"tag": [1]}),
    ("/cgi-bin/qrcode/create", {"action_name": ["QR_SCENE"], "action_info": []}),
    ("/cgi-bin/message/mass/preview", {"touser": {"a": 1}, "msgtype": ["text"]}),
    ("/cgi-bin/message/mass/preview", {"touser": "x", "msgtype": "text", "text": 5}),
    ("/cgi-bin/message/mass/speed/set", {"speed": []}),
    ("/cgi-bin/message/mass/speed/set", {"speed": {}}),
    ("/cgi-bin/callback/check", {"action": [], "check_operator": {}}),
    ("/cgi-bin/message/mass/send", {"touser": [[1], {}], "msgtype": "text", "text": {"content": "x"}}),
    (MENU, {"button": {"a": 1}}),
    (MENU, {"button": [[1]]}),
]


@pytest.mark.parametrize(("path", "body"), WRONG)
async def test_a_value_of_another_type_gets_a_code_of_the_documents(
    simulator: Simulator, caplog: pytest.LogCaptureFixture, path: str, body: Any
) -> None:
    said = await simulator.api(path, body)
    assert said["errcode"] > 40000
    assert "Traceback" not in caplog.text


async def test_the_log_warns_of_a_body_that_a_call_stumbles_over_and_names_the_line(
    simulator: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    assert (await simulator.api("/cgi-bin/tags/delete", {"tag": 5}))["errcode"] == 40035
    (warned,) = [one for one in caplog.records if one.levelname == "WARNING"]
    assert re.search(r"/cgi-bin/tags/delete: 40035.*AttributeError.*tags\.py:\d+", warned.getMessage())


@pytest.mark.parametrize(
    ("body", "headers"),
    [(DEEP, {}), (b'{"a": NaN}', {}), (b"not gzip", {"Content-Encoding": "gzip"})],
)
async def test_a_body_that_is_no_json_gets_47001(
    simulator: Simulator, body: bytes, headers: dict[str, str]
) -> None:
    path = f"{MENU}?access_token={await simulator.token()}"
    assert (await raw(simulator, "POST", path, body, **headers))[1]["errcode"] == 47001


@pytest.mark.parametrize("kind", ["multipart/form-data", "multipart/form-data; boundary=x"])
@pytest.mark.parametrize(
    "body", [b"", b"garbage", b"--x\r\n", b'--x\r\nContent-Disposition: form-data; name="media"\r\n\r\nabc']
)
async def test_a_form_that_is_not_whole_gets_41005(simulator: Simulator, kind: str, body: bytes) -> None:
    path = f"/cgi-bin/media/upload?type=image&access_token={await simulator.token()}"
    status, said = await raw(simulator, "POST", path, body, **{"Content-Type": kind})
    assert (status, said["errcode"]) == (200, 41005)


@pytest.mark.parametrize(
    ("place", "noun"),
    [
        pytest.param((Quotas, "take"), "tags/create", id="before the call"),
        pytest.param((Call, "put"), "tags/create", id="after it put"),
        pytest.param((Call, "save"), "user/info/updateremark", id="after it saved"),
    ],
)
async def test_a_fault_of_our_own_is_still_minus_one_and_logged(
    simulator: Simulator,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    place: tuple[type, str],
    noun: str,
) -> None:
    openid, real = await simulator.openid(await simulator.follower()), getattr(*place)

    def broken(*given: object, **named: object) -> None:
        real(*given, **named)
        raise TypeError("ours")

    path = f"/cgi-bin/{noun}?access_token={await simulator.token()}"
    monkeypatch.setattr(*place, broken)
    asked = {"tag": {"name": "早高峰"}, "openid": openid, "remark": "常走大桥"}
    body = json.dumps(asked, ensure_ascii=False).encode()
    assert (await raw(simulator, "POST", path, body))[1]["errcode"] == -1
    assert "TypeError: ours" in caplog.text


@pytest.mark.parametrize(
    ("act", "body", "headers"),
    [
        ("tap", b'{"account": "service", "menu": [1]}', {}),
        ("tap", DEEP, {}),
        ("tap", b"not gzip", {"Content-Encoding": "gzip"}),
        ("consent", b'{"account": "service", "templates": {"x": []}}', {}),
        ("send", b'{"account": "service", "message": {"type": []}}', {}),
        ("send", b'{"account": "service", "message": {"type": "image", "media_id": []}}', {}),
        ("scan", b'{"ticket": []}', {}),
    ],
)
async def test_what_a_finger_cannot_mean_is_400(
    simulator: Simulator, act: str, body: bytes, headers: dict[str, str]
) -> None:
    user = await simulator.follower()
    await simulator.api(MENU, {"button": [{"type": "click", "name": "查", "key": "k"}]})
    status, said = await raw(simulator, "POST", f"/_sim/users/{user}/{act}", body, **headers)
    assert (status, said["error"][-1]) == (400, "。")


@pytest.mark.parametrize(
    "broken", ["", "[]", "{", '{"real": 0}', '{"real": 0, "simulated": NaN, "rate": 1}', "[" * 60_000]
)
def test_a_broken_clock_file_changes_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, broken: str
) -> None:
    file = tmp_path / "clock.json"
    clock = SharedClock(file)
    clock.set(now=1_700_000_000.0, rate=0)
    assert clock.now() == 1_700_000_000.0
    file.write_text(broken, encoding="utf-8")
    assert [clock.now() for _ in range(3)] == [1_700_000_000.0] * 3
    assert len(caplog.records) == 1


async def ended(*arguments: str) -> tuple[int | None, list[str]]:
    """What a start that fails comes to: its status and the lines that it said."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "daxiang_simulator", *arguments, stderr=subprocess.PIPE
    )
    said = (await child.communicate())[1].decode()
    return child.returncode, said.splitlines()


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("--port", "0"), "65535"),
        (("--port", "65536"), "65535"),
        (("--port", "x"), "65535"),
        (("--web-url", "ftp://x/"), "http"),
        (("--web-url", "http://"), "http"),
    ],
)
def test_a_wrong_command_line_ends_with_one_clear_line(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, str], word: str
) -> None:
    with pytest.raises(SystemExit) as end:
        main(list(arguments))
    [line] = capsys.readouterr().err.splitlines()
    assert (end.value.code, word in line) == (2, True)


@pytest.mark.system
async def test_a_start_that_cannot_be_ends_with_one_clear_line(options: Options, callee: Callee) -> None:
    state, broken = ("--state", str(options.state)), options.state.with_name("broken.json")
    broken.write_text("{", encoding="utf-8")
    port = callee.url().split(":")[2].split("/")[0]
    cases = {(*state, "--accounts", str(broken)): "broken.json", (*state, "--port", port): port}
    for arguments, word in cases.items():
        status, lines = await ended(*arguments)
        assert (status, len(lines)) == (2, 1)
        assert word in lines[0]


@pytest.mark.system
async def test_a_second_process_on_one_state_ends_with_1_and_one_line(options: Options) -> None:
    first = await World.open(options)
    status, lines = await ended("--state", str(options.state))
    await first.close()
    assert (status, len(lines)) == (1, 1)
    assert str(options.state) in lines[0]
