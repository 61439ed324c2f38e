"""A callback's body as a tree of texts: XML and JSON alike. Pure.

The platform's JSON and XML say the same, so both become the same tree: a text for what has no parts, a dict
for what has, a list for what is repeated. Numbers stay the digits that were sent. JSON may carry characters
that XML cannot (NUL, half of a surrogate pair); they become U+FFFD, for a database cannot keep them either.
"""

from __future__ import annotations

import json
import re
from enum import StrEnum
from typing import NoReturn, TypeAlias
from xml.parsers import expat

MAX_BODY = 64 * 1024
MAX_DEPTH = 8
MAX_PARTS = 1000
"""Elements in one body. The longest genuine ones, reports on eight articles, have some hundred."""

NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML 1.0 cannot carry, not even escaped."""

_LINE_END = re.compile("\r\n?")

Node: TypeAlias = "str | dict[str, Node] | list[Node]"
Tree: TypeAlias = dict[str, Node]


class Format(StrEnum):
    XML = "xml"
    JSON = "json"


class BodyRefused(Exception):
    """A body that no genuine platform sends. `reason` is a short word for the counters."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def format_of(body: bytes) -> Format:
    """By the first character that is not white: the platform's setting is not in the message."""
    return Format.JSON if body.lstrip(b" \t\r\n").startswith(b"{") else Format.XML


def parse_tree(body: bytes) -> Tree:
    """What the body says. Raises `BodyRefused`.

    Refused before or while it is parsed: over 64 KiB or a thousand parts, a DOCTYPE (no entity can then be
    declared: XXE and its kin end here), nesting over 8, any encoding but UTF-8.
    """
    if len(body) > MAX_BODY:
        raise BodyRefused("oversized")
    return _parse_json(body) if format_of(body) is Format.JSON else _parse_xml(body)


def parse_fields(body: bytes) -> dict[str, str]:
    """The top-level fields that have no parts. Raises `BodyRefused`, also for one that is given twice."""
    return {name: node for name, node in parse_tree(body).items() if isinstance(node, str)}


def carried(text: str) -> str:
    """The text as an XML reader gets it: what XML cannot carry is U+FFFD, each end of a line a newline."""
    text = NOT_IN_XML.sub("\ufffd", text)
    return _LINE_END.sub("\n", text) if "\r" in text else text


def text_of(tree: Tree, name: str) -> str:
    """One field's text; empty when it is not there or has parts. Raises `BodyRefused` for one that is given
    twice, for then two readers could each believe another one.
    """
    node = tree.get(name, "")
    if isinstance(node, str):
        return node
    if isinstance(node, list):
        raise BodyRefused("fields")
    return ""


def tree_of(tree: Tree, name: str) -> Tree:
    """The parts of one field; none when it is not there or is a text."""
    node = tree.get(name)
    return node if isinstance(node, dict) else {}


def rows_of(node: Node | None, name: str) -> list[Tree]:
    """Repeated things, whichever way the platform wrote them: `<name>` again and again, a list, or, as its
    JSON does when there is but one, the thing itself.
    """
    if isinstance(node, dict):
        node = node.get(name, node)
    return [row for row in (node if isinstance(node, list) else [node]) if isinstance(row, dict)]


def texts_of(node: Node | None) -> list[str]:
    """Repeated texts: none, one or many; empty ones are left out."""
    return [text for text in (node if isinstance(node, list) else [node]) if isinstance(text, str) and text]


def _add(tree: Tree, name: str, node: Node) -> None:
    held = tree.get(name)
    if held is None:
        tree[name] = node
    elif isinstance(held, list):
        held.append(node)
    else:
        tree[name] = [held, node]


def _parse_xml(body: bytes) -> Tree:
    reader = _Reader()
    parser = expat.ParserCreate("utf-8")  # whatever a declaration says
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = reader.doctype
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    try:
        if "\0" in body.decode():  # the parser would look for UTF-16 by itself
            raise BodyRefused("xml")
        parser.Parse(body, True)
    except (expat.ExpatError, ValueError) as error:
        raise BodyRefused("xml") from error
    return reader.root


class _Reader:
    """Builds the tree from the root's children. What stands in CDATA is text, whatever it looks like."""

    def __init__(self) -> None:
        self.root: Tree = {}
        self._open: list[Tree] = []
        self._parts: list[str] = []
        self._left = MAX_PARTS

    def doctype(self, *_: object) -> NoReturn:
        raise BodyRefused("doctype")

    def start(self, name: str, _attributes: object) -> None:
        self._left -= 1
        if self._left < 0:
            raise BodyRefused("oversized")
        if len(self._open) >= MAX_DEPTH:
            raise BodyRefused("depth")
        if not self._open and name != "xml":
            raise BodyRefused("xml")
        self._open.append({} if self._open else self.root)
        self._parts.clear()

    def end(self, name: str) -> None:
        tree = self._open.pop()
        if self._open:  # text between an element's parts means nothing
            # `&#13;` is a carriage return that JSON would not keep; see `carried`.
            _add(self._open[-1], name, tree or _clean("".join(self._parts)))
        self._parts.clear()

    def text(self, characters: str) -> None:
        self._parts.append(characters)


_STRING = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
"""Also one that never ends, lest the search begin again at each quote in it."""
_BRACKETS = {ord("{"): "[", ord("}"): "]"}
_NOT_A_BRACKET = re.compile(r"[^][]+")


def _parse_json(body: bytes) -> Tree:
    try:
        text = body.decode()
        _check_shape(text)
        parsed = json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=str,  # digits are kept as they are: no number is too long, none is rounded
            parse_float=str,
            parse_constant=_refuse_constant,
        )
    except (ValueError, RecursionError) as error:
        raise BodyRefused("json") from error
    if not isinstance(parsed, dict):
        raise BodyRefused("json")
    return parsed


def _check_shape(text: str) -> None:
    """Innermost pairs are taken away eight times: what is then left is nested deeper, or has no other end."""
    bones = _STRING.sub("", text)
    if bones.count(",") >= MAX_PARTS:
        raise BodyRefused("oversized")
    brackets = _NOT_A_BRACKET.sub("", bones.translate(_BRACKETS))
    for _ in range(MAX_DEPTH):
        brackets = brackets.replace("[]", "")
    if brackets:
        raise BodyRefused("depth" if brackets.count("[") == brackets.count("]") else "json")


def _refuse_constant(_: str) -> NoReturn:
    raise BodyRefused("json")  # NaN and Infinity are no JSON


def _object(pairs: list[tuple[str, object]]) -> Tree:
    tree: Tree = {}
    for name, value in pairs:
        _add(tree, _clean(name), _node(value))
    return tree


def _node(value: object) -> Node:
    """A value of an object; objects inside it are trees already."""
    if isinstance(value, str):
        return _clean(value)
    if isinstance(value, list):
        return [_node(one) for one in value]
    if isinstance(value, dict):
        return value or ""  # as an empty element
    return "" if value is None else str(value).lower()


def _clean(text: str) -> str:
    return carried(text).strip()
