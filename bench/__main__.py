"""`make bench`: figures beside peers, as ratios in one run, because absolute ones say more of the machine.

First single parts, then the gateway beside whole peers. A full run writes `docs/benchmarks.md` and its
chart; a quick one, or one of a few servers only, writes them into `build/bench/`. The exit status is 1 when
any reply was wrong or missing; a goal that was not reached is said and is no error, for the machine may be
busy.
"""

from __future__ import annotations

import argparse
import os
import sys
from datetime import datetime
from pathlib import Path

from bench import micro, rules
from bench.gateway import chart, machine, report
from bench.gateway.client import BUILD, ClientMissing, client_binary
from bench.gateway.contest import FULL, QUICK, Length, Results, contest, half_load, say, with_repeats
from bench.gateway.goals import goals
from bench.gateway.packages import ROOT, PackagesMissing, peers_programs
from bench.gateway.place import throw_away_place
from bench.gateway.servers import CONTESTANTS, OURS, REAL, Contestant
from daxiang.kernel.clock import SHANGHAI


def main() -> int:
    options = _options()
    length = QUICK if options.quick else FULL
    wanted = [one for one in CONTESTANTS if not options.only or one.key in options.only.split(",")]
    load = os.getloadavg()
    parts = micro.measure_parts()
    print("\n".join(micro.lines(parts)))
    plates = rules.measure(lines=7_000) if options.quick else rules.measure()
    print("\n".join(rules.lines(plates)))
    try:
        client_binary()
    except ClientMissing as missing:
        print(f"Skipped: the gateway beside its peers ({missing}).")
        return 0
    results, postgres = _gateway(wanted, length)
    found = goals(results)
    whole = not options.quick and len(wanted) == len(CONTESTANTS) and not results.skipped
    page = report.page(
        results,
        found,
        parts,
        length=length,
        facts=machine.facts(postgres, load),
        versions=machine.versions(),
        at=datetime.now(SHANGHAI),
    )
    folder = ROOT / "docs" if whole else BUILD
    _write(folder, page + rules.section(plates), results)
    print(report.table(results))
    print("\n".join(f"{one.name}: {one.found} (wanted {one.wanted})" for one in found))
    print(f"Written: {folder.relative_to(ROOT)}/benchmarks.md and its chart.")
    return 1 if results.wrong else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="about a minute, for engineers")
    parser.add_argument(
        "--only", default="", help="comma list of: " + " ".join(one.key for one in CONTESTANTS)
    )
    return parser.parse_args()


def _gateway(wanted: list[Contestant], length: Length) -> tuple[Results, str]:
    """The contest, then ours alone; the results and the server's version."""
    skipped, programs = "", None
    try:
        programs = peers_programs()
    except PackagesMissing as missing:
        skipped = f"the peers ({missing})"
        say(f"Skipped: {skipped}")
        wanted = [one for one in wanted if one in OURS]
    with throw_away_place() as place:
        results = contest(place, wanted, programs=programs, length=length)
        if skipped:
            results.skipped.append(skipped)
        if REAL.key in results.rounds:
            capacity = results.median(REAL.key, lambda figures: figures.messages_s)
            if capacity:
                results.half_rate = capacity / 2
                results.half_load = half_load(place, results.half_rate, length=length)
            results.repeats = with_repeats(place, length=length)
        version = place.database.info.parameter_status("server_version") or ""
        return results, version.split()[0]


def _write(folder: Path, page: str, results: Results) -> None:
    pictures = folder / "pictures"
    pictures.mkdir(parents=True, exist_ok=True)
    (folder / "benchmarks.md").write_text(page, encoding="utf-8")
    drawn = chart.draw(
        _bars(results), subtitle="Safe mode, 64 connections, one process each, medians of one run."
    )
    (pictures / "bench-gateway.svg").write_text(drawn, encoding="utf-8")


def _bars(results: Results) -> list[chart.Bar]:
    bars = [
        chart.Bar(
            label=one.label,
            ours=one in OURS,
            messages_s=results.median(one.key, lambda figures: figures.messages_s),
            server_us=results.median(one.key, lambda figures: figures.server_us),
            postgres_us=results.median(one.key, lambda figures: figures.postgres_us),
        )
        for one in CONTESTANTS
        if one.key in results.rounds
    ]
    return sorted(bars, key=lambda bar: -bar.messages_s)


if __name__ == "__main__":
    sys.exit(main())
