"""Structured lines on standard output, one an event, in which no person can be recognised.

Every process calls `configure_logs` once. Ours and everybody else's records (Django, uvicorn, granian,
asyncio) pass the same gate: keys that are not on the list are left out and counted, values that look like a
plate, an openid, a telephone or an identity number become ▇, and of an exception only its type and its frames
are kept, never its words.
"""

from __future__ import annotations

import contextlib
import json
import logging
import re
import sys
import threading
import traceback
import unicodedata
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from types import TracebackType
from typing import Any

import structlog

# fmt: off
ALLOWED_KEYS = frozenset([
    "event", "level", "timestamp", "role", "logger", "account", "bytes", "campaign", "channel", "city",
    "code", "count", "days", "digest", "dropped", "due_at", "elapsed_ms", "error", "errors", "exit_status",
    "expired", "generation", "how_to", "job", "kind", "lag_s", "lane", "limit", "ms", "outcome", "page",
    "path", "pending", "pid", "port", "processes", "reason", "retry_s", "rows", "rule", "seed", "signal",
    "size", "stage", "status", "table", "taken_back", "task", "trace", "tries", "version", "waited_ms",
    "worker", "workers", "year",
])
# fmt: on
"""The only keys that leave a process. A name is put here when its values can never name a person."""

MASK = "▇"
_PROVINCE = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领"
_HIDDEN = (
    # a plate with its province: 鄂A12345, 鄂A·1234K, 鄂AD12345
    re.compile(rf"[{_PROVINCE}][·.\s-]?[A-Z](?:[·.\s-]*[A-Z0-9]){{4,6}}[挂学警港澳领使]?", re.IGNORECASE),
    # a plate without it, as people type it: A12345, A1234K
    re.compile(r"(?<![A-Za-z0-9])[A-HJ-NP-Z](?=(?:[A-Z]*\d){3})[A-HJ-NP-Z0-9]{5,6}(?![A-Za-z0-9])"),
    re.compile(r"(?<![A-Za-z0-9])o[A-Za-z0-9_-]{27}"),  # an openid
    re.compile(r"(?<!\d)(?:\+?86[\s-]?)?1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}(?!\d)"),  # a mobile telephone
    re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)"),  # an identity number
)
_SILENT = frozenset({"uvicorn.access", "granian.access", "django.server"})
"""Access lines carry addresses and query strings of people; `pages_total` and `callbacks_total` count
instead.
"""
_FRAMES = 12

Event = MutableMapping[str, Any]


def masked(text: str) -> str:
    """The text in one line, with ▇ for whatever in it looks like a plate, an openid, a telephone, an identity
    number.
    """
    line = " ".join((text if text.isascii() else unicodedata.normalize("NFKC", text)).splitlines())
    for pattern in _HIDDEN:
        line = pattern.sub(MASK, line)
    return line


def _safe(key: str, value: object) -> object:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return MASK if MASK in masked(str(value)) else value
    if isinstance(value, str):
        return masked(value.partition("?")[0] if key == "path" else value)
    if isinstance(value, BaseException):
        return type(value).__name__
    if isinstance(value, list | tuple | set | frozenset):
        return [_safe(key, item) for item in value]
    return type(value).__name__


def without_personal_data(_logger: object, _method: str, event: Event) -> Event:
    """The gate: drops and counts keys that are not allowed, masks the rest, keeps only type and frames of an
    error.
    """
    raised = _raised(event.pop("exc_info", None))
    kept: dict[str, Any] = {key: _safe(key, value) for key, value in event.items() if key in ALLOWED_KEYS}
    if raised is not None:
        kept |= {"error": _named(raised), "trace": _frames(raised)}
    if dropped := sum(key not in ALLOWED_KEYS for key in event):
        kept["dropped"] = dropped
    return kept


def _raised(exc_info: object) -> BaseException | None:
    if isinstance(exc_info, BaseException):
        return exc_info
    if isinstance(exc_info, tuple):
        return exc_info[1] if isinstance(exc_info[1], BaseException) else None
    return sys.exc_info()[1] if exc_info else None


