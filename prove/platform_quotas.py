"""Accounts, tokens and quotas in the model of `prove/platform.py`, and the words that its parts share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

BEIJING = timedelta(hours=8)
TOKEN_LIFE_S, TOKEN_GRACE_S = 7200, 300
FORCED_A_DAY, FORCED_APART_S = 20, 30
CLEARS_A_MONTH, PATH_CLEARS_A_MONTH = 10, 50
MASS_A_MINUTE = 60
LIMITS = {"/cgi-bin/user/get": 500, "/cgi-bin/message/mass/preview": 100, "/cgi-bin/message/mass/delete": 10}
UNCOUNTED = frozenset({"/cgi-bin/clear_quota", "/cgi-bin/openapi/quota/get", "/cgi-bin/openapi/quota/clear"})
ANYBODY = UNCOUNTED | {"/cgi-bin/getcallbackip", "/cgi-bin/menu/create"}
SERVICE_ONLY = frozenset(
    {"/cgi-bin/message/template/send", "/cgi-bin/message/mass/send", "/cgi-bin/qrcode/create"}
)
MASS_PATHS = frozenset({"/cgi-bin/message/mass/sendall", "/cgi-bin/message/mass/send"})
OK = frozenset({0})


@dataclass(frozen=True, kw_only=True)
class Rules:
    """One account: its kind, its rights, and the limits, which its settings lower so that they are met."""

    kind: str
    verified: bool = True
    token_daily: int = 2000
    template_daily: int = 100_000
    custom_daily: int = 500_000
    service_mass_daily: int = 100
    followers_monthly: int = 4
    mass_protection: bool = True


@dataclass(frozen=True, kw_only=True)
class Expected:
    """The codes of which one is right, and what happens in the sight of others."""

    codes: frozenset[int] = OK
    truth: tuple[tuple[object, ...], ...] = ()
    events: tuple[tuple[object, ...], ...] = ()
    known: object = None
    """What a success says: a repeated number, a list of members…; None where there is nothing to compare."""

    @property
    def is_taken(self) -> bool:
        return self.codes == OK


def refusal(codes: Iterable[int]) -> Expected:
    return Expected(codes=frozenset(codes))


@dataclass(kw_only=True)
class Token:
    family: str
    ends_at: float
    superseded_at: float | None = None
    """When it ends because a newer one was asked for."""

    def refusals(self, now: float) -> frozenset[int]:
        """Empty while it is honoured."""
        codes = set()
        if now >= self.ends_at:
            codes.add(42001)
        if self.superseded_at is not None and now >= self.superseded_at:
            codes |= {40001, 40014}
        return frozenset(codes | {40001} if codes else codes)


class Purse:
    """One account's tokens and what it has used of its quotas; all times are Unix seconds."""

    def __init__(self, name: str, rules: Rules, met: Counter[str]) -> None:
        self.name = name
        self.rules = rules
        self.met = met
        self.tokens: list[Token] = []
        self.forced: list[float] = []
        self.used: Counter[str] = Counter()
        self.used_on = -1
        self.clears: Counter[str] = Counter()
        self.asked_at: dict[str, list[float]] = {}

    def meet(self, what: str) -> None:
        """Count that a rule was met."""
        self.met[what] += 1

    def give_token(self, family: str, now: float) -> tuple[Expected, bool]:
        """A token is asked for: what is answered, and whether it is a new one."""
        kin = [one for one in self.tokens if one.family != "plain"]
        if family == "plain":
            return self._new_plain(now)
        if family == "forced":
            return self._new_forced(kin, now)
        newest = kin[-1] if kin else None
        if newest and not newest.refusals(now) and newest.ends_at - now > TOKEN_GRACE_S:
            self.meet("the stable token is handed out again")
            return Expected(known=(self.tokens.index(newest), newest.ends_at - now)), False
        if newest and not newest.refusals(now):
            self.meet("a stable token is renewed while the old one lives")
        return self._given("stable", now)

    def _new_plain(self, now: float) -> tuple[Expected, bool]:
        if not self.spend("/cgi-bin/token", now):
            self.meet("45009 of the day's tokens")
            return refusal({45009}), False
        for one in self.tokens:
            if one.family == "plain" and one.superseded_at is None:
                one.superseded_at = now + TOKEN_GRACE_S
        return self._given("plain", now)

    def _new_forced(self, kin: list[Token], now: float) -> tuple[Expected, bool]:
        today = [at for at in self.forced if day_of(at) == day_of(now)]
        codes = set()
        if len(today) >= FORCED_A_DAY:
            codes.add(45009)
        if self.forced and now - self.forced[-1] < FORCED_APART_S:
            codes.add(45011)
        for code in codes:
            self.meet(f"{code} of a forced refresh")
        if codes:
            return refusal(codes), False
        for one in kin:
            one.superseded_at = min(one.superseded_at or now, now)
        self.forced.append(now)
        self.meet("a forced refresh voids the old one")
        return self._given("forced", now)

    def _given(self, family: str, now: float) -> tuple[Expected, bool]:
        self.tokens.append(Token(family=family, ends_at=now + TOKEN_LIFE_S))
        return Expected(known=(len(self.tokens) - 1, float(TOKEN_LIFE_S))), True

    def live_token(self, now: float) -> int | None:
        """The newest that is honoured."""
        for number in reversed(range(len(self.tokens))):
            if not self.tokens[number].refusals(now):
                return number
        return None

    def limit(self, path: str) -> int | None:
        """Calls a day; None where no readable page says."""
        held = {
            "/cgi-bin/token": self.rules.token_daily,
            "/cgi-bin/message/template/send": self.rules.template_daily,
            "/cgi-bin/message/custom/send": self.rules.custom_daily,
        }
        return held.get(path, LIMITS.get(path))

    def spend(self, path: str, now: float) -> bool:
        """Count a call; False when the day's are used up."""
        self.turn_day(now)
        limit = self.limit(path)
        if limit is not None and self.used[path] >= limit:
            return False
        if path not in UNCOUNTED:
            self.used[path] += 1
        return True

    def turn_day(self, now: float) -> None:
        if self.used_on != day_of(now):
            if any(self.limit(path) == count for path, count in self.used.items()):
                self.meet("midnight gives a spent quota back")
            self.used.clear()
            self.used_on = day_of(now)

    def admit(self, path: str, token: int, now: float) -> frozenset[int]:
        """What stands in the way before the call itself is looked at: token, right, the day's calls."""
        self.turn_day(now)
        dead = self.tokens[token].refusals(now)
        if dead:
            self.meet("a dead token is refused")
            return dead
        if self.tokens[token].superseded_at is not None:
            self.meet("an old token works in its last five minutes")
        if not self._may(path):
            self.meet(f"48001 {path.removeprefix('/cgi-bin/')} ({self.rules.kind})")
            return frozenset({48001})
        if path in MASS_PATHS and self._is_flood(path, now):
            self.meet("45011 mass")
            return frozenset({45011})
        if not self.spend(path, now):
            self.meet(f"45009 {path.removeprefix('/cgi-bin/')}")
            return frozenset({45009})
        return frozenset()

    def _is_flood(self, path: str, now: float) -> bool:
        """More than sixty requests within a minute; such a request is not counted among the day's."""
        held = [at for at in self.asked_at.get(path, ()) if now - at < 60]
        self.asked_at[path] = [*held, now]
        return len(held) >= MASS_A_MINUTE

    def _may(self, path: str) -> bool:
        if path in ANYBODY:
            return True
        return self.rules.verified and (self.rules.kind == "service" or path not in SERVICE_ONLY)

    def clear_quota(self, now: float, *, path: str | None = None) -> Expected:
        """Clear all quotas, or one."""
        key, most = ("all", CLEARS_A_MONTH) if path is None else ("one", PATH_CLEARS_A_MONTH)
        month = f"{key} {month_of(now)}"
        if self.clears[month] >= most:
            self.meet(f"48006 {key}")
            return refusal({48006})
        if any(name.startswith(key) and name != month and n >= most for name, n in self.clears.items()):
            self.meet(f"a new month allows to clear again ({key})")
        self.clears[month] += 1
        self.turn_day(now)
        spent = any(self.limit(one) == self.used[one] for one in (self.used if path is None else [path]))
        if spent:
            self.meet(f"a spent quota is cleared ({key})")
        if path is None:
            self.used.clear()
        else:
            self.used[path] = 0
        return Expected()

    def quota(self, path: str, now: float) -> Expected:
        if path.startswith("/sns/"):
            return refusal({76022})
        if path.startswith("/nothing"):
            return refusal({76021})
        self.turn_day(now)
        return Expected(known=(self.limit(path), self.used[path]))


def beijing(now: float) -> datetime:
    return datetime.fromtimestamp(now, UTC) + BEIJING


def day_of(now: float) -> int:
    return beijing(now).toordinal()


def month_of(now: float) -> str:
    return beijing(now).strftime("%Y-%m")
