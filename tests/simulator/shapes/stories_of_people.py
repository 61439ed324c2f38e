"""Answers about tokens, followers, tags, agents, sign-in and the account's own state."""

from __future__ import annotations

from typing import Any

from .scene import AGENT, PNG, SECRET, Scene, story

ASKED = {"grant_type": "client_credential", **SECRET}


@story("GET /cgi-bin/token")
async def token(scene: Scene) -> Any:
    return await scene.open_get("/cgi-bin/token", **ASKED)


@story("POST /cgi-bin/stable_token")
async def stable_token(scene: Scene) -> Any:
    return await scene.simulator.post("/cgi-bin/stable_token", ASKED)


@story("POST /cgi-bin/stable_token#force")
async def forced_token(scene: Scene) -> Any:
    return await scene.simulator.post("/cgi-bin/stable_token", ASKED | {"force_refresh": True})


@story("GET /cgi-bin/user/get")
async def followers(scene: Scene) -> Any:
    await scene.follower()
    return await scene.ask("/cgi-bin/user/get", next_openid="")


@story("GET /cgi-bin/user/info")
async def follower(scene: Scene) -> Any:
    return await scene.ask("/cgi-bin/user/info", openid=await scene.follower(), lang="zh_CN")


@story("GET /cgi-bin/user/info#left")
async def who_left(scene: Scene) -> Any:
    user, openid = await scene.person()
    await scene.simulator.post(f"/_sim/users/{user}/unfollow", {"account": "service"})
    return await scene.ask("/cgi-bin/user/info", openid=openid, lang="zh_CN")


@story("POST /cgi-bin/user/info/batchget")
async def several(scene: Scene) -> Any:
    left = (await who_left(scene))["openid"]
    asked = [{"openid": one, "lang": "zh_CN"} for one in (await scene.follower(), left)]
    return await scene.ask("/cgi-bin/user/info/batchget", {"user_list": asked})


@story("POST /cgi-bin/user/info/updateremark")
async def remark(scene: Scene) -> Any:
    return await scene.ask(
        "/cgi-bin/user/info/updateremark", {"openid": await scene.follower(), "remark": "李队"}
    )


@story("POST /cgi-bin/tags/create")
async def new_tag(scene: Scene) -> Any:
    return await scene.ask("/cgi-bin/tags/create", {"tag": {"name": "交警"}})


@story("GET /cgi-bin/tags/get")
async def tags(scene: Scene) -> Any:
    await scene.tag()
    return await scene.ask("/cgi-bin/tags/get")


@story("POST /cgi-bin/tags/update")
async def renamed_tag(scene: Scene) -> Any:
    return await scene.ask("/cgi-bin/tags/update", {"tag": {"id": await scene.tag(), "name": "辅警"}})


@story("POST /cgi-bin/tags/delete")
async def deleted_tag(scene: Scene) -> Any:
    return await scene.ask("/cgi-bin/tags/delete", {"tag": {"id": await scene.tag()}})


@story("POST /cgi-bin/tags/members/batchtagging")
async def tagged(scene: Scene) -> Any:
    body = {"openid_list": [await scene.follower()], "tagid": await scene.tag()}
    return await scene.ask("/cgi-bin/tags/members/batchtagging", body)


@story("POST /cgi-bin/tags/members/batchuntagging")
async def untagged(scene: Scene) -> Any:
    body = {"openid_list": [await scene.follower()], "tagid": await scene.tag()}
    return await scene.ask("/cgi-bin/tags/members/batchuntagging", body)


@story("POST /cgi-bin/tags/getidlist")
async def tags_of_one(scene: Scene) -> Any:
    openid, number = await scene.follower(), await scene.tag()
    await scene.ask("/cgi-bin/tags/members/batchtagging", {"openid_list": [openid], "tagid": number})
    return await scene.ask("/cgi-bin/tags/getidlist", {"openid": openid})


@story("POST /cgi-bin/user/tag/get")
async def members(scene: Scene) -> Any:
    openid, number = await scene.follower(), await scene.tag()
    await scene.ask("/cgi-bin/tags/members/batchtagging", {"openid_list": [openid], "tagid": number})
    return await scene.ask("/cgi-bin/user/tag/get", {"tagid": number, "next_openid": ""})


