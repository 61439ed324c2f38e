"""The simulator in this process, as the client's tests have it."""

from __future__ import annotations

from tests.wechat_client.conftest import session, simulator

__all__ = ["session", "simulator"]
