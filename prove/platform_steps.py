"""The steps of a history: plain values, numbers for tags and tokens, so that they shrink and read well."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from prove.platform_desk import Desk
from prove.platform_looks import (
    see_followers,
    see_masses,
    see_members,
    see_quota,
    see_tags,
    see_tags_of,
    see_token,
)
from prove.platform_mass import Account
from prove.platform_model import MESSAGE, MOMENT
from prove.platform_quotas import Expected

TEXT = {"msgtype": "text", "text": {"content": "早上好"}}
CUSTOM, SEND = "/cgi-bin/message/custom/send", "/cgi-bin/message/template/send"
TICK = 0.137
"""Added to every wait, so that no instant is exactly a limit, which the documents put on neither side."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One act on one account."""

    account: str = "service"

    async def play(self, desk: Desk) -> None:
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class Wait(Step):
    seconds: float

    async def play(self, desk: Desk) -> None:
        await desk.move(desk.now + self.seconds + TICK)


@dataclass(frozen=True, kw_only=True)
class Follow(Step):
    who: str

    async def play(self, desk: Desk) -> None:
        await desk.post(f"/_sim/users/{desk.users[self.who]}/follow", {"account": self.account})
        desk.expect(self.account, desk.accounts[self.account].follow(self.who, desk.now))


@dataclass(frozen=True, kw_only=True)
class Unfollow(Step):
    who: str

    async def play(self, desk: Desk) -> None:
        await desk.post(f"/_sim/users/{desk.users[self.who]}/unfollow", {"account": self.account})
        desk.expect(self.account, desk.accounts[self.account].unfollow(self.who))


@dataclass(frozen=True, kw_only=True)
class Scan(Step):
    """The account's QR code, where it may have one."""

    who: str

    async def play(self, desk: Desk) -> None:
        if self.account not in desk.tickets:
            return
        model = desk.accounts[self.account]
        await desk.post(f"/_sim/users/{desk.users[self.who]}/scan", {"ticket": desk.tickets[self.account]})
        if self.who in model.followers:
            done = model.act(self.who, desk.now, ("event", "SCAN", self.who, "desk"), MOMENT)
        else:
            scene = ("event", "subscribe", self.who, "qrscene_desk")
            done = model.follow(self.who, desk.now, event=scene)
        assert done is not None
        desk.expect(self.account, done)


@dataclass(frozen=True, kw_only=True)
class Act(Step):
    """What the person's fingers do: `say`, `picture`, `click`, `view`, `scan_menu` or `choice`."""

    who: str
    deed: str

    async def play(self, desk: Desk) -> None:
        path, body, event, windows = _DEEDS[self.deed]
        address = f"/_sim/users/{desk.users[self.who]}/{path}"
        said = await desk.post(address, {"account": self.account, **body})
        model = desk.accounts[self.account]
        kind, *rest = event
        told = (kind, self.who, *rest) if kind != "event" else (kind, rest[0], self.who, rest[1])
        done = model.act(self.who, desk.now, told, *windows)
        desk.equal("the phone's answer", said.get("outcome"), None if done is None else "empty")
        if done is not None:
            desk.expect(self.account, done)


_DEEDS: dict[str, tuple[str, dict[str, Any], tuple[str, ...], tuple[str, ...]]] = {
    "say": ("send", {"message": {"type": "text", "content": "5"}}, ("text", "5"), (MESSAGE,)),
    "picture": ("send", {"message": {"type": "image"}}, ("image", ""), (MESSAGE,)),
    "click": ("tap", {"menu": "K"}, ("event", "CLICK", "K"), (MOMENT,)),
    "view": ("tap", {"menu": "网站"}, ("event", "VIEW", "https://example.org/"), ()),
    "scan_menu": ("tap", {"menu": "S", "result": "1"}, ("event", "scancode_waitmsg", "S"), (MOMENT,)),
    "choice": ("tap", {"choice": {"content": "满意", "id": "1"}}, ("text", "满意"), (MESSAGE, MOMENT)),
}


@dataclass(frozen=True, kw_only=True)
class Block(Step):
    """The person refuses the account's messages, or takes them again."""

    who: str
    refuses: bool

    async def play(self, desk: Desk) -> None:
        model = desk.accounts[self.account]
        if self.who not in model.followers:
            return
        body = {"account": self.account, "messages": not self.refuses}
        await desk.post(f"/_sim/users/{desk.users[self.who]}/consent", body)
        (model.refuses.add if self.refuses else model.refuses.discard)(self.who)


@dataclass(frozen=True, kw_only=True)
class Crowd(Step):
    count: int

    async def play(self, desk: Desk) -> None:
        if not desk.crowds[self.account]:
            await desk.crowd(self.account, self.count)


