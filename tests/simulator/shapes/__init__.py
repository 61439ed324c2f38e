"""Shapes of answers: which names they have, nested how, with which kinds of value.

A shape is written as words, `name:kind`, with `name( … )` for what lies inside and `name[]` for each member
of a list; a `?` after the kind means that some members lack it. So `data( openid[]:str ) next_openid:str` is
{"data": {"openid": ["…"]}, "next_openid": "…"}. Kinds are int, float, str, bool, none; an empty list is
`name[]:none`, an empty object `name:empty`. Facts about other people's fixtures and pages are kept in this
form, never their text.
"""

from __future__ import annotations

from typing import Any

Shape = frozenset[str]


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
