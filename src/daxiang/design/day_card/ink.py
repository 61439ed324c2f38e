"""Colours and type of the picture: one palette of 256 in which every edge is softened, and one font.

The picture is an indexed PNG: a family's group gets it over a telephone, and flat colours with a few steps
between ink and ground are a twentieth of a photograph's bytes.
"""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.resources import files
from itertools import product

from PIL import Image, ImageDraw, ImageFont

PAPER, GROUND, RIVER, LINE = "#F6F4EF", "#FBFAF7", "#C9DFE7", "#DFDBD2"
INK, INK_2, INK_3, BRAND, WHITE = "#14212A", "#45535D", "#5A6770", "#0E4A5A", "#FFFFFF"
LAND, RIVER_NAME = "#66727A", "#2F6175"
MAY, MAYNOT, CLOSED, UNKNOWN = "#08704A", "#B42A18", "#46515B", "#7F4F00"
"""The light theme's tokens: the picture is read in other people's chats, so it has one set of colours."""

_STEPS = 7
_PAIRS = (
    *product((PAPER,), (INK, INK_2, BRAND, MAY, MAYNOT, CLOSED, UNKNOWN, LINE)),
    *product((GROUND,), (INK, INK_2, INK_3, MAY, MAYNOT, CLOSED, UNKNOWN, LAND, RIVER, LINE)),
    *product((RIVER,), (INK, INK_2, MAY, MAYNOT, CLOSED, UNKNOWN, RIVER_NAME)),
    *product((MAY, MAYNOT, CLOSED, UNKNOWN), (WHITE,)),
    *product((BRAND,), (PAPER,)),
)

Colour = tuple[int, int, int]


def rgb(text: str) -> Colour:
    """(20, 33, 42) of #14212A."""
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def _between(ground: Colour, ink: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(ground, ink, strict=True))
    return red, green, blue


@cache
def _colours() -> tuple[Colour, ...]:
    """Every ground, every ink and the steps between those that meet; at most 256."""
    found: dict[Colour, None] = {}
    for ground, ink in _PAIRS:
        for step in range(_STEPS + 1):
            found[_between(rgb(ground), rgb(ink), step / _STEPS)] = None
    if len(found) > 256:
        raise ValueError(f"{len(found)} colours do not go into one palette of 256")
    return tuple(found)


@cache
def palette() -> Image.Image:
    """An image that carries the palette, as Pillow wants it."""
    carrier = Image.new("P", (1, 1))
    carrier.putpalette([part for colour in _colours() for part in colour])
    return carrier


@lru_cache(maxsize=256)
def steps(ground: str, ink: str) -> tuple[int, ...]:
    """For each coverage from 0 to 255, the index of the colour between this ground and this ink."""
    colours = _colours()
    shades = [colours.index(_between(rgb(ground), rgb(ink), step / _STEPS)) for step in range(_STEPS + 1)]
    return tuple(shades[round(coverage / 255 * _STEPS)] for coverage in range(256))


def index_of(colour: str) -> int:
    """Where a flat colour stands in the palette."""
    return _colours().index(rgb(colour))


@cache
def font(size: int, weight: int) -> ImageFont.FreeTypeFont:
    """Noto Sans SC (OFL) at this size in pixels and weight from 100 to 900."""
    path = files("justmytype_intl_cjk") / "fonts" / "ofl" / "notosanssc" / "NotoSansSC[wght].ttf"
    face = ImageFont.truetype(str(path), size)
    face.set_variation_by_axes([weight])
    return face


@cache
def _measure() -> ImageDraw.ImageDraw:
    return ImageDraw.Draw(Image.new("L", (1, 1)))


@lru_cache(maxsize=4096)
def width_of(text: str, size: int, weight: int) -> float:
    """How wide a text runs, in pixels."""
    return _measure().textlength(text, font=font(size, weight))


@lru_cache(maxsize=512)
def mask_of(text: str, size: int, weight: int, spacing: int = 0) -> Image.Image:
    """The coverage of a text, its baseline `size` below the top; `spacing` pixels behind each character."""
    face = font(size, weight)
    wide = width_of(text, size, weight) + spacing * len(text)
    mask = Image.new("L", (int(wide) + 8, int(size * 1.5)))
    pen = ImageDraw.Draw(mask)
    if not spacing:
        pen.text((2, size), text, fill=255, font=face, anchor="ls")
        return mask
    at = 2.0
    for character in text:
        pen.text((at, size), character, fill=255, font=face, anchor="ls")
        at += width_of(character, size, weight) + spacing
    return mask
