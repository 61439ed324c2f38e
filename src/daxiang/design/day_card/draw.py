"""Draws the picture of the day: 1080×1440, an indexed PNG of some 50 kB, a few milliseconds each.

What does not change from car to car (the streams, the names of the land) is drawn once a process; what
changes little (a crossing with its mark) is kept as a piece. Only the words are set anew.
"""

from __future__ import annotations

import functools
import io
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from PIL import Image, ImageChops, ImageDraw

from daxiang.design.day_card.ink import (
    BRAND,
    GROUND,
    INK,
    INK_2,
    INK_3,
    LAND,
    LINE,
    PAPER,
    RIVER,
    RIVER_NAME,
    font,
    index_of,
    mask_of,
    palette,
    rgb,
    steps,
    width_of,
)
from daxiang.design.day_card.shapes import TONES, deck, elephant, flattened, symbol
from daxiang.design.day_card.values import DayCard, Map, MapCrossing, MapName, Marked, Tone

WIDTH, HEIGHT, MARGIN = 1080, 1440, 48
_INNER = WIDTH - 2 * MARGIN
_MAP_TOP = 410
_FINE = 2
_HALO = 4
CREDIT = "示意图，位置参考 © OpenStreetMap contributors"


def draw_day(card: DayCard) -> bytes:
    """The PNG. Words that are too long for their line are set smaller, never cut."""
    picture = _ground(card.map, card.organisation).copy()
    _put(picture, card.date, (MARGIN, 106), 60, 700, INK, room=_logo_left(card.organisation) - 2 * MARGIN)
    _put(picture, card.subject, (MARGIN, 204), 44, 400, INK_2)
    _answer(picture, card)
    for crossing in card.map.crossings:
        if crossing.id in card.marks:
            piece = _piece(card.map, crossing, card.marks[crossing.id])
            picture.paste(piece.image, (MARGIN + piece.x, _MAP_TOP + piece.y), piece.mask)
    _foot(picture, card)
    return _encoded(picture)


