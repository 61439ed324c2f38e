"""`daxiang rules --packs DIR …`: cities that lie in a folder of one's own, beside those that are carried."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

from daxiang.domains.restrictions.packs import read_pack
from daxiang.domains.restrictions.queries import abandon, adopt, city_ids
from daxiang.kernel.errors import DomainError


class NoPacks(DomainError):
    """The folder named by --packs holds no city. A city is a folder in it, with a city.toml."""

    code: ClassVar[str] = "no_packs"


def add_option(rules: argparse.ArgumentParser) -> None:
    """Add `--packs DIR` to `daxiang rules`, before its parts."""
    rules.add_argument(
        "--packs", metavar="DIR", type=Path, help="a folder with cities of your own, a folder each"
    )


@contextmanager
def cities_of(packs: Path | None, *, only: str | None = None) -> Iterator[tuple[str, ...]]:
    """The cities to look at, one's own first, in force in this process for as long as it takes.

    `only`: read this one of them alone, so that another's slip of the pen does not stand in the way. Raises
    PackWrong, or NoPacks where the folder holds no city.
    """
    own = _own(packs) if packs else ()
    taken = tuple(city for city in own if only in (None, city))
    try:
        for city in taken:
            adopt(city, read_pack(_folder(packs, city), generation=""), _folder(packs, city))
        yield (*taken, *(city for city in city_ids() if city not in taken))
    finally:
        for city in taken:
            abandon(city)


def _own(packs: Path) -> tuple[str, ...]:
    found = tuple(sorted(path.parent.name for path in packs.glob("*/city.toml")))
    if not found:
        raise NoPacks(f"{packs} 里没有城市：每个城市一个文件夹，里面有 city.toml。")
    return found


def _folder(packs: Path | None, city: str) -> Path:
    return (packs or Path()) / city
