"""The picture of the day: small, exact in colour, and never with a box where a character should be."""

from __future__ import annotations

import io
from dataclasses import replace
from importlib.resources import files

import pytest
from fontTools.ttLib import TTFont
from PIL import Image, ImageChops

from daxiang.design.day_card.draw import HEIGHT, MARGIN, WIDTH, _logo_left, draw_day
from daxiang.design.day_card.ink import GROUND, PAPER, RIVER, rgb
from daxiang.design.day_card.shapes import TONES, flattened
from daxiang.design.day_card.values import (
    DayCard,
    Map,
    MapCrossing,
    MapName,
    Marked,
    OpenWays,
    River,
    Tone,
)
from daxiang.domains.restrictions.queries import packs_folder

BRIDGE = MapCrossing(
    id="stone-bridge",
    name="石桥",
    kind="bridge",
    deck=(400, 300, 500, 360),
    mark=(450, 330, 46),
    label=(520, 340),
    anchor="start",
)
TUNNEL = replace(BRIDGE, id="long-tunnel", name="长隧道", kind="tunnel", mark=(600, 200, 46))
MAP = Map(
    width=984,
    height=690,
    rivers=(River(path="M100 690C300 500 500 300 700 0", width=64),),
    names=(MapName(kind="land", text="河东", x=800, y=400, turn=0, anchor="start"),),
    crossings=(BRIDGE, TUNNEL),
)
CARD = DayCard(
    date="11月24日　周二",
    organisation="某市交警",
    subject="尾号5，只管这一天",
    tone=Tone.MAYNOT,
    headline="石桥不能走",
    until="7:00–22:00",
    map=MAP,
    marks={"stone-bridge": Marked(tone=Tone.MAYNOT, is_strong=True, note="7:00–22:00")},
    ways=(OpenWays(label="过河走", names=("长隧道",)),),
    family="家里双号的车，这一天都能走。",
    notes=("双日只准双号。", "依据：石桥通告。"),
)


def drawn(card: DayCard) -> Image.Image:
    return Image.open(io.BytesIO(draw_day(card)))


@pytest.mark.parametrize("tone", Tone)
def test_the_mark_of_each_answer_has_its_own_colour_exactly(tone: Tone) -> None:
    marks = {"stone-bridge": Marked(tone=tone, is_strong=True)}
    picture = drawn(replace(CARD, tone=tone, marks=marks)).convert("RGB")
    found = {colour for _count, colour in picture.getcolors(maxcolors=256) or []}
    told_apart = {Tone.MAYNOT, Tone.UNKNOWN}  # CLOSED is nearly the ink of words, MAY marks the way beside it
    others = {rgb(TONES[other]) for other in told_apart - {tone}}
    assert rgb(TONES[tone]) in found
    assert not found & others


def test_a_crossing_of_which_nothing_is_known_is_not_drawn_as_open() -> None:
    without = drawn(replace(CARD, marks={}, ways=())).convert("RGB")
    found = {colour for _count, colour in without.getcolors(maxcolors=256) or []}
    assert rgb(TONES[Tone.MAY]) not in found


def test_paper_ground_and_river_are_exactly_the_tokens() -> None:
    picture = drawn(CARD).convert("RGB")
    assert picture.getpixel((3, 3)) == rgb(PAPER)
    assert picture.getpixel((MARGIN + 40, 410 + 60)) == rgb(GROUND)
    on_the_water = flattened(MAP.rivers[0].path)[4]
    assert picture.getpixel((MARGIN + round(on_the_water[0]), 410 + round(on_the_water[1]))) == rgb(RIVER)


def test_a_long_headline_is_set_smaller_and_never_runs_off_the_paper() -> None:
    long = replace(CARD, headline="长江大桥、江汉桥、长江隧道、公铁隧道不能走", subject="尾号五" * 12)
    picture = drawn(long).convert("RGB")
    edge = picture.crop((WIDTH - MARGIN + 4, 0, WIDTH, 400))
    assert edge.getcolors() == [(edge.width * edge.height, rgb(PAPER))]


def test_a_date_with_its_year_never_runs_into_the_name_of_a_long_organisation() -> None:
    long = replace(CARD, organisation="某某某某自治州公安交警", date="2026年12月24日　周四")
    logo = _logo_left(long.organisation)
    dated, undated = drawn(long).convert("RGB"), drawn(replace(long, date="　")).convert("RGB")
    box = ImageChops.difference(dated, undated).getbbox()
    assert box is not None
    assert MARGIN - 4 <= box[0] < box[2] < logo


def test_the_picture_is_small_enough_for_a_family_group() -> None:
    body = draw_day(CARD)
    assert Image.open(io.BytesIO(body)).size == (WIDTH, HEIGHT)
    assert len(body) <= 100_000


def test_the_same_card_gives_the_same_bytes() -> None:
    assert draw_day(CARD) == draw_day(replace(CARD))


def test_the_font_has_every_character_of_every_pack() -> None:
    path = files("justmytype_intl_cjk") / "fonts" / "ofl" / "notosanssc" / "NotoSansSC[wght].ttf"
    with TTFont(str(path), lazy=True) as font:
        known = set(font.getBestCmap())
    packs = list(packs_folder().glob("**/*.toml"))
    written = {sign for pack in packs for sign in pack.read_text(encoding="utf-8") if sign.isprintable()}
    assert packs
    assert {sign for sign in written if ord(sign) not in known} == set()
