"""What an answer of the platform says: the fields of a success, or one of the three failures. No I/O.

Success is errcode 0 or no errcode at all, always with HTTP status 200; failures come with status 200 too. An
answer that is not readable says nothing, so for an act its outcome is unknown.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, TypeVar

from daxiang.integrations.outcomes import OutcomeUnknown, Refused, Unavailable, VendorFailure
from daxiang.integrations.wechat.client.codes import REFUSED_POLICIES, Policy, code_of
from daxiang.integrations.wechat.client.transport import Answer

Fields = Mapping[str, Any]
T = TypeVar("T")
_RID = re.compile(r"\s*\brid:\s*([0-9A-Za-z][0-9A-Za-z-]*)\s*$")
_SAY_MOST = 300
RETRY_AFTER_S = {Policy.BUSY: 2.0, Policy.SPARE_PERSON: 600.0, Policy.WAIT_A_MINUTE: 61.0}


def read_json(answer: Answer) -> dict[str, Any]:
    """The fields of a success.

    Raises `Refused` or `Unavailable` by the code's policy (never for "done already"), `OutcomeUnknown` when
    the answer cannot be read.
    """
    fields = _object(answer)
    code = _errcode(fields)
    if code == 0 or code_of(code).policy is Policy.ALREADY_DONE:
        return fields
    raise failure(code, str(fields.get("errmsg", "")))


def read_bytes(answer: Answer) -> bytes:
    """The file in an answer; a JSON object with an errcode in its place is the failure that it says."""
    if answer.status != 200 or not answer.body:
        raise OutcomeUnknown("unreadable", f"HTTP {answer.status}, {len(answer.body)} bytes")
    if looks_like_json(answer):
        read_json(answer)
    return answer.body


def looks_like_json(answer: Answer) -> bool:
    """Whether the answer is a JSON object; the platform labels it text/plain often enough."""
    return answer.body[:1] == b"{" and (
        "json" in answer.content_type or answer.content_type.startswith("text/")
    )


def failure(code: int, errmsg: str) -> VendorFailure:
    """The exception for a code; the rid at the end of errmsg is kept apart."""
    found = _RID.search(errmsg)
    rid = found[1] if found else None
    said = (errmsg[: found.start()] if found else errmsg)[:_SAY_MOST]
    policy = code_of(code).policy
    if policy in REFUSED_POLICIES:
        return Refused(code, said, rid)
    return Unavailable(code, said, rid, retry_after_s=RETRY_AFTER_S.get(policy))


def _object(answer: Answer) -> dict[str, Any]:
    if answer.status != 200:
        raise OutcomeUnknown("http", f"HTTP {answer.status}")
    try:
        fields = json.loads(answer.body)
    except (ValueError, RecursionError):
        raise OutcomeUnknown("unreadable", f"{len(answer.body)} bytes that are not JSON") from None
    if not isinstance(fields, dict):
        raise OutcomeUnknown("unreadable", "JSON that is not an object")
    return fields


def _errcode(fields: Fields) -> int:
    code = fields.get("errcode", 0)
    if isinstance(code, str) and re.fullmatch(r"-?\d{1,9}", code):
        return int(code)  # some pages of the platform give it as text
    if isinstance(code, bool) or not isinstance(code, int):
        raise OutcomeUnknown("unreadable", "an errcode that is not a number")
    return code


def need(fields: Fields, name: str, kind: type[T]) -> T:
    """A field that an act's success must have. Raises `OutcomeUnknown`: a yes that does not say to what."""
    value = fields.get(name)
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is int):
        raise OutcomeUnknown("unreadable", f"a success without {name}")
    return value


def need_read(fields: Fields, name: str, kind: type[T]) -> T:
    """A field that what was read must have. Raises `Unavailable`."""
    try:
        return need(fields, name, kind)
    except OutcomeUnknown as failed:
        raise Unavailable(failed.code, failed.message) from None


def text(fields: Fields, name: str) -> str:
    """A text that may be missing."""
    value = fields.get(name)
    return value if isinstance(value, str) else ""


def whole(fields: Fields, name: str, default: int = 0) -> int:
    """A whole number that may be missing."""
    value = fields.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else default


def objects(fields: Fields, name: str) -> list[dict[str, Any]]:
    """A list of objects that may be missing; what is no object in it is left out."""
    value = fields.get(name)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def texts(fields: Fields, name: str) -> tuple[str, ...]:
    """A list of texts that may be missing."""
    value = fields.get(name)
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()


def whole_numbers(fields: Fields, name: str) -> tuple[int, ...]:
    """A list of whole numbers that may be missing."""
    value = fields.get(name)
    return tuple(one for one in value if isinstance(one, int)) if isinstance(value, list) else ()