@dataclass(frozen=True, kw_only=True)
class Take(Step):
    """Ask for access_tokens, `apart` seconds from each other; of very many only until three are refused."""

    family: str
    times: int
    apart: float

    async def play(self, desk: Desk) -> None:
        refused = 0
        for number in range(self.times):
            if number and self.apart:
                await desk.move(desk.now + self.apart)
            refused += not await desk.token(self.account, self.family)
            if refused == 3:
                break


@dataclass(frozen=True, kw_only=True)
class Peek(Step):
    """Is this token honoured?"""

    token: int

    async def play(self, desk: Desk) -> None:
        await see_token(desk, self.account, self.token)


@dataclass(frozen=True, kw_only=True)
class CreateTags(Step):
    name: str
    times: int

    async def play(self, desk: Desk) -> None:
        for number in range(self.times):
            await self._once(desk, self.name if self.times == 1 else f"{self.name}{number}")
        await see_tags(desk, self.account)

    async def _once(self, desk: Desk, name: str) -> None:
        said = await desk.ask(
            self.account,
            "/cgi-bin/tags/create",
            lambda m, s: m.create_tag(name, s.get("tag", {}).get("id")),
            {"tag": {"name": name}},
        )
        if "tag" in said:
            desk.tags[self.account].append(said["tag"]["id"])


@dataclass(frozen=True, kw_only=True)
class DeleteTag(Step):
    """A tag of the account's, or the platform's own, which stays."""

    tag: int

    async def play(self, desk: Desk) -> None:
        number = 2 if self.tag == 6 else _tag(desk, self.account, self.tag)
        body = {"tag": {"id": number}}
        await desk.ask(self.account, "/cgi-bin/tags/delete", lambda m, _s: m.delete_tag(number), body)
        await see_tags(desk, self.account)


@dataclass(frozen=True, kw_only=True)
class TagThem(Step):
    """Put a tag on people, or take it off: some of the four, a number of the crowd, a stranger."""

    tag: int
    people: tuple[str, ...]
    of_crowd: int
    off: bool
    all_tags: bool

    async def play(self, desk: Desk) -> None:
        people = [*self.people, *desk.crowds[self.account][: self.of_crowd]]
        numbers = [_tag(desk, self.account, self.tag)]
        if self.all_tags:
            numbers = sorted(desk.accounts[self.account].tags)[:22] or numbers
        for number in numbers:
            await self._once(desk, number, people)
        await see_members(desk, self.account, numbers[0])
        for who in self.people[:1]:
            await see_tags_of(desk, self.account, who)

    async def _once(self, desk: Desk, number: int, people: list[str]) -> None:
        path = f"/cgi-bin/tags/members/batch{'un' if self.off else ''}tagging"
        body = {"openid_list": _openids(desk, self.account, people), "tagid": number}
        await desk.ask(self.account, path, lambda m, _s: m.tag_them(number, people, off=self.off), body)


@dataclass(frozen=True, kw_only=True)
class Custom(Step):
    who: str
    times: int
    token: int | None

    async def play(self, desk: Desk) -> None:
        body = {"touser": desk.openids[self.account, self.who], **TEXT}
        for _ in range(self.times):
            await desk.ask(
                self.account, CUSTOM, lambda m, _s: m.custom(self.who, desk.now), body, token=self.token
            )
        await see_quota(desk, self.account, CUSTOM)


@dataclass(frozen=True, kw_only=True)
class Template(Step):
    who: str
    client_id: str | None
    is_known: bool
    times: int
    token: int | None

    async def play(self, desk: Desk) -> None:
        body: dict[str, Any] = {
            "touser": desk.openids[self.account, self.who],
            "template_id": "T1" if self.is_known else "T2",
            "data": {"thing1": {"value": "您有一条提醒"}},
        }
        if self.client_id:
            body["client_msg_id"] = self.client_id
        for _ in range(self.times):
            await desk.ask(self.account, SEND, lambda m, s: self._act(desk, m, s), body, token=self.token)
        await see_quota(desk, self.account, SEND)

    def _act(self, desk: Desk, model: Account, said: dict[str, Any]) -> Expected:
        told = model.template(
            self.who, desk.now, said.get("msgid"), is_known=self.is_known, client_id=self.client_id
        )
        if told.known is not None and said.get("errcode") == 0:
            desk.equal("the repeated msgid", said["msgid"], told.known)
        return told