def _encoded(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG", compress_level=4)
    return out.getvalue()


def _put(
    picture: Image.Image,
    text: str,
    at: tuple[float, float],
    size: int,
    weight: int,
    ink: str,
    *,
    room: float = _INNER,
) -> float:
    """Set a text on paper, its baseline at `at`; smaller where it would run out of `room`. Its width."""
    while size > 20 and width_of(text, size, weight) > room:
        size -= 2
    mask = mask_of(text, size, weight)
    shades = mask.point(list(steps(PAPER, ink)))
    shades.putpalette(palette().getpalette() or [])
    picture.paste(shades, (round(at[0]) - 2, round(at[1]) - size), mask.point(_TOUCHED))
    return width_of(text, size, weight)


_TOUCHED = [0 if coverage < 18 else 255 for coverage in range(256)]


def _answer(picture: Image.Image, card: DayCard) -> None:
    _mark(picture, card.tone, (MARGIN, 228), 80)
    _put(picture, card.headline, (150, 298), 78, 700, INK, room=WIDTH - MARGIN - 150)
    _put(picture, card.until, (150, 372), 50, 700, TONES[card.tone], room=WIDTH - MARGIN - 150)


def _foot(picture: Image.Image, card: DayCard) -> None:
    """What is open instead, a line for the family's other car, and the small print."""
    top = 1170
    for way in card.ways[:2]:
        _put(picture, way.label, (MARGIN, top), 42, 400, INK_2)
        left = 250.0
        for name in way.names:
            size = 44 if len("".join(way.names)) <= 16 else 36
            if left + 54 + width_of(name, size, 700) > WIDTH - MARGIN + 2:
                break
            _mark(picture, Tone.MAY, (round(left), top - 38), 44)
            left += 54 + _put(picture, name, (left + 54, top), size, 700, INK) + 24
        top += 66
    picture.paste(index_of(LINE), (MARGIN, 1268, WIDTH - MARGIN, 1270))
    _put(picture, card.family, (MARGIN, 1322), 40, 500, INK)
    for line, baseline in zip(card.notes, (1372, 1412), strict=False):
        _put(picture, line, (MARGIN, baseline), 29, 400, INK_2)


def _mark(picture: Image.Image, tone: Tone, at: tuple[int, int], size: int) -> None:
    image, mask = _flat_mark(tone, size)
    picture.paste(image, at, mask)


@lru_cache(maxsize=32)
def _flat_mark(tone: Tone, size: int) -> tuple[Image.Image, Image.Image]:
    shape = symbol(tone, size)
    ground = Image.new("RGB", shape.size, rgb(PAPER))
    ground.paste(shape, (0, 0), shape)
    return _indexed(ground), shape.getchannel("A").point(_TOUCHED)


def _indexed(image: Image.Image) -> Image.Image:
    """In the palette's colours. Pillow takes the nearest by coarse boxes, so the grounds are set exactly."""
    indexed = image.quantize(palette=palette(), dither=Image.Dither.NONE)
    for ground in (PAPER, GROUND, RIVER):
        away = ImageChops.difference(image, Image.new("RGB", image.size, rgb(ground)))
        most = functools.reduce(ImageChops.lighter, away.split())
        indexed.paste(index_of(ground), (0, 0), most.point([255] + [0] * 255))
    return indexed


@lru_cache(maxsize=8)
def _ground(map_: Map, organisation: str) -> Image.Image:
    """Paper, logo, streams and names: all that is the same on every picture of a city."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), rgb(PAPER))
    logo = elephant(68)
    picture.paste(logo, (_logo_left(organisation), 52), logo)
    pen = ImageDraw.Draw(picture)
    pen.text((WIDTH - MARGIN, 100), organisation, fill=rgb(BRAND), font=font(36, 500), anchor="rs")
    picture.paste(_map_ground(map_), (MARGIN, _MAP_TOP), _rounded(map_))
    frame = (MARGIN, _MAP_TOP, MARGIN + map_.width - 1, _MAP_TOP + map_.height - 1)
    pen.rounded_rectangle(frame, radius=24, outline=rgb(LINE), width=2)
    return _indexed(picture)


def _logo_left(organisation: str) -> int:
    """Where the logo begins, before the name that stands at the right edge."""
    return round(WIDTH - MARGIN - width_of(organisation, 36, 500)) - 84


@lru_cache(maxsize=8)
def _rounded(map_: Map) -> Image.Image:
    big = Image.new("L", (map_.width * _FINE, map_.height * _FINE))
    box = (0, 0, map_.width * _FINE - 1, map_.height * _FINE - 1)
    ImageDraw.Draw(big).rounded_rectangle(box, radius=24 * _FINE, fill=255)
    return big.resize((map_.width, map_.height), Image.Resampling.LANCZOS)


@lru_cache(maxsize=8)
def _map_ground(map_: Map) -> Image.Image:
    """The streams and what the land is called, without any crossing."""
    big = Image.new("RGB", (map_.width * _FINE, map_.height * _FINE), rgb(GROUND))
    pen = ImageDraw.Draw(big)
    for river in map_.rivers:
        _stream(pen, river.path, river.width)
    ground = big.resize((map_.width, map_.height), Image.Resampling.LANCZOS)
    for name in map_.names:
        _map_name(ground, name)
    credit = (map_.width - 20, map_.height - 22)
    ImageDraw.Draw(ground).text(credit, CREDIT, fill=rgb(INK_3), font=font(22, 400), anchor="rs")
    return ground


def _stream(pen: ImageDraw.ImageDraw, path: str, width: float) -> None:
    points = [(x * _FINE, y * _FINE) for x, y in flattened(path)]
    thick, half = round(width * _FINE), width * _FINE / 2
    pen.line(points, fill=rgb(RIVER), width=thick, joint="curve")
    for x, y in points:
        pen.ellipse((x - half, y - half, x + half, y + half), fill=rgb(RIVER))


def _map_name(ground: Image.Image, name: MapName) -> None:
    is_land = name.kind == "land"
    mask = mask_of(name.text, 38, 400, 16) if is_land else mask_of(name.text, 34, 400)
    base = 38 if is_land else 34
    if name.turn:
        mask = mask.rotate(-name.turn, Image.Resampling.BICUBIC, expand=True)
        at = (round(name.x - mask.width / 2), round(name.y - mask.height / 2))
    else:
        at = (round(name.x), round(name.y) - base)
    ink = Image.new("RGB", mask.size, rgb(LAND if is_land else RIVER_NAME))
    ground.paste(ink, at, mask)


class _Piece(NamedTuple):
    """A part of the map as it looks with one crossing on it, and which of its pixels that changed."""

    x: int
    y: int
    image: Image.Image
    mask: Image.Image


@lru_cache(maxsize=512)
def _piece(map_: Map, crossing: MapCrossing, marked: Marked) -> _Piece:
    """A crossing with its deck, mark, name and hour; kept, because few of them are ever different."""
    left, top, right, bottom = _around(map_, crossing)
    before = _map_ground(map_).crop((left, top, right, bottom))
    after = before.copy()
    size = crossing.mark[2] if marked.is_strong else crossing.mark[2] * 0.72
    thick = (9 if crossing.kind == "bridge" else 7) if marked.is_strong else 6
    x1, y1, x2, y2 = crossing.deck
    ends = (x1 - left, y1 - top, x2 - left, y2 - top)
    line = deck(before.size, ends, thick, TONES[marked.tone], crossing.kind != "bridge")
    after.paste(line, (0, 0), line)
    shape = symbol(marked.tone, round(size))
    at = (round(crossing.mark[0] - size / 2) - left, round(crossing.mark[1] - size / 2) - top)
    after.paste(shape, at, shape)
    _label(after, crossing, marked, (left, top))
    box = ImageChops.difference(before, after).getbbox() or (0, 0, 1, 1)
    before, after = before.crop(box), after.crop(box)
    changed = ImageChops.difference(before, after).convert("L").point([0] + [255] * 255)
    return _Piece(left + box[0], top + box[1], _indexed(after), changed)


_REACH = (420, 110)
"""How far from its mark a crossing's name and hour can run, in pixels."""


def _around(map_: Map, crossing: MapCrossing) -> tuple[int, int, int, int]:
    x, y = round(crossing.mark[0]), round(crossing.mark[1])
    wide, high = _REACH
    return max(0, x - wide), max(0, y - high), min(map_.width, x + wide), min(map_.height, y + high + 40)


_ANCHORS: Mapping[str, str] = {"start": "ls", "middle": "ms", "end": "rs"}


def _label(part: Image.Image, crossing: MapCrossing, marked: Marked, corner: tuple[int, int]) -> None:
    pen, anchor = ImageDraw.Draw(part), _ANCHORS[crossing.anchor]
    x, y = crossing.label[0] - corner[0], crossing.label[1] - corner[1]
    size, weight, ink = (36, 700, INK) if marked.is_strong else (33, 400, INK_2)
    ground = rgb(GROUND)
    pen.text(
        (x, y),
        crossing.name,
        fill=rgb(ink),
        font=font(size, weight),
        anchor=anchor,
        stroke_width=_HALO,
        stroke_fill=ground,
    )
    pen.text((x, y), crossing.name, fill=rgb(ink), font=font(size, weight), anchor=anchor)
    if marked.note:
        pen.text(
            (x, y + 38),
            marked.note,
            fill=rgb(TONES[marked.tone]),
            font=font(32, 500),
            anchor=anchor,
            stroke_width=_HALO,
            stroke_fill=ground,
        )
