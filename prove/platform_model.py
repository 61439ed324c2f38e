"""What the platform must do, written from its published rules alone: the oracle of `prove/platform.py`.

It shares no code with the simulator and was written without looking at it. What the reference leaves open is
decided as the table "Settings, and what the documents leave open" of docs/reference/simulator.md says. Where
several reasons for a refusal hold at once the documents do not order them, so each of their codes is right.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from prove.platform_quotas import Expected, Purse, Rules, refusal

MESSAGE, MOMENT = "message", "moment"
WINDOWS = {MOMENT: (3, 60), MESSAGE: (5, 48 * 3600)}
"""Messages and seconds, the one that is used first in front."""
CLIENT_MSG_ID_S = 600
TAGS, TAGS_A_PERSON, TAGGED_AT_ONCE = 100, 20, 50
PAGE = 10_000


@dataclass(kw_only=True)
class Follower:
    windows: dict[str, list[float]] = field(default_factory=dict)
    """By name: until when, and how many are left."""
    tags: list[int] = field(default_factory=list)


class People(Purse):
    """One account with its followers, their tags, and the messages to one of them."""

    def __init__(self, name: str, rules: Rules, met: Counter[str]) -> None:
        super().__init__(name, rules, met)
        self.followers: dict[str, Follower] = {}
        self.known: set[str] = set()
        self.refuses: set[str] = set()
        self.tags: dict[int, str] = {}
        self.members: dict[int, list[str]] = {}
        self.sent: dict[tuple[str, str], tuple[float, int]] = {}
        self.inbox: dict[str, list[tuple[object, ...]]] = {}

    # people

    def follow(self, who: str, now: float, *, event: tuple[object, ...] | None = None) -> Expected:
        if who in self.followers:
            self.meet("following twice changes nothing")
            return Expected()
        self.followers[who] = Follower()
        self.known.add(who)
        self.open_window(who, MOMENT, now)
        return Expected(
            truth=(("followed", self.name, who),), events=(event or ("event", "subscribe", who, ""),)
        )

    def unfollow(self, who: str) -> Expected:
        if who not in self.followers:
            return Expected()
        del self.followers[who]
        for members in self.members.values():
            if who in members:
                members.remove(who)
                self.meet("leaving takes the tags away")
        return Expected(truth=(("unfollowed", self.name, who),), events=(("event", "unsubscribe", who, ""),))

    def crowd(self, people: list[str]) -> Expected:
        for who in people:
            self.followers[who] = Follower()
            self.known.add(who)
        return Expected(truth=(("crowd", self.name, len(people)),))

    def act(self, who: str, now: float, event: tuple[object, ...], *windows: str) -> Expected | None:
        """A message or event of a person; None where only followers can and this one does not follow."""
        if who not in self.followers:
            self.meet("a stranger cannot write")
            return None
        for window in windows:
            self.open_window(who, window, now)
        return Expected(events=(event,))

    def open_window(self, who: str, window: str, now: float) -> None:
        most, seconds = WINDOWS[window]
        held = self.followers[who].windows.get(window)
        if held and held[0] > now and not held[1]:
            self.meet(f"a spent {window} window opens afresh")
        self.followers[who].windows[window] = [now + seconds, most]

    # tags

    def create_tag(self, name: str, number: int | None) -> Expected:
        """`number` is the one that the platform gave, None when it refused."""
        codes = set()
        if len(self.tags) >= TAGS:
            codes.add(45056)
        if name in self.tags.values() or not name:
            codes.add(45157)
        if len(name.encode()) > 30:
            codes.add(45158)
        for code in codes:
            self.meet(f"{code} tags/create")
        if codes:
            return refusal(codes)
        if number is not None:
            self.tags[number] = name
            self.members[number] = []
        return Expected()

    def delete_tag(self, number: int) -> Expected:
        if number in (0, 1, 2):
            self.meet("45058 tags/delete")
            return refusal({45058})
        if number not in self.tags:
            self.meet("45159 tags/delete")
            return refusal({45159})
        del self.tags[number]
        if self.members.pop(number):
            self.meet("a tag with members is deleted")
        return Expected()

    def tag_them(self, number: int, people: list[str], *, off: bool) -> Expected:
        codes = set()
        if number not in self.tags:
            codes.add(45159)
        if not people:
            codes |= {40031, 40032}
        if len(people) > TAGGED_AT_ONCE:
            codes.add(40032)
        if any(who not in self.known for who in people):
            codes |= {40003, 49003}
        if any(who in self.known and who not in self.followers for who in people):
            codes |= {49003, 40003}
        if not off and any(self._is_full(who, number) for who in people):
            codes.add(45059)
        for code in codes:
            self.meet(f"{code} {'un' if off else ''}tagging")
        if codes:
            return refusal(codes)
        members = self.members[number]
        for who in people:
            if off and who in members:
                members.remove(who)
            elif not off and who not in members:
                members.append(who)
        self.meet("untagged" if off else "tagged")
        return Expected()

    def _is_full(self, who: str, number: int) -> bool:
        held = self.tags_of(who)
        return number not in held and len(held) >= TAGS_A_PERSON

    def tags_of(self, who: str) -> set[int]:
        return {number for number, members in self.members.items() if who in members}

    # messages

    def custom(self, who: str, now: float) -> Expected:
        """A customer-service message."""
        if who not in self.known:
            self.meet("40003 custom/send")
            return refusal({40003})
        codes, window = self._window(who, now)
        if who in self.refuses:
            codes = codes | {48002}
            window = None
        for code in codes:
            self.meet(f"{code} custom/send")
        if window is None:
            return refusal(codes)
        self.followers[who].windows[window][1] -= 1
        self.meet(f"a message from the {window} window")
        self.receive(who, ("text", "custom"))
        return Expected(truth=(("custom_message", self.name, who, window),))

    def _window(self, who: str, now: float) -> tuple[frozenset[int], str | None]:
        if who not in self.followers:
            return frozenset({45015}), None
        held = self.followers[who].windows
        opened = [name for name in WINDOWS if name in held and held[name][0] > now]
        if not opened:
            return frozenset({45015}), None
        left = [name for name in opened if held[name][1] > 0]
        return (frozenset(), left[0]) if left else (frozenset({45047}), None)

    def template(
        self, who: str, now: float, number: int | None, *, is_known: bool, client_id: str | None
    ) -> Expected:
        """A template message; `number` is the msgid that was answered."""
        codes = set()
        if not is_known:
            codes.add(40037)
        if who not in self.known:
            codes.add(40003)
        elif who not in self.followers:
            codes.add(43004)
        held = self.sent.get((who, client_id)) if client_id else None
        if held and now - held[0] < CLIENT_MSG_ID_S and not codes - {43004}:
            self.meet("the same client_msg_id sends once")
            repeated = ("template_repeated", self.name, who, held[1])
            if codes:  # left meanwhile: whether the repeat or the leaving is told first is not said
                return Expected(codes=frozenset({0, 43004}), known=held[1], truth=(repeated,))
            return Expected(known=held[1], truth=(repeated,))
        for code in codes:
            self.meet(f"{code} template/send")
        if codes:
            return refusal(codes)
        if held:
            self.meet("after ten minutes the same client_msg_id sends anew")
        if client_id and number is not None:
            self.sent[who, client_id] = (now, number)
        status = "failed:user block" if who in self.refuses else "success"
        self.meet(f"a template message ends in {status}")
        if status == "success":
            self.receive(who, ("template", number))
        return Expected(
            truth=(("template_message", self.name, who, status, number, client_id),),
            events=(("event", "TEMPLATESENDJOBFINISH", who, (number, status)),),
        )

    def receive(self, who: str, shown: tuple[object, ...]) -> None:
        self.inbox.setdefault(who, []).append(shown)

    def preview(self, who: str) -> Expected:
        if who not in self.followers:
            self.meet("40003 mass/preview")
            return refusal({40003, 43004})
        self.receive(who, ("preview", None))
        self.meet("a preview")
        return Expected()
