"""The names under which an application holds its parts."""

from __future__ import annotations

import asyncio

from aiohttp import web

from .browsers import Browsers
from .world import Options, World

OPTIONS = web.AppKey("options", Options)
WORLD = web.AppKey("world", World)
NAMING = web.AppKey("naming", asyncio.Lock)
MOST_BYTES = web.RequestKey("most_bytes", int)
"""By this a request says how long its body may be, where that is not the ordinary length."""
BROWSERS = web.AppKey("browsers", Browsers)