@dataclass(frozen=True, kw_only=True)
class Mass(Step):
    to: str
    tag: int
    people: tuple[str, ...]
    client_id: str | None
    times: int
    token: int | None

    async def play(self, desk: Desk) -> None:
        number = _tag(desk, self.account, self.tag)
        body: dict[str, Any] = dict(TEXT)
        path = f"/cgi-bin/message/mass/{'send' if self.to == 'list' else 'sendall'}"
        if self.to == "list":
            body["touser"] = _openids(desk, self.account, self.people)
        else:
            body["filter"] = (
                {"is_to_all": True} if self.to == "all" else {"is_to_all": False, "tag_id": number}
            )
        if self.client_id:
            body["clientmsgid"] = self.client_id
        if self.times > 60:
            await desk.move(desk.now + 61 + TICK)
        for _ in range(self.times):
            await desk.ask(
                self.account, path, lambda m, s: self._act(desk, m, s, number), body, token=self.token
            )
            await desk.settle()
        if self.times > 60:
            await desk.move(desk.now + 61 + TICK)

    def _act(self, desk: Desk, model: Account, said: dict[str, Any], tag: int) -> Expected:
        number = said.get("msg_id") if said.get("errcode", 0) == 0 else None
        told = model.mass(
            number, desk.now, to=self.to, tag=tag, people=list(self.people), client_id=self.client_id
        )
        if told.known is not None and said.get("errcode") == 45065:
            desk.equal("the repeated msg_id", said.get("msg_id"), told.known)
        return told


@dataclass(frozen=True, kw_only=True)
class Confirm(Step):
    which: int
    is_accepted: bool

    async def play(self, desk: Desk) -> None:
        model = desk.accounts[self.account]
        held = model.waiting()
        one = held[self.which % len(held)] if held else None
        body = {"account": self.account, "accept": self.is_accepted}
        said = await desk.post("/_sim/admin/confirm", body | ({"msg_id": one.number} if one else {}))
        desk.equal("somebody to confirm", "error" not in said, one is not None)
        if one is not None:
            desk.expect(self.account, model.confirm(one, desk.now, is_accepted=self.is_accepted))


@dataclass(frozen=True, kw_only=True)
class DeleteMass(Step):
    which: int
    times: int

    async def play(self, desk: Desk) -> None:
        held = [m for m in desk.accounts[self.account].masses if m.status in ("sent", "deleted")]
        if not held:
            return
        one = held[self.which % len(held)]

        def act(model: Account, _said: dict[str, Any]) -> Expected:
            one.status = "deleted"
            model.meet("a mass send is deleted")
            return Expected(truth=(("mass", self.account, one.number, "deleted"),))

        for _ in range(self.times):
            await desk.ask(self.account, "/cgi-bin/message/mass/delete", act, {"msg_id": one.number})
        await see_masses(desk, self.account)


@dataclass(frozen=True, kw_only=True)
class Preview(Step):
    who: str
    times: int

    async def play(self, desk: Desk) -> None:
        body = {"touser": desk.openids[self.account, self.who], **TEXT}
        path = "/cgi-bin/message/mass/preview"
        for _ in range(self.times):
            await desk.ask(self.account, path, lambda m, _s: m.preview(self.who), body)


@dataclass(frozen=True, kw_only=True)
class Clear(Step):
    """Clear all quotas, by token or by secret, or one path's."""

    how: str
    path: str
    times: int

    async def play(self, desk: Desk) -> None:
        for _ in range(self.times):
            await self._once(desk)
        await see_quota(desk, self.account, self.path)

    async def _once(self, desk: Desk) -> None:
        app = {"appid": f"wx{self.account}"}
        if self.how == "token":
            await desk.ask(self.account, "/cgi-bin/clear_quota", lambda m, _s: m.clear_quota(desk.now), app)
        elif self.how == "secret":
            path = "/cgi-bin/clear_quota/v2"
            said = await desk.post(path, {**app, "appsecret": "secret"})
            desk.judge(self.account, path, said, desk.accounts[self.account].clear_quota(desk.now))
        else:
            await desk.ask(
                self.account,
                "/cgi-bin/openapi/quota/clear",
                lambda m, _s: m.clear_quota(desk.now, path=self.path),
                {"cgi_path": self.path},
            )


@dataclass(frozen=True, kw_only=True)
class Quota(Step):
    path: str

    async def play(self, desk: Desk) -> None:
        await see_quota(desk, self.account, self.path)


@dataclass(frozen=True, kw_only=True)
class Followers(Step):
    """Read the whole list in pages."""

    times: int

    async def play(self, desk: Desk) -> None:
        for _ in range(self.times):
            await see_followers(desk, self.account)


def _tag(desk: Desk, account: str, which: int) -> int:
    """A tag that was ever made, by its turn; now and then one that never was."""
    made = [*desk.tags[account], 99_999]
    return made[which % len(made)]


def _openids(desk: Desk, account: str, people: Any) -> list[str]:
    return [desk.openids[account, who] for who in people]


def listing(steps: tuple[Step, ...]) -> str:
    """A history as a person reads it."""
    return "\n".join(f"  {number:2}. {_line(step)}" for number, step in enumerate(steps, 1))


def _line(step: Step) -> str:
    values = ", ".join(
        f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in vars(step).items()
    )
    return f"{type(step).__name__}({values})"