@story("POST /cgi-bin/tags/members/batchblacklist")
async def blackened(scene: Scene) -> Any:
    return await scene.ask("/cgi-bin/tags/members/batchblacklist", {"openid_list": [await scene.follower()]})


@story("POST /cgi-bin/tags/members/batchunblacklist")
async def whitened(scene: Scene) -> Any:
    return await scene.ask(
        "/cgi-bin/tags/members/batchunblacklist", {"openid_list": [await scene.follower()]}
    )


@story("POST /cgi-bin/tags/members/getblacklist")
async def blacklist(scene: Scene) -> Any:
    await blackened(scene)
    return await scene.ask("/cgi-bin/tags/members/getblacklist", {"begin_openid": ""})


@story("GET /cgi-bin/getcallbackip")
async def callback_addresses(scene: Scene) -> Any:
    return await scene.ask("/cgi-bin/getcallbackip")


@story("GET /cgi-bin/get_api_domain_ip")
async def api_addresses(scene: Scene) -> Any:
    return await scene.ask("/cgi-bin/get_api_domain_ip")


@story("POST /cgi-bin/callback/check")
async def checked(scene: Scene) -> Any:
    return await scene.ask("/cgi-bin/callback/check", {"action": "all", "check_operator": "DEFAULT"})


@story("POST /cgi-bin/clear_quota")
async def cleared(scene: Scene) -> Any:
    return await scene.ask("/cgi-bin/clear_quota", {"appid": SECRET["appid"]})


@story("POST /cgi-bin/clear_quota/v2")
async def cleared_by_secret(scene: Scene) -> Any:
    body = {"appid": SECRET["appid"], "appsecret": SECRET["secret"]}
    return await scene.simulator.post("/cgi-bin/clear_quota/v2", body)


@story("POST /cgi-bin/clear_quota/v2#address")
async def cleared_by_address(scene: Scene) -> Any:
    query = f"appid={SECRET['appid']}&appsecret={SECRET['secret']}"
    return await scene.simulator.post(f"/cgi-bin/clear_quota/v2?{query}")


@story("POST /cgi-bin/openapi/quota/get")
async def quota(scene: Scene) -> Any:
    return await scene.ask("/cgi-bin/openapi/quota/get", {"cgi_path": "/cgi-bin/message/custom/send"})


@story("POST /cgi-bin/openapi/quota/get#rate")
async def quota_with_rate(scene: Scene) -> Any:
    return await scene.ask("/cgi-bin/openapi/quota/get", {"cgi_path": "/cgi-bin/message/mass/sendall"})


@story("POST /cgi-bin/openapi/quota/clear")
async def cleared_path(scene: Scene) -> Any:
    return await scene.ask("/cgi-bin/openapi/quota/clear", {"cgi_path": "/cgi-bin/user/get"})


@story("POST /cgi-bin/openapi/rid/get")
async def refused_call(scene: Scene) -> Any:
    refused = await scene.ask("/cgi-bin/menu/create", {"button": []})
    return await scene.ask("/cgi-bin/openapi/rid/get", {"rid": refused["errmsg"].rpartition("rid: ")[2]})


@story("GET /cgi-bin/ticket/getticket")
async def ticket(scene: Scene) -> Any:
    return await scene.ask("/cgi-bin/ticket/getticket", type="jsapi")


@story("POST /cgi-bin/qrcode/create")
async def code(scene: Scene) -> Any:
    body = {"expire_seconds": 1800, "action_name": "QR_SCENE", "action_info": {"scene": {"scene_id": 5}}}
    return await scene.ask("/cgi-bin/qrcode/create", body)


@story("POST /cgi-bin/qrcode/create#lasting")
async def lasting_code(scene: Scene) -> Any:
    body = {"action_name": "QR_LIMIT_STR_SCENE", "action_info": {"scene": {"scene_str": "hall"}}}
    return await scene.ask("/cgi-bin/qrcode/create", body)


@story("GET /sns/oauth2/access_token")
async def granted(scene: Scene) -> Any:
    return await scene.granted("snsapi_base")


@story("GET /sns/oauth2/refresh_token")
async def granted_again(scene: Scene) -> Any:
    held = await scene.granted()
    query = {"appid": SECRET["appid"], "grant_type": "refresh_token", "refresh_token": held["refresh_token"]}
    return await scene.open_get("/sns/oauth2/refresh_token", **query)


