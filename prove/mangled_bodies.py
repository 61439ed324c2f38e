"""Bodies that are not quite what the platform sends, and the table of all kinds of bodies. Seeded.

Each kind is a function of a random and of the lures (addresses that nobody may ever ask).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random

from prove.hostile_bodies import (
    Lures,
    deep_json,
    deep_xml,
    doctype,
    encoded,
    huge,
    huge_json,
    laughs,
    quadratic,
    rubbish,
)
from prove.wechat_bodies import Fields, as_json, as_xml, genuine, word, words

Kind = Callable[[Random, Lures], bytes]

SNIPPETS = (
    *(
        b"]]>",
        b"]]",
        b"]",
        b"<![CDATA[",
        b"<![CDATA[]]>",
        b"<!-- x -->",
        b"<?x y?>",
        b"<!DOCTYPE xml>",
        b"&amp;",
        b"&lt;",
    ),
    *(
        b"&#13;",
        b"&#0;",
        b"&#xD800;",
        b"&e;",
        b"&",
        b"<",
        b">",
        b"/>",
        b"</xml>",
        b"<xml>",
        b"<xml/>",
        b"<a/>",
        b"<a>",
        b"</a>",
    ),
    *(
        b"\r",
        b"\r\n",
        b"\n",
        b"\t",
        b" ",
        b"\x00",
        b"\x0b",
        b"\x0c",
        b"\x1f",
        b"\x7f",
        b"\xc2\x85",
        b"\xe2\x80\xa8",
        b"\xc2\xa0",
    ),
    *(
        b"\xef\xbf\xbe",
        b"\xef\xbf\xbf",
        b"\xef\xbf\xbd",
        b"\xef\xbb\xbf",
        b"\xed\xa0\x80",
        b"\xc0\x80",
        b"\xff",
        b"\xfe",
        b"\xe5",
    ),
    *(
        b"\xf4\x90\x80\x80",
        b"\xf0\x9f\x9a\x97",
        b"0",
        b"-",
        b"+",
        b"00",
        b"9" * 25,
        b"\xd9\xa1",
        b"1e3",
        b".5",
        b"_",
        b"=",
    ),
    *(
        b"<MsgId>1</MsgId>",
        b"<MsgID>2</MsgID>",
        b"<Content>x</Content>",
        b"<Encrypt>AAAA</Encrypt>",
        b"<Event>CLICK</Event>",
    ),
    *(
        b"<ToUserName>x</ToUserName>",
        b"<CreateTime>1</CreateTime>",
        b"<MsgType>event</MsgType>",
        b"<Ticket>t</Ticket>",
        b' a="b"',
    ),
    *(
        b'"',
        b"\\",
        b"\\u0000",
        b"\\ud800",
        b"\\udc00\\ud800",
        b"{",
        b"}",
        b"[",
        b"]",
        b",",
        b":",
        b"null",
        b"NaN",
        b'"MsgId":1,',
    ),
)


def _genuine(rng: Random) -> bytes:
    fields = genuine(rng)
    return as_xml(fields, rng) if rng.random() < 0.7 else as_json(fields, rng)


def _text(rng: Random) -> bytes:
    """In the very shape of the fast path, whose edges are worth most."""
    return as_xml(genuine(rng, rng.choice(("text", "text", "subscribe", "unsubscribe"))), rng)


def genuine_xml(rng: Random, _: Lures) -> bytes:
    return as_xml(genuine(rng), rng)


def genuine_json(rng: Random, _: Lures) -> bytes:
    return as_json(genuine(rng), rng)


def sealed_shape(rng: Random, _: Lures) -> bytes:
    """An outer body: what stands in `Encrypt` is for another check."""
    text = rng.choice(("QUJD", "+/==", "", "a b", "A" * rng.randint(1, 2000), word(rng)))
    fields: Fields = {"ToUserName": "gh_invented12345", "Encrypt": text}
    return as_xml(fields, rng) if rng.random() < 0.7 else as_json(fields, rng)


def inserted(rng: Random, lures: Lures) -> bytes:
    body = rng.choice((_text(rng), _genuine(rng), sealed_shape(rng, lures)))
    for _ in range(rng.choice((1, 1, 2, 4))):
        at = rng.randint(0, len(body))
        body = body[:at] + rng.choice(SNIPPETS) + body[at:]
    return body


_GAPS = (b"\n", b" ", b"\r\n", b"\t", b"\x0b", b"\x0c", b"\xc2\xa0", b"<!---->", b"x", b"\x00", b"<a/>")
_NAMES = (
    b"o" * 65,
    b"",
    b"a b",
    b" o ",
    b"o]",
    b"\xe5\xa4\xa7",
    b"o\n",
    b"gh_invented12345",
    b"o<b>",
    b"&lt;",
)
_NUMBERS = (
    b"0",
    b"01",
    b"",
    b"-1",
    b"+1",
    b" 1 ",
    b"1" * 10,
    b"9" * 11,
    b"1" * 20,
    b"1" * 21,
    b"1.0",
    b"1_0",
    b"\xd9\xa1",
)
_KEYS = (
    b"",
    b"qrscene_bridge",
    b"qrscene_",
    b"qrscene_qrscene_a",
    b"bridge",
    b" a ",
    b"a" * 65,
    b"a-b",
    b"\xe5\xa4\xa7",
)


def edged(rng: Random, _: Lures) -> bytes:
    """The very shape of the fast path, with something odd in some of its places."""

    def odd(usual: bytes, *others: bytes, chance: float = 0.12) -> bytes:
        return rng.choice(others) if rng.random() < chance else usual

    def gap() -> bytes:
        return odd(usual_gap, *_GAPS, chance=0.02)

    def cdata_of(value: bytes) -> bytes:
        return odd(b"<![CDATA[%b]]>", b"%b", b" <![CDATA[%b]]>", b"<![CDATA[%b]]>\n", chance=0.03) % value

    usual_gap = rng.choice((b"", b"", b"\n"))
    content = b"".join(
        odd(words(rng).encode().replace(b"]]>", b""), *SNIPPETS, chance=0.25)
        for _ in range(rng.choice((1, 2, 3, 4)))
    )
    follow = [(b"MsgType", cdata_of(b"event"))]
    follow.append(
        (b"Event", cdata_of(rng.choice((b"subscribe", b"subscribe", b"unsubscribe", b"Subscribe", b"SCAN"))))
    )
    follow.append((b"EventKey", cdata_of(odd(b"", *_KEYS, chance=0.6))))
    text = [(b"MsgType", cdata_of(odd(b"text", b"text ", b"event", b"image", chance=0.05)))]
    text.append((b"Content", cdata_of(content)))
    text.append((b"MsgId", odd(b"24501187302119", *_NUMBERS)))
    fields = [(b"ToUserName", cdata_of(odd(b"gh_invented12345", *_NAMES, chance=0.05)))]
    fields.append((b"FromUserName", cdata_of(odd(b"oInvented-_9", *_NAMES))))
    fields.append((b"CreateTime", odd(b"1795479000", *_NUMBERS)))
    fields += text if rng.random() < 0.7 else follow
    elements = b"".join(b"<%b>%b</%b>%b" % (name, value, name, gap()) for name, value in fields)
    return b"%b<xml>%b%b</xml>%b" % (gap(), gap(), elements, gap())


def flipped(rng: Random, lures: Lures) -> bytes:
    body = bytearray(rng.choice((_text(rng), _genuine(rng), sealed_shape(rng, lures))))
    for _ in range(rng.choice((1, 1, 2, 3, 8, 30))):
        at = rng.randrange(len(body))
        body[at] = rng.choice((rng.randrange(256), body[at] ^ (1 << rng.randrange(8))))
    return bytes(body)


def deleted(rng: Random, _: Lures) -> bytes:
    body = _text(rng) if rng.random() < 0.5 else _genuine(rng)
    start = rng.randrange(len(body))
    return body[:start] + body[start + rng.choice((1, 1, 2, 5, 20, 100)) :]


def spliced(rng: Random, _: Lures) -> bytes:
    one, other = _genuine(rng), _genuine(rng)
    return one[: rng.randint(0, len(one))] + other[rng.randint(0, len(other)) :]


def swapped(rng: Random, _: Lures) -> bytes:
    fields = genuine(rng)
    names = rng.sample(list(fields), len(fields))
    mixed: Fields = {name: fields[name] for name in names if rng.random() < 0.9}
    return as_xml(mixed, rng) if rng.random() < 0.6 else as_json(mixed, rng)


def doubled(rng: Random, _: Lures) -> bytes:
    fields = genuine(rng)
    name = rng.choice(list(fields))
    mixed: Fields = {**fields, name: [fields[name], rng.choice((fields[name], words(rng)))]}
    return as_xml(mixed, rng) if rng.random() < 0.6 else as_json(mixed, rng)


def misplaced(rng: Random, _: Lures) -> bytes:
    """A part where a text belongs, a text where parts belong."""
    fields = genuine(rng)
    name = rng.choice(list(fields))
    mixed: Fields = {
        **fields,
        name: rng.choice(({"item": [fields[name]]}, words(rng), {}, [], {"List": {"List": "x"}})),
    }
    return as_xml(mixed, rng) if rng.random() < 0.6 else as_json(mixed, rng)


def cdata(rng: Random, _: Lures) -> bytes:
    tricks = (
        *(
            "<![CDATA[<![CDATA[]]>",
            "<![CDATA[]]]]><![CDATA[>]]>",
            "<![CDATA[]]>]]>",
            "<![cdata[x]]>",
            "<![CDATA [x]]>",
        ),
        *(
            "<![CDATA[x]]",
            "<![CDATA[x",
            "]]>",
            "<![CDATA[x]]>y<![CDATA[z]]>",
            "<![CDATA[]]]]]]>",
            "<![CDATA[a]]><!--b--><![CDATA[c]]>",
        ),
        *(
            "<![CDATA[&#0;&e;]]>",
            "<![CDATA[</Content></xml>]]>",
            " <![CDATA[x]]> ",
            "\n<![CDATA[ x ]]>\n",
            "<b>x</b>",
            "<![IGNORE[x]]>",
        ),
    )
    body = as_xml({**genuine(rng, "text"), "Content": "@@"}, rng).decode()
    for held in ("<![CDATA[@@]]>", "@@"):
        body = body.replace(held, "".join(rng.choice(tricks) for _ in range(rng.choice((1, 1, 2)))), 1)
    return body.encode()


# fmt: off
ODD_VALUES = (
    "NaN", "Infinity", "-Infinity", "1e400", "-0", "1" * 5000, "1.0", "1E5", "01", "+1", "0x1", "true",
    "false", "null", '"\\ud800"', '"\\udc00x"', '"\\u0000"', '"\\ufffe"', '"\\ud83d\\ude97"', '"\x01"',
    "'x'", "[]", "{}", "[[1]]", "[null]", '["a","b"]', '{"a":{"a":1}}', '""', '" x "', '"\\x"',
    "undefined", "[1,]", "/**/1", '"\t"', '"\\u00e9"', "9223372036854775808",
)
# fmt: on
"""What stands where a value of JSON should: numbers, words and escapes that readers take differently."""


def odd_json(rng: Random, _: Lures) -> bytes:
    fields = genuine(rng)
    pairs = [(name, json.dumps(value, ensure_ascii=rng.random() < 0.5)) for name, value in fields.items()]
    for _ in range(rng.choice((1, 1, 2))):
        at = rng.randrange(len(pairs))
        pairs[at] = (pairs[at][0], rng.choice(ODD_VALUES))
    if rng.random() < 0.3:
        pairs.append((rng.choice(pairs)[0], rng.choice(ODD_VALUES)))
    text = "{" + ",".join(f'"{name}":{value}' for name, value in pairs) + "}"
    return (
        rng.choice(("", "", " ", "\ufeff", "[", "\n")) + text + rng.choice(("", "", "", " ", "x", "]", "}"))
    ).encode()


KINDS: dict[str, tuple[float, Kind]] = {
    "genuine_xml": (16, genuine_xml),
    "genuine_json": (8, genuine_json),
    "sealed_shape": (4, sealed_shape),
    "edged": (25, edged),
    "inserted": (15, inserted),
    "flipped": (12, flipped),
    "deleted": (6, deleted),
    "spliced": (4, spliced),
    "swapped": (4, swapped),
    "doubled": (4, doubled),
    "misplaced": (4, misplaced),
    "cdata": (5, cdata),
    "encoded": (4, encoded),
    "odd_json": (6, odd_json),
    "doctype": (4, doctype),
    "rubbish": (2, rubbish),
    "laughs": (1, laughs),
    "quadratic": (0.5, quadratic),
    "deep_xml": (0.5, deep_xml),
    "deep_json": (0.5, deep_json),
    "huge": (0.5, huge),
    "huge_json": (0.3, huge_json),
}
"""How often each comes, as a weight. The big ones cost a thousand times as much as the others."""
