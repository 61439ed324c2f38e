"""Whoever stops a campaign has stopped all of it."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

pytestmark = [pytest.mark.system]
ROOT = Path(__file__).resolve().parents[2]
CAMPAIGN = """
import asyncio, pathlib, sys
from prove.fuzz import campaign
if __name__ == "__main__":
    asyncio.run(campaign(seed=1, bodies=10_000_000, folder=pathlib.Path(sys.argv[1]), quiet=True))
"""


def readers(parent: psutil.Process) -> list[psutil.Process]:
    """The processes of its pool that are at work."""
    return [child for child in parent.children() if "spawn_main" in " ".join(child.cmdline())]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_no_process_of_the_fuzz_campaign_outlives_it(tmp_path: Path, number: signal.Signals) -> None:
    with subprocess.Popen((sys.executable, "-c", CAMPAIGN, str(tmp_path)), cwd=ROOT) as campaign:
        children: list[psutil.Process] = []
        while len(children) < 2 and campaign.poll() is None:
            time.sleep(0.05)
            children = readers(psutil.Process(campaign.pid))
        campaign.send_signal(number)
    assert len(children) == 2
    _, alive = psutil.wait_procs(children, timeout=30)
    for left in alive:
        left.kill()
    assert alive == []
