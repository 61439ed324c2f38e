"""A million bodies, genuine, mangled and hostile: the strict reader and the fast path agree, nothing but a
refusal is raised, nothing outside is touched, and each body costs little time and memory.

Each body is read as a decrypted message, as a sealed outer body, as a vendor's reply, and goes through whole
callbacks, both ways. Its time is the longest that one of these readings took, in CPU time of the thread. Its
memory is the peak that tracemalloc sees (the XML parser allocates through Python) while it is read strictly:
always for the heavy kinds, for one in 200 of the others; `rss_mb` is what the processes grew by meanwhile.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import contextlib
import json
import multiprocessing
import os
import resource
import socket
import sys
import threading
import time
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from daxiang.integrations.wechat import fast, query
from daxiang.integrations.wechat.bodies import MAX_BODY, BodyRefused, parse_tree, text_of
from daxiang.integrations.wechat.envelope import Envelope, signature
from daxiang.integrations.wechat.messages import TextMessage
from daxiang.integrations.wechat.protocol import CallbackRefused, Mode, Protocol
from daxiang.integrations.wechat.query import QueryRefused
from daxiang.integrations.wechat.reading import read_message
from daxiang.integrations.wechat.replies import Text, parse_reply, render
from prove.hostile_bodies import HEAVY, Lures
from prove.mangled_bodies import KINDS, SNIPPETS
from prove.wechat_bodies import ACCOUNT

CHUNK = 5000
MOST_MS, MOST_MB = 50.0, 20.0
TOKEN, APP_ID, NOW, NONCE = "InventedToken", "wx0123456789abcdef", 1795479000, b"415670741"
KEY = base64.b64encode(bytes(range(32))).decode()[:43]
ACCOUNT_VALUES = {"token": TOKEN, "app_id": APP_ID, "original_id": ACCOUNT, "aes_key": KEY}
CANARY = "invented-canary-7f3a"


@dataclass
class Figures:
    """What a part of the campaign has seen."""

    bodies: int = 0
    agreed: int = 0
    """The fast path answered, and the strict reader the same."""
    declined: int = 0
    """The fast path left it to the strict reader, which gave a message."""
    refused: int = 0
    disagreed: int = 0
    crashes: int = 0
    touched: int = 0
    """Files opened, connections made, canaries quoted."""
    measured: int = 0
    """Bodies whose memory was measured."""
    worst_ms: float = 0.0
    worst_ms_kind: str = ""
    worst_mb: float = 0.0
    worst_mb_kind: str = ""
    rss_mb: float = 0.0
    kinds: dict[str, int] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    def add(self, other: Figures) -> None:
        for name in (
            "bodies",
            "agreed",
            "declined",
            "refused",
            "disagreed",
            "crashes",
            "touched",
            "measured",
        ):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name in ("ms", "mb"):
            if getattr(other, f"worst_{name}") > getattr(self, f"worst_{name}"):
                setattr(self, f"worst_{name}", getattr(other, f"worst_{name}"))
                setattr(self, f"worst_{name}_kind", getattr(other, f"worst_{name}_kind"))
        self.rss_mb = max(self.rss_mb, other.rss_mb)
        self.kinds = dict(Counter(self.kinds) + Counter(other.kinds))
        self.failures = (self.failures + other.failures)[:20]


class Disagreement(Exception):
    """Two readers said different things of one body."""


class Readers:
    """The readers under test, both ways, and the longest that one reading has taken."""

    def __init__(self) -> None:
        self.worst_ns = 0
        self._quick = Protocol(**ACCOUNT_VALUES)
        self._strict = Protocol(**ACCOUNT_VALUES, is_strict=True)
        self._quick_plain = Protocol(**ACCOUNT_VALUES, mode=Mode.PLAIN)
        self._envelope = Envelope(token=TOKEN, app_id=APP_ID, aes_key=KEY)

    def read(self, body: bytes, address: Callable[[bytes], bytes]) -> tuple[object, bool]:
        """The strict outcome as a message and whether the fast path answered. Raises `Disagreement`, or
        whatever crashed.
        """
        strict, quick = self._outcome(read_message, body), self._outcome(fast.message_in, body)
        if quick is not None and quick != strict:
            raise Disagreement(f"message {quick!r} {strict!r}")
        sealed, quickly_sealed = self._outcome(_encrypted, body), self._outcome(fast.encrypted_in, body)
        if quickly_sealed is not None and quickly_sealed != sealed:
            raise Disagreement(f"outer {quickly_sealed!r} {sealed!r}")
        self._whole(body, address)
        self._outcome(parse_reply, body)
        if isinstance(strict, TextMessage) and strict.content:
            self._answer(strict)
        return strict, quick is not None

    def _outcome(self, read: Callable[..., object], *given: object, **named: object) -> object:
        """The value, or the reason of the refusal; anything else is raised: a crash."""
        began = time.thread_time_ns()
        try:
            return read(*given, **named)
        except (BodyRefused, CallbackRefused, QueryRefused) as refused:
            return f"refused: {refused.reason}"
        finally:
            self.worst_ns = max(self.worst_ns, time.thread_time_ns() - began)

    def _whole(self, body: bytes, address: Callable[[bytes], bytes]) -> None:
        encrypted, _ = self._envelope.seal(body, timestamp=b"1", nonce=b"2")
        outer = b"<xml><Encrypt><![CDATA[%b]]></Encrypt></xml>" % encrypted
        genuine = signed_query(encrypted)
        for asked, given in ((genuine, outer), (genuine, body), (address(genuine), outer)):
            one = self._outcome(self._quick.open, asked, given, now=NOW)
            other = self._outcome(self._strict.open, asked, given, now=NOW)
            if one != other:
                raise Disagreement(f"whole {asked!r} {one!r} {other!r}")
        quick, strict = query.signed_in(address(genuine)), self._outcome(query.read_signed, address(genuine))
        if quick is not None and quick != strict:
            raise Disagreement(f"query {address(genuine)!r}")
        self._outcome(self._quick_plain.open, genuine.partition(b"&encrypt_type")[0], body, now=NOW)

    @staticmethod
    def _answer(message: TextMessage) -> None:
        words = Text(content=message.content)
        rendered = render(words, to_user=message.from_user, from_user=message.to_user, created=1)
        # Escaping may carry 64 KiB of a body beyond what is read again.
        if len(rendered) <= MAX_BODY and parse_reply(rendered) != words:
            raise Disagreement(f"reply {rendered!r}")


def _encrypted(body: bytes) -> bytes:
    return text_of(parse_tree(body), "Encrypt").encode()


def signed_query(encrypted: bytes) -> bytes:
    timestamp, token = b"%d" % NOW, TOKEN.encode()
    return b"signature=%b&timestamp=%b&nonce=%b&openid=oInvented&encrypt_type=aes&msg_signature=%b" % (
        signature(token, timestamp, NONCE),
        timestamp,
        NONCE,
        signature(token, timestamp, NONCE, encrypted),
    )


def address_change(rng: Random) -> Callable[[bytes], bytes]:
    """A small change to an address, the same each time it is asked for."""
    at, snippet, cut = (
        rng.random(),
        rng.choice((*SNIPPETS, b"&", b"%", b"%41", b"&nonce=1", b"&x")),
        rng.choice((0, 0, 1)),
    )

    def change(genuine: bytes) -> bytes:
        here = int(at * len(genuine))
        return genuine[:here] + snippet + genuine[here + cut :]

    return change


def make(rng: Random, lures: Lures) -> tuple[str, bytes]:
    kind = rng.choices(list(KINDS), [weight for weight, _ in KINDS.values()])[0]
    return kind, KINDS[kind][1](rng, lures)


class Watch:
    """Counts what this process opens or connects to while a body is read. An audit hook cannot be removed,
    hence one for the process.
    """

    is_on = False
    touched = 0

    @classmethod
    def install(cls) -> None:
        if not getattr(cls, "_installed", False):
            sys.addaudithook(cls._hook)
            cls._installed = True

    @classmethod
    def _hook(cls, event: str, _: tuple[object, ...]) -> None:
        if cls.is_on and event in {
            "open",
            "socket.connect",
            "socket.getaddrinfo",
            "subprocess.Popen",
            "exec",
        }:
            cls.touched += 1


def run_chunk(seed: int, number: int, count: int, lures: Lures) -> Figures:
    """Bodies `number * CHUNK` and on. The same figures whoever asks, but for times."""
    Watch.install()
    seen, readers, before = Figures(), Readers(), _rss_mb()
    kinds: Counter[str] = Counter()
    for index in range(number * CHUNK, number * CHUNK + count):
        rng = Random(f"{seed}:{index}")
        kind, body = make(rng, lures)
        kinds[kind] += 1
        _one(seen, readers, index=index, kind=kind, body=body, address=address_change(rng))
        if kind in HEAVY or index % 200 == 0:
            seen.measured += 1
            peak = traced_mb(body)
            if peak > seen.worst_mb:
                seen.worst_mb, seen.worst_mb_kind = peak, kind
    seen.bodies, seen.kinds, seen.rss_mb = count, dict(kinds), round(_rss_mb() - before, 1)
    return seen


def _one(
    seen: Figures,
    readers: Readers,
    *,
    index: int,
    kind: str,
    body: bytes,
    address: Callable[[bytes], bytes],
) -> None:
    Watch.touched, Watch.is_on, readers.worst_ns = 0, True, 0
    try:
        message, is_quick = readers.read(body, address)
    except Disagreement as failure:
        seen.disagreed += 1
        seen.failures.append(f"{index} {kind} {failure}"[:600])
        return
    except Exception as failure:  # the outermost frame: whatever a reader raises is the finding
        seen.crashes += 1
        seen.failures.append(f"{index} {kind} {failure!r} {body[:300]!r}"[:600])
        return
    finally:
        Watch.is_on = False
        if readers.worst_ns / 1e6 > seen.worst_ms:
            seen.worst_ms, seen.worst_ms_kind = readers.worst_ns / 1e6, kind
    if isinstance(message, str):
        seen.refused += 1
    elif is_quick:
        seen.agreed += 1
    else:
        seen.declined += 1
    seen.touched += Watch.touched + (CANARY in repr(message))


def traced_mb(body: bytes) -> float:
    """The most memory that reading the body held at once."""
    tracemalloc.start()
    try:
        with contextlib.suppress(BodyRefused):
            read_message(body)
        return tracemalloc.get_traced_memory()[1] / 2**20
    finally:
        tracemalloc.stop()


def _rss_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


@contextlib.contextmanager
def canaries(folder: Path) -> Iterator[tuple[Lures, Callable[[], int]]]:
    """A file and a port that nobody may touch, and how often they were. Both are tried first."""
    file = folder / "canary.txt"
    file.write_text(CANARY, encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as port:
        port.setblocking(False)
        address = port.getsockname()
        socket.create_connection(address).close()
        if _callers(port) != 1:
            raise RuntimeError("the canary port does not notice a caller")
        file.read_text(encoding="utf-8")
        os.utime(file, (1, time.time()))  # older than its content: the next reading moves it, even relatime
        yield (
            Lures(file=str(file), url=f"http://127.0.0.1:{address[1]}/canary"),
            lambda: _callers(port) + (file.stat().st_atime != 1),
        )


def _callers(port: socket.socket) -> int:
    count = 0
    while True:
        try:
            port.accept()[0].close()
        except BlockingIOError:
            return count
        count += 1


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--bodies", type=int, default=1_000_000)
    parser.add_argument("--processes", type=int, default=2)


async def campaign(
    *, seed: int, bodies: int, folder: Path, processes: int = 2, quiet: bool = False
) -> dict[str, Any]:
    """Run, or go on with, the campaign of one seed; returns its figures."""
    return await asyncio.to_thread(
        _campaign, seed=seed, bodies=bodies, folder=folder, processes=processes, quiet=quiet
    )


def _campaign(*, seed: int, bodies: int, folder: Path, processes: int, quiet: bool) -> dict[str, Any]:
    folder.mkdir(parents=True, exist_ok=True)
    state = folder / f"progress-{bodies}.json"
    done = _load(state)
    wanted = {number: min(CHUNK, bodies - number * CHUNK) for number in range(-(-bodies // CHUNK))}
    left = [number for number in wanted if str(number) not in done]
    with canaries(folder) as (lures, touches):
        for number, figures in _run(seed, {number: wanted[number] for number in left}, lures, processes):
            done[str(number)] = asdict(figures)
            _save(state, done)
            if not quiet:
                print(
                    f"{len(done):4} of {len(wanted)}  {figures.worst_ms:5.1f} ms {figures.worst_mb:5.2f} MB",
                    flush=True,
                )
        canary = touches()
    total = Figures()
    for figures in done.values():
        total.add(Figures(**figures))
    total.touched += canary
    state.unlink(missing_ok=True)
    return _verdict(seed, bodies, total)


def _run(seed: int, chunks: dict[int, int], lures: Lures, processes: int) -> Iterator[tuple[int, Figures]]:
    if processes == 0:
        for number, count in chunks.items():
            yield number, run_chunk(seed, number, count, lures)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context, initializer=_end_with_parent) as pool:
        running = {pool.submit(run_chunk, seed, *chunk, lures): chunk[0] for chunk in chunks.items()}
        for finished in as_completed(running):
            yield running[finished], finished.result()


def _end_with_parent() -> None:
    """A process of the pool waits for work for ever, also when whoever gives it was killed."""
    parent = multiprocessing.parent_process()
    assert parent is not None

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, name="parent", daemon=True).start()


def _verdict(seed: int, bodies: int, total: Figures) -> dict[str, Any]:
    ok = (
        total.bodies == bodies
        and total.disagreed == total.crashes == total.touched == 0
        and total.worst_ms <= MOST_MS
        and total.worst_mb <= MOST_MB
        and min(total.agreed, total.declined, total.refused) > 0
    )
    figures = asdict(total)
    for name in ("worst_ms", "worst_mb"):
        figures[name] = round(figures[name], 2)
    if not total.failures:
        del figures["failures"]
    return {"campaign": "fuzz", "seed": seed, "ok": ok, **figures}


def _load(state: Path) -> dict[str, dict[str, Any]]:
    if not state.exists():
        return {}
    held: dict[str, dict[str, Any]] = json.loads(state.read_text(encoding="utf-8"))
    return held


def _save(state: Path, done: dict[str, dict[str, Any]]) -> None:
    fresh = state.with_suffix(".new")
    fresh.write_text(json.dumps(done), encoding="utf-8")
    fresh.replace(state)
