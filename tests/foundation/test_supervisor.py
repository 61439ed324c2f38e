from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from daxiang.foundation.supervisor.child import Child, how_it_ended, pause_before_restart
from daxiang.foundation.supervisor.home import AlreadyUp, NoRoom, check_room, lock_file, take_home
from daxiang.foundation.supervisor.output import Lines, Output, qr_code, wants_colour
from daxiang.foundation.supervisor.ports import PortTaken, announced, listen, reachable, why_not_ready
from daxiang.foundation.supervisor.single import HeldElsewhere, hold_alone, holder_of

from .processes import is_alive, started, wait_for

RUN = """
import asyncio, json, os, sys
from daxiang.foundation.supervisor.child import Child
from daxiang.foundation.supervisor.output import Output
from daxiang.foundation.supervisor.supervisor import GaveUp, Supervisor

async def main():
    async with Supervisor(output) as supervisor:
        for name, script in json.loads(sys.argv[1]).items():
            supervisor.start(Child(name=name, argv=[sys.executable, "-c", script], env=dict(os.environ)))
        await supervisor.until_over()

output = Output(1, width=6, colour=False)
try:
    asyncio.run(main())
except GaveUp as error:
    output.say(str(error))
    sys.exit(error.status)
finally:
    output.close()
"""
SLEEP = "import time; time.sleep(600)"
TELL_AND_SLEEP = "import os, time; print('pid', os.getpid(), flush=True); time.sleep(600)"
WITH_GRANDCHILD = f"""
import os, subprocess, sys, time
grandchild = subprocess.Popen([sys.executable, "-c", {SLEEP!r}])
print("pids", os.getpid(), grandchild.pid, flush=True)
time.sleep(600)
"""


def argv(**scripts: str) -> list[str]:
    return ["-c", RUN, json.dumps(scripts)]


def test_the_first_restart_is_at_once_and_later_ones_wait_up_to_ten_seconds() -> None:
    pauses = [pause_before_restart(failures) for failures in range(1, 10)]
    assert pauses == [0, 0.25, 0.5, 1, 2, 4, 8, 10, 10]


def test_an_end_is_told_by_signal_name_or_status() -> None:
    assert how_it_ended(-signal.SIGKILL) == "was killed by SIGKILL"
    assert how_it_ended(3) == "ended with status 3"


@pytest.mark.system
def test_a_child_that_ends_is_started_again_with_growing_pauses() -> None:
    with started(argv(broken="raise SystemExit(7)")) as supervisor:
        supervisor.wait_for_text(r"broken ended with status 7; starting it again in 0\.5 s")
        assert "starting it again now" in supervisor.said
        assert "starting it again in 0.25 s" in supervisor.said


@pytest.mark.system
def test_the_rest_of_a_group_is_killed_before_its_leader_is_started_again() -> None:
    with started(argv(leader=WITH_GRANDCHILD)) as supervisor:
        first = supervisor.wait_for_text(r"leader \| pids (\d+) (\d+)")
        os.kill(int(first[1]), signal.SIGKILL)
        supervisor.wait_for_text(r"(?s)pids.*pids")
        assert not is_alive(int(first[2]))


@pytest.mark.system
def test_a_stop_ends_children_and_grandchildren_and_is_clean() -> None:
    with started(argv(leader=WITH_GRANDCHILD)) as supervisor:
        pids = supervisor.wait_for_text(r"pids (\d+) (\d+)")
        assert supervisor.end(signal.SIGTERM) == 0
        assert not is_alive(int(pids[1]))
        assert not is_alive(int(pids[2]))


@pytest.mark.system
def test_a_killed_supervisor_takes_its_children_with_it() -> None:
    holding = "from daxiang.foundation.supervisor.lifeline import hold_on; hold_on()\n"
    with started(argv(plain=TELL_AND_SLEEP, group=holding + WITH_GRANDCHILD)) as supervisor:
        plain = supervisor.wait_for_text(r"pid (\d+)")
        group = supervisor.wait_for_text(r"pids (\d+) (\d+)")
        supervisor.kill()
        pids = [int(pid) for pid in (plain[1], group[1], group[2])]
        wait_for(lambda: not any(is_alive(pid) for pid in pids), what=f"the end of {pids}")


@pytest.mark.system
@pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="elsewhere only a thread of the child can tell"
)
def test_a_child_that_became_another_program_or_was_stopped_dies_with_the_supervisor_too() -> None:
    holding = "from daxiang.foundation.supervisor.lifeline import hold_on; hold_on()\n"
    becomes = (
        "import os, sys; print('pid', os.getpid(), flush=True); os.execv('/bin/sleep', ['sleep', '600'])"
    )
    with started(argv(other=holding + becomes, still=WITH_GRANDCHILD)) as supervisor:
        other = supervisor.wait_for_text(r"pid (\d+)")
        still = supervisor.wait_for_text(r"pids (\d+) (\d+)")
        pids = [int(pid) for pid in (other[1], still[1], still[2])]
        os.kill(pids[1], signal.SIGSTOP)
        supervisor.kill()
        wait_for(lambda: not any(is_alive(pid) for pid in pids), what=f"the end of {pids}")


