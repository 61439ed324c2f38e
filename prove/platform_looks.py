"""What can be asked of the platform without changing it, compared with the model."""

from __future__ import annotations

from typing import Any

from prove.platform_desk import NOBODY, PEOPLE, Desk
from prove.platform_mass import Account
from prove.platform_model import PAGE
from prove.platform_quotas import Expected, refusal


async def see_token(desk: Desk, account: str, token: int) -> None:
    """Is this token honoured?"""
    await desk.ask(account, "/cgi-bin/getcallbackip", lambda _m, _s: Expected(), token=token)


async def see_quota(desk: Desk, account: str, path: str) -> None:
    def act(model: Account, said: dict[str, Any]) -> Expected:
        told = model.quota(path, desk.now)
        if told.is_taken and said.get("errcode", 0) == 0:
            assert isinstance(told.known, tuple)
            limit, used = told.known
            quota = said["quota"]
            desk.equal(f"used of {path}", quota["used"], used)
            desk.equal(f"remaining of {path}", quota["remain"], quota["daily_limit"] - used)
            if limit is not None:
                desk.equal(f"limit of {path}", quota["daily_limit"], limit)
            model.meet("quota/get is right")
        for code in told.codes - {0}:
            model.meet(f"{code} quota/get")
        return told

    await desk.ask(account, "/cgi-bin/openapi/quota/get", act, {"cgi_path": path})


async def see_tags(desk: Desk, account: str) -> None:
    def act(model: Account, said: dict[str, Any]) -> Expected:
        right = {number: (name, len(model.members[number])) for number, name in model.tags.items()}
        found = {one["id"]: (one["name"], one["count"]) for one in said.get("tags", ()) if one["id"] >= 100}
        desk.equal("the tags", found, right)
        return Expected()

    await desk.ask(account, "/cgi-bin/tags/get", act)


async def see_members(desk: Desk, account: str, number: int) -> None:
    def act(model: Account, said: dict[str, Any]) -> Expected:
        if number not in model.tags:
            return refusal({45159})
        right = {desk.openids[account, who] for who in model.members[number]}
        listed = said.get("data", {}).get("openid", [])
        desk.equal("the members", (set(listed), len(listed)), (right, said.get("count")))
        return Expected()

    await desk.ask(account, "/cgi-bin/user/tag/get", act, {"tagid": number})


async def see_tags_of(desk: Desk, account: str, who: str) -> None:
    def act(model: Account, said: dict[str, Any]) -> Expected:
        if who not in model.known:
            return refusal({40003, 49003})
        desk.equal(f"the tags of {who}", set(said.get("tagid_list", ())), model.tags_of(who))
        return Expected()

    await desk.ask(account, "/cgi-bin/tags/getidlist", act, {"openid": desk.openids[account, who]})


async def see_followers(desk: Desk, account: str) -> None:
    right = {desk.openids[account, who] for who in desk.accounts[account].followers}
    found: list[str] = []
    after = ""
    while True:
        listed, is_last = await _see_page(desk, account, after, len(right), len(found))
        found += listed
        if is_last:
            break
        after = found[-1]
    if after or right:
        desk.met["followers in pages" if len(right) > PAGE else "followers in one page"] += 1
    desk.equal("the followers", (set(found), len(found)), (right, len(right)) if found else (set(), 0))


async def _see_page(desk: Desk, account: str, after: str, total: int, before: int) -> tuple[list[str], bool]:
    listed: list[str] = []

    def act(_model: Account, said: dict[str, Any]) -> Expected:
        listed.extend(said.get("data", {}).get("openid", ()))
        desk.equal("a page of followers", (said.get("total"), said.get("count")), (total, len(listed)))
        desk.equal("its length", len(listed), min(PAGE, total - before))
        desk.equal("next_openid", said.get("next_openid"), listed[-1] if listed else "")
        return Expected()

    said = await desk.ask(account, "/cgi-bin/user/get", act, query={"next_openid": after} if after else None)
    return listed, bool(said.get("errcode")) or not listed


async def see_masses(desk: Desk, account: str) -> None:
    for one in desk.accounts[account].masses[-4:]:

        def act(model: Account, said: dict[str, Any], number: int = one.number) -> Expected:
            desk.equal("msg_status", said.get("msg_status"), model.mass_status(number))
            return Expected()

        await desk.ask(account, "/cgi-bin/message/mass/get", act, {"msg_id": one.number})


async def see_inboxes(desk: Desk, account: str) -> None:
    model = desk.accounts[account]
    for who in PEOPLE:
        page = await desk.get(f"/_sim/users/{desk.users[who]}/inbox?account={account}")
        found = [_shown(one) for one in page["inbox"]]
        desk.equal(f"the phone of {who}", found, model.inbox.get(who, []))


def _shown(one: dict[str, Any]) -> tuple[object, ...]:
    if one.get("is_preview"):
        return ("preview", None)
    if one.get("is_mass"):
        return ("mass", int(one["msg_id"]))
    if one["kind"] == "template":
        return ("template", int(one["msg_id"]))
    return (one["kind"], "custom")


async def see_everything(desk: Desk) -> None:
    """At a history's end: tokens, tags, members, followers, mass sends, quotas, phones."""
    for name, model in desk.accounts.items():
        for number in range(len(model.tokens))[-12:]:
            await see_token(desk, name, number)
        await see_tags(desk, name)
        for number in list(model.tags)[-5:]:
            await see_members(desk, name, number)
        for who in (*PEOPLE, NOBODY):
            await see_tags_of(desk, name, who)
        await see_followers(desk, name)
        await see_masses(desk, name)
        await see_inboxes(desk, name)
        for path in sorted(model.used):
            await see_quota(desk, name, path)
    await desk.settle()
