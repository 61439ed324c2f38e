"""The campaign's vendor goes away and comes back as a server does, and loses its port to nobody meanwhile."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from prove.instance import free_ports
from prove.relay_vendor import Vendor

from tests.relay.accounts import AES_KEY, APP_ID, TOKEN


def told(folder: Path, port: int) -> dict[str, object]:
    return {
        "token": TOKEN,
        "app_id": APP_ID,
        "aes_key": AES_KEY,
        "seed": 1,
        "plan": [],
        "vendor_port": port,
        "log": str(folder / "vendor.jsonl"),
    }


async def test_whoever_calls_a_vendor_that_is_away_is_refused_and_cannot_take_its_port(
    tmp_path: Path,
) -> None:
    [port] = free_ports(1)
    vendor = Vendor(told(tmp_path, port))
    for _ in range(3):
        await vendor._turn_to("away")
        with socket.socket() as caller, pytest.raises(ConnectionRefusedError):
            caller.connect(("127.0.0.1", port))
        with socket.socket() as thief, pytest.raises(OSError, match="in use"):
            thief.bind(("127.0.0.1", port))
        await vendor._turn_to("fine")
        with socket.socket() as caller:
            caller.connect(("127.0.0.1", port))
    assert vendor._server is not None
    vendor._server.close()
    vendor._held.close()
    vendor._log.close()
