"""Followers: who they are, remarks, tags with their limits, and the blacklist."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.conftest import Simulator

CREATE, TAG = "/cgi-bin/tags/create", "/cgi-bin/tags/members/batchtagging"


async def crowd(simulator: Simulator, count: int) -> list[str]:
    made = await simulator.post("/_sim/crowd", {"account": "service", "count": count})
    openids: list[str] = made["openids"]
    return openids


async def test_followers_are_listed_in_pages(simulator: Simulator) -> None:
    assert await simulator.api("/cgi-bin/user/get") == {"total": 0, "count": 0, "next_openid": ""}
    openids = await crowd(simulator, 3)
    whole = await simulator.api("/cgi-bin/user/get")
    assert whole == {"total": 3, "count": 3, "data": {"openid": openids}, "next_openid": openids[-1]}
    rest = await simulator.api("/cgi-bin/user/get", next_openid=openids[0])
    assert rest["data"]["openid"] == openids[1:]
    assert (await simulator.api("/cgi-bin/user/get", next_openid="oNobody"))["errcode"] == 40003


async def test_a_page_holds_ten_thousand(simulator: Simulator) -> None:
    openids = await crowd(simulator, 10_001)
    first = await simulator.api("/cgi-bin/user/get")
    assert (first["total"], first["count"]) == (10_001, 10_000)
    second = await simulator.api("/cgi-bin/user/get", next_openid=first["next_openid"])
    assert second["data"]["openid"] == openids[10_000:]


async def test_a_follower_has_no_name_and_who_left_has_nothing(simulator: Simulator) -> None:
    user = await simulator.follower()
    openid = await simulator.openid(user)
    await simulator.api("/cgi-bin/user/info/updateremark", {"openid": openid, "remark": "李队"})
    known = await simulator.api("/cgi-bin/user/info", openid=openid)
    assert (known["subscribe"], known["remark"], known["tagid_list"]) == (1, "李队", [])
    assert not known.keys() & {"nickname", "headimgurl", "city", "unionid"}
    await simulator.post(f"/_sim/users/{user}/unfollow", {"account": "service"})
    assert await simulator.api("/cgi-bin/user/info", openid=openid) == {"subscribe": 0, "openid": openid}
    assert (await simulator.api("/cgi-bin/user/info", openid="oNobody"))["errcode"] == 40003


async def test_many_at_once_up_to_a_hundred(simulator: Simulator) -> None:
    openids = await crowd(simulator, 2)
    asked = {"user_list": [{"openid": one, "lang": "zh_CN"} for one in openids]}
    found = (await simulator.api("/cgi-bin/user/info/batchget", asked))["user_info_list"]
    assert [one["openid"] for one in found] == openids
    asked = {"user_list": [{"openid": openids[0]}] * 101}
    assert (await simulator.api("/cgi-bin/user/info/batchget", asked))["errcode"] == 40032


async def tag_named(simulator: Simulator, name: object) -> dict[str, Any]:
    made: dict[str, Any] = await simulator.api(CREATE, {"tag": {"name": name}})
    return made


@pytest.mark.parametrize(
    ("name", "expected"), [("民警", 45157), ("星标组", 45157), ("", 45157), (5, 45157), ("长" * 11, 45158)]
)
async def test_each_wrong_tag_has_its_code(simulator: Simulator, name: object, expected: int) -> None:
    await tag_named(simulator, "民警")
    assert (await tag_named(simulator, name))["errcode"] == expected


async def test_a_hundred_tags_an_account_and_twenty_a_person(simulator: Simulator) -> None:
    (openid,) = await crowd(simulator, 1)
    numbers = [(await tag_named(simulator, f"组{n}"))["tag"]["id"] for n in range(100)]
    assert (await tag_named(simulator, "再来"))["errcode"] == 45056
    said = [
        (await simulator.api(TAG, {"openid_list": [openid], "tagid": number}))["errcode"]
        for number in numbers[:21]
    ]
    assert said == [0] * 20 + [45059]
    assert (await simulator.api("/cgi-bin/tags/getidlist", {"openid": openid}))["tagid_list"] == numbers[:20]


async def test_a_tag_has_members_until_it_is_deleted(simulator: Simulator) -> None:
    openids = await crowd(simulator, 3)
    number = (await tag_named(simulator, "民警"))["tag"]["id"]
    await simulator.api(TAG, {"openid_list": openids[:2], "tagid": number})
    members = await simulator.api("/cgi-bin/user/tag/get", {"tagid": number})
    assert (members["count"], members["data"]["openid"]) == (2, openids[:2])
    listed = (await simulator.api("/cgi-bin/tags/get"))["tags"]
    assert {"id": number, "name": "民警", "count": 2} in listed
    off = {"openid_list": openids[:1], "tagid": number}
    assert (await simulator.api("/cgi-bin/tags/members/batchuntagging", off))["errcode"] == 0
    assert (await simulator.api("/cgi-bin/user/tag/get", {"tagid": number}))["count"] == 1
    renamed = {"tag": {"id": number, "name": "交警"}}
    assert (await simulator.api("/cgi-bin/tags/update", renamed))["errcode"] == 0
    assert (await simulator.api("/cgi-bin/tags/delete", {"tag": {"id": number}}))["errcode"] == 0
    assert (await simulator.api("/cgi-bin/user/tag/get", {"tagid": number}))["errcode"] == 45159
    assert (await simulator.api("/cgi-bin/tags/getidlist", {"openid": openids[1]}))["tagid_list"] == []


async def test_each_wrong_tagging_has_its_code(simulator: Simulator) -> None:
    openids = await crowd(simulator, 51)
    number = (await tag_named(simulator, "民警"))["tag"]["id"]
    left = await simulator.follower()
    gone = await simulator.openid(left)
    await simulator.post(f"/_sim/users/{left}/unfollow", {"account": "service"})
    for sent, expected in (
        ({"openid_list": openids, "tagid": number}, 40032),
        ({"openid_list": [], "tagid": number}, 40031),
        ({"openid_list": ["oNobody"], "tagid": number}, 40003),
        ({"openid_list": openids[:1], "tagid": 999}, 45159),
        ({"openid_list": [gone], "tagid": number}, 49003),
    ):
        assert (await simulator.api(TAG, sent))["errcode"] == expected
    for path in ("/cgi-bin/tags/delete", "/cgi-bin/tags/update"):
        assert (await simulator.api(path, {"tag": {"id": 2, "name": "x"}}))["errcode"] == 45058


async def test_leaving_takes_the_tags_away(simulator: Simulator) -> None:
    user = await simulator.follower()
    openid = await simulator.openid(user)
    number = (await tag_named(simulator, "民警"))["tag"]["id"]
    await simulator.api(TAG, {"openid_list": [openid], "tagid": number})
    await simulator.post(f"/_sim/users/{user}/unfollow", {"account": "service"})
    await simulator.post(f"/_sim/users/{user}/follow", {"account": "service"})
    assert (await simulator.api("/cgi-bin/tags/getidlist", {"openid": openid}))["tagid_list"] == []


async def test_the_blacklist(simulator: Simulator) -> None:
    openids = await crowd(simulator, 21)
    black, white = (f"/cgi-bin/tags/members/batch{kind}list" for kind in ("black", "unblack"))
    listed = "/cgi-bin/tags/members/getblacklist"
    assert (await simulator.api(black, {"openid_list": openids}))["errcode"] == 40032
    await simulator.api(black, {"openid_list": openids[:2]})
    assert (await simulator.api(listed, {"begin_openid": ""}))["data"]["openid"] == openids[:2]
    await simulator.api(white, {"openid_list": openids[:1]})
    assert (await simulator.api(listed, {}))["data"]["openid"] == openids[1:2]


async def test_who_is_not_verified_may_not_look(simulator: Simulator) -> None:
    await simulator.set(verified=False)
    for path in ("/cgi-bin/user/get", "/cgi-bin/tags/get"):
        assert (await simulator.api(path))["errcode"] == 48001
