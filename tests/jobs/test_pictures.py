"""The picture of the day: it arrives once, is uploaded once for many; where it cannot, its facts arrive."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import psycopg
import pytest
from PIL import Image

from daxiang.design.day_card.draw import draw_day
from daxiang.design.day_card.values import DayCard
from daxiang.domains.conversation.meaning import Car
from daxiang.domains.conversation.talk import car_json
from daxiang.domains.restrictions.values import VehicleClass
from daxiang.foundation.outbox.operations import Delivery, enqueue
from daxiang.integrations.wechat.picture_delivery import PICTURE_CHANNEL
from daxiang.jobs import pictures
from daxiang.jobs.pictures import PictureSending
from daxiang.kernel.clock import SHANGHAI
from daxiang.kernel.plates import read_plate
from tests.inbox.test_inbox import SEALER, conninfo
from tests.jobs.people import TABLES, openid_of, person_of, writes
from tests.jobs.platform import SEND, UPLOAD, Platform, Says, Told, hangs_up, send_all

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

NOW = datetime(2026, 11, 24, 8, 10, tzinfo=SHANGHAI)
TODAY = NOW.date()
FIVE = Car(tail="5")
BUSY: Says = {"errcode": -1, "errmsg": "system error"}
NO_RIGHT: Says = {"errcode": 48001, "errmsg": "api unauthorized"}


@pytest.fixture
def connection() -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(conninfo(), autocommit=True) as opened:
        opened.execute(f"TRUNCATE {TABLES}")
        yield opened


@pytest.fixture
async def platform() -> AsyncIterator[Platform]:
    made = Platform()
    async with made.server:
        yield made


def asks(
    connection: psycopg.Connection[Any],
    number: int = 1,
    *,
    car: Car = FIVE,
    day: date = TODAY,
    lives: timedelta = timedelta(minutes=10),
    now: datetime = NOW,
) -> None:
    """She wrote, and a picture is in the outbox."""
    writes(connection, number, at=now)
    payload = {
        "openid": openid_of(number),
        "kind": "text",
        "day": day.isoformat(),
        "car": car_json(car),
    }
    delivery = Delivery(
        channel=PICTURE_CHANNEL,
        account="service",
        person=person_of(number),
        payload=json.dumps(payload).encode(),
        dedup=(number * 1000 + now.minute).to_bytes(32, "big"),
        created_at=now,
        not_before=now,
        expires_at=now + lives,
    )
    enqueue(connection, delivery, sealer=SEALER)


async def sent(platform: Platform, clock: Told | None = None) -> None:
    async with platform.client() as client:
        held = clock or Told(NOW)
        sending = PictureSending({"service": client}, city="wuhan", clock=held)
        await send_all(held, client, **{PICTURE_CHANNEL: sending.send})


def endings(connection: psycopg.Connection[Any]) -> list[tuple[str, str]]:
    return connection.execute("SELECT status, code FROM outbox_delivery ORDER BY id").fetchall()


async def test_the_picture_arrives_as_a_picture(
    connection: psycopg.Connection[Any], platform: Platform
) -> None:
    asks(connection)
    await sent(platform)
    assert platform.messages == [
        {"touser": openid_of(1), "msgtype": "image", "image": {"media_id": "media-1"}}
    ]
    assert Image.open(io.BytesIO(platform.files[0])).size == (1080, 1440)
    assert len(platform.files[0]) <= 100_000
    assert endings(connection) == [("sent", "")]


async def test_a_picture_that_many_want_is_uploaded_once(
    connection: psycopg.Connection[Any], platform: Platform
) -> None:
    for number in range(1, 21):
        asks(connection, number)
    asks(connection, 21, car=Car(tail="6"))
    await sent(platform)
    assert len(platform.messages) == 21
    assert len(platform.files) == 2


async def test_another_worker_finds_what_the_first_has_uploaded_for_two_days_and_a_half(
    connection: psycopg.Connection[Any], platform: Platform
) -> None:
    asks(connection)
    await sent(platform)
    clock = Told(NOW + timedelta(hours=1))
    asks(connection, 2, now=clock.at)
    await sent(platform, clock)
    assert len(platform.files) == 1
    clock = Told(NOW + timedelta(hours=60, minutes=1))
    asks(connection, 3, now=clock.at)
    await sent(platform, clock)
    assert len(platform.files) == 2


async def test_a_picture_that_the_platform_has_lost_is_told_in_words_and_uploaded_for_the_next(
    connection: psycopg.Connection[Any], platform: Platform
) -> None:
    asks(connection)
    platform.says[SEND] = [{"errcode": 40007, "errmsg": "invalid media_id"}]
    await sent(platform)
    asks(connection, 2)
    await sent(platform)
    assert [message["msgtype"] for message in platform.messages] == ["text", "image"]
    assert len(platform.files) == 2


@pytest.mark.parametrize("car", [FIVE, Car(plate=read_plate("鄂A12345"))])
async def test_where_no_picture_can_be_had_the_same_facts_go_out_in_words(
    connection: psycopg.Connection[Any], platform: Platform, car: Car
) -> None:
    asks(connection, car=car)
    platform.says[UPLOAD] = [NO_RIGHT]
    await sent(platform)
    [message] = platform.messages
    first, *_, last = message["text"]["content"].splitlines()
    assert "今天（24日 周二）：长江大桥、江汉桥不能走，22:00后能走" in first
    assert last == pictures.INSTEAD
    assert "鄂A12345" not in message["text"]["content"]
    assert endings(connection) == [("sent", "as_text")]


async def test_a_busy_platform_is_asked_again_and_then_told_in_words(
    connection: psycopg.Connection[Any], platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("daxiang.integrations.wechat.client.client.PAUSE_S", 0.0)
    asks(connection)
    platform.says[UPLOAD] = [BUSY] * 9
    clock = Told(NOW)
    for _ in range(pictures.MOST_UPLOADS):
        await sent(platform, clock)
        clock.at += timedelta(minutes=1)
    assert [message["msgtype"] for message in platform.messages] == ["text"]
    assert endings(connection) == [("sent", "as_text")]


async def test_with_a_short_window_words_go_at_once(
    connection: psycopg.Connection[Any], platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("daxiang.integrations.wechat.client.client.PAUSE_S", 0.0)
    asks(connection, lives=timedelta(seconds=15))
    platform.says[UPLOAD] = [BUSY] * 3
    await sent(platform)
    assert endings(connection) == [("sent", "as_text")]


async def test_after_a_lost_answer_neither_the_picture_nor_words_are_sent_again(
    connection: psycopg.Connection[Any], platform: Platform
) -> None:
    asks(connection)
    platform.says[SEND] = [hangs_up]
    clock = Told(NOW)
    for _ in range(3):
        await sent(platform, clock)
        clock.at += timedelta(minutes=2)
    assert platform.arrived() == {openid_of(1): 1}
    assert endings(connection)[0][0] == "unknown"


async def test_a_lost_answer_to_an_upload_does_no_harm(
    connection: psycopg.Connection[Any], platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("daxiang.integrations.wechat.client.client.PAUSE_S", 0.0)
    asks(connection)
    platform.says[UPLOAD] = [hangs_up]
    await sent(platform)
    assert [message["msgtype"] for message in platform.messages] == ["image"]


async def test_outside_the_window_the_platform_is_not_asked(
    connection: psycopg.Connection[Any], platform: Platform
) -> None:
    asks(connection)
    connection.execute("UPDATE wechat_contact SET last_message_at = NULL")
    await sent(platform)
    assert (platform.messages, platform.files) == ([], [])
    assert endings(connection) == [("expired", "window_closed")]


async def test_pictures_and_words_spend_the_same_five_messages(
    connection: psycopg.Connection[Any], platform: Platform
) -> None:
    asks(connection)
    for number in range(2, 7):
        content = {"msgtype": "text", "text": {"content": "记住了"}}
        words = Delivery(
            channel="wechat.custom",
            account="service",
            person=person_of(1),
            payload=json.dumps({"openid": openid_of(1), "content": content}).encode(),
            dedup=number.to_bytes(32, "big"),
            created_at=NOW,
            not_before=NOW,
            expires_at=NOW + timedelta(hours=1),
        )
        enqueue(connection, words, sealer=SEALER)
    await sent(platform)
    assert len(platform.messages) == 5
    assert endings(connection)[-1] == ("expired", "window_used_up")


@pytest.mark.parametrize("car", [Car(plate=read_plate("鄂A1234学")), Car(plate=read_plate("鄂A1234警"))])
async def test_of_a_plate_that_does_not_say_what_it_is_nothing_is_drawn(
    connection: psycopg.Connection[Any], platform: Platform, car: Car
) -> None:
    asks(connection, car=car)
    await sent(platform)
    assert platform.files == []
    assert "不确定" in platform.messages[0]["text"]["content"]


async def test_a_picture_that_is_passed_on_shows_no_plate_not_even_a_masked_one(
    connection: psycopg.Connection[Any], platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[DayCard] = []

    def noted(card: DayCard) -> bytes:
        shown.append(card)
        return draw_day(card)

    monkeypatch.setattr(pictures, "draw_day", noted)
    asks(connection, 1, car=Car(plate=read_plate("鄂A1234K")))
    asks(connection, 2, car=Car(plate=read_plate("鄂AD12345")))
    await sent(platform)
    assert sorted(card.subject for card in shown) == ["尾号4，只管这一天", "绿牌尾号5，只管这一天"]


async def test_a_truck_gets_a_picture_that_counts_it_as_one(
    connection: psycopg.Connection[Any], platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = []
    monkeypatch.setattr(pictures, "draw_day", lambda card: drawn.append(card) or b"\x89PNG\r\n\x1a\n")
    asks(connection, car=Car(tail="5", vehicle_class=VehicleClass.LIGHT_TRUCK))
    await sent(platform)
    assert drawn[0].notes[0].startswith("按货车算。")


async def test_what_does_not_open_is_refused_and_holds_up_nobody(
    connection: psycopg.Connection[Any], platform: Platform
) -> None:
    asks(connection)
    connection.execute("UPDATE outbox_delivery SET payload = 'moved from another row'")
    asks(connection, 2)
    await sent(platform)
    assert [status for status, _ in endings(connection)] == ["refused", "sent"]


async def test_two_who_want_the_same_at_once_wait_for_one_upload(platform: Platform) -> None:
    async with (
        await psycopg.AsyncConnection.connect(conninfo(), autocommit=True) as connection,
        platform.client() as client,
    ):
        await connection.execute(f"TRUNCATE {TABLES}")
        sending = PictureSending({"service": client}, city="wuhan", clock=Told(NOW))
        png = b"\x89PNG\r\n\x1a\n picture"
        both = [sending._uploaded(connection, client, png, b"d" * 32, NOW) for _ in range(2)]
        assert await asyncio.gather(*both) == ["media-1", "media-1"]
        assert sending._turns == {}


async def test_the_parts_that_all_pictures_share_are_drawn_before_anybody_asks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drawn, stop = [], asyncio.Event()
    monkeypatch.setattr(pictures, "draw_day", lambda card: drawn.append(card.tone) or b"")
    warming = asyncio.create_task(PictureSending({}, city="wuhan", clock=Told(NOW)).keep_warm(stop))
    stop.set()
    await warming
    assert drawn == ["maynot", "may"]
