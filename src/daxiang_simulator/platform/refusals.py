"""How the platform says no: HTTP 200, a code, its words, and a rid by which the call can be looked up."""

from __future__ import annotations

import secrets
from typing import Any

from .codes import WORDS


class Refused(Exception):
    """The platform refuses a call with this code; `extra` is added to the answer, `hint` to errmsg."""

    def __init__(self, code: int, hint: str = "", **extra: Any) -> None:
        super().__init__(code)
        self.code = code
        self.hint = hint
        self.extra = extra

    def body(self, rid: str) -> dict[str, Any]:
        """The answer."""
        words = " ".join(part for part in (WORDS.get(self.code, "unknown error"), self.hint) if part)
        return {"errcode": self.code, "errmsg": f"{words} rid: {rid}", **self.extra}


def new_rid(at: float) -> str:
    """A request id in the platform's form, which begins with the second in hexadecimal."""
    return f"{int(at) & 0xFFFFFFFF:08x}-{secrets.token_hex(4)}-{secrets.token_hex(4)}"
