"""A small pack that a test can bend: one place, one card, as text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from daxiang.domains.calendars.china import china_calendar
from daxiang.domains.restrictions.cards import read_city
from daxiang.domains.restrictions.city_cards import CityCards
from daxiang.domains.restrictions.errors import PackWrong

CITY = """
id = "testtown"
name = "试验市"
brief = "一座桥"
local_plates = ["鄂A"]
caution_after_days = 365
[accounts]
service = "试验交警"
subscription = "试验交警内部号"
"""

CROSSINGS = """
datum = "WGS-84"
[[place]]
id = "bridge"
name = "大桥"
short_name = "大桥"
aliases = []
kind = "bridge"
river = "江"
banks = ["北岸", "南岸"]
order = 1
lon = 114
lat = 30
confidence = "K"
stand_ins = []
"""

CARD = """
id = "T-1"
city = "testtown"
title = "试验通告"
short_title = "试验"
layer = "base"
supersedes = []
places = ["bridge"]
[provenance]
issuer = "试验市"
document_no = "试〔2026〕1号"
url = "https://example.org/"
quote = "照此办理"
confidence = "L"
verified_on = 2026-06-01
verified_by = "王*"
[validity]
from = 2026-01-01T00:00:00
until = "further_notice"
[[clause]]
id = "only"
says = "单日只准单号"
days = ["workday"]
makeup_workday = "free"
hours = ["07:00-22:00"]
sanction = "sign"
[clause.who]
classes = ["small_passenger"]
exempt_uses = []
exempt_new_energy = false
[clause.tail]
rule = "parity"
letter = "last_digit_before"
[[sanction]]
id = "sign"
from = 2026-01-01T00:00:00
kind = "fine"
fine_fen = 10000
points = 1
legal_basis = "第九十条"
"""

WAIVER = (
    CARD[: CARD.index("[[clause]]")]
    .replace('id = "T-1"', 'id = "W-1"')
    .replace('layer = "base"', 'layer = "waiver"')
    .replace("from = 2026-01-01T00:00:00", "from = 2026-11-01T00:00:00")
    .replace('until = "further_notice"', "until = 2026-12-01T00:00:00")
    + """
[[lift]]
says = "白天放开"
of = "T-1"
clauses = ["only"]
days = ["daily"]
makeup_workday = "restricted"
hours = ["09:00-17:00"]
"""
)


def write_pack(folder: Path, *, crossings: str = CROSSINGS, **cards: str) -> Path:
    """A pack on disk; each keyword is a card's id with `-` written `_`."""
    city = folder / "testtown"
    (city / "restrictions").mkdir(parents=True)
    (city / "city.toml").write_text(CITY, encoding="utf-8")
    (city / "crossings.toml").write_text(crossings, encoding="utf-8")
    for name, text in (cards or {"T_1": CARD}).items():
        (city / f"restrictions/{name.replace('_', '-')}.toml").write_text(text, encoding="utf-8")
    return city


def pack(folder: Path, *, crossings: str = CROSSINGS, **cards: str) -> CityCards:
    """The same, read and checked."""
    return read_city(write_pack(folder, crossings=crossings, **cards), china_calendar())


def refusal(folder: Path, said: str, **files: str) -> str:
    """What is said of a pack that is refused; these words must be in it."""
    with pytest.raises(PackWrong, match=re.escape(said)) as refused:
        pack(folder, **files)
    return str(refused.value)
