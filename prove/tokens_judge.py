"""The judge of the campaign `tokens`: what the platform's record and the processes' diaries say together."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

SLACK_S = 1.0
"""How long a call may still be without success while a good token lies in the shared row: what its process
needs to notice and to make the call on a busy machine."""
Span = tuple[float, float]


def read_diaries(folder: Path) -> list[dict[str, Any]]:
    """All lines of all processes; a line that a kill cut short is left out."""
    rows = []
    for path in folder.glob("diary-*.jsonl"):
        for line in path.read_text(encoding="utf-8").splitlines():
            try:
                rows.append(json.loads(line))
            except ValueError:
                continue
    return rows


def overlapping(asked: Sequence[dict[str, Any]]) -> int:
    """Pairs of neighbouring token requests of which the second came in before the first was answered."""
    spans = sorted((row["begin"], row["end"]) for row in asked)
    latest, count = float("-inf"), 0
    for begin, end in spans:
        count += begin < latest
        latest = max(latest, end)
    return count


def good_spans(
    diaries: Iterable[dict[str, Any]], asked: Iterable[dict[str, Any]], expiries: Sequence[Span], until: float
) -> list[Span]:
    """When a token that the platform honoured lay in the shared row: from its storing to the next expiry.

    `expiries`: (before, after) of each order to void all tokens, in real seconds, oldest first.
    """
    issued: dict[str, float] = {}
    for row in sorted(asked, key=lambda row: row["begin"]):
        issued.setdefault(row["token"], row["begin"])
    lines = list(diaries)
    names = {row["generation"]: row["token"] for row in lines if row["kind"] == "token"}
    stored = {int(row["generation"]): row["at"] for row in lines if row["kind"] == "wechat_token_renewed"}
    befores = [before for before, _ in expiries]
    afters = [after for _, after in expiries]
    spans = []
    for generation, at in stored.items():
        begin = issued.get(names.get(generation, ""))
        if begin is None:  # nobody used it
            continue
        voided = bisect_left(afters, begin)
        end = befores[voided] if voided < len(befores) else until
        if end > at:
            spans.append((at, end))
    return sorted(spans)


def longest_without(call: dict[str, Any], good: Sequence[Span]) -> float:
    """For how long, at most, a good token was there while this call had not succeeded yet."""
    began, ended = call["began"], call["at"]
    place = max(0, bisect_left(good, (began, began)) - 1)
    longest = 0.0
    for start, end in good[place:]:
        if start >= ended:
            break
        longest = max(longest, min(end, ended) - max(start, began))
    return longest


def judge(
    diaries: list[dict[str, Any]], truth: list[dict[str, Any]], expiries: Sequence[Span], until: float
) -> dict[str, Any]:
    """The figures of one round."""
    asked = [row for row in truth if row["kind"] == "token"]
    calls = [row for row in diaries if row["kind"] == "call"]
    good = good_spans(diaries, asked, expiries, until)
    failures = Counter(str(code) for row in calls for code in row["failures"])
    waits = sorted(row["at"] - row["began"] for row in calls)
    return {
        "requests": len(asked),
        "faulted": sum(row["kind"] == "faulted" for row in truth),
        "overlapping": overlapping(asked),
        "forced": sum(bool(row["forced"]) for row in asked),
        "renewals": sum(row["kind"] == "wechat_token_renewed" for row in diaries),
        "calls": len(calls),
        "late_calls": sum(longest_without(row, good) > SLACK_S for row in calls),
        "longest_call_s": round(waits[-1], 3) if waits else 0.0,
        "p99_call_s": round(waits[int(len(waits) * 0.99)], 3) if waits else 0.0,
        "failures": dict(failures),
    }
