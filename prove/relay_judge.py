"""The judge of the relay campaign: one answer to each message, and the vendor saw it at most once."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from daxiang.domains.conversation.queries import reply_to_text
from daxiang.domains.conversation.unseen import reply_to_unseen
from daxiang.foundation.database.url import database_url
from daxiang.foundation.sealing import Sealer
from daxiang.foundation.settings import Settings
from daxiang.integrations.wechat.reading import read_message
from daxiang.integrations.wechat.replies import text_with_choices
from daxiang.kernel.clock import clock_from
from prove.relay_messages import Kind, Sent, messages

OVER_MS = 5000
DANGER_MS = 2000
"""Less than anybody waits for a vendor: who is in danger does not wait behind one."""

OPEN = """
SELECT (SELECT count(*) FROM inbox_deferred)
    + (SELECT count(*) FROM outbox_delivery WHERE status IN ('waiting', 'sending'))
"""


@dataclass
class Told:
    """All that is known of one message."""

    tries: list[dict[str, Any]] = field(default_factory=list)
    seen: list[dict[str, Any]] = field(default_factory=list)
    late: list[tuple[str, str]] = field(default_factory=list)
    """(what, the delivery's status)."""


def judge(told: dict[str, Any], folder: Path, settings: Settings) -> dict[str, Any]:
    """The verdict's figures; what is wrong with the first twenty faulty messages is in `faults.json`."""
    sent = messages(seed=told["seed"], count=told["count"], now=told["now"])
    known = _gathered(sent, told, folder, settings)
    cover = reply_to_text("", account_kind="service", city=settings.city, at=clock_from(None).now())
    photo = reply_to_unseen(account_kind="service", city=settings.city, features=settings.features)
    of_words, of_photos = ({text_with_choices(one.text, one.choices)} for one in (cover, photo))
    faults: Counter[str] = Counter()
    figures: Counter[str] = Counter()
    examples: list[Any] = []
    for one in sent:
        covers = of_photos if one.kind is Kind.PICTURE else of_words
        found = list(_faults(one, known[one.number], covers, has_kills=told["kills"] > 0))
        faults.update(found)
        if found and len(examples) < 20:
            examples.append([found, one.key, one.kind, known[one.number].__dict__])
        figures.update(_figures(one, known[one.number], covers))
    (folder / "faults.json").write_text(json.dumps(examples, ensure_ascii=False, indent=1))
    log = _lines(folder / "vendor.jsonl")
    strayed = sum("strayed" in line for line in log)
    doubled = _doubled_deliveries(folder)
    slowest = max(t["ms"] for k in known.values() for t in k.tries if t["status"] == 200)
    left = _left(settings)
    ok = not faults and not strayed and not doubled and not left
    return {
        "ok": ok,
        "messages": len(sent),
        **dict(sorted(figures.items())),
        "modes": dict(Counter(line["mode"] for line in log if "key" in line)),
        "lost": faults.pop("lost", 0),
        "twice": faults["asked_twice"] + faults["answered_twice"] + faults["both"] + doubled,
        "faults": dict(faults),
        "strayed": strayed,
        "left": left,
        "slowest_ms": slowest,
    }


def _lines(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _gathered(sent: list[Sent], told: dict[str, Any], folder: Path, settings: Settings) -> dict[int, Told]:
    known: dict[int, Told] = defaultdict(Told)
    for number in range(2):
        for line in _lines(folder / f"sent{number}.jsonl"):
            known[line["number"]].tries = line["tries"]
    by_key = {one.key: one.number for one in sent}
    for line in _lines(folder / "vendor.jsonl"):
        if "key" in line:
            known[by_key[line["key"]]].seen.append(line)
    identities = {read_message(one.body(told["original_id"])).identity: one.number for one in sent}
    for identity, what, status in _outbox(settings):
        known[identities[identity]].late.append((what, status))
    return known


def _outbox(settings: Settings) -> list[tuple[bytes, str, str]]:
    sealer = Sealer(settings.data_keys)
    with psycopg.connect(database_url(settings)) as connection:
        rows = connection.execute("SELECT id, dedup, payload, status FROM outbox_delivery").fetchall()
    opened = [
        (dedup, json.loads(sealer.open(payload, b"outbox:" + key))["content"], status)
        for key, dedup, payload, status in rows
    ]
    return [(dedup, _words(content), status) for dedup, content, status in opened]


def _words(content: dict[str, Any]) -> str:
    if content["msgtype"] == "text":
        return str(content["text"]["content"])
    return str(content[content["msgtype"]]["media_id"])


def _doubled_deliveries(folder: Path) -> int:
    """Vendor's answers name their message: none may have been delivered twice. Covers are counted by the
    outbox alone.
    """
    counted = Counter(_words(line) for line in _lines(folder / "delivered.jsonl"))
    return sum(count - 1 for words, count in counted.items() if words.startswith("供应商答") and count > 1)


def _left(settings: Settings) -> int:
    with psycopg.connect(database_url(settings)) as connection:
        row = connection.execute(OPEN).fetchone()
    assert row is not None
    return int(row[0])


def _vendor_words(seen: dict[str, Any]) -> str | None:
    """What a person would read of the vendor's answer; empty for nothing, None where it was none."""
    said: str | None = seen["said"]
    if not said:
        return said
    found = said.rpartition("<![CDATA[")[2]
    return str(found.partition("]]>")[0])


def _faults(one: Sent, told: Told, covers: set[str], *, has_kills: bool) -> Iterator[str]:
    """The words for what is wrong with one message; none when all is as promised. Only where processes were
    killed may a vendor's answer come to nothing: ours covers it.
    """
    said = [t["said"] for t in told.tries if t["said"] is not None]
    words = {w for w in said if w}
    late = [what for what, _ in told.late]
    vendor = _vendor_words(told.seen[0]) if told.seen else None
    if len(told.seen) > 1:
        yield "asked_twice"
    if len(words) > 1:
        yield "answered_twice"
    if (words and late) or len(late) > 1:
        yield "both"
    if any(t["ms"] > OVER_MS and t["status"] == 200 for t in told.tries) or any(
        t["status"] == 0 and t["ms"] >= OVER_MS - 50 for t in told.tries
    ):
        yield "over_5s"
    if not said and not late:
        yield "lost"
    if vendor and not has_kills and one.kind is not Kind.EVENT and vendor not in {*words, *late}:
        yield "wasted"
    yield from _faults_of_its_kind(one, told, said, late, covers)


def _faults_of_its_kind(
    one: Sent, told: Told, said: list[str], late: list[str], covers: set[str]
) -> Iterator[str]:
    """What only some kinds may not get: ours no vendor, an event no words of ours."""
    words = {w for w in said if w}
    vendor = _vendor_words(told.seen[0]) if told.seen else None
    match one.kind:
        case Kind.OURS | Kind.DANGER:
            if one.kind is Kind.DANGER and any(t["ms"] > DANGER_MS and t["status"] for t in told.tries):
                yield "danger_waited"
            if told.seen:
                yield "leaked"
            if said and not words:
                yield "lost"
            if late or words & covers:
                yield "wrong"
        case Kind.PASSED | Kind.PICTURE:
            if said and not words and not late and vendor != "":
                yield "lost"
            if any(w not in covers and w != vendor for w in (*words, *late)):
                yield "wrong"
        case Kind.EVENT:
            if late or any(w != vendor for w in words):
                yield "wrong"


def _figures(one: Sent, told: Told, covers: set[str]) -> Iterator[str]:
    words = {t["said"] for t in told.tries if t["said"]}
    yield f"kind_{one.kind}"
    yield from ["repeats"] * (one.repeat_after_s is not None)
    yield from ["tries_failed"] * sum(t["status"] != 200 for t in told.tries)
    if told.seen:
        yield "vendor_asked"
    if one.kind in {Kind.PASSED, Kind.PICTURE}:
        if words:
            yield "covered" if words & covers else "vendors_answer"
        elif told.late:
            yield "late_cover" if told.late[0][0] in covers else "late_vendors_answer"
        else:
            yield "silence"
        if told.seen and _vendor_words(told.seen[0]):
            yield from ["covered_though_vendor_answered"] * bool(words & covers)
            yield from ["late_cover_though_vendor_answered"] * bool({w for w, _ in told.late} & covers)
    for _, status in told.late:
        yield f"late_{status}"
