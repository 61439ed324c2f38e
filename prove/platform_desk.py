"""A real simulator over HTTP beside the model: each step is done to both, and what both say is compared."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from aiohttp import ClientSession, web
from defusedxml.ElementTree import fromstring

from daxiang_simulator.app import make_app
from daxiang_simulator.world import Options
from prove.platform_mass import Account
from prove.platform_quotas import TOKEN_GRACE_S, Expected, Rules, refusal

PEOPLE = ("p0", "p1", "p2", "p3")
NOBODY = "nobody"
TEMPLATE = {"template_id": "T1", "title": "提醒", "content": "内容:{{thing1.DATA}}"}
MENU = {
    "button": [
        {"type": "click", "name": "限行", "key": "K"},
        {"type": "view", "name": "网站", "url": "https://example.org/"},
        {"type": "scancode_waitmsg", "name": "扫一扫", "key": "S"},
    ]
}
NOT_JUDGED = frozenset({"sent", "empty"})
"""Kinds of the record that the service's own ears prove."""
Facts = Counter[tuple[object, ...]]


class Difference(AssertionError):
    """Simulator and model do not agree."""


class Ears:
    """The service of all accounts: it acknowledges everything and remembers what it heard."""

    def __init__(self) -> None:
        self.heard: list[dict[str, str]] = []
        self.port = 0

    async def answer(self, request: web.Request) -> web.Response:
        tree = fromstring(await request.read())
        self.heard.append({one.tag: one.text or "" for one in tree})
        return web.Response(text="success")

    async def start(self) -> None:
        app = web.Application()
        app.router.add_post("/{account}", self.answer)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.port = int(self._runner.addresses[0][1])

    async def stop(self) -> None:
        await self._runner.cleanup()


@asynccontextmanager
async def _served(app: web.Application) -> AsyncIterator[int]:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()


