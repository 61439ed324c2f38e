"""The values of subscription notices: what each type allows, and how a long one is shortened visibly. Pure.

The type is the letters at the beginning of a field's name (`thing1`, `car_number2`). Source: the platform's
page on sending subscription messages. Only free text is shortened; of a number, a date or a name a part would
be a wrong value, so it is refused instead.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from daxiang.integrations.wechat.client.checks import Unfit

_FIELD = re.compile(r"([a-z]+(?:_[a-z]+)?)\d{1,3}")
_CJK = "\u3400-\u4dbf\u4e00-\u9fff"
_CLOCK = r"(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?"
_DAY = r"\d{4}(?:年\d{1,2}月\d{1,2}日|-\d{1,2}-\d{1,2}|/\d{1,2}/\d{1,2}|\.\d{1,2}\.\d{1,2})"
_ELLIPSIS = "…"


def _shortened(most: int, mark: str) -> Callable[[str], str | None]:
    def fit(value: str) -> str | None:
        return value if len(value) <= most else value[: most - len(mark)] + mark

    return fit


def _matching(pattern: str) -> Callable[[str], str | None]:
    compiled = re.compile(pattern)

    def fit(value: str) -> str | None:
        return value if compiled.fullmatch(value) else None

    return fit


def _code(value: str) -> str | None:
    """Digits, letters and signs of ASCII, without spaces."""
    return _shortened(32, "...")(value) if re.fullmatch(r"[!-~]+", value) else None


_TYPES: dict[str, tuple[str, Callable[[str], str | None]]] = {
    "thing": ("最多 20 个字", _shortened(20, _ELLIPSIS)),
    "character_string": ("最多 32 个数字、字母或符号", _code),
    "number": ("最多 32 位数字，可带小数", _matching(r"-?\d{1,32}|(?=.{3,33}$)-?\d+\.\d+")),
    "letter": ("最多 32 个字母", _matching(r"[A-Za-z]{1,32}")),
    "symbol": ("最多 5 个符号", _matching(r"[^\w\s]{1,5}")),
    "time": ("24 小时制的时间，可带年月日", _matching(rf"(?:{_DAY} ?)?{_CLOCK}(?:~(?:{_DAY} ?)?{_CLOCK})?")),
    "date": ("年月日，可带时间", _matching(rf"{_DAY}(?: ?{_CLOCK})?")),
    "amount": (
        "一个币种符号加最多 10 位数字，可带小数，可以“元”结尾",
        _matching(r"[¥$€£￥]?(?=[\d.]{1,11}(?:元|$))\d{1,10}(?:\.\d{1,2})?元?"),
    ),
    "phone_number": ("最多 17 位数字或符号", _matching(r"[\d+\-() ]{1,17}")),
    "car_number": (
        "最多 8 位，首位与末位可为汉字，其余为字母与数字",
        _matching(rf"[{_CJK}A-Z0-9][A-Z0-9]{{0,6}}[{_CJK}A-Z0-9]?"),
    ),
    "name": (
        "10 个以内纯汉字或 20 个以内纯字母或符号",
        _matching(rf"[{_CJK}·]{{1,10}}|[A-Za-z .]{{1,20}}"),
    ),
    "phrase": ("5 个以内汉字", _matching(rf"[{_CJK}]{{1,5}}")),
}


def fitted(values: Mapping[str, str]) -> dict[str, str]:
    """The values as they may be sent. Raises `Unfit` that names the field and its rule, never the value."""
    return {name: fitted_one(name, value) for name, value in values.items()}


def fitted_one(name: str, value: str) -> str:
    """One value: line breaks become spaces, free text is cut with "…"; what has no visible cut is refused."""
    found = _FIELD.fullmatch(name)
    rule = _TYPES.get(found[1]) if found else None
    if rule is None:
        raise Unfit(f"{name}：没有这种类型的字段。")
    words, fit = rule
    cleaned = " ".join(value.split())
    allowed = fit(cleaned) if cleaned else None
    if allowed is None:
        raise Unfit(f"{name}：要{words}。")
    return allowed
