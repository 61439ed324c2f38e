"""`make prove P=name`: long campaigns, seeded and resumable; the last line is JSON, the exit status says
whether it held.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from pathlib import Path

from prove import kills

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    parser = argparse.ArgumentParser(prog="make prove", description=__doc__)
    campaigns = parser.add_subparsers(dest="campaign", required=True)
    kill = campaigns.add_parser("kills", help="kill -9 under load, spread over every process")
    kill.add_argument("--seed", type=int, default=1)
    kill.add_argument("--kills", type=int, default=50)
    args = parser.parse_args()
    folder = ROOT / "build" / "prove" / f"kills-{args.seed}"
    verdict = asyncio.run(kills.campaign(seed=args.seed, kills=args.kills, folder=folder))
    print(json.dumps(verdict, ensure_ascii=False))
    return 0 if verdict["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
