"""The frame around every call of the platform: token, right, quota, fault, the call itself, commit, answer.

A call is a plain function from what came in to what goes out. It changes state at once and without waiting,
so no other call sees half of it; the answer leaves only when the change and its truth are on disk.
"""

from __future__ import annotations

import asyncio
import inspect
import logging
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from traceback import extract_tb
from typing import Any

from aiohttp import web

from daxiang_simulator.accounts import Account
from daxiang_simulator.jsontext import dump, load
from daxiang_simulator.keys import WORLD
from daxiang_simulator.people import Person
from daxiang_simulator.received import received_row
from daxiang_simulator.store import Statement
from daxiang_simulator.truth import Kind, truth_row
from daxiang_simulator.world import World

from .refusals import Refused, new_rid
from .rights import Right, has_right

Answer = dict[str, Any] | web.Response
Handler = Callable[["Call"], Answer] | Callable[["Call"], Awaitable[Answer]]
logger = logging.getLogger(__name__)
LARGEST = 12 * 1024 * 1024
SMALL = 64 * 1024
_ESCAPED = re.compile(rb"(?<!\\)(?:\\\\)*\\u(?!00[0-7])[0-9a-fA-F]{4}")
_MISREAD = (TypeError, ValueError, LookupError, AttributeError, RecursionError, OverflowError)
"""What Python says when a value of the body is of another type than the call reads there."""
_HEADERS = {"Content-Type": "application/json; encoding=utf-8"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Spec:
    """One call: its address and the rules that hold before it runs."""

    method: str
    path: str
    handler: Handler
    right: Right
    daily: str | int | None
    minutely: int | None
    is_open: bool
    is_raw: bool
    is_waiting: bool


SPECS: dict[str, Spec] = {}
"""All calls by address; a module of the platform adds its own when it is imported."""


def call(
    method: str,
    path: str,
    *,
    right: Right = Right.ANYBODY,
    daily: str | int | None = 100_000,
    minutely: int | None = None,
    is_open: bool = False,
    is_raw: bool = False,
) -> Callable[[Handler], Handler]:
    """Register a call. `daily` may be the name of a setting; `is_open`: without access_token; `is_raw`: the
    function reads the body itself (or there is none)."""

    def registered(handler: Handler) -> Handler:
        SPECS[path] = Spec(
            method=method,
            path=path,
            handler=handler,
            right=right,
            daily=daily,
            minutely=minutely,
            is_open=is_open,
            is_raw=is_raw or method != "POST",
            is_waiting=inspect.iscoroutinefunction(handler),
        )
        return handler

    return registered


class Call:
    """One call as it came in, and what it leaves behind: rows to commit, people to tell."""

    __slots__ = (
        "_account",
        "at",
        "begun",
        "body",
        "has_acted",
        "kept",
        "query",
        "raw",
        "request",
        "rows",
        "spec",
        "told",
        "world",
    )

    def __init__(self, world: World, spec: Spec, request: web.Request) -> None:
        self.world = world
        self.spec = spec
        self.request = request
        self.query: Mapping[str, str] = request.query
        self.begun = time.time()
        self.at = world.clock.now()
        self.body: dict[str, Any] = {}
        self.raw = b""
        self.rows: list[Statement] = []
        self.kept: list[Statement] = []
        self.told: set[tuple[str, str]] = set()
        self.has_acted = False
        self._account: Account | None = None

    @property
    def account(self) -> Account:
        """Whose call this is."""
        assert self._account is not None  # noqa: S101 (the frame sets it before any call that has a token)
        return self._account

    @account.setter
    def account(self, account: Account) -> None:
        self._account = account

    @property
    def account_name(self) -> str | None:
        """The account's name, None before it is known."""
        return self._account.name if self._account else None

    def shelf(self, noun: str) -> dict[str, Any]:
        """The account's values of a noun; to read."""
        return self.world.shelves[noun].of(self.account.name)

    def put(self, noun: str, key: str, value: Any) -> None:
        """Set one of the account's values."""
        self.has_acted = True
        self.world.shelves[noun].put(self.account.name, key, value)

    def drop(self, noun: str, key: str) -> Any:
        """Take one of the account's values away."""
        self.has_acted = True
        return self.world.shelves[noun].drop(self.account.name, key)

    def save(self, person: Person, page: dict[str, Any]) -> None:
        """Keep what the account holds of a follower."""
        self.has_acted = True
        self.world.followers.save(self.account, person, page)

    def tell_followers(self) -> None:
        """Something that all followers of the account see has changed."""
        self.world.feed.say_all({"kind": "menu", "account": self.account.name})

    def need(self, name: str, code: int) -> str:
        """A text in the body that must not be missing. Raises Refused with this code."""
        value = self.body.get(name)
        if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
            raise Refused(code)
        return str(value)

    def address(self, path: str) -> str:
        """A whole address of this simulator, as the caller reached it."""
        return f"{self.request.scheme}://{self.request.host}{path}"

    def tell(self, kind: Kind, **facts: Any) -> None:
        """Write what truly happened."""
        self.rows.append(truth_row(kind, at=self.at, account=self.account_name, **facts))

    def deliver(self, person: Person, shown: dict[str, Any]) -> int:
        """Put something on a person's phone; its number."""
        number = self.world.numbers.next()
        origin = f"{self.spec.method} {self.spec.path}\n\n{self.raw.decode('utf-8', 'replace')}"
        row = received_row(number, person, self.account, at=self.at, shown=shown, origin=origin)
        self.rows.append(row)
        self.told.add((person.user, self.account.name))
        return number

    def take(self, *, daily: int | None, minutely: int | None) -> None:
        """Count the call against the quota of its address. Raises Refused."""
        self.world.quotas.take(self.account.name, self.spec.path, at=self.at, daily=daily, minutely=minutely)

    def check_address(self) -> None:
        """Refuse a caller whose address is not on the account's list, where it has one."""
        allowed = self.account.setting("ip_whitelist")
        if allowed and self.request.remote not in allowed:
            raise Refused(40164, f"invalid ip {self.request.remote}")

    @staticmethod
    def real_now() -> float:
        """Real Unix seconds, whatever the business clock says."""
        return time.time()


async def serve(request: web.Request, spec: Spec) -> web.StreamResponse:
    """Answer one request to a call's address."""
    world = request.app[WORLD]
    made = Call(world, spec, request)
    try:
        await _read(made)
    except web.HTTPRequestEntityTooLarge:
        return await _refuse(made, Refused(45001))
    except web.RequestPayloadError:
        return await _refuse(made, Refused(47001))
    try:
        account = None if spec.is_open else world.tokens.owner(made.query.get("access_token"), at=made.at)
        fault = world.faults.strike(spec.path, account or _applicant_name(made))
    except Refused as refused:
        return await _refuse(made, refused)
    if fault is not None:
        return await _faulty(made, account, fault)
    return await _carried(made, account)


async def _carried(made: Call, account: str | None) -> web.StreamResponse:
    """Run the call, commit what it did, and only then answer."""
    try:
        answer = await _run(made, account)
    except Refused as refused:
        return await _refuse(made, refused)
    except web.HTTPRequestEntityTooLarge:
        return await _refuse(made, Refused(45001))
    except Exception:  # outermost frame of a call: the platform says -1, and the log says why
        logger.exception("%s %s", made.spec.method, made.spec.path)
        return await _refuse(made, Refused(-1))
    await made.world.store.write(*made.kept, *made.rows)
    if made.told:
        made.world.feed.wake(made.told)
    return answer if isinstance(answer, web.Response) else _json(answer)


async def _run(made: Call, account: str | None) -> Answer:
    spec, world = made.spec, made.world
    if spec.method not in {"*", made.request.method}:
        raise Refused(43001 if spec.method == "GET" else 43002)
    if account is not None:
        made.account = world.account(account)
        made.check_address()
        if made.account.setting("banned"):
            raise Refused(48004)
        if not has_right(made.account, spec.right):
            raise Refused(48001)
        daily = made.account.setting(spec.daily) if isinstance(spec.daily, str) else spec.daily
        made.take(daily=daily, minutely=spec.minutely)
    if not spec.is_raw:
        made.body = parsed(made)
    return await _handled(made)


async def _handled(made: Call) -> Answer:
    """The call itself. A call reads its body before it does anything: what goes wrong until then with the
    types of values counts as the body's fault, 40035; what goes wrong later is ours, -1. A slip of ours in
    the reading looks the same from here, so the log warns and names the line. Raises Refused."""
    try:
        answer: Any = made.spec.handler(made)
        return await answer if made.spec.is_waiting else answer  # type: ignore[no-any-return]
    except _MISREAD as error:
        if not made.body or made.has_acted or made.rows or made.told:
            raise
        at = extract_tb(error.__traceback__)[-1]
        told = (made.spec.method, made.spec.path, error, at.filename, at.lineno)
        logger.warning("%s %s: 40035, the body cannot be read: %r at %s:%s", *told)
        raise Refused(40035) from error


async def _read(made: Call) -> None:
    request = made.request
    if (request.content_length or 0) > SMALL:
        request = made.request = request.clone(client_max_size=LARGEST)
    if not made.spec.is_raw:
        made.raw = await request.read()


def parsed(made: Call) -> dict[str, Any]:
    """The JSON object of the body. Raises Refused as the platform does."""
    raw = made.raw
    if not raw:
        raise Refused(44002)
    if b"\\u" in raw and _ESCAPED.search(raw) and _is_strict(made):
        raise Refused(40033)
    try:
        body = load(raw)
    except ValueError as error:
        raise Refused(47001) from error
    if not isinstance(body, dict):
        raise Refused(47001)
    return body


def _is_strict(made: Call) -> bool:
    return made.account_name is None or made.account.setting("escaped_unicode_refused")


def _applicant_name(made: Call) -> str | None:
    """Whom a call without a token speaks for, for faults that concern one account."""
    app_id = made.query.get("appid")
    if app_id is None and made.raw:
        try:
            app_id = load(made.raw).get("appid")
        except (ValueError, AttributeError):
            return None
    account = made.world.by_app_id(app_id)
    return account.name if account else None


async def _faulty(made: Call, account: str | None, fault: dict[str, Any]) -> web.StreamResponse:
    """What a call comes to that meets a fault."""
    kind, value = fault["kind"], fault["value"]
    facts = {"path": made.spec.path, "fault": fault["id"], "fault_kind": kind, "effect": fault["effect"]}
    made.kept.append(truth_row(Kind.FAULTED, at=made.at, account=account or _applicant_name(made), **facts))
    if kind == "slow":
        await asyncio.sleep(value)
        made.at = made.world.clock.now()
        return await _carried(made, account)
    if fault["effect"]:
        await _carried(made, account)
    if kind == "errcode":
        return await _refuse(made, Refused(int(value)))
    if not fault["effect"]:
        await made.world.store.write(*made.kept)
    if kind == "http":
        page = f"<html><body>{int(value)}</body></html>"
        return web.Response(status=int(value), text=page, content_type="text/html")
    if kind == "garbage":
        return web.Response(text='{"errcode":0,"errm', content_type="text/plain")
    await _hold(made.request, float(value))
    if made.request.transport is not None:
        made.request.transport.abort()
    return web.Response()


async def _hold(request: web.Request, seconds: float) -> None:
    """Say nothing for so long, or until the caller has gone."""
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        if request.transport is None or request.transport.is_closing():
            return
        await asyncio.sleep(min(left, 0.1))


async def _refuse(made: Call, refused: Refused) -> web.Response:
    rid = new_rid(made.at)
    body = refused.body(rid)
    made.rows.clear()
    made.tell(Kind.REFUSED, path=made.spec.path, code=refused.code, rid=rid)
    made.rows.append(_rid_row(made, rid, body))
    await made.world.store.write(*made.kept, *made.rows)
    return _json(body)


def _rid_row(made: Call, rid: str, body: dict[str, Any]) -> Statement:
    request = made.request
    held = {
        "invoke_time": int(made.at),
        "cost_in_ms": int((time.time() - made.begun) * 1000),
        "request_url": _without_token(request.query_string),
        "request_body": made.raw[:2048].decode("utf-8", "replace"),
        "response_body": dump(body),
        "client_ip": request.remote or "",
    }
    sql = "INSERT OR REPLACE INTO rid (rid, account, at, body) VALUES (?, ?, ?, ?)"
    return sql, (rid, made.account_name, made.at, dump(held))


def _without_token(url: str) -> str:
    return re.sub(r"(access_token|secret)=[^&]*", r"\1=***", url)


def _json(body: dict[str, Any]) -> web.Response:
    return web.Response(body=dump(body).encode(), headers=_HEADERS)