@pytest.mark.system
def test_the_lifeline_alone_ends_a_group_where_the_system_tells_nobody_of_a_death() -> None:
    read_end, write_end = os.pipe()
    script = "from daxiang.foundation.supervisor.lifeline import hold_on; hold_on()\n" + WITH_GRANDCHILD
    leader = subprocess.Popen(
        [sys.executable, "-c", script],
        env={**os.environ, "DAXIANG_LIFELINE": str(read_end)},
        pass_fds=[read_end],
        start_new_session=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    os.close(read_end)
    assert leader.stdout
    pids = [int(word) for word in leader.stdout.readline().split()[1:]]
    os.close(write_end)
    assert leader.wait(5) == -signal.SIGKILL
    wait_for(lambda: not any(is_alive(pid) for pid in pids))
    leader.stdout.close()


@pytest.mark.system
def test_a_status_of_two_stops_all_with_the_last_line() -> None:
    with started(argv(other=SLEEP, wrong="print('X: not set.'); raise SystemExit(2)")) as supervisor:
        assert supervisor.process.wait(10) == 2
        assert "wrong refused to start: X: not set." in supervisor.said


def test_nobody_waits_while_nobody_reads_our_output() -> None:
    read_end, write_end = os.pipe()
    output = Output(write_end, width=3, colour=False)
    for _ in range(20_000):
        output.line("a", "x" * 100)
    output.close(patience_s=0.05)
    os.close(read_end)
    os.close(write_end)


def test_output_goes_on_after_the_reader_has_gone() -> None:
    read_end, write_end = os.pipe()
    os.close(read_end)
    output = Output(write_end, width=3, colour=False)
    output.say("nobody")
    output.close()
    output.line("a", "still nobody")
    os.close(write_end)


def test_each_line_carries_the_padded_name_and_a_colour_only_when_wanted() -> None:
    read_end, write_end = os.pipe()
    for colour in (False, True):
        output = Output(write_end, width=4, colour=colour)
        output.line("web", "你好")
        output.close()
    assert os.read(read_end, 999).decode() == "web  | 你好\n\x1b[36mweb  |\x1b[0m 你好\n"
    os.close(read_end)
    os.close(write_end)


def test_a_pipe_gets_no_colour() -> None:
    read_end, write_end = os.pipe()
    assert not wants_colour(write_end, {})
    os.close(read_end)
    os.close(write_end)


def test_lines_are_whole_however_they_arrive_and_an_endless_one_is_cut() -> None:
    heard: list[str] = []
    lines = Lines(heard.append)
    for chunk in (b"on", b"e\ntwo\r\nth", b"ree"):
        lines.feed(chunk)
    lines.end()
    lines.feed(b"x" * 70_000)
    assert heard == ["one", "two", "three", "x" * 70_000]


def test_one_holder_at_a_time_and_a_stale_file_hinders_nobody(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    path.write_text("999999\n")
    held = hold_alone(path)
    assert holder_of(path) == os.getpid()
    with pytest.raises(HeldElsewhere):
        hold_alone(path)
    held.release()
    assert holder_of(path) is None


def test_a_waiting_holder_gets_the_lock_when_it_is_released(tmp_path: Path) -> None:
    first = hold_alone(tmp_path / "lock")
    threading.Timer(0.05, first.release).start()
    hold_alone(tmp_path / "lock", patience_s=5).release()


def test_a_home_has_one_supervisor(tmp_path: Path) -> None:
    held = take_home(tmp_path)
    with pytest.raises(AlreadyUp, match=f"process {os.getpid()}"):
        take_home(tmp_path)
    assert lock_file(tmp_path).read_text() == f"{os.getpid()}\n"
    held.release()


def test_a_full_disk_is_told_before_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 5 * 2**20}))
    with pytest.raises(NoRoom, match="Only 5 MB are free"):
        check_room(tmp_path)


def test_a_taken_port_names_its_variable() -> None:
    with listen("127.0.0.1", 0, "X") as listener:
        port = listener.getsockname()[1]
        with pytest.raises(PortTaken, match=re.escape(f"Port {port} is taken; set DAXIANG_WEB_PORT")):
            listen("127.0.0.1", port, "DAXIANG_WEB_PORT")


def test_all_addresses_are_reached_by_the_loopback() -> None:
    assert (reachable("0.0.0.0"), reachable("::"), reachable("10.0.0.7")) == ("127.0.0.1", "::1", "10.0.0.7")


def test_the_announced_address_of_one_that_listens_everywhere_leads_to_it() -> None:
    with listen("0.0.0.0", 0, "X") as listener:
        host = announced("0.0.0.0")
        with socket.create_connection((host, listener.getsockname()[1]), timeout=5):
            accepted, _ = listener.accept()
            accepted.close()
    assert (host != "0.0.0.0", announced("10.0.0.7")) == (True, "10.0.0.7")


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\n", None),
        (b"HTTP/1.1 503 Wait\r\n\r\n", "answers 503"),
        (b"220 smtp.example\r\n", "what answers is not HTTP"),
        (b"", "what answers is not HTTP"),
    ],
)
async def test_ready_is_what_answers_200(answer: bytes, why: str | None) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        assert await why_not_ready("127.0.0.1", server.sockets[0].getsockname()[1]) == why


def test_the_qr_code_of_the_phone_fits_a_terminal() -> None:
    lines = qr_code("http://127.0.0.1:8020/")
    assert 10 < len(lines) < 24
    assert len({len(line) for line in lines}) == 1


def test_a_child_says_all_that_it_needs() -> None:
    child = Child(name="web", argv=["true"], env={})
    assert (child.stage, child.fds) == (1, ())
