"""A callback's body and a reply's, in the two formats that the console offers: XML or JSON.

A tree is a dict of names; a value is a text, a whole number, a tree, or a list. In XML a list repeats its
element; in JSON it is an array, but one of a single member is that member, as the platform sends it.
"""

from __future__ import annotations

import json
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.ElementTree import fromstring

from .jsontext import load

Tree = dict[str, Any]


class Bare(str):
    """A number kept with its digits, which stands in XML without CDATA and in JSON without quotes."""

    __slots__ = ()


class BodyRefused(Exception):
    """The body is neither an XML document of ours nor a JSON object; the message says why."""


def write(tree: Tree, *, is_json: bool) -> str:
    """The body of a tree."""
    if is_json:
        return json.dumps(_for_json(tree), ensure_ascii=False)
    return f"<xml>{_elements(tree)}</xml>"


def read(body: str, *, is_json: bool) -> Tree:
    """The tree of a body. Raises BodyRefused for anything else, DTDs and entities among it."""
    if is_json:
        try:
            tree = load(body)
        except ValueError as error:
            raise BodyRefused("答复不是能读的 JSON") from error
        if not isinstance(tree, dict):
            raise BodyRefused("答复不是 JSON 对象")
        return tree
    try:
        root: Element = fromstring(body, forbid_dtd=True)
    except (ParseError, ValueError) as error:
        raise BodyRefused("答复不是能读的 XML") from error
    if root.tag != "xml":
        raise BodyRefused("答复的根元素不是 xml")
    tree = _tree(root)
    return tree if isinstance(tree, dict) else {}


def text_at(tree: Tree, path: str) -> str:
    """The text at a path such as Image/MediaId, without spaces around it; empty when there is none."""
    found: Any = tree
    for name in path.split("/"):
        found = found.get(name) if isinstance(found, dict) else None
    return str(found).strip() if isinstance(found, str | int) else ""


def element(name: str, value: str) -> str:
    """An element whose text may hold anything that XML can."""
    return f"<{name}><![CDATA[{value.replace(']]>', ']]]]><![CDATA[>')}]]></{name}>"


def _elements(tree: Tree) -> str:
    return "".join(_element(name, value) for name, value in tree.items())


def _element(name: str, value: Any) -> str:
    if isinstance(value, list):
        return "".join(_element(name, one) for one in value)
    if isinstance(value, dict):
        return f"<{name}>{_elements(value)}</{name}>"
    if isinstance(value, str) and not isinstance(value, Bare):
        return element(name, value)
    return f"<{name}>{value}</{name}>"


def _for_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _for_json(one) for name, one in value.items()}
    if isinstance(value, list):
        return _for_json(value[0]) if len(value) == 1 else [_for_json(one) for one in value]
    return float(value) if isinstance(value, Bare) else value


def _tree(root: Element) -> Tree | str:
    if not len(root):
        return root.text or ""
    tree: Tree = {}
    for child in root:
        value = _tree(child)
        if child.tag in tree:
            held = tree[child.tag]
            tree[child.tag] = [*held, value] if isinstance(held, list) else [held, value]
        else:
            tree[child.tag] = value
    return tree
