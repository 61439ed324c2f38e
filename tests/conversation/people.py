"""People who talk with the account: each keeps her talk, as the gateway would keep it for her."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from daxiang.domains.conversation.answer import answer
from daxiang.domains.conversation.facts import Facts, Feature, OwnCar
from daxiang.domains.conversation.meaning import Car, Intent
from daxiang.domains.conversation.replies import Reply
from daxiang.domains.conversation.talk import Talk, from_json, to_json
from daxiang.domains.restrictions.queries import city_named, load_city
from daxiang.kernel.plates import read_plate

ALL_FEATURES = frozenset(Feature)


def instant(text: str) -> datetime:
    """An instant in Beijing, as 2026-11-24T08:10."""
    return datetime.fromisoformat(f"{text}+08:00")


def plate(number: str) -> Car:
    return Car(plate=read_plate(number))


def tail(digit: str) -> Car:
    return Car(tail=digit)


@dataclass
class Person:
    """One citizen at one hour. `says` gives the reply to an intent and keeps the talk, through its JSON."""

    at: str
    account_kind: str = "service"
    features: frozenset[str] = ALL_FEATURES
    cars: tuple[OwnCar, ...] = ()
    has_evening: bool = False
    kept: str = ""
    replies: list[Reply] = field(default_factory=list)

    def facts(self, words: str = "") -> Facts:
        now = instant(self.at)
        return Facts(
            now=now,
            cards=load_city("wuhan"),
            account_kind=self.account_kind,
            talk=from_json(self.kept, zone_of=now) if self.kept else None,
            cars=self.cars,
            has_evening=self.has_evening,
            features=self.features,
            words=words,
            cities=city_named,
        )

    def says(self, intent: Intent, words: str = "") -> Reply:
        reply = answer(intent, self.facts(words))
        if reply.talk is not None:
            self.kept = to_json(reply.talk)
        self.replies.append(reply)
        return reply

    @property
    def talk(self) -> Talk | None:
        return from_json(self.kept, zone_of=instant(self.at))

    def later(self, at: str) -> Person:
        return replace(self, at=at)
