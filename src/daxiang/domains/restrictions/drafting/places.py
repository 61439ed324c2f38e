"""Places that a notice names: those of the city's pack by their names, else the words of the notice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from daxiang.domains.restrictions.values import Place

_LABEL = re.compile(
    r"(?:限行|限制|禁行|管控|管制|通行|禁止|禁限|执行|实施)?(?:区域|范围|路段|道路|地点)(?:为|是)?:(.+)$"
)
_KINDS = r"(?:大桥|桥|隧道|环线|环路|[一二三四五六]环路?|绕城|高架路?|快速路|大道|公路|路|街|区域|景区)"
_SPAN = r"(?:以内|之内|范围内|\([^()]{1,20}\)|主路|全线|内)*"
_NAMED = re.compile(rf"[\u4e00-\u9fffA-Za-z0-9·]{{1,16}}?{_KINDS}(?![口面况段线]){_SPAN}")
_LEAD = re.compile(r"^.*(?:本市|全市|我市|禁止|不得|不准|驶入|进入|通过|驶经|经由|在|沿)(?=.{2})")
_GENERAL = re.compile(r"上述|前述|以上|时段|道路|公路法|路权|路面|路况|街道|上路|网路")
_LINK = "在与和及或对经由过至到于的、往从入"


@dataclass(frozen=True, kw_only=True)
class PlacesTold:
    """`ids` of the pack; `phrases` that are in no pack; `is_outside`: named with 不含 or 除外."""

    ids: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()


def names_of(places: Iterable[Place]) -> dict[str, str]:
    """Name as people say it -> id; a name that two places share is left out."""
    found: dict[str, str] = {}
    shared: set[str] = set()
    for place in places:
        for name in dict.fromkeys((place.name, place.short_name, *place.aliases)):
            if found.setdefault(name, place.id) != place.id:
                shared.add(name)
    return {name: place_id for name, place_id in found.items() if name not in shared}


def read_places(plain: str, names: Mapping[str, str]) -> PlacesTold | None:
    """The places of a text, in its order; None where it names none."""
    label = _LABEL.search(plain)
    text = re.sub(r"(?<=[^(,;])[(,](?:不含|不包括)[^,;()]*\)?", "", label[1] if label else plain)
    ids, rest = _matched(text, names)
    phrases = _parts(rest) if label else _phrases(rest)
    if not ids and not phrases:
        return None
    return PlacesTold(ids=tuple(dict.fromkeys(ids)), phrases=tuple(dict.fromkeys(phrases)))


def _matched(text: str, names: Mapping[str, str]) -> tuple[list[str], str]:
    """The ids by the longest name at each spot, and the text with them blotted out."""
    if not names:
        return [], text
    pattern = re.compile("|".join(re.escape(name) for name in sorted(names, key=len, reverse=True)))
    ids: list[str] = []
    rest, at = "", 0
    for match in pattern.finditer(text):
        before = text[match.start() - 1 : match.start()]
        is_apart = (
            not before or match.start() == at or before in _LINK or not re.match(r"[\u4e00-\u9fff]", before)
        )
        rest += text[at : match.start()]
        if is_apart:
            ids.append(names[match[0]])
            rest += "、"
        else:
            rest += match[0]
        at = match.end()
    return ids, rest + text[at:]


def _parts(text: str) -> list[str]:
    """What a labelled list of places still names."""
    parts = re.split(r"[、,;]|以及|和|及", text)
    return [part for part in (part.strip("。:()") for part in parts) if len(part) > 1]


def _phrases(text: str) -> list[str]:
    found = []
    for part in re.split(r"[、,;:()]|以及|和|及", _keep_brackets(text)):
        for match in _NAMED.finditer(part):
            phrase = _LEAD.sub("", match[0])
            if len(phrase) > 1 and not _GENERAL.search(phrase):
                found.append(phrase)
    return found


def _keep_brackets(text: str) -> str:
    return re.sub(r"\((含|不含)[^()]{0,16}\)", "", text)
