"""The evening notice through weeks of days: to each who is held and can be written to, once, and to no other.

What is expected is reckoned here, from the calendar as it was announced and from odd and even alone.
"""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import psycopg
import pytest

from daxiang.domains.conversation.meaning import Car
from daxiang.domains.residents.operations import forget_all, set_evening
from daxiang.integrations.wechat.contacts.operations import forget_contact
from daxiang.jobs.evening import EVENING_CHANNEL, Evening
from daxiang.jobs.evening_sending import EveningSending
from daxiang.kernel.clock import SHANGHAI
from daxiang.kernel.plates import read_plate
from tests.inbox.test_inbox import SEALER, conninfo
from tests.jobs.people import TABLES, openid_of, person_of, resident_of, settle_in, writes
from tests.jobs.platform import SEND, Platform, Told, hangs_up, send_all

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

Connection = psycopg.Connection[Any]
HOLIDAYS = {date(2026, 9, day) for day in (25, 26, 27)} | {date(2026, 10, day) for day in range(1, 8)}
MAKEUP = {date(2026, 9, 20), date(2026, 10, 10)}
EVES = [date(2026, 9, day) for day in (17, 18, 19, 20, 24, 26, 27, 30)] + [
    date(2026, 10, day) for day in (3, 7, 8, 9, 10, 11)
]
"""Before workdays and weekends, both makeup workdays, both holidays, and the days on which they end."""
MONDAY = date(2026, 11, 23)


def cars_of(number: int) -> tuple[Car, ...]:
    """0–9: that tail; 10: a green plate; 11: an odd and an even car; 12: a letter at the end, counts as 4."""
    if number < 10:
        return (Car(tail=str(number)),)
    named = {10: ["鄂AD12345"], 11: ["鄂A12345", "鄂A12346"], 12: ["鄂A1234K"]}[number]
    return tuple(Car(plate=read_plate(name)) for name in named)


PARITIES = {number: {number % 2} for number in range(10)} | {10: set(), 11: {0, 1}, 12: {0}}


def is_held(number: int, day: date) -> bool:
    """Makeup workdays count: the notice does not say, so one is warned."""
    is_on = day in MAKEUP or (day.weekday() < 5 and day not in HOLIDAYS)
    return is_on and any(parity != day.day % 2 for parity in PARITIES[number])


def at(day: date, hour: int = 20, minute: int = 0, second: int = 2) -> datetime:
    return datetime.combine(day, time(hour, minute, second), SHANGHAI)


def evening(clock: Told, *, page: int = 5) -> Evening:
    return Evening(url=conninfo(), sealer=SEALER, clock=clock, city="wuhan", page=page)


@pytest.fixture
def connection() -> Iterator[Connection]:
    with psycopg.connect(conninfo(), autocommit=True) as opened:
        opened.execute(f"TRUNCATE {TABLES}")
        yield opened


@pytest.fixture
async def platform() -> AsyncIterator[Platform]:
    made = Platform()
    async with made.server:
        yield made


async def sent(platform: Platform, clock: Told) -> None:
    async with platform.client() as client:
        sending = EveningSending({"service": client}, city="wuhan", sealer=SEALER)
        await send_all(clock, client, **{EVENING_CHANNEL: sending.send})


def endings(connection: Connection) -> list[tuple[str, str]]:
    return connection.execute("SELECT status, code FROM outbox_delivery ORDER BY person").fetchall()


def occasions(connection: Connection) -> list[tuple[object, ...]]:
    rows = connection.execute("SELECT due_at, outcome, many FROM recurring_occasion ORDER BY due_at")
    return [(due_at.astimezone(SHANGHAI), outcome, many) for due_at, outcome, many in rows.fetchall()]


