"""The two versions of wechatpy, each in a child of its own with its own simulator to talk to."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp.test_utils import TestServer

from daxiang_simulator.app import make_app
from daxiang_simulator.world import Options
from tests.simulator.callee import APP_ID, KEY, TOKEN, Callee
from tests.simulator.conftest import account
from tests.simulator.proofs import CALLS

SECRETS = (TOKEN, KEY, APP_ID)
"""What reader.py and replier.py open callbacks with."""
ROOT = Path(__file__).parents[3]
PRE_RELEASE = Path(sys.prefix) / "wechatpy-pre"
PATIENCE_S = 120
RELEASED, NEWEST = "1.8.18", "2.0.0.alpha26"
VERSIONS = {RELEASED: [], NEWEST: [str(PRE_RELEASE)]}
"""Version as wechatpy says it -> folders that come first on its path."""


@dataclass(kw_only=True)
class Told:
    """What one version reported; see run.py."""

    version: str = ""
    stories: int = 0
    differences: list[str] = field(default_factory=list)
    codes: dict[str, set[int]] = field(default_factory=dict)
    methods: set[str] = field(default_factory=set)
    asked_for: dict[str, list[str]] = field(default_factory=dict)

    @property
    def shared(self) -> dict[str, list[str]]:
        """Call of the simulator -> wechatpy's methods that ask for it."""
        paths = {call.partition(" ")[2]: call for call in CALLS}
        return {paths[path]: methods for path, methods in self.asked_for.items() if path in paths}

    def take(self, one: dict[str, Any]) -> None:
        """Take in one line of a report."""
        if "difference" in one:
            self.differences.append(f"{one['story']}: {one['difference']}")
        elif "call" in one:
            self.methods |= set(one["methods"])
            if one["methods"] or one["call"] in ADDRESSES:
                self.codes.setdefault(one["call"], set()).add(one["code"])
        else:
            for name, value in one.items():
                setattr(self, name, value)


ADDRESSES = {
    "GET /cgi-bin/media/get": "WeChatMedia.get_url",
    "GET /cgi-bin/showqrcode": "WeChatQRCode.get_url",
    "GET /connect/oauth2/authorize": "WeChatOAuth.authorize_url",
}
"""Calls for which wechatpy only builds the address; the stories open it as it is."""


async def child(version: str, module: str, *given: str, lines: Sequence[object] = ()) -> list[dict[str, Any]]:
    """Run a module under one version of wechatpy, JSON lines in and out."""
    path = os.pathsep.join(VERSIONS[version])
    running = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", module, *given),
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": path},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    asked = "".join(json.dumps(one) + "\n" for one in lines).encode()
    try:
        out, said = await asyncio.wait_for(running.communicate(asked), PATIENCE_S)
    except TimeoutError:
        running.kill()
        raise
    if running.returncode != 0:
        raise RuntimeError(said.decode())
    return [json.loads(line) for line in out.decode().splitlines()]


@asynccontextmanager
async def simulator() -> AsyncIterator[str]:
    """A simulator with one service account, and a service that answers it; its address."""
    callee = Callee()
    await callee.server.start_server()
    with tempfile.TemporaryDirectory(prefix="daxiang-clients-") as folder:
        accounts = Path(folder) / "accounts.json"
        accounts.write_text(json.dumps([account(callee.url())]), encoding="utf-8")
        options = Options(state=Path(folder) / "simulator.db", accounts=accounts, retry_pause_s=0.0)
        server = TestServer(make_app(options))
        await server.start_server()
        yield str(server.make_url("/"))
        await server.close()
    await callee.server.close()


async def tell(version: str) -> Told:
    """All stories under one version."""
    told = Told()
    async with simulator() as base:
        for one in await child(version, "tests.simulator.clients.run", base):
            told.take(one)
    return told


async def tell_all() -> dict[str, Told]:
    """All stories under every version, at once."""
    told = await asyncio.gather(*(tell(version) for version in VERSIONS))
    return dict(zip(VERSIONS, told, strict=True))
