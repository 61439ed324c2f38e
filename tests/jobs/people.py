"""People of the tests, put straight into the tables: their cars, their wish, when they last wrote."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import psycopg

from daxiang.domains.conversation.kept import own_car_json
from daxiang.domains.conversation.meaning import Car
from daxiang.domains.residents.operations import Resident, remember_car, set_evening
from daxiang.integrations.wechat.contacts.operations import Touch, touches_along
from tests.inbox.test_inbox import SEALER

TABLES = (
    "outbox_delivery, outbox_move, wechat_contact, wechat_media, resident_car, resident_evening,"
    " recurring_occasion"
)


def person_of(number: int) -> bytes:
    return number.to_bytes(32, "big")


def openid_of(number: int) -> str:
    return f"oInvented{number}"


def resident_of(number: int) -> Resident:
    return Resident("service", person_of(number))


def settle_in(
    connection: psycopg.Connection[Any], number: int, *cars: Car, at: datetime, evening: bool = True
) -> None:
    """Somebody with these cars, who wrote a text `at`."""
    for place, car in enumerate(cars):
        remember_car(
            connection,
            resident_of(number),
            car=own_car_json(car),
            mark=place.to_bytes(32, "big"),
            consent="test",
            now=at,
            sealer=SEALER,
        )
    set_evening(connection, resident_of(number), on=evening, now=at)
    writes(connection, number, at=at)


def writes(connection: psycopg.Connection[Any], number: int, *, at: datetime, kind: str = "text") -> None:
    """She wrote, or tapped (`kind` event:CLICK), at that moment."""
    touch = Touch("service", person_of(number), openid_of(number), kind, at)
    for statement, parameters in touches_along([touch], SEALER):
        connection.execute(statement, parameters)
