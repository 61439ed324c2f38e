"""The four marks, the elephant and the streams, drawn large and made small, so that no edge is jagged."""

from __future__ import annotations

import math
import re
from functools import lru_cache

from PIL import Image, ImageDraw

from daxiang.design.day_card.ink import BRAND, CLOSED, MAY, MAYNOT, PAPER, UNKNOWN, WHITE, rgb
from daxiang.design.day_card.values import Tone

TONES = {Tone.MAY: MAY, Tone.MAYNOT: MAYNOT, Tone.CLOSED: CLOSED, Tone.UNKNOWN: UNKNOWN}
_FINE = 6
"""Each shape is drawn this many times too large first."""

Point = tuple[float, float]


@lru_cache(maxsize=128)
def symbol(tone: Tone, size: int) -> Image.Image:
    """The mark of an answer, RGBA, `size` pixels square: the same shapes as the site's symbols (24 units)."""
    canvas = Image.new("RGBA", (size * _FINE, size * _FINE))
    pen = _Pen(ImageDraw.Draw(canvas), size * _FINE / 24)
    colour = rgb(TONES[tone])
    if tone is Tone.MAY:
        pen.circle((12, 12), 11, fill=colour)
        pen.line(((7, 12.4), (10.4, 15.8), (17, 8.8)), 2.6, rgb(WHITE))
    elif tone is Tone.MAYNOT:
        pen.square((1.5, 1.5, 22.5, 22.5), 3, colour)
        pen.line(((6, 12), (18, 12)), 3.6, rgb(WHITE), is_round=False)
    elif tone is Tone.CLOSED:
        pen.polygon(((12, 0.4), (23.6, 12), (12, 23.6), (0.4, 12)), colour)
        pen.line(((8.9, 8.9), (15.1, 15.1)), 2.6, rgb(WHITE))
        pen.line(((15.1, 8.9), (8.9, 15.1)), 2.6, rgb(WHITE))
    else:
        pen.circle((12, 12), 11, fill=rgb(WHITE))
        pen.dashes((12, 12), 10, 2, 12, colour)
        pen.arc((12, 9.6), 2.9, 180, 395, 2.2, colour)
        pen.line(((13.8, 11.9), (12.1, 14.2)), 2.2, colour)
        pen.circle((12.1, 17.4), 1.4, fill=colour)
    return canvas.resize((size, size), Image.Resampling.LANCZOS)


@lru_cache(maxsize=4)
def elephant(size: int) -> Image.Image:
    """The logo, RGBA: an elephant whose belly is the arch of a bridge, walking on a crossing (64 units)."""
    canvas = Image.new("RGBA", (size * _FINE, size * _FINE))
    pen = _Pen(ImageDraw.Draw(canvas), size * _FINE / 64)
    brand, paper = rgb(BRAND), rgb(PAPER)
    pen.polygon(flattened(_BODY), brand)
    pen.line(flattened(_EAR), 2.6, paper)
    pen.circle((47, 22.5), 2, fill=paper)
    for left in (5, 18.3, 31.6, 45):
        pen.polygon(((left, 52), (left + 8, 52), (left + 8, 58), (left, 58)), brand)
    return canvas.resize((size, size), Image.Resampling.LANCZOS)


_BODY = (
    "M5 47L5 28.5C5 18.3 13.3 10 23.5 10L39 10C49.5 10 57 17.7 57 28L57 38.5C57 40.2 58 41 59.2 41L62 41"
    "L62 47.5L58.4 47.5C53.5 47.5 50 43.6 50 39.2L50 33L45.5 33L45.5 47L35 47L35 42.5"
    "C35 37 30.5 32.5 25 32.5C19.5 32.5 15 37 15 42.5L15 47Z"
)
_EAR = "M34.5 13.5C29.7 17.3 28.9 25.7 34.1 29.8C37 29.3 39.5 27.6 40.9 25.1"


