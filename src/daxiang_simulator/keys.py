"""The names under which an application holds its parts."""

from __future__ import annotations

from aiohttp import web

from .world import Options, World

OPTIONS = web.AppKey("options", Options)
WORLD = web.AppKey("world", World)
