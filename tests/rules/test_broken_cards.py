"""Two hundred and more broken cards: each is refused with file, line, field and what would be right."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from daxiang.domains.calendars.china import china_calendar
from daxiang.domains.restrictions.cards import read_city
from daxiang.domains.restrictions.errors import PackWrong
from daxiang.domains.restrictions.queries import packs_folder

CITY_OF = {path.stem: path.parts[-3] for path in packs_folder().glob("*/restrictions/*.toml")}
"""Card -> the pack it lies in."""


class Edit(NamedTuple):
    """One slip in one file. `at`: how the line to be named begins; "": it is the first changed one."""

    name: str
    old: str
    new: str
    field: str = ""
    says: str = ""
    at: str = ""


def edits() -> Iterator[tuple[str, Edit]]:
    """Each row of the table once for each of its files, with the heading it stands under."""
    heading = ""
    for line in Path(__file__).with_name("broken_cards.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            heading = line[3:]
        elif line and not line.startswith("# "):
            names, *cells = line.split(" ¦ ")
            told = ["" if cell == "-" else cell.replace("\\n", "\n") for cell in cells]
            yield from ((heading, Edit(name, *told)) for name in names.split())


BREAKING = [edit for heading, edit in edits() if not heading.startswith("harmless")]
HARMLESS = [edit for heading, edit in edits() if heading.startswith("harmless")]


def path_of(name: str) -> str:
    """City and path inside the pack, of a card or of another file."""
    return name if name.endswith(".toml") else f"{CITY_OF[name]}/restrictions/{name}.toml"


def edited(folder: Path, edit: Edit) -> tuple[Path, str, str]:
    """The city's pack with this edit; the file's text before and after it."""
    city, _, inside = path_of(edit.name).partition("/")
    pack = folder / city
    shutil.copytree(packs_folder() / city, pack)
    right = (pack / inside).read_text(encoding="utf-8")
    wrong = right.replace(edit.old, edit.new, 1)
    (pack / inside).write_text(wrong, encoding="utf-8")
    return pack, right, wrong


def line_to_name(right: str, wrong: str, at: str) -> int:
    """The first changed line, or the line nearest to it that begins with `at`."""
    old, new = right.splitlines(), wrong.splitlines()
    changed = next(n for n, line in enumerate(new, start=1) if n > len(old) or line != old[n - 1])
    if not at or at == "#":
        return 1 if at else changed
    found = [n for n, line in enumerate(new, start=1) if line.startswith(at)]
    before = [n for n in found if n <= changed]
    return (
        max(before) if before and at.startswith("[") else min(n for n in found if n >= changed or n in before)
    )


def test_there_are_two_hundred_broken_cards_of_every_city_that_has_cards() -> None:
    assert len({edit[:3] for edit in BREAKING}) == len(BREAKING) >= 200
    assert {path_of(edit.name).partition("/")[0] for edit in BREAKING} == set(CITY_OF.values())


@pytest.mark.parametrize("edit", BREAKING, ids=lambda edit: f"{edit.name} {edit.field}")
def test_a_broken_card_is_refused_with_file_line_field_and_what_would_be_right(
    tmp_path: Path, edit: Edit
) -> None:
    pack, right, wrong = edited(tmp_path, edit)
    assert wrong != right

    with pytest.raises(PackWrong) as refused:
        read_city(pack, china_calendar())

    told, line = refused.value, line_to_name(right, wrong, edit.at)
    assert (told.values.get("field", ""), told.values["line"]) == (edit.field, line), str(told)
    assert str(told).startswith(f"{path_of(edit.name)}：第{line}行，{edit.field}")
    assert edit.says in str(told)


@pytest.mark.parametrize("edit", HARMLESS, ids=lambda edit: edit.name)
def test_an_edit_that_keeps_the_meaning_is_accepted(tmp_path: Path, edit: Edit) -> None:
    pack, right, wrong = edited(tmp_path, edit)
    assert wrong != right

    assert edit.name in {card.id for card in read_city(pack, china_calendar()).cards}
