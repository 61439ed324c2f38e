"""The console's pages with 3,500 officers and 100,000 incidents: server time of each, one after the other.

A whole copy with real processes; the slowest of ten askings of each page is told. The goal is 300 ms.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import shutil
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import psycopg
from tests.console.spelled import secret_on
from tests.officers.rolls import roll_of

from daxiang.domains.briefings.compose import Facts, compose, yesterday
from daxiang.domains.briefings.incidents import Incident
from daxiang.domains.briefings.operations import EditionKind, Review, add_edition, import_incidents
from daxiang.domains.briefings.queries import incidents as incidents_of
from daxiang.domains.duty.tasks import add_task
from daxiang.domains.officers.people_queries import units
from daxiang.domains.officers.totp import code_at, step_at
from daxiang.foundation.database.url import cluster_url
from daxiang.kernel.clock import SHANGHAI
from prove.instance import Instance, running
from prove.officers import command

GOAL_S = 0.3
OWN = "a password of my own"
PAGES = (
    "today/",
    "editions/",
    "incidents/",
    "incidents/?first=2026-01-01&last=2026-11-25",
    "incidents/?first=2026-01-01&last=2026-11-25&sort=-severity&page=50",
    "incidents/?first=2026-01-01&last=2026-11-25&what=长江大桥",
    "messages/",
    "tasks/",
    "roster/",
    "people/",
    "people/?state=unbound&sort=-unit&page=100",
    "people/?number=012000",
    "accounts/",
    "media/",
    "sending/",
    "alarms/",
    "audit/",
)


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--officers", type=int, default=3500)
    parser.add_argument("--incidents", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=10)


async def campaign(*, seed: int, folder: Path, officers: int, incidents: int, times: int) -> dict[str, Any]:
    """One copy, every page."""
    home = folder / "home"
    shutil.rmtree(home, ignore_errors=True)
    with running(home) as instance:
        instance.set_clock("2026-11-25T09:00:00+08:00")
        roll = instance.home / "roll.csv"
        roll.write_text(roll_of(range(10_000, 10_000 + officers)), encoding="utf-8")
        command(instance, "officers", "import", str(roll))
        more = await asyncio.to_thread(_filled, instance, random.Random(seed), incidents)
        slowest = await _asked(instance, [*PAGES, *more], times)
    return {
        "campaign": "pages",
        "seed": seed,
        "ok": max(slowest.values()) <= GOAL_S,
        "officers": officers,
        "incidents": incidents,
        "slowest_ms": {
            re.sub("[0-9a-f]{32}", "E", page): round(1000 * seconds) for page, seconds in slowest.items()
        },
    }


def _filled(instance: Instance, rand: random.Random, count: int) -> list[str]:
    """Incidents of a year, an edition that two in three officers have read, a task for all; their pages."""
    end = datetime(2026, 11, 25, 9, tzinfo=SHANGHAI)
    kinds, places = ("追尾", "故障车", "电话报堵", "违反禁令"), ("长江大桥", "江汉桥", "光谷广场", "友谊大道")
    found = [
        Incident(
            source_key=f"JQ{number}",
            kind=rand.choice(kinds),
            place=rand.choice(places),
            lon=None,
            lat=None,
            happened_at=end - timedelta(minutes=rand.randrange(0, 330 * 24 * 60)),
            severity=rand.randrange(1, 5),
            summary=f"{rand.choice(places)}附近，编号{number}。",
        )
        for number in range(count)
    ]
    with psycopg.connect(cluster_url(instance.home), autocommit=True) as link, link.cursor() as cursor:
        for start in range(0, count, 5000):
            import_incidents(cursor, found[start : start + 5000], who="prove", now=end)
        period = yesterday(end.date())
        yesterdays = incidents_of(cursor, start=period.start, end=period.end)
        facts = Facts(day=end.date(), is_saturday_edition=True, incidents=yesterdays, before=yesterdays)
        edition = add_edition(
            cursor,
            day=end.date(),
            kind=EditionKind.SATURDAY,
            content=compose(facts, period),
            review=Review(reviewer="", deputy="", due_at=end),
            who="prove",
            now=end,
        )
        cursor.execute(
            "INSERT INTO briefing_receipt (edition, officer, read_at)"
            " SELECT %(edition)s, id, %(end)s FROM officer WHERE id %% 3 > 0",
            {"edition": edition, "end": end},
        )
        task, _ = add_task(cursor, "大桥故障车", units=[one.id for one in units(cursor)], who="li", now=end)
        cursor.execute("ANALYZE")
    return [f"editions/{edition.hex()}/", f"tasks/{task}/", f"tasks/{task}/?page=60"]


async def _asked(instance: Instance, pages: Sequence[str], times: int) -> dict[str, float]:
    roles = ["editor", "caseworker", "administrator", "operator"]
    told = command(instance, "staff", "add", "li", *(one for role in roles for one in ("--role", role)))
    printed = re.search(r"：(\S{19})", told)
    assert printed is not None
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(instance.url("web"), cookie_jar=jar) as session:
        await _posted(session, "sign-in", name="li", password=printed[1])
        await _posted(session, "password", password=OWN, again=OWN)
        async with session.get("/console/enrol/") as answer:
            secret = secret_on(await answer.text())
        await _posted(session, "enrol", code=code_at(secret, step_at(time.time())))
        slowest = dict.fromkeys(pages, 0.0)
        for page in pages:
            for number in range(times + 1):
                began = time.perf_counter()
                async with session.get(f"/console/{page}") as answer:
                    assert answer.status == 200, (page, answer.status)
                    await answer.read()
                if number:  # the first one reads what is loaded once
                    slowest[page] = max(slowest[page], time.perf_counter() - began)
    return slowest


async def _posted(session: aiohttp.ClientSession, page: str, **fields: str) -> None:
    async with session.get(f"/console/{page}/") as answer:
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', await answer.text())
    assert found is not None
    async with session.post(f"/console/{page}/", data={**fields, "csrfmiddlewaretoken": found[1]}) as answer:
        assert answer.status == 200, (page, answer.status)
