"""The picture of the day out of the outbox: drawn, uploaded once, sent; or its facts in words."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import psycopg
import structlog

from daxiang.design.day_card.draw import draw_day
from daxiang.domains.conversation.answer import answer
from daxiang.domains.conversation.cars import is_clear, is_green_car, known, name_of
from daxiang.domains.conversation.day_card import day_card
from daxiang.domains.conversation.facts import Facts
from daxiang.domains.conversation.meaning import Asks, Car
from daxiang.domains.conversation.replies import LONGEST_BUBBLE, MOST_LINES
from daxiang.domains.conversation.talk import car_of
from daxiang.domains.restrictions.drawing import map_of
from daxiang.domains.restrictions.queries import load_city, pack_folder
from daxiang.foundation.outbox.moves import Attempt, Ending
from daxiang.foundation.outbox.operations import Claimed
from daxiang.integrations.outcomes import Refused, VendorFailure
from daxiang.integrations.wechat.client import customer_service, media
from daxiang.integrations.wechat.client.client import WeChatClient
from daxiang.integrations.wechat.client.files import Sort
from daxiang.integrations.wechat.client.kept_media import drop_media, find_media, keep_media
from daxiang.integrations.wechat.picture_delivery import WantedPicture, wanted_picture
from daxiang.jobs.windows import attempted, closed_window
from daxiang.kernel.clock import Clock
from daxiang.kernel.errors import DomainError
from daxiang.kernel.plates import PlateUnreadable

log = structlog.get_logger()

AS_TEXT = "as_text"
"""The code of a delivery whose picture could not be had, and whose facts went out in words."""
LEFT_TO_WAIT = timedelta(seconds=20)
"""With less of the window left, words go now rather than a picture perhaps."""
MOST_UPLOADS = 3
MEDIA_UNKNOWN = "40007"
INSTEAD = "图这会儿发不出来，先用文字告诉您。"


class PictureSending:
    """Draws, uploads and sends. A picture that the platform still holds is not uploaded again.

    An upload that fails or is lost leaves nothing that a person sees, so it may be repeated; the sending
    itself takes no id of ours and is never repeated in doubt.
    """

    def __init__(self, clients: Mapping[str, WeChatClient], *, city: str, clock: Clock) -> None:
        self._clients = clients
        self._city = city
        self._clock = clock
        self._turns: dict[tuple[str, bytes], asyncio.Lock] = {}

    async def keep_warm(self, stop: asyncio.Event) -> None:
        """Load the font and draw the parts that all pictures share before the first person waits for them:
        some two seconds of work, once a process.
        """
        day = self._clock.now().date()
        for tail in "56":
            wanted = WantedPicture(openid="", day=day, car={})
            await asyncio.to_thread(drawn, self._city, Car(tail=tail), wanted)
        await stop.wait()

    async def send(
        self, connection: psycopg.AsyncConnection[Any], claimed: Claimed, now: datetime
    ) -> Attempt:
        try:
            wanted, client = wanted_picture(claimed.payload), self._clients[claimed.account]
            car = car_of(wanted.car)
        except (ValueError, KeyError, TypeError, PlateUnreadable) as error:  # nothing has left, nor ever can
            return Attempt(ending=Ending.REFUSED, code=f"payload_{type(error).__name__}")
        if (closed := await closed_window(connection, claimed, now)) is not None:
            return Attempt(ending=Ending.TOO_LATE, code=closed)
        png = await asyncio.to_thread(drawn, self._city, car, wanted)
        if png is None:
            return await self._in_words(client, wanted, car, now)
        digest = hashlib.sha256(png).digest()
        try:
            media_id = await self._uploaded(connection, client, png, digest, now)
        except VendorFailure as failed:
            if _may_wait(failed, claimed, now):
                return Attempt(ending=Ending.NOT_NOW, code=str(failed.code), rid=failed.rid or "")
            log.warning("picture_not_uploaded", account=claimed.account, code=failed.code)
            return await self._in_words(client, wanted, car, now)
        image = customer_service.Image(media_id=media_id)
        attempt = await attempted(customer_service.send(client, openid=wanted.openid, message=image))
        if attempt.ending is Ending.REFUSED and attempt.code == MEDIA_UNKNOWN:
            await drop_media(connection, account=claimed.account, digest=digest, media_id=media_id)
            return await self._in_words(client, wanted, car, now)
        return attempt

    async def _uploaded(
        self,
        connection: psycopg.AsyncConnection[Any],
        client: WeChatClient,
        png: bytes,
        digest: bytes,
        now: datetime,
    ) -> str:
        """The media_id of the picture. Many who want the same one at once wait for one upload."""
        account = client.account.name
        turn = self._turns.setdefault((account, digest), asyncio.Lock())
        try:
            async with turn:
                held = await find_media(connection, account=account, digest=digest, now=now)
                if held is not None:
                    return held
                done = await media.upload(client, sort=Sort.IMAGE, content=png)
                await keep_media(connection, account=account, digest=digest, media_id=done.media_id, now=now)
                return done.media_id
        finally:
            if not turn.locked():
                self._turns.pop((account, digest), None)

    async def _in_words(
        self, client: WeChatClient, wanted: WantedPicture, car: Car, now: datetime
    ) -> Attempt:
        words = in_words(self._city, car, wanted, now)
        message = customer_service.Text(content=words)
        attempt = await attempted(customer_service.send(client, openid=wanted.openid, message=message))
        if attempt.ending is not Ending.SENT:
            return attempt
        return Attempt(ending=Ending.SENT, code=AS_TEXT)


def drawn(city: str, car: Car, wanted: WantedPicture) -> bytes | None:
    """The PNG by the cards in force; None where there is none to draw: a pack without a drawing, a plate
    that does not say what drives under it, a day that cannot be answered.
    """
    cards, city_map = load_city(city), map_of(pack_folder(city))
    if city_map is None or not is_clear(car):
        return None
    vehicle = known(car, 0).vehicle
    try:
        card = day_card(cards, vehicle=vehicle, subject=_subject(car), day=wanted.day, city_map=city_map)
    except DomainError:
        return None
    return draw_day(card)


def _subject(car: Car) -> str:
    """The car by its tail: a picture is passed on, and carries no plate, not even a masked one."""
    digit = car.tail_digit
    return name_of(replace(car, plate=None, tail=digit, is_green=is_green_car(car)) if digit else car)


def in_words(city: str, car: Car, wanted: WantedPicture, now: datetime) -> str:
    """The chat's own answer for that car and day, and why it comes in words."""
    asked = Asks(cars=(car,), days=(wanted.day,))
    text = answer(asked, Facts(now=now, cards=load_city(city))).text
    has_room = len(text) + 1 + len(INSTEAD) <= LONGEST_BUBBLE and text.count("\n") + 2 <= MOST_LINES
    return f"{text}\n{INSTEAD}" if has_room else text


def _may_wait(failed: VendorFailure, claimed: Claimed, now: datetime) -> bool:
    """Whether another upload makes sense before the person's window, or her patience, is over."""
    is_final = isinstance(failed, Refused) or claimed.attempts >= MOST_UPLOADS
    return not is_final and claimed.expires_at - now > LEFT_TO_WAIT
