"""The evening notice: at 20:00 before a restricted day, to those who asked for it.

Who has a car that is restricted tomorrow gets a row in the outbox, once for that day whatever restarts; what
is said is made when it is sent, by the cards and wishes that hold then.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import psycopg
import structlog

from daxiang.domains.conversation.evening import is_news
from daxiang.domains.conversation.kept import own_car
from daxiang.domains.conversation.meaning import Car
from daxiang.domains.residents.queries import EveningPerson, with_evening
from daxiang.domains.restrictions.queries import load_city
from daxiang.foundation.outbox.operations import Delivery, enqueuing
from daxiang.foundation.recurring.operations import is_settled, settle_occasion
from daxiang.foundation.recurring.outcomes import Outcome
from daxiang.foundation.sealing import Sealer
from daxiang.jobs.daily import ONE_DAY, Daily
from daxiang.jobs.sending import sleep_or_stop
from daxiang.jobs.windows import EVENING_CHANNEL
from daxiang.kernel.clock import SHANGHAI, Clock

log = structlog.get_logger()

EVENING = Daily(name="evening", at=time(20), useful_for=timedelta(hours=2))
"""After 22:00 nobody is told any more: she sleeps, or has asked herself."""
EVERY_S = 1.0
PAGE = 500


class Evening:
    """Looks once a second whether an evening is due. Several workers may run it at once."""

    def __init__(self, *, url: str, sealer: Sealer, clock: Clock, city: str, page: int = PAGE) -> None:
        self._url = url
        self._sealer = sealer
        self._clock = clock
        self._city = city
        self._page = page
        self._looked: tuple[datetime, bool] | None = None
        """The occasion that is settled as far as this worker knows, and whether it was over then."""
        self._at: datetime = EVENING.last_due(clock.now())

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                await asyncio.to_thread(self.round, stop.is_set)
            except psycopg.Error as error:
                log.warning("evening_waits", reason=type(error).__name__)
            await sleep_or_stop(stop, EVERY_S)

    def round(self, must_end: Callable[[], bool] = lambda: False) -> int:
        """Do what is due and not settled; how many deliveries were written. An evening that is cut off is
        gone through again from its beginning: nobody is written down twice.
        """
        now = self._clock.now()
        due_at = EVENING.last_due(now)
        is_over = EVENING.is_over(due_at, now)
        if self._looked is not None and self._looked == (due_at, is_over) and now >= self._at:
            return 0
        with psycopg.connect(
            self._url, autocommit=True, connect_timeout=3, application_name="daxiang-evening"
        ) as connection:
            if is_settled(connection, job=EVENING.name, due_at=due_at, now=now, is_over=is_over):
                self._looked, self._at = (due_at, is_over), now
                return 0
            return self._due(connection, due_at, now, must_end)

    def _due(
        self,
        connection: psycopg.Connection[Any],
        due_at: datetime,
        now: datetime,
        must_end: Callable[[], bool],
    ) -> int:
        if EVENING.is_over(due_at, now):
            missed = sum(len(page) for page in self._pages(connection))
            if missed:
                log.error("evening_missed", due_at=due_at.isoformat(), count=missed)
            self._settle(connection, due_at, Outcome.MISSED, missed, now)
            return 0
        written = 0
        for page in self._pages(connection):
            if must_end():
                return written
            written += self._write(connection, page, due_at, now)
        log.info("evening_written", due_at=due_at.isoformat(), count=written)
        self._settle(connection, due_at, Outcome.DONE, written, now)
        return written

    def _settle(
        self,
        connection: psycopg.Connection[Any],
        due_at: datetime,
        outcome: Outcome,
        many: int,
        now: datetime,
    ) -> None:
        settle_occasion(connection, job=EVENING.name, due_at=due_at, outcome=outcome, many=many, now=now)
        self._looked, self._at = (due_at, outcome is Outcome.MISSED), now

    def _pages(self, connection: psycopg.Connection[Any]) -> Iterator[list[EveningPerson]]:
        after: EveningPerson | None = None
        while page := with_evening(connection, sealer=self._sealer, after=after, most=self._page):
            yield page
            after = page[-1]

    def _write(
        self, connection: psycopg.Connection[Any], page: list[EveningPerson], due_at: datetime, now: datetime
    ) -> int:
        cards = load_city(self._city)
        told = [one for one in page if is_news(cards, cars_in(one.cars), now=due_at)]
        if not told:
            return 0
        deliveries = [evening_delivery(one, due_at=due_at, now=now) for one in told]
        return connection.execute(*enqueuing(deliveries, self._sealer)).rowcount


def cars_in(kept: tuple[str, ...]) -> tuple[Car, ...]:
    """The remembered cars that this version can read."""
    return tuple(own.car for text in kept if (own := own_car(text)) is not None)


def evening_delivery(person: EveningPerson, *, due_at: datetime, now: datetime) -> Delivery:
    """A delivery without words and without address: both are looked up when it is sent. One a person and
    day, whatever worker writes it and however often.
    """
    day = due_at.astimezone(SHANGHAI).date() + ONE_DAY
    return Delivery(
        channel=EVENING_CHANNEL,
        account=person.account,
        person=person.person,
        payload=json.dumps({"day": day.isoformat()}).encode(),
        dedup=_dedup(person, day),
        created_at=now,
        not_before=due_at,
        expires_at=due_at + EVENING.useful_for,
    )


def _dedup(person: EveningPerson, day: date) -> bytes:
    parts = (b"evening", person.account.encode(), person.person, day.isoformat().encode())
    return hashlib.sha256(b"".join(len(part).to_bytes(4, "big") + part for part in parts)).digest()
