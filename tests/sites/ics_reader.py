"""A small reader of iCalendar files, written from RFC 5545 alone: it knows nothing of what wrote them.

Strict: what a telephone might stumble over is refused with a sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

_NAME = re.compile(r"[A-Z0-9-]+")
_ESCAPES = {"\\n": "\n", "\\N": "\n", "\\,": ",", "\\;": ";", "\\\\": "\\"}
TEXTS = {"SUMMARY", "DESCRIPTION", "NAME", "X-WR-CALNAME", "X-WR-CALDESC", "UID", "PRODID", "LOCATION"}
ONCE = {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION", "URL", "TRANSP"}


class Unreadable(ValueError):
    """The file breaks a rule of RFC 5545; the message says which."""


@dataclass
class Part:
    """A component: its properties (name -> parameters and value, in order) and the components in it."""

    kind: str
    properties: dict[str, list[tuple[dict[str, str], str]]] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)

    def text(self, name: str) -> str:
        ((_, value),) = self.properties[name]
        return _unescaped(value) if name in TEXTS else value

    def time(self, name: str) -> date | datetime:
        """DTSTART and the like: a date with VALUE=DATE, else a moment in UTC."""
        ((parameters, value),) = self.properties[name]
        if parameters == {"VALUE": "DATE"} and re.fullmatch(r"\d{8}", value):
            return datetime.strptime(value, "%Y%m%d").date()  # noqa: DTZ007 a date
        if not parameters and re.fullmatch(r"\d{8}T\d{6}Z", value):
            return datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        raise Unreadable(f"{name} is neither a date nor a moment in UTC: {parameters} {value}")


def read(content: bytes) -> Part:
    """The calendar of a file. Raises Unreadable."""
    stack = [Part("")]
    for line in _lines(content):
        name, parameters, value = _property(line)
        if name == "BEGIN":
            stack.append(Part(value))
        elif name == "END":
            made = stack.pop()
            if made.kind != value:
                raise Unreadable(f"END:{value} closes {made.kind}")
            _check(made)
            stack[-1].parts.append(made)
        else:
            stack[-1].properties.setdefault(name, []).append((parameters, value))
    if len(stack) != 1 or stack[0].properties or [part.kind for part in stack[0].parts] != ["VCALENDAR"]:
        raise Unreadable("a file is one VCALENDAR")
    return stack[0].parts[0]


def _lines(content: bytes) -> list[str]:
    """3.1: lines end in CRLF and hold at most 75 octets; folding never cuts a character."""
    if not content.endswith(b"\r\n"):
        raise Unreadable("the last line does not end in CRLF")
    unfolded: list[str] = []
    for raw in content.removesuffix(b"\r\n").split(b"\r\n"):
        if b"\n" in raw or b"\r" in raw:
            raise Unreadable("a bare CR or LF")
        if len(raw) > 75:
            raise Unreadable(f"a line of {len(raw)} octets")
        try:
            line = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            raise Unreadable("a character is cut in two") from error
        if line.startswith((" ", "\t")):
            unfolded[-1] += line[1:]
        elif line:
            unfolded.append(line)
        else:
            raise Unreadable("an empty line")
    return unfolded


def _property(line: str) -> tuple[str, dict[str, str], str]:
    head, colon, value = line.partition(":")
    name, *given = head.split(";")
    if not colon or not _NAME.fullmatch(name):
        raise Unreadable(f"no property: {line[:40]}")
    if any(ord(sign) < 0x20 and sign != "\t" for sign in value):
        raise Unreadable(f"a control character in {name}")
    return name, dict(one.split("=", 1) for one in given), value


def _unescaped(value: str) -> str:
    """3.3.11: a comma, a semicolon and a backslash stand escaped in a text, and nothing else does."""
    bare = re.sub(r"\\[nN,;\\]", "", value)
    if re.search(r"[,;\\]", bare):
        raise Unreadable(f"not escaped: {value}")
    return re.sub(r"\\[nN,;\\]", lambda found: _ESCAPES[found[0]], value)


def _check(part: Part) -> None:
    needed = {"VCALENDAR": {"PRODID", "VERSION"}, "VEVENT": {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY"}}
    missing = needed.get(part.kind, set()) - set(part.properties)
    if missing:
        raise Unreadable(f"{part.kind} without {missing}")
    many = [name for name, found in part.properties.items() if name in ONCE and len(found) > 1]
    if many:
        raise Unreadable(f"{many} more than once")
