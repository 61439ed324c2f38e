"""The tokens keep their promise: text 4.5:1, symbols and edges 3:1, in both themes."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest

import daxiang.design

CSS = (Path(daxiang.design.__file__).parent / "static/design/tokens.css").read_text(encoding="utf-8")
SURFACES = ("paper", "card")
TEXTS = [(ink, ground) for ink, ground in product(("ink", "ink-2", "ink-3", "link", "brand"), SURFACES)]
TEXTS += [(state, ground) for state, ground in product(("may", "maynot", "closed", "unknown"), SURFACES)]
TEXTS += [(state, f"{state}-soft") for state in ("may", "maynot", "closed", "unknown")]
TEXTS += [("on-state", state) for state in ("may", "maynot", "closed", "unknown")]
TEXTS += [("on-brand", "brand"), ("ink", "sunk"), ("ink-2", "sunk"), ("ink-2", "ground"), ("ink", "ground")]
TEXTS += [("land-name", "ground"), ("river-name", "river"), ("may", "ground"), ("maynot", "ground")]
TEXTS += [("unknown", "ground"), ("closed", "ground"), ("ink-3", "ground"), ("ink-3", "chat-ground")]
TEXTS += [(state, "sunk") for state in ("may", "maynot", "closed", "unknown")]
TEXTS += [("ink-2", "chat-ground"), ("link", "chat-ground"), ("unknown", "card")]
SYMBOLS = [("edge", "card"), ("edge", "paper"), ("focus", "paper"), ("focus", "card")]
SYMBOLS += [(state, "ground") for state in ("may", "maynot", "closed", "unknown", "land-name")]
SYMBOLS += [(state, "river") for state in ("may", "maynot", "closed", "unknown", "land-name")]


def _tokens(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9A-Fa-f]{6})", block))


def _block(start: str) -> str:
    return CSS.split(start, 1)[1].split("}", 1)[0]


LIGHT = _tokens(_block(":root {"))
DARK = LIGHT | _tokens(_block(':root[data-theme="dark"] {'))


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXTS)
def test_text_can_be_read(theme: dict[str, str], ink: str, ground: str) -> None:
    assert _contrast(theme[ink], theme[ground]) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("shape", "ground"), SYMBOLS)
def test_symbols_edges_and_focus_can_be_seen(theme: dict[str, str], shape: str, ground: str) -> None:
    assert _contrast(theme[shape], theme[ground]) >= 3


def test_the_two_dark_blocks_are_equal() -> None:
    chosen, by_system = (
        re.findall(r"--[\w-]+:[^;]+;", _block(start))
        for start in (':root[data-theme="dark"] {', ':root:not([data-theme="light"]) {')
    )
    assert chosen == by_system


def test_contrast_is_computed_as_the_standard_says() -> None:
    assert round(_contrast("#000000", "#FFFFFF"), 2) == 21
    assert round(_contrast("#777777", "#FFFFFF"), 2) == 4.48
