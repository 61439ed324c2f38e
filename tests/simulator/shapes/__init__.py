"""Shapes of answers: which names they have, nested how, with which kinds of value.

A shape is written as words, `name:kind`, with `name( … )` for what lies inside and `name[]` for each member
of a list; a `?` after the kind means that some members lack it. So `data( openid[]:str ) next_openid:str` is
{"data": {"openid": ["…"]}, "next_openid": "…"}. Kinds are int, float, str, bool, none; an empty list is
`name[]:none`, an empty object `name:empty`. Facts about other people's fixtures and pages are kept in this
form, never their text. In XML a value is `text` inside CDATA and `bare` outside of it.
"""

from __future__ import annotations

from typing import Any
from xml.parsers.expat import ParserCreate

Shape = frozenset[str]
MEMBERS = frozenset({"item", "List", "AroundBeacon", "fail_idx"})
"""Elements that may come several times, and are a list when they come once."""


def read_shape(text: str) -> Shape:
    """The shape that words describe."""
    found: list[str] = []
    inside: list[str] = []
    for word in text.split():
        if word == ")":
            inside.pop()
        elif word.endswith("("):
            inside.append(word[:-1])
        else:
            found.append(".".join([*inside, word]))
    if inside or len(set(found)) < len(found):
        raise ValueError(f"not a shape: {text}")
    return frozenset(found)


def shape_of(value: Any, at: str = "") -> Shape:
    """The shape that a value has."""
    if isinstance(value, dict) and value:
        parts = [shape_of(one, f"{at}.{name}" if at else name) for name, one in value.items()]
        return frozenset().union(*parts)
    if isinstance(value, list) and value:
        members = [shape_of(one, f"{at}[]") for one in value]
        common = frozenset.intersection(*members)
        return common | {one.removesuffix("?") + "?" for one in frozenset().union(*members) - common}
    kinds = {dict: "empty", list: "none", type(None): "none"}
    return frozenset({f"{at}{'[]' if value == [] else ''}:{kinds.get(type(value), type(value).__name__)}"})


def shape_of_xml(body: str) -> Shape:
    """The shape of an XML document, below its root. The body must be trusted: it is read as it comes."""
    trees: list[dict[str, Any]] = [{}]
    kinds: list[str] = []
    parser = ParserCreate()

    def begin(_name: str, _attributes: object) -> None:
        trees.append({})
        kinds.append("bare")

    def is_text() -> None:
        kinds[-1] = "text"

    def end(name: str) -> None:
        inside, kind = trees.pop(), kinds.pop()
        value = inside or {"text": TEXT, "bare": BARE}[kind]
        if name in MEMBERS:
            trees[-1].setdefault(name, []).append(value)
        elif name in trees[-1]:
            raise ValueError(f"{name} comes twice")
        else:
            trees[-1][name] = value

    parser.StartElementHandler = begin
    parser.EndElementHandler = end
    parser.StartCdataSectionHandler = is_text
    parser.Parse(body, True)
    return shape_of(trees[0]["xml"])


class text(str):  # noqa: N801 (its name is the kind)
    """A value inside CDATA."""


class bare(str):  # noqa: N801 (its name is the kind)
    """A value outside of CDATA."""


TEXT, BARE = text(), bare()