class Desk:
    """One history's simulator and model."""

    def __init__(
        self, session: ClientSession, ears: Ears, rules: dict[str, Rules], met: Counter[str]
    ) -> None:
        self._session = session
        self._ears = ears
        self.now = 0.0
        self.accounts = {name: Account(name, one, met) for name, one in rules.items()}
        self.met = met
        self.calls = 0
        self.texts: dict[str, list[str]] = {name: [] for name in rules}
        self.users: dict[str, str] = {}
        self.openids: dict[tuple[str, str], str] = {}
        self._names: dict[str, str] = {}
        self.crowds: dict[str, list[str]] = {name: [] for name in rules}
        self.tags: dict[str, list[int]] = {name: [] for name in rules}
        self.tickets: dict[str, str] = {}
        self._truth: Facts = Counter()
        self._events: Facts = Counter()
        self._seen = 0
        self._base = ""

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Desk]:
        folder = Path(tempfile.mkdtemp(prefix="platform-"))
        listed = [
            _account_json(name, one.rules, self._ears.port, number)
            for number, (name, one) in enumerate(self.accounts.items())
        ]
        accounts = folder / "accounts.json"
        accounts.write_text(json.dumps(listed), encoding="utf-8")
        options = Options(
            state=folder / "simulator.db", accounts=accounts, clock=folder / "clock.json", retry_pause_s=0.0
        )
        try:
            async with _served(make_app(options)) as port:
                self._base = f"http://127.0.0.1:{port}"
                yield self
        finally:
            shutil.rmtree(folder)

    # HTTP

    async def post(self, path: str, body: object = None) -> Any:
        """A call that only the simulator has."""
        raw = json.dumps(body if body is not None else {}).encode()
        async with self._session.post(self._base + path, data=raw) as response:
            return await response.json()

    async def get(self, path: str) -> Any:
        async with self._session.get(self._base + path) as response:
            return await response.json()

    async def ask(
        self,
        account: str,
        path: str,
        act: Callable[[Account, dict[str, Any]], Expected],
        body: object = None,
        *,
        token: int | None = None,
        query: dict[str, str] | None = None,
    ) -> dict[str, Any]:
        """A call of the platform: `act` asks the model once token, right and quota let it through."""
        model = self.accounts[account]
        number = token % len(model.tokens) if token is not None and model.tokens else None
        if number is None:
            number = await self._live_token(account)
        asked = {"access_token": self.texts[account][number], **(query or {})}
        said = await self._raw(f"{path}?{urlencode(asked)}", body)
        codes = model.admit(path, number, self.now)
        self.judge(account, path, said, refusal(codes) if codes else act(model, said))
        return said

    async def _raw(self, address: str, body: object) -> dict[str, Any]:
        self.calls += 1
        raw = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        method = "GET" if raw is None else "POST"
        async with self._session.request(method, self._base + address, data=raw) as response:
            said: dict[str, Any] = await response.json(content_type=None)
            return said

    async def _live_token(self, account: str) -> int:
        held = self.accounts[account].live_token(self.now)
        if held is not None:
            return held
        await self.token(account, "stable")
        return len(self.texts[account]) - 1

    async def token(self, account: str, family: str) -> bool:
        """Ask for an access_token: `plain`, `stable`, or a `forced` refresh; was one given?"""
        app = {"grant_type": "client_credential", "appid": f"wx{account}", "secret": "secret"}
        path = "/cgi-bin/token" if family == "plain" else "/cgi-bin/stable_token"
        if family == "plain":
            said = await self._raw(f"{path}?{urlencode(app)}", None)
        else:
            said = await self._raw(path, {**app, "force_refresh": family == "forced"})
        model = self.accounts[account]
        expected, is_new = model.give_token(family, self.now)
        self.judge(account, path, said, expected)
        if not expected.is_taken:
            return False
        kind, texts = ("plain" if family == "plain" else "stable"), self.texts[account]
        self._truth["token", account, kind, family == "forced"] += 1
        assert isinstance(expected.known, tuple)
        number, left = expected.known
        if is_new:
            self.equal("a new token", said["access_token"] not in texts, True)
            texts.append(said["access_token"])
        self.equal("the token", texts.index(said["access_token"]), number)
        self.equal("its life", abs(said["expires_in"] - left) < 1, True)
        self.equal("at least five minutes", said["expires_in"] >= TOKEN_GRACE_S, True)
        return True

    # judging

    def judge(self, account: str, path: str, said: dict[str, Any], expected: Expected) -> None:
        code = said.get("errcode", 0)
        if code not in expected.codes:
            raise Difference(f"{path}: said {json.dumps(said, ensure_ascii=False)}, right is {expected}")
        if code != 0 and path.startswith("/"):
            self._truth["refused", path, code] += 1
        if code == 0 or expected.is_taken:
            self.expect(account, expected)

    def expect(self, account: str, expected: Expected) -> None:
        """Note what the record and the service must show after this step."""
        for row in expected.truth:
            self._truth[row] += 1
        for event in expected.events:
            self._events[account, *event] += 1

    def equal(self, what: str, found: object, right: object) -> None:
        if found != right:
            raise Difference(f"{what}: found {found}, right is {right}")

    async def settle(self) -> None:
        """Let all that is due happen; the record and what the service heard must be what the model says."""
        await self.post("/_sim/settle")
        page = await self.get(f"/_sim/truth?since={self._seen}")
        self._seen = page["next"]
        found = self._read_truth(page["truth"])
        if found != self._truth:
            raise Difference(
                f"the record: more than right {found - self._truth}, missing {self._truth - found}"
            )
        heard = Counter(self._event(one) for one in self._ears.heard)
        if heard != self._events:
            raise Difference(
                f"heard by the service: more than right {heard - self._events}, "
                f"missing {self._events - heard}; the record's latest: {page['truth'][-12:]}"
            )
        self._truth.clear()
        self._events.clear()
        self._ears.heard.clear()

    def _read_truth(self, rows: list[dict[str, Any]]) -> Facts:
        found: Facts = Counter()
        received: dict[tuple[str, int], set[str]] = {}
        for row in rows:
            if row["kind"] == "mass_received":
                key = (row["account"], int(row["msg_id"]))
                received.setdefault(key, set()).update(self._names[user] for user in row["users"])
            elif row["kind"] not in NOT_JUDGED and row.get("status") != "sending":
                found[self._fact(row)] += 1
        for (account, number), users in received.items():
            found["mass_received", account, number, frozenset(users)] += 1
        return found

    def _fact(self, row: dict[str, Any]) -> tuple[object, ...]:
        kind, account = row["kind"], row.get("account")
        who = self._names.get(row.get("openid") or "")
        match kind:
            case "followed" | "unfollowed":
                return (kind, account, who)
            case "crowd":
                return (kind, account, row["count"])
            case "custom_message":
                return (kind, account, who, row["window"])
            case "template_message":
                number = int(row["msg_id"])
                return (kind, account, who, row["status"], number, row["client_msg_id"] or None)
            case "template_repeated":
                return (kind, account, who, int(row["msg_id"]))
            case "mass":
                return (kind, account, int(row["msg_id"]), row["status"])
            case "refused":
                return (kind, row["path"], row["code"])
            case "token":
                return (kind, account, row["family"], row["forced"])
        return tuple(row.items())

    def _event(self, fields: dict[str, str]) -> tuple[object, ...]:
        account = fields["ToUserName"].removeprefix("gh_")
        if fields["MsgType"] != "event":
            return (
                account,
                fields["MsgType"],
                self._names[fields["FromUserName"]],
                fields.get("Content", ""),
            )
        event, who = fields["Event"], self._names.get(fields["FromUserName"])
        if event == "TEMPLATESENDJOBFINISH":
            return (account, "event", event, who, (int(fields["MsgID"]), fields["Status"]))
        if event == "MASSSENDJOBFINISH":
            counts = (int(fields[f"{name}Count"]) for name in ("Total", "Filter", "Sent", "Error"))
            return (account, "event", event, who, (int(fields["MsgID"]), fields["Status"], *counts))
        return (account, "event", event, who, fields.get("EventKey", ""))

    # people and time

    async def begin(self, now: float) -> None:
        """People, menus, a template, a QR code: what every history starts with."""
        self._ears.heard.clear()
        await self.move(now)
        for who in PEOPLE:
            made = await self.post("/_sim/users", {"nickname": who})
            self.users[who] = made["user"]
            self._names[made["user"]] = who
            for account, openid in made["openids"].items():
                self.openids[account, who] = openid
                self._names[openid] = who
                self.accounts[account].known.add(who)
        for name, model in self.accounts.items():
            self.openids[name, NOBODY] = "oNobodyAtAll"
            await self.ask(name, "/cgi-bin/menu/create", lambda _model, _said: Expected(), MENU)
            if model.rules.kind == "service":
                await self.post(f"/_sim/accounts/{name}/templates", TEMPLATE)
                await self._make_code(name)
        await self.settle()

    async def _make_code(self, account: str) -> None:
        body = {"action_name": "QR_LIMIT_STR_SCENE", "action_info": {"scene": {"scene_str": "desk"}}}
        said = await self.ask(account, "/cgi-bin/qrcode/create", lambda _model, _said: Expected(), body)
        if "ticket" in said:
            self.tickets[account] = said["ticket"]

    async def move(self, now: float) -> None:
        """Business time stands still at an instant."""
        self.now = now
        moment = datetime.fromtimestamp(now, UTC).isoformat(timespec="milliseconds")
        await self.post("/_sim/clock", {"now": moment, "rate": 0})
        for name, model in self.accounts.items():
            self.expect(name, model.expire_waiting(now))

    async def crowd(self, account: str, count: int) -> None:
        made = await self.post("/_sim/crowd", {"account": account, "count": count})
        held = self.crowds[account]
        fresh = [f"c{len(held) + number}" for number in range(count)]
        held += fresh
        for who, openid in zip(fresh, made["openids"], strict=True):
            self.openids[account, who] = openid
            self._names[openid] = who
        for one in (await self.get("/_sim/users"))["users"]:
            if one["openids"][account] in self._names:
                self._names[one["user"]] = self._names[one["openids"][account]]
        self.expect(account, self.accounts[account].crowd(fresh))


def _account_json(name: str, rules: Rules, port: int, number: int) -> dict[str, Any]:
    settings = asdict(rules)
    kind = settings.pop("kind")
    return {
        "name": name,
        "kind": kind,
        "display_name": name,
        "app_id": f"wx{name}",
        "secret": "secret",
        "token": "token",
        "aes_key": str(number) * 43,
        "original_id": f"gh_{name}",
        "callback": f"http://127.0.0.1:{port}/{name}",
        "mode": "plain",
        "settings": settings,
    }
