"""JSON with its letters as they are, from one encoder made once: every answer passes through it."""

from __future__ import annotations

import json
from collections.abc import Callable
from json import encoder
from typing import Any

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
