"""Bodies that are built to hurt: entities, depth, size, foreign encodings. Seeded."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from prove.wechat_bodies import as_json, as_xml, genuine

KIB = 1024
LONGEST = 64 * KIB


@dataclass(frozen=True, kw_only=True)
class Lures:
    """A file and an address that an obeyed entity would touch."""

    file: str
    url: str


def deep_xml(rng: Random, _: Lures) -> bytes:
    depth = rng.choice((6, 7, 8, 9, 50, 1000, 5000))
    name = rng.choice((b"a", b"List", b"item"))
    return b"<xml>" + b"<%b>" % name * depth + b"</%b>" % name * rng.choice((depth, depth - 1)) + b"</xml>"


def deep_json(rng: Random, _: Lures) -> bytes:
    depth = rng.choice((6, 7, 8, 9, 50, 900, 1100, 5000, 30_000))
    start, end = rng.choice(((b"[", b"]"), (b'{"a":', b"}"), (b'[{"List":', b"}]")))
    depth = min(depth, LONGEST // (len(start) + len(end)) - 10)
    return b'{"a":' + start * depth + b"1" + end * rng.choice((depth, 0)) + b"}"


def doctype(rng: Random, lures: Lures) -> bytes:
    target = rng.choice((lures.url, f"file://{lures.file}", lures.file))
    head = rng.choice(
        (
            f'<!DOCTYPE xml [<!ENTITY e SYSTEM "{target}">]>',
            f'<!DOCTYPE xml SYSTEM "{target}">',
            f'<!DOCTYPE xml PUBLIC "-//x//y" "{target}">',
            f'<!DOCTYPE xml [<!ENTITY % p SYSTEM "{target}"> %p;]>',
            f'<?xml version="1.0"?><!DOCTYPE xml [<!ATTLIST xml a CDATA ""><!ENTITY e SYSTEM "{target}">]>',
            f'<?xml-stylesheet href="{target}"?>',
            f'<!DOCTYPE xml [<!NOTATION n SYSTEM "{target}"><!ENTITY e SYSTEM "{target}" NDATA n>]>',
        )
    )
    body = as_xml(genuine(rng, "text"), rng).decode(errors="replace").replace("5", "&e;")
    include = f'<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="{target}" parse="text"/>'
    return (head + body.replace("<MsgType>", rng.choice(("", include)) + "<MsgType>")).encode()


def laughs(rng: Random, _: Lures) -> bytes:
    count, fan = rng.randint(3, 40), rng.randint(2, 12)
    lines = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * fan}">' for n in range(1, count))
    return f'<!DOCTYPE xml [<!ENTITY l0 "ha">{lines}]><xml><Content>&l{count - 1};</Content></xml>'.encode()


def quadratic(rng: Random, _: Lures) -> bytes:
    long, times = rng.randint(1, 30) * KIB, rng.randint(10, 8000)
    return f'<!DOCTYPE xml [<!ENTITY a "{"x" * long}">]><xml>{"&a;" * times}</xml>'.encode()[: LONGEST + 10]


def encoded(rng: Random, _: Lures) -> bytes:
    name = rng.choice(
        (
            "utf-16",
            "utf-16-le",
            "utf-16-be",
            "utf-7",
            "utf-32",
            "utf-32-le",
            "utf-8-sig",
            "gb18030",
            "cp500",
            "big5",
        )
    )
    said = rng.choice(
        ("", "UTF-8", "UTF-16", "utf-7", "GBK", "ISO-8859-1", "invented", "us-ascii", "IBM500", "UTF-16LE")
    )
    text = rng.choice((as_xml, as_json))(genuine(rng), rng).decode()
    if rng.random() < 0.3:
        text = '<!DOCTYPE xml [<!ENTITY e "x">]>' + text
    if said:
        text = f'<?xml version="1.0" encoding="{said}"?>' + text
    return text.encode(name, errors="replace")


# fmt: off
UNITS = (
    b"<a/>", b"<a></a>", b"<List><a>1</a></List>", b"<!-- -->", b"<?a?>", b"&amp;", b"x", b"]", b" ",
    b"]]&gt;", b"<![CDATA[x]]>", b"<![CDATA[]]>", b"\xe5\xa4\xa7", b"\r\n", b"&#20809;",
    b"<fail_idx>1</fail_idx>", b"<b a='1'/>",
)
# fmt: on
"""What a body is filled with, again and again."""


def huge(rng: Random, _: Lures) -> bytes:
    """At the limit, just over it, far over it; many things or one long thing."""
    size = rng.choice((LONGEST - 400, LONGEST - 400, LONGEST, LONGEST + 1, 200 * KIB))
    unit = rng.choice(UNITS)
    filling = unit * (size // len(unit))
    return rng.choice(
        (
            b"<xml><Content>%b</Content></xml>" % filling,
            b"<xml>%b</xml>" % filling,
            as_xml(genuine(rng, "text"), rng).replace(b"</xml>", filling + b"</xml>"),
            b"<xml %b/>" % b" ".join(b'a%d="%d"' % (n, n) for n in range(size // 14)),
            b"<xml><%b/></xml>" % (b"n" * size),
            b"<xml><CreateTime>%b</CreateTime></xml>" % (b"9" * size),
            as_xml(genuine(rng, "text"), rng).replace(b"<Content>", b"<Content>" + filling),
            b'<xml a="%b"/>' % (b"v" * size),
        )
    )


def huge_json(rng: Random, _: Lures) -> bytes:
    size = rng.choice((LONGEST - 400, LONGEST - 400, LONGEST, LONGEST + 1))
    unit = rng.choice(
        (b"[],", b"{},", b'"",', b'"\\"",', b"1,", b'{"a":1},', b'"\\ud800",', b"null,", b"[[]],", b'"\\\\",')
    )
    filling = unit * (size // len(unit))
    return rng.choice(
        (
            b'{"a":[%b1]}' % filling,
            b'{"CreateTime":%b}' % (b"9" * size),
            b'{"Content":"%b"}' % (b'\\"' * (size // 2)),
            b'{"Content":"%b' % (b'\\"' * (size // 2)),
            b"{%b}" % b",".join(b'"a":%d' % n for n in range(size // 10)),
            b"{%b}" % b",".join(b'"k%d":1' % n for n in range(size // 12)),
            b'{"a":%b' % (b'"' * size),
            b'{"a":-%b.%be%b}' % (b"9" * (size // 3), b"9" * (size // 3), b"9" * (size // 4)),
            b"{" + b" " * size + b"}",
        )
    )


def rubbish(rng: Random, _: Lures) -> bytes:
    return rng.choice((b"", b"{", b"<xml>", b"<xml><ToUserName>")) + rng.randbytes(
        rng.choice((0, 1, 5, 50, 500))
    )


HEAVY = {"laughs", "quadratic", "deep_xml", "deep_json", "huge", "huge_json", "doctype", "encoded"}
"""Kinds whose memory is measured every time."""
