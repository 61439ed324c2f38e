"""Followers, tags and the blacklist."""

from __future__ import annotations

from tests.simulator.clients.driver import Stage, has, refused, same, story

NOBODY = "oNobodyNobodyNobodyNobodyNob"


@story
def a_follower(stage: Stage) -> None:
    user, openid = stage.person()
    seen = stage.client.user.get(openid)
    has(
        seen,
        "subscribe_time",
        "remark",
        "groupid",
        "tagid_list",
        "subscribe_scene",
        "qr_scene",
        "qr_scene_str",
    )
    same((seen["subscribe"], seen["openid"]), (1, openid), "who")
    same({"nickname", "headimgurl", "sex", "city"} & seen.keys(), set(), "withdrawn in 2021")
    stage.act(user, "unfollow")
    same(stage.client.user.get(openid, lang="en"), {"subscribe": 0, "openid": openid}, "who left")
    refused(40003, stage.client.user.get, NOBODY)


@story
def followers(stage: Stage) -> None:
    come = [stage.person()[1] for _ in range(3)]
    listed = stage.client.user.get_followers()
    same(listed["data"]["openid"][-3:], come, "the newest")
    same((listed["total"], listed["count"]), (len(listed["data"]["openid"]),) * 2, "counts")
    same(listed["next_openid"], come[-1], "next")
    same(stage.client.user.get_followers(come[0])["data"]["openid"], come[1:], "after the first")
    same(list(stage.client.user.iter_followers(come[0])), come[1:], "all after the first")
    refused(40003, stage.client.user.get_followers, NOBODY)


@story
def several_at_once(stage: Stage) -> None:
    come = [stage.person()[1] for _ in range(2)]
    same([one["openid"] for one in stage.client.user.get_batch(come)], come, "by openid")
    asked = [{"openid": come[0], "lang": "zh_CN"}]
    same(stage.client.user.get_batch(asked)[0]["subscribe"], 1, "with a language")
    refused(40032, stage.client.user.get_batch, come * 51)


@story
def remarks(stage: Stage) -> None:
    _, openid = stage.person()
    stage.client.user.update_remark(openid, "张警官")
    same(stage.client.user.get(openid)["remark"], "张警官", "remark")
    refused(40003, stage.client.user.update_remark, NOBODY, "谁")


@story
def tags(stage: Stage) -> None:
    tag = stage.client.tag
    made = tag.create("骑手")
    same(made, {"id": made["id"], "name": "骑手"}, "made")
    same([one for one in tag.get() if one["id"] == made["id"]], [{**made, "count": 0}], "listed")
    tag.update(made["id"], "货车司机")
    same([one["name"] for one in tag.get() if one["id"] == made["id"]], ["货车司机"], "renamed")
    refused(45157, tag.create, "货车司机")
    refused(45158, tag.create, "一" * 11)
    refused(45159, tag.update, 4999, "没有")
    refused(45058, tag.delete, 2)
    tag.delete(made["id"])
    same([one for one in tag.get() if one["id"] == made["id"]], [], "gone")
    refused(40001, stage.nobody.tag.get)


@story
def tagged_people(stage: Stage) -> None:
    tag, come = stage.client.tag, [stage.person()[1] for _ in range(3)]
    number = tag.create("出租车司机")["id"]
    tag.tag_user(number, come)
    same(tag.get_user_tag(come[0]), [number], "tags of one")
    same(tag.get_tag_users(number)["data"]["openid"], come, "people")
    same(tag.get_tag_users(number, come[1])["data"]["openid"], come[2:], "people after the second")
    same(list(tag.iter_tag_users(number)), come, "all people")
    tag.untag_user(number, come[0])
    same(tag.get_user_tag(come[0]), [], "none left")
    refused(45159, tag.tag_user, 4999, come)
    refused(40032, tag.tag_user, number, come * 17)
    refused(40003, tag.untag_user, number, NOBODY)
    refused(40003, tag.get_user_tag, NOBODY)
    refused(45159, tag.get_tag_users, 4999)


@story
def the_blacklist(stage: Stage) -> None:
    tag, (_, openid) = stage.client.tag, stage.person()
    tag.batch_black_list([openid])
    same(tag.get_black_list()["data"]["openid"], [openid], "black")
    tag.batch_unblack_list([openid])
    same(tag.get_black_list()["total"], 0, "none")
    refused(40003, tag.batch_black_list, [NOBODY])
    refused(40032, tag.batch_unblack_list, [openid] * 21)
    refused(40003, tag.get_black_list, NOBODY)