@story("GET /sns/userinfo")
async def profile(scene: Scene) -> Any:
    held = await scene.granted()
    query = {"access_token": held["access_token"], "openid": held["openid"], "lang": "zh_CN"}
    return await scene.open_get("/sns/userinfo", **query)


@story("GET /sns/auth")
async def still_granted(scene: Scene) -> Any:
    held = await scene.granted()
    return await scene.open_get("/sns/auth", access_token=held["access_token"], openid=held["openid"])


@story("POST /customservice/kfaccount/add")
async def new_agent(scene: Scene) -> Any:
    body = {"kf_account": "wang@gh", "nickname": "小王"}
    return await scene.ask("/customservice/kfaccount/add", body)


@story("POST /customservice/kfaccount/update")
async def renamed_agent(scene: Scene) -> Any:
    body = {"kf_account": await scene.agent(), "nickname": "老陈"}
    return await scene.ask("/customservice/kfaccount/update", body)


@story("POST /customservice/kfaccount/inviteworker")
async def invited(scene: Scene) -> Any:
    body = {"kf_account": await scene.agent(), "invite_wx": "test_kfwx"}
    return await scene.ask("/customservice/kfaccount/inviteworker", body)


@story("GET /customservice/kfaccount/del")
async def gone_agent(scene: Scene) -> Any:
    return await scene.ask("/customservice/kfaccount/del", kf_account=await scene.agent())


@story("POST /customservice/kfaccount/uploadheadimg")
async def portrait(scene: Scene) -> Any:
    kf_account = await scene.agent()
    return await scene.upload("/customservice/kfaccount/uploadheadimg", PNG, kf_account=kf_account)


@story("GET /cgi-bin/customservice/getkflist")
async def agents(scene: Scene) -> Any:
    await scene.agent()
    return await scene.ask("/cgi-bin/customservice/getkflist")


@story("GET /cgi-bin/customservice/getonlinekflist")
async def agents_there(scene: Scene) -> Any:
    await scene.agent()
    return await scene.ask("/cgi-bin/customservice/getonlinekflist")


@story("POST /customservice/kfsession/create")
async def session(scene: Scene) -> Any:
    body = {"kf_account": await scene.agent(), "openid": await scene.follower()}
    return await scene.ask("/customservice/kfsession/create", body)


@story("POST /customservice/kfsession/close")
async def closed(scene: Scene) -> Any:
    openid = (await scene.session())[1]
    return await scene.ask("/customservice/kfsession/close", {"kf_account": AGENT, "openid": openid})


@story("GET /customservice/kfsession/getsession")
async def session_of_one(scene: Scene) -> Any:
    return await scene.ask("/customservice/kfsession/getsession", openid=(await scene.session())[1])


@story("GET /customservice/kfsession/getsessionlist")
async def sessions(scene: Scene) -> Any:
    await scene.session()
    return await scene.ask("/customservice/kfsession/getsessionlist", kf_account=AGENT)


@story("GET /customservice/kfsession/getwaitcase")
async def waiting(scene: Scene) -> Any:
    user, openid = await scene.person()
    scene.callee.behaviours = [scene.reply("<MsgType>transfer_customer_service</MsgType>")]
    await scene.simulator.send(user, "人工")
    said = await scene.ask("/customservice/kfsession/getwaitcase")
    assert [one["openid"] for one in said["waitcaselist"]] == [openid]
    return said


@story("POST /customservice/msgrecord/getmsglist")
async def records(scene: Scene) -> Any:
    await scene.simulator.at("2026-11-24T10:00:00+08:00")
    user, openid = await scene.session()
    await scene.simulator.send(user, "有人吗")
    hello = {"touser": openid, "msgtype": "text", "text": {"content": "您好"}}
    await scene.ask("/cgi-bin/message/custom/send", hello | {"customservice": {"kf_account": AGENT}})
    start = 1_795_485_600
    body = {"starttime": start - 60, "endtime": start + 60, "msgid": 1, "number": 10_000}
    said = await scene.ask("/customservice/msgrecord/getmsglist", body)
    listed = [(one["opercode"], one["text"], one["worker"]) for one in said["recordlist"]]
    assert listed == [(2003, "有人吗", AGENT), (2002, "您好", AGENT)]
    return said
