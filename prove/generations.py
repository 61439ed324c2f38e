"""Rule cards are changed under load: each answer belongs to exactly one generation, and a new one is in force
within a second in every process.

People ask for their tail all the time while another pack is activated again and again, each with other hours
on the bridges, so that the words of an answer betray the generation it was given by. The judge knows when
each switch was committed, opens every answer, and compares it with the generation that the inbox names.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import random
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp
import psycopg
from bench.gateway.crypt import Account, field

from daxiang.domains.conversation.queries import reply_to_text
from daxiang.domains.restrictions.generations.operations import activate
from daxiang.domains.restrictions.packs import PackFiles, lay_out, read_files, read_pack
from daxiang.domains.restrictions.queries import abandon, adopt, packs_folder
from daxiang.foundation.database.url import database_url
from daxiang.foundation.demo import with_demo_values
from daxiang.foundation.settings import read_settings
from daxiang.kernel.clock import SHANGHAI
from prove.instance import Instance

CITY, CARD = "wuhan", "restrictions/WH-BRIDGE-2019.toml"
IN_FORCE_S = 1.0
ASKERS = 24
_HOURS = ("07:00-22:00", "06:00-21:00", "08:00-23:00", "05:00-20:00")
_GENERATIONS = "SELECT encode(generation, 'hex'), count(*) FROM inbox_message WHERE kind = 'text' GROUP BY 1"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--switches", type=int, default=30)
    parser.add_argument("--every", type=float, default=3.0, help="seconds between two switches")


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """One question: its tail, and when it was sent and answered (this machine's clock)."""

    tail: str
    sent: float
    answered: float
    status: int
    words: str


async def campaign(*, seed: int, folder: Path, switches: int, every: float) -> dict[str, Any]:
    """One run; its figures."""
    instance = Instance(folder / "home")
    instance.purge()
    try:
        await asyncio.to_thread(instance.start)
        return await _run(instance, folder, seed, switches, every)
    finally:
        await asyncio.to_thread(instance.stop)
        instance.purge()


async def _run(instance: Instance, folder: Path, seed: int, switches: int, every: float) -> dict[str, Any]:
    settings = read_settings(with_demo_values(instance.environment))
    held = settings.accounts["service"]
    account = Account(
        token=held.token, aes_key=held.aes_key, app_id=held.app_id, original_id=held.original_id
    )
    packs, ended = _packs(), asyncio.Event()
    url = instance.url("gateway", "/wechat/service")
    asking = [
        asyncio.create_task(_ask(url, account, random.Random(f"{seed} {n}"), ended)) for n in range(ASKERS)
    ]
    moves = await asyncio.to_thread(_switch, database_url(settings), packs, switches, every)
    ended.set()
    asked = list(itertools.chain.from_iterable(await asyncio.gather(*asking)))
    words = await asyncio.to_thread(_words, packs, asked, folder)
    with psycopg.connect(database_url(settings), autocommit=True) as connection:
        counted = dict(connection.execute(_GENERATIONS).fetchall())
    return _verdict(seed, asked, moves, words, counted)


def _packs() -> list[PackFiles]:
    """The carried pack with other hours on the bridges, as many as there are hours to tell them apart."""
    carried = read_files(packs_folder() / CITY, city=CITY)
    texts = [carried.files[CARD].replace(_HOURS[0], hours) for hours in _HOURS]
    if len(set(texts)) < len(_HOURS):
        raise ValueError(f"{CARD} no longer has the hours {_HOURS[0]}, which tell the generations apart")
    return [PackFiles(city=CITY, files={**carried.files, CARD: text}) for text in texts]


def _switch(url: str, packs: Sequence[PackFiles], switches: int, every: float) -> list[tuple[float, str]]:
    """Activate one pack after the other; when each switch was committed, and to what."""
    moves = []
    with psycopg.connect(url, autocommit=True) as connection:
        for number in range(switches):
            time.sleep(every)  # a thread of its own, and real time: the askers go on meanwhile
            pack = packs[(number + 1) % len(packs)]
            activate(connection, pack=pack, at=datetime.now(SHANGHAI), by="campaign")
            moves.append((time.time(), pack.digest))
        time.sleep(every)  # the last one, too, has its time to be seen
    return moves


async def _ask(url: str, account: Account, rng: random.Random, ended: asyncio.Event) -> list[_Asked]:
    """One person after the other, each with a tail of her own, until the switches are done."""
    asked = []
    async with aiohttp.ClientSession() as session:
        while not ended.is_set():
            tail, openid = str(rng.randrange(10)), f"oGeneration{rng.randrange(10**17):017}"
            query, body = _request(account, openid, tail, rng)
            sent = time.time()
            async with session.post(f"{url}?{query}", data=body) as response:
                told = await response.read()
            plain = account.open_reply(told) if response.status == 200 else b""
            words = (field(plain, b"Content") or b"").decode()
            asked.append(
                _Asked(tail=tail, sent=sent, answered=time.time(), status=response.status, words=words)
            )
    return asked


def _request(account: Account, openid: str, text: str, rng: random.Random) -> tuple[str, bytes]:
    moment, nonce = int(time.time()), str(rng.randrange(10**9, 10**10))
    plain = (
        f"<xml><ToUserName><![CDATA[{account.original_id}]]></ToUserName>"
        f"<FromUserName><![CDATA[{openid}]]></FromUserName><CreateTime>{moment}</CreateTime>"
        f"<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{text}]]></Content>"
        f"<MsgId>{rng.randrange(1, 2**63)}</MsgId></xml>"
    )
    encrypted = account.encrypt(plain.encode())
    query = (
        f"signature={account.signature(str(moment), nonce)}&timestamp={moment}&nonce={nonce}&openid={openid}"
        f"&encrypt_type=aes&msg_signature={account.signature(str(moment), nonce, encrypted)}"
    )
    return query, f"<xml><ToUserName>x</ToUserName><Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>".encode()


_Words = Mapping[tuple[str, int], Mapping[str, str]]
"""(Tail, minute) -> digest -> what that generation says."""


def _words(packs: Sequence[PackFiles], asked: Sequence[_Asked], folder: Path) -> _Words:
    moments = {(one.tail, minute) for one in asked for minute in _minutes(one)}
    found: dict[tuple[str, int], dict[str, str]] = {moment: {} for moment in moments}
    try:
        for pack in packs:
            place = lay_out(pack, under=folder / "packs")
            adopt(CITY, read_pack(place, generation=pack.digest), place)
            for tail, minute in moments:
                at = datetime.fromtimestamp(minute * 60, SHANGHAI)
                reply = reply_to_text(tail, account_kind="service", city=CITY, at=at)
                found[tail, minute][pack.digest] = reply.text
    finally:
        abandon(CITY)  # whoever runs in this process after the judge answers by the seed again
    return found


def _minutes(asked: _Asked) -> set[int]:
    return {int(asked.sent) // 60, int(asked.answered) // 60}


def _verdict(
    seed: int,
    asked: Sequence[_Asked],
    moves: Sequence[tuple[float, str]],
    words: _Words,
    counted: Mapping[str, int],
) -> dict[str, Any]:
    wrong: Counter[str] = Counter()
    given: Counter[str] = Counter()
    seen: dict[int, float] = {}
    for one in asked:
        by = _generations_of(one, words)
        if one.status != 200 or len(by) != 1:
            wrong["no answer" if one.status != 200 else f"words of {len(by)} generations"] += 1
            continue
        (digest,) = by
        given[digest[:16]] += 1
        if not _was_in_force(one, digest, moves):
            wrong["generation not in force"] += 1
        for number, (at, move) in enumerate(moves):
            if digest == move and one.sent >= at:
                seen[number] = min(seen.get(number, 1e9), one.answered - at)
    if dict(given) != {name: count for name, count in counted.items() if name}:
        wrong["inbox names another generation"] += 1
    slowest = max(seen.values(), default=0.0)
    return {
        "campaign": "generations",
        "seed": seed,
        "ok": not wrong and len(seen) == len(moves) and len(given) > 1,
        "answers": len(asked),
        "switches": len(moves),
        "generations": len(given),
        "wrong": dict(wrong),
        "seen": len(seen),
        "slowest_seen_s": round(slowest, 3),
    }


def _generations_of(asked: _Asked, words: _Words) -> set[str]:
    told = [words[asked.tail, minute] for minute in _minutes(asked)]
    return {digest for texts in told for digest, text in texts.items() if asked.words.startswith(text)}


def _was_in_force(asked: _Asked, digest: str, moves: Sequence[tuple[float, str]]) -> bool:
    """Whether it was in force at some moment between a second before the question and the answer."""
    latest = None
    for at, move in moves:
        if at <= asked.sent - IN_FORCE_S:
            latest = move
        elif at <= asked.answered and move == digest:
            return True
    return latest is None or latest == digest
