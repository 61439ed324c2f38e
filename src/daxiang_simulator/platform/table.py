"""`python -m daxiang_simulator.platform.table`: the table of calls for docs/reference/simulator.md."""

from __future__ import annotations

import sys

from .frame import SPECS
from .rights import Right
from .routes import NOUNS

HEAD = "| call | who may | a day |\n|---|---|---|"
WHO = {
    Right.ANYBODY: "anybody",
    Right.VERIFIED: "verified",
    Right.SERVICE: "verified service account",
    Right.PUBLISHER: "service account, or enterprise-verified",
}


def calls_table() -> str:
    """One row for each call: how it is made, which account may, and how often a day."""
    assert NOUNS  # noqa: S101 (importing them registered their calls)
    rows = [HEAD]
    for path, spec in sorted(SPECS.items()):
        if spec.method == "*":
            continue
        daily = f"`{spec.daily}`" if isinstance(spec.daily, str) else f"{spec.daily or 0:,}"
        daily = "no limit" if spec.daily is None else daily
        who = "without access_token" if spec.is_open else WHO[spec.right]
        minute = f", {spec.minutely} a minute" if spec.minutely else ""
        rows.append(f"| `{spec.method} {path}` | {who} | {'' if spec.is_open else daily + minute} |")
    return "\n".join(rows)


if __name__ == "__main__":
    sys.stdout.write(calls_table() + "\n")
