"""Gathers what a reply needs, and asks for it. The pack is read here, the person's part handed in."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from daxiang.domains.conversation import texts
from daxiang.domains.conversation.answer import answer, answer_danger
from daxiang.domains.conversation.facts import Facts, OwnCar
from daxiang.domains.conversation.meaning import InCrash, InDanger, Intent
from daxiang.domains.conversation.replies import Reply, ReplyKind
from daxiang.domains.conversation.talk import Talk
from daxiang.domains.conversation.understand import in_city, may_be_english, names_of, without_city
from daxiang.domains.conversation.understanding.normal import normal
from daxiang.domains.restrictions.city_cards import CityCards
from daxiang.domains.restrictions.queries import city_named, load_city, pack_folder


def reply_to_text(
    text: str,
    *,
    account_kind: str,
    city: str,
    at: datetime,
    talk: Talk | None = None,
    cars: tuple[OwnCar, ...] = (),
    features: frozenset[str] = frozenset(),
) -> Reply:
    """The reply that the chat gives to a text at one instant. Danger is answered before any card is read."""
    intent = meaning(text, city=city, at=at)
    if isinstance(intent, InDanger | InCrash):
        return answer_danger(intent)
    facts = Facts(
        now=at,
        cards=load_city(city),
        account_kind=account_kind,
        talk=talk,
        cars=cars,
        features=features,
        words=text,
        cities=city_named,
    )
    return answer(intent, facts)


def meaning(text: str, *, city: str, at: datetime) -> Intent:
    """What a text means; words of danger are found before any card is read."""
    first = without_city(text)
    if isinstance(first, Intent):
        return first
    english = english_places(city) if may_be_english(first.line) else _NO_ENGLISH
    return in_city(first, now=at, names=names_of(load_city(city)), english=english)


_NO_ENGLISH: Mapping[str, str] = {}


def english_places(city: str) -> Mapping[str, str]:
    """The English names of the crossings and banks in the pack in force, in normal spelling -> Chinese."""
    return _english_places(load_city(city), pack_folder(city) / "texts" / "en.toml")


@lru_cache(maxsize=8)
def _english_places(cards: CityCards, path: Path) -> Mapping[str, str]:
    tables = tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    chinese = {place.id: place.short_name for place in cards.places.values()}
    found = {
        name: chinese[place] for kind in ("labels", "places") for place, name in tables.get(kind, {}).items()
    }
    return {normal(name): meant for name, meant in found.items()} | {
        normal(english): bank for bank, english in tables.get("banks", {}).items()
    }


def reply_to_intent(intent: Intent, *, account_kind: str, city: str, at: datetime) -> Reply:
    """The reply to what a message was understood to mean, of a person of whom nothing is known."""
    if isinstance(intent, InDanger | InCrash):
        return answer_danger(intent)  # before anything that could be out of order
    return answer(intent, Facts(now=at, cards=load_city(city), account_kind=account_kind, cities=city_named))


def reply_to_follow(*, account_kind: str, city: str) -> Reply:
    """The first words to somebody who has just followed the account."""
    name = load_city(city).accounts["service"]
    if account_kind == "subscription":
        return Reply(kind=ReplyKind.TALK, text=texts.stranger(name))
    return Reply(kind=ReplyKind.TALK, text=texts.welcome(name), choices=texts.DIGITS)
