"""A city pack as one immutable value: its files, and the digest by which everybody means the same one."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from daxiang.domains.calendars.china import china_calendar
from daxiang.domains.restrictions.cards import read_city
from daxiang.domains.restrictions.city_cards import CityCards
from daxiang.domains.restrictions.errors import PackWrong

MOST_FILES, MOST_BYTES = 1000, 8 * 1024 * 1024
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*(/[A-Za-z0-9][A-Za-z0-9_.-]*){0,4}")


@dataclass(frozen=True, kw_only=True, eq=False)
class PackFiles:
    """The TOML files of a pack. `files`: path inside the pack -> text. Same digest, same pack."""

    city: str
    files: Mapping[str, str]

    @cached_property
    def text(self) -> str:
        """The one form in which it is stored."""
        return json.dumps(dict(sorted(self.files.items())), ensure_ascii=False, separators=(",", ":"))

    @cached_property
    def digest(self) -> str:
        """SHA-256 of city and text, in hexadecimal: the generation's name."""
        return hashlib.sha256(f"{self.city}\0{self.text}".encode()).hexdigest()


def read_files(folder: Path, *, city: str) -> PackFiles:
    """Every TOML file under a folder; nothing else in it belongs to the pack. Raises PackWrong."""
    if not folder.is_dir():
        raise PackWrong(f"{folder}：没有这个文件夹。", file=str(folder))
    paths = sorted(path for path in folder.rglob("*.toml") if path.is_file())
    names = [path.relative_to(folder).as_posix() for path in paths]
    if len(paths) > MOST_FILES or sum(path.stat().st_size for path in paths) > MOST_BYTES:
        raise PackWrong(f"{folder}：一个城市最多{MOST_FILES}个文件、共8兆字节。", file=str(folder))
    try:
        texts = [path.read_text(encoding="utf-8") for path in paths]
    except UnicodeDecodeError as error:
        raise PackWrong(f"{folder}：有文件不是 UTF-8（{error.reason}）。", file=str(folder)) from error
    return checked_files(city, dict(zip(names, texts, strict=True)))


def stored_files(city: str, text: str) -> PackFiles:
    """A pack from the form in which it was stored."""
    return checked_files(city, json.loads(text))


def checked_files(city: str, files: Mapping[str, str]) -> PackFiles:
    """Files whose names stay inside their folder. Raises PackWrong."""
    for name in files:
        if not _NAME.fullmatch(name):
            raise PackWrong(
                f"{city}/{name}：文件名只用英文字母、数字、点、横线和下划线。", file=f"{city}/{name}"
            )
    return PackFiles(city=city, files=files)


def lay_out(pack: PackFiles, *, under: Path) -> Path:
    """The pack as a folder `under`/digest/city, written once, also when two processes do it at once."""
    home = under / pack.digest
    if (home / pack.city).is_dir():
        return home / pack.city
    under.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=".laying-", dir=under))
    for name, text in pack.files.items():
        path = fresh / pack.city / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    try:
        fresh.rename(home)
    except OSError:  # somebody was quicker: the same digest is the same folder
        shutil.rmtree(fresh, ignore_errors=True)
        if not (home / pack.city).is_dir():
            raise
    return home / pack.city


def read_pack(folder: Path, *, generation: str) -> CityCards:
    """The cards of a pack that lies in a folder named as its city. Raises PackWrong."""
    return replace(read_city(folder, china_calendar()), generation=generation)