async def test_through_holidays_and_makeup_days_each_who_is_held_is_told_once(
    connection: Connection, platform: Platform
) -> None:
    """Every evening: one worker is cut off in the middle, then two go on at once; one restarts later."""
    for number in range(13):
        settle_in(connection, number, *cars_of(number), at=at(date(2026, 9, 1)))
    for count, today in enumerate(EVES):
        tomorrow, clock = today + timedelta(days=1), Told(at(today, 19, 59, 59))
        for number in range(13):
            writes(connection, number, at=at(today, 12))
        platform.messages.clear()
        assert evening(clock).round() == 0
        clock.at = at(today)
        looks = iter([False] * (count % 3) + [True] * 9)
        evening(clock).round(lambda looks=looks: next(looks))  # type: ignore[misc]
        workers = [threading.Thread(target=evening(clock).round) for _ in range(2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        await sent(platform, clock)
        clock.at += timedelta(minutes=30)
        evening(clock).round()
        await sent(platform, clock)
        expected = {openid_of(number): 1 for number in range(13) if is_held(number, tomorrow)}
        assert dict(platform.arrived()) == expected, tomorrow


async def test_what_is_said_begins_with_the_answer_and_can_be_stopped_by_a_tap(
    connection: Connection, platform: Platform
) -> None:
    settle_in(connection, 1, Car(plate=read_plate("鄂A12346")), at=at(MONDAY + timedelta(days=1), 12))
    clock = Told(at(MONDAY + timedelta(days=1)))
    evening(clock).round()
    await sent(platform, clock)
    [message] = platform.messages
    words = message["text"]["content"]
    assert words.startswith("明天（25日 周三）：长江大桥、江汉桥7:00–22:00不能走，其他时间能走。\n")
    assert "msgmenucontent=" in words.splitlines()[-1]
    assert "不用提醒了" in words.splitlines()[-1]
    assert "12346" not in words


@pytest.mark.parametrize(
    ("wrote", "is_sent"), [(timedelta(hours=47, minutes=59), True), (timedelta(hours=48), False)]
)
async def test_outside_the_window_nothing_is_sent_and_the_row_says_so(
    connection: Connection, platform: Platform, wrote: timedelta, is_sent: bool
) -> None:
    clock = Told(at(MONDAY))
    settle_in(connection, 5, *cars_of(5), at=clock.at - wrote)
    evening(clock).round()
    await sent(platform, clock)
    assert endings(connection) == [("sent", "") if is_sent else ("expired", "window_closed")]
    assert len(platform.messages) == is_sent


@pytest.mark.parametrize(("hour", "minute", "is_sent"), [(21, 59, True), (22, 0, False), (23, 30, False)])
async def test_a_late_start_still_tells_until_ten_and_records_what_was_missed(
    connection: Connection, platform: Platform, hour: int, minute: int, is_sent: bool
) -> None:
    settle_in(connection, 5, *cars_of(5), at=at(MONDAY, 12))
    clock = Told(at(MONDAY, hour, minute))
    evening(clock).round()
    await sent(platform, clock)
    assert occasions(connection) == [(at(MONDAY, second=0), "done" if is_sent else "missed", 1)]
    assert len(platform.messages) == is_sent


async def test_what_could_not_be_sent_until_ten_is_not_sent_later(
    connection: Connection, platform: Platform
) -> None:
    settle_in(connection, 5, *cars_of(5), at=at(MONDAY, 12))
    clock = Told(at(MONDAY))
    evening(clock).round()
    clock.at = at(MONDAY, 22)
    await sent(platform, clock)
    assert (endings(connection), platform.messages) == ([("expired", "")], [])


async def test_a_clock_that_jumps_back_tells_nobody_twice_and_one_that_jumps_on_misses_nothing_of_its_day(
    connection: Connection, platform: Platform
) -> None:
    settle_in(connection, 5, *cars_of(5), at=at(MONDAY, 12))
    clock, made = Told(at(MONDAY, 20, 30)), None
    for moment in (at(MONDAY, 20, 30), at(MONDAY, 19), at(MONDAY, 20, 1), at(MONDAY, 21, 59)):
        clock.at = moment
        made = made or evening(clock)
        made.round()
        evening(clock).round()  # one that has just started
        await sent(platform, clock)
    assert dict(platform.arrived()) == {openid_of(5): 1}


async def test_an_evening_that_was_missed_is_told_when_the_clock_is_set_back_into_it(
    connection: Connection, platform: Platform
) -> None:
    """As at a demonstration: a morning, then the evening before it; and once more with somebody new."""
    settle_in(connection, 5, *cars_of(5), at=at(MONDAY, 12))
    clock = Told(at(MONDAY + timedelta(days=1), 8))
    made = evening(clock)
    made.round()
    for number, moment in ((5, at(MONDAY, 20, 1)), (7, at(MONDAY, 20, 0))):
        clock.at = at(MONDAY, 19)
        settle_in(connection, number, *cars_of(number), at=at(MONDAY, 12))
        made.round()
        clock.at = moment
        made.round()
        await sent(platform, clock)
    assert dict(platform.arrived()) == {openid_of(5): 1, openid_of(7): 1}
    assert [outcome for _, outcome, _ in occasions(connection)] == ["missed", "done"]


async def test_after_a_lost_answer_nobody_is_told_again(connection: Connection, platform: Platform) -> None:
    settle_in(connection, 5, *cars_of(5), at=at(MONDAY, 12))
    platform.says[SEND] = [hangs_up]
    clock = Told(at(MONDAY))
    for _ in range(3):
        evening(clock).round()
        await sent(platform, clock)
        clock.at += timedelta(minutes=5)
    assert dict(platform.arrived()) == {openid_of(5): 1}
    assert endings(connection)[0][0] == "unknown"


async def test_who_never_asked_or_wants_it_no_more_is_not_told(
    connection: Connection, platform: Platform
) -> None:
    clock = Told(at(MONDAY))
    for number in (1, 3, 5, 7):
        settle_in(connection, number, *cars_of(number), at=at(MONDAY, 12), evening=number != 1)
    evening(clock).round()
    set_evening(connection, resident_of(3), on=False, now=clock.at)
    forget_all(connection, resident_of(5))
    forget_contact(connection, account="service", person=person_of(7), at=clock.at, now=clock.at)
    await sent(platform, clock)
    assert platform.messages == []
    assert [code for _, code in endings(connection)] == ["switched_off", "switched_off", "forgotten"]


async def test_the_words_are_those_of_the_moment_of_sending(
    connection: Connection, platform: Platform
) -> None:
    """The car was changed between the row and the sending; and a day later the row says nothing any more."""
    settle_in(connection, 5, *cars_of(5), at=at(MONDAY, 12))
    clock = Told(at(MONDAY))
    evening(clock).round()
    settle_in(connection, 5, Car(tail="6"), at=at(MONDAY, 20, 1))
    await sent(platform, clock)
    assert (endings(connection), platform.messages) == ([("expired", "nothing_to_say")], [])


async def test_the_rows_hold_neither_words_nor_an_address(connection: Connection) -> None:
    settle_in(connection, 5, *cars_of(5), at=at(MONDAY, 12))
    evening(Told(at(MONDAY))).round()
    [(key, sealed)] = connection.execute("SELECT id, payload FROM outbox_delivery").fetchall()
    assert SEALER.open(bytes(sealed), b"outbox:" + bytes(key)) == b'{"day": "2026-11-24"}'
