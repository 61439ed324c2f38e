"""Mass sends in the model of `prove/platform.py`: the whole account."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from prove.platform_model import People
from prove.platform_quotas import Expected, Rules, day_of, month_of

CLIENTMSGID_RETRY_S, CLIENTMSGID_LONGEST = 60, 64
CONFIRM_WITHIN_S = 1800
PUBLIC_A_MONTH = 4


@dataclass(kw_only=True)
class Mass:
    number: int
    at: float
    audience: str
    """`all`, `tag` or `list`."""
    people: list[str]
    status: str
    tag: int | None = None
    is_counted: bool = True


class Account(People):
    """One account of the model."""

    def __init__(self, name: str, rules: Rules, met: Counter[str]) -> None:
        super().__init__(name, rules, met)
        self.masses: list[Mass] = []
        self.mass_ids: dict[str, tuple[float, int]] = {}
        self.received: Counter[tuple[str, str]] = Counter()

    def mass(
        self, number: int | None, now: float, *, to: str, tag: int, people: list[str], client_id: str | None
    ) -> Expected:
        """A mass send to `all`, a `tag` or a `list`; `number` is the msg_id that was answered."""
        codes = set()
        if to == "tag" and tag not in self.tags:
            codes.add(45159)
        if to == "list":
            codes |= self._wrong_list(people)
        if client_id and len(client_id.encode()) > CLIENTMSGID_LONGEST:
            codes.add(45067)
        held = self.mass_ids.get(client_id) if client_id else None
        if held:
            codes.add(45066 if now - held[0] < CLIENTMSGID_RETRY_S else 45065)
        codes |= self._mass_quota(to, now)
        for code in codes:
            self.meet(f"{code} mass ({self.rules.kind})")
        if codes:
            return Expected(codes=frozenset(codes), known=held[1] if held and 45065 in codes else None)
        if number is None:
            return Expected()
        if client_id:
            self.mass_ids[client_id] = (now, number)
        return self._taken(number, now, to, tag, people)

    def _wrong_list(self, people: list[str]) -> set[int]:
        codes = set()
        if len(people) < 2:
            codes |= {40130, 40031}
        if any(who not in self.known for who in people):
            codes.add(40003)
        return codes

    def _mass_quota(self, to: str, now: float) -> set[int]:
        counted = [one for one in self.masses if one.is_counted]
        today = [one for one in counted if day_of(one.at) == day_of(now)]
        most = self.rules.service_mass_daily if self.rules.kind == "service" else 1
        if len(today) >= most:
            return {45028}
        public = [one for one in counted if one.audience == "all"]
        month = [one for one in public if month_of(one.at) == month_of(now)]
        if to == "all" and self.rules.kind == "service" and len(month) >= PUBLIC_A_MONTH:
            self.meet("four sends to all a month")
            return {45028}
        return set()

    def _taken(self, number: int, now: float, to: str, tag: int, people: list[str]) -> Expected:
        one = Mass(number=number, at=now, audience=to, people=people, status="waiting", tag=tag)
        self.masses.append(one)
        if to == "all" and self.rules.mass_protection:
            self.meet("a send to all waits")
            return Expected(truth=(("mass", self.name, number, "waiting"),))
        return self._carried(one, now)

    def waiting(self) -> list[Mass]:
        """The sends that wait for the administrator."""
        return [one for one in self.masses if one.status == "waiting"]

    def confirm(self, one: Mass, now: float, *, is_accepted: bool) -> Expected:
        """The administrator's tap on one that waits."""
        if not is_accepted:
            self.meet("err(40001)")
            return self._failed(one, "err(40001)")
        self.meet("a confirmed mass send")
        if month_of(one.at) != month_of(now):
            self.meet("a send confirmed in another month than it was asked for")
        told = self._carried(one, now)
        return Expected(truth=(("mass", self.name, one.number, "confirmed"), *told.truth), events=told.events)

    def expire_waiting(self, now: float) -> Expected:
        """Whatever nobody confirmed in time fails."""
        truth: list[tuple[object, ...]] = []
        events: list[tuple[object, ...]] = []
        for one in self.masses:
            if one.status == "waiting" and now - one.at >= CONFIRM_WITHIN_S:
                self.meet("err(40002)")
                told = self._failed(one, "err(40002)")
                truth += told.truth
                events += told.events
        return Expected(truth=tuple(truth), events=tuple(events))

    def _failed(self, one: Mass, status: str) -> Expected:
        one.status, one.is_counted = "failed", False
        return self._ended(one, status, 0, 0)

    def _carried(self, one: Mass, now: float) -> Expected:
        total = self._audience(one)
        reached = [who for who in total if who not in self.refuses and not self._has_enough(who, now)]
        one.status = "sent"
        for who in reached:
            if self._had_enough_before(who, now):
                self.meet("a follower may receive again in a new month")
            self.received[who, month_of(now)] += 1
            self.receive(who, ("mass", one.number))
        if len(reached) < len([who for who in total if who not in self.refuses]):
            self.meet("a follower who got four this month is passed over")
        self.meet(f"a mass send to {one.audience} ({self.rules.kind})")
        ended = self._ended(one, "send success", len(total), len(reached))
        got = (("mass_received", self.name, one.number, frozenset(reached)),) if reached else ()
        return Expected(truth=(*got, *ended.truth), events=ended.events)

    def _audience(self, one: Mass) -> list[str]:
        if one.audience == "all":
            return list(self.followers)
        if one.audience == "tag":
            return list(self.members.get(one.tag or 0, ()))
        return [who for who in dict.fromkeys(one.people) if who in self.followers]

    def _has_enough(self, who: str, now: float) -> bool:
        if self.rules.kind != "service":
            return False
        return self.received[who, month_of(now)] >= self.rules.followers_monthly

    def _had_enough_before(self, who: str, now: float) -> bool:
        most, month = self.rules.followers_monthly, month_of(now)
        return any(n >= most and m != month for (w, m), n in self.received.items() if w == who)

    def _ended(self, one: Mass, status: str, total: int, sent: int) -> Expected:
        return Expected(
            truth=(("mass", self.name, one.number, status),),
            events=(("event", "MASSSENDJOBFINISH", None, (one.number, status, total, sent, sent, 0)),),
        )

    def mass_status(self, number: int) -> str:
        """What mass/get says."""
        found = next(one for one in self.masses if one.number == number)
        return {
            "waiting": "SENDING",
            "sent": "SEND_SUCCESS",
            "failed": "SEND_FAIL",
            "deleted": "DELETE",
        }[found.status]
