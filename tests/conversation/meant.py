"""What a text means on a Tuesday morning in Wuhan: how the tests of understanding ask and write it."""

from __future__ import annotations

from datetime import date, datetime

from daxiang.domains.conversation.meaning import Asks, Car, Intent
from daxiang.domains.conversation.understand import names_of, understand
from daxiang.domains.restrictions.queries import load_city
from daxiang.kernel.clock import SHANGHAI
from daxiang.kernel.plates import read_plate

TUESDAY = datetime(2026, 11, 24, 8, 10, tzinfo=SHANGHAI)
NAMES = names_of(load_city("wuhan"))
BRIDGE, SECOND, TUNNEL = "changjiang-bridge", "changjiang-second-bridge", "changjiang-tunnel"


def meant(text: str, at: str = "2026-11-24T08:10") -> Intent:
    return understand(text, now=datetime.fromisoformat(f"{at}+08:00"), names=NAMES)


def asked(text: str, at: str = "2026-11-24T08:10") -> Asks:
    intent = meant(text, at)
    assert isinstance(intent, Asks), intent
    return intent


def tail(digit: str) -> Car:
    return Car(tail=digit)


def plate(number: str) -> Car:
    return Car(plate=read_plate(number))


def days(*texts: str) -> tuple[date, ...]:
    return tuple(date.fromisoformat(text) for text in texts)
