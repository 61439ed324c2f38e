"""`make prove P=name`: long campaigns, seeded and resumable; the last line is JSON, the exit status says
whether it held.

A campaign is a module of this folder: `configure(parser)` adds the options of its own, and the coroutine
`campaign(seed=…, folder=…, **options)` returns its verdict: {"campaign", "seed", "ok", …figures}.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CAMPAIGNS = {
    "fuzz": "a million bodies: the strict reader and the fast path agree, and none hurts",
    "kills": "kill -9 under load, spread over every process",
    "relay": "an old vendor behind ours that is slow, failing and away: nothing lost, nothing handled twice",
    "tokens": "all tokens void again and again, answers lost, keepers killed: one refresh at a time",
    "follows": "100,000 people follow within a minute, one in ten announced twice",
    "platform": "random histories of platform calls: the simulator against a small model of the rules",
    "generations": "rule cards changed under load: each answer by exactly one generation, live in a second",
    "rules": "every city's plate rules: the engine against a second evaluator, at every boundary",
    "untils": "10,000 questions: nothing changes before `until`, at any boundary, and something does at it",
    "briefing": "400 mornings: accepted once, 08:00:00 to 08:00:30, whenever approved, never otherwise",
    "officers": "3,500 officers imported, bound and tagged in 5 minutes; a leaver out in one",
    "pages": "server time of every console page with 3,500 officers and 100,000 incidents",
    "tasks": "an urgent task to 3,500: acknowledged, handed up or named as not reached in 3 minutes",
    "workflow": "random people and a stolen account: nothing is sent that no second person has approved",
    "hostile": "forged, hostile and replayed requests in many kinds, genuine ones meanwhile",
}
"""Name (the module's too) and one line of what it proves."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="make prove", description=__doc__)
    campaigns = parser.add_subparsers(dest="campaign", required=True)
    for name, meaning in CAMPAIGNS.items():
        one = campaigns.add_parser(name, help=meaning)
        one.add_argument("--seed", type=int, default=1)
        if name in sys.argv[1:2]:
            importlib.import_module(f"prove.{name}").configure(one)
    options = vars(parser.parse_args())
    name = options.pop("campaign")
    folder = ROOT / "build" / "prove" / f"{name}-{options['seed']}"
    folder.mkdir(parents=True, exist_ok=True)
    verdict = asyncio.run(importlib.import_module(f"prove.{name}").campaign(folder=folder, **options))
    print(json.dumps(verdict, ensure_ascii=False))
    return 0 if verdict["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
