"""Whoever stops a campaign has stopped all of it."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.foundation.processes import wait_for

pytestmark = [pytest.mark.system]
ROOT = Path(__file__).resolve().parents[2]
CAMPAIGN = """
import asyncio, pathlib, sys
from prove.fuzz import campaign
if __name__ == "__main__":
    asyncio.run(campaign(seed=1, bodies=10_000_000, folder=pathlib.Path(sys.argv[1]), quiet=True))
"""


def readers(campaign: int) -> list[psutil.Process]:
    """Both processes of its pool once they are at work; before, none."""
    found = psutil.Process(campaign).children()
    pool = [child for child in found if "spawn_main" in " ".join(child.cmdline())]
    return pool if len(pool) == 2 else []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_no_process_of_the_fuzz_campaign_outlives_it(tmp_path: Path, number: signal.Signals) -> None:
    with subprocess.Popen((sys.executable, "-c", CAMPAIGN, str(tmp_path)), cwd=ROOT) as campaign:
        try:
            children = wait_for(lambda: readers(campaign.pid), what="the pool at work", within_s=60)
        finally:
            campaign.send_signal(number)
    _, alive = psutil.wait_procs(children, timeout=30)
    for left in alive:
        left.kill()
    assert alive == []
