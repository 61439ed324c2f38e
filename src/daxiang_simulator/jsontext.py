"""JSON with its letters as they are, from one encoder made once: every answer passes through it.

And JSON as it comes in: RFC 8259 without what the rest could not hold or write again.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from json import encoder
from typing import Any

DEEPEST = 64
"""Levels of arrays and objects; a menu, the deepest of the platform's bodies, has six."""
_SLOW = json.JSONEncoder(ensure_ascii=False, check_circular=False)


def _made_once() -> Callable[[Any], str]:
    """JSONEncoder builds its C half anew for every text, a third of the time that a short one takes."""
    make: Any = getattr(encoder, "c_make_encoder", None)
    if make is None:
        return _SLOW.encode
    escaped = encoder.encode_basestring
    parts = make(None, _SLOW.default, escaped, None, ": ", ", ", False, False, True)
    return lambda value: "".join(parts(value, 0))


dump = _made_once()
"""The JSON text of a value, as json.dumps(value, ensure_ascii=False) writes it."""


def load(raw: bytes | str) -> Any:
    """The value of a JSON text. Raises ValueError for one that is broken, NaN, Infinity or a number beyond
    a double, half a surrogate pair, or more than DEEPEST levels."""
    text = raw if isinstance(raw, str) else raw.decode(json.detect_encoding(raw))
    try:
        value = _DECODER.decode(text)
    except RecursionError as error:
        raise ValueError("too deep") from error
    if text.count("[") + text.count("{") > DEEPEST and not _is_shallow(value):
        raise ValueError("too deep")
    if "\\u" in text:
        dump(value).encode()  # UnicodeEncodeError is a ValueError
    return value


def _refuse(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


def _finite(digits: str) -> float:
    value = float(digits)
    return value if math.isfinite(value) else _refuse(digits[:32])


_DECODER = json.JSONDecoder(parse_constant=_refuse, parse_float=_finite)
"""Made once: json.loads makes one for every text when it is told how to read numbers."""


def _is_shallow(value: Any) -> bool:
    """Whether a value has at most DEEPEST levels; asked level by level, without recursion."""
    level = [value]
    for _ in range(DEEPEST):
        level = [
            inner
            for one in level
            if isinstance(one, dict | list)
            for inner in (one.values() if isinstance(one, dict) else one)
        ]
        if not level:
            return True
    return not any(isinstance(one, dict | list) for one in level)
