"""What the value of a template's field may be, by the type that its name begins with: thing1, car_number2 …

Source: developers.weixin.qq.com, "订阅通知" and "订阅消息", the table of parameter types.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from .refusals import Refused

Check = Callable[[str], bool]


def _most(longest: int) -> Check:
    return lambda value: len(value) <= longest


def _shaped(pattern: str) -> Check:
    compiled = re.compile(pattern)
    return lambda value: compiled.fullmatch(value) is not None


_CLOCK = r"([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?"
_DAY = r"\d{4}(年\d{1,2}月\d{1,2}日|-\d{1,2}-\d{1,2}|/\d{1,2}/\d{1,2}|\.\d{1,2}\.\d{1,2})"
_CJK = "\u3400-\u4dbf\u4e00-\u9fff"
TYPES: dict[str, Check] = {
    "thing": _most(20),
    "number": _shaped(r"[-+]?\d{1,32}(\.\d{1,32})?"),
    "letter": _shaped(r"[A-Za-z]{1,32}"),
    "symbol": _shaped(r"[^\w\s]{1,5}"),
    "character_string": _shaped(r"[\x21-\x7e]{1,32}"),
    "time": _shaped(rf"({_DAY}\s?)?{_CLOCK}([~-]\s?({_DAY}\s?)?{_CLOCK})?|{_DAY}"),
    "date": _shaped(rf"{_DAY}(\s?{_CLOCK})?"),
    "amount": _shaped(r"[¥$€£￥]?\d{1,10}(\.\d{1,2})?元?"),
    "phone_number": _shaped(r"[\d+()\s-]{1,17}"),
    "car_number": _shaped(rf"[{_CJK}A-Za-z0-9][A-Za-z0-9]{{0,6}}[{_CJK}A-Za-z0-9]?"),
    "name": _shaped(rf"[{_CJK}·]{{1,10}}|[A-Za-z .·]{{1,20}}"),
    "phrase": _shaped(rf"[{_CJK}]{{1,5}}"),
    "const": _most(20),
}
_TYPE = re.compile(r"([a-z_]+?)\d*")


@lru_cache(maxsize=1024)
def _check_of(name: str) -> Check | None:
    """The check of a field by its name, thing1 as thing; None for a type that has none."""
    matched = _TYPE.fullmatch(name)
    return TYPES.get(matched[1]) if matched else None


def check_value(name: str, value: object) -> str:
    """The text of a field. Raises Refused 47003, whose words name the field."""
    held = value.get("value") if isinstance(value, dict) else None
    if not isinstance(held, str | int | float) or isinstance(held, bool) or held == "":
        raise Refused(47003, f"argument invalid! data.{name}.value is empty")
    text = str(held)
    fits = _check_of(name)
    if fits is not None and not fits(text):
        raise Refused(47003, f"argument invalid! data.{name}.value invalid")
    return text