@lru_cache(maxsize=64)
def flattened(path: str, pieces: int = 24) -> tuple[Point, ...]:
    """The points of an SVG path of absolute M, L, C and Z; each curve in so many straight pieces."""
    points: list[Point] = []
    for command, numbers in re.findall(r"([MLCZ])([^MLCZ]*)", path):
        values = [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", numbers)]
        pairs = list(zip(values[::2], values[1::2], strict=True))
        if command in "ML":
            points += pairs
            continue
        for first, second, end in zip(pairs[::3], pairs[1::3], pairs[2::3], strict=True):
            points += _curve(points[-1], first, second, end, pieces)
    return tuple(points)


def _curve(start: Point, first: Point, second: Point, end: Point, pieces: int) -> list[Point]:
    """The points of a cubic Bézier curve behind its start."""
    found = []
    for piece in range(1, pieces + 1):
        t = piece / pieces
        weights = ((1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3)
        corners = (start, first, second, end)
        x, y = (
            sum(weight * corner[axis] for weight, corner in zip(weights, corners, strict=True))
            for axis in (0, 1)
        )
        found.append((x, y))
    return found


class _Pen:
    """Draws in a shape's own units on a canvas that is `scale` times as large."""

    def __init__(self, draw: ImageDraw.ImageDraw, scale: float) -> None:
        self._draw, self._scale = draw, scale

    def circle(self, middle: Point, radius: float, *, fill: tuple[int, int, int]) -> None:
        (x, y), r = middle, radius
        self._draw.ellipse(self._scaled((x - r, y - r, x + r, y + r)), fill=fill)

    def square(self, box: tuple[float, ...], corner: float, fill: tuple[int, int, int]) -> None:
        self._draw.rounded_rectangle(self._scaled(box), radius=corner * self._scale, fill=fill)

    def polygon(self, points: tuple[Point, ...], fill: tuple[int, int, int]) -> None:
        self._draw.polygon([(x * self._scale, y * self._scale) for x, y in points], fill=fill)

    def line(
        self, points: tuple[Point, ...], width: float, fill: tuple[int, int, int], *, is_round: bool = True
    ) -> None:
        scaled = [(x * self._scale, y * self._scale) for x, y in points]
        self._draw.line(scaled, fill=fill, width=round(width * self._scale), joint="curve")
        if is_round:
            for end in points:
                self.circle(end, width / 2, fill=fill)

    def arc(
        self,
        middle: Point,
        radius: float,
        start: float,
        end: float,
        width: float,
        fill: tuple[int, int, int],
    ) -> None:
        (x, y), r = middle, radius + width / 2
        box = self._scaled((x - r, y - r, x + r, y + r))
        self._draw.arc(box, start, end, fill=fill, width=round(width * self._scale))

    def dashes(
        self, middle: Point, radius: float, width: float, count: int, fill: tuple[int, int, int]
    ) -> None:
        for dash in range(count):
            start = 360 * dash / count
            self.arc(middle, radius, start, start + 360 / count * 0.57, width, fill)

    def _scaled(self, box: tuple[float, ...]) -> tuple[float, float, float, float]:
        left, top, right, bottom = (value * self._scale for value in box)
        return left, top, right, bottom


def deck(
    size: tuple[int, int], ends: tuple[float, float, float, float], width: float, colour: str, dashes: bool
) -> Image.Image:
    """A bridge's solid or a tunnel's dashed line, RGBA, on a canvas of this size."""
    fine = 4
    canvas = Image.new("RGBA", (size[0] * fine, size[1] * fine))
    pen = _Pen(ImageDraw.Draw(canvas), fine)
    x1, y1, x2, y2 = ends
    if not dashes:
        pen.line(((x1, y1), (x2, y2)), width, rgb(colour))
        return canvas.resize(size, Image.Resampling.LANCZOS)
    length = math.dist((x1, y1), (x2, y2))
    at = 0.0
    while at < length:
        until = min(at + 11, length)
        ends_of = tuple((x1 + (x2 - x1) * t / length, y1 + (y2 - y1) * t / length) for t in (at, until))
        pen.line(ends_of, width, rgb(colour), is_round=False)
        at += 19
    return canvas.resize(size, Image.Resampling.LANCZOS)