def _named(error: BaseException) -> str:
    """`OperationalError < TimeoutError`: the error and what it came from, without a word of either."""
    names: list[str] = []
    here: BaseException | None = error
    while here is not None and len(names) < 5:
        names.append(type(here).__name__)
        here = here.__cause__ or (None if here.__suppress_context__ else here.__context__)
    return " < ".join(names)


def _frames(error: BaseException) -> str:
    """`sites/public/views.py:41 home > …`, the innermost last. Line numbers and names of our code hold no
    values.
    """
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    return " > ".join(f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames)


def _short(path: str) -> str:
    for root in ("site-packages/", "/src/", "/lib/python"):
        if root in path:
            return path.rpartition(root)[2]
    return path.rpartition("/")[2]


def _foreign_words(_logger: object, _method: str, event: Event) -> Event:
    """Fill another library's message with its arguments, of which an exception or an object gives only its
    type.
    """
    args = event.pop("positional_args", None) or ()
    given: object = (
        {key: _safe("event", value) for key, value in args.items()}
        if isinstance(args, Mapping)
        else tuple(_safe("event", value) for value in args)
    )
    with contextlib.suppress(TypeError, ValueError, KeyError):  # the template alone, when it does not fit
        event["event"] = event["event"] % given if given else event["event"]
    return event


def _as_text(_logger: object, _method: str, event: Event) -> str:
    """`2026-11-24T00:10:00Z info    web callback outcome=answered ms=3`"""
    when, level, role, said = (event.pop(key, "") for key in ("timestamp", "level", "role", "event"))
    rest = [f"{key}={_quoted(value)}" for key, value in event.items()]
    return " ".join([f"{when} {level:<7} {role} {said}", *rest])


def _quoted(value: object) -> str:
    plain = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return plain if plain and " " not in plain else json.dumps(value, ensure_ascii=False)


def _as_json(_logger: object, _method: str, event: Event) -> str:
    first = {key: event.pop(key) for key in ("timestamp", "level", "role", "event") if key in event}
    return json.dumps({**first, **event}, ensure_ascii=False)


def _labelled(role: str) -> Callable[[object, str, Event], Event]:
    def label(_logger: object, _method: str, event: Event) -> Event:
        event["role"] = role
        return event

    return label


def configure_logs(role: str, format: str = "text") -> None:  # noqa: A002 (its public name)
    """Send every record of this process to standard output as one line; calling it again replaces the first
    call.

    Ours: `structlog.get_logger().info("callback", outcome="answered", ms=3)`. Records below INFO are left
    out.
    """
    first: Sequence[Any] = (
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _labelled(role),
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.contextvars.merge_contextvars,
            *first,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*first, structlog.stdlib.add_logger_name, _foreign_words],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                without_personal_data,
                _as_json if format == "json" else _as_text,
            ],
            use_get_message=False,
            pass_foreign_args=True,
        )
    )
    _take_over(handler)


def _take_over(handler: logging.Handler) -> None:
    """Make that handler the only one of this process, and the last word on what nobody caught."""
    logging.raiseExceptions = (
        False  # a line that cannot be written must not be printed with its values instead
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for name, logger in list(logging.Logger.manager.loggerDict.items()):
        if isinstance(logger, logging.Logger):
            logger.handlers.clear()
            logger.propagate = name not in _SILENT
    for name in _SILENT:
        quiet = logging.getLogger(name)
        quiet.propagate, quiet.disabled = False, True
    for name in ("django.request", "httpx", "urllib3", "asyncio"):
        logging.getLogger(name).setLevel(logging.ERROR)  # a 404 is counted, not told
    logging.captureWarnings(True)
    sys.excepthook = _uncaught
    threading.excepthook = lambda hook: _uncaught(
        hook.exc_type, hook.exc_value or hook.exc_type(), hook.exc_traceback
    )


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    structlog.get_logger().critical("uncaught", exc_info=(kind, error, trace))
