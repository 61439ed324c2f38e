"""People who answer by hand, and their sessions."""

from __future__ import annotations

from tests.simulator.clients.driver import Stage, file, has, refused, same, story

NOBODY = "oNobodyNobodyNobodyNobodyNob"


@story
def accounts_of_agents(stage: Stage) -> None:
    held = stage.client.customservice
    held.add_account("wang@gh", "小王", "password")
    refused(61453, held.add_account, "wang@gh", "小王", "password")
    refused(61452, held.add_account, "wang", "小王", "password")
    held.update_account("wang@gh", "王警官", "password")
    refused(61452, held.update_account, "li@gh", "小李", "password")
    held.upload_headimg("wang@gh", file("a.jpg"))
    refused(40137, held.upload_headimg, "wang@gh", file("a.mp3"))
    if stage.version == 1:  # the pre-release asks at /customservice/getkflist, which no page has
        one = next(one for one in held.get_accounts() if one["kf_account"] == "wang@gh")
        has(one, "kf_id", "kf_headimgurl")
        same(one["kf_nick"], "王警官", "nickname")
        refused(40001, stage.nobody.customservice.get_accounts)
    held.delete_account("wang@gh")
    refused(61452, held.delete_account, "wang@gh")


@story
def sessions(stage: Stage) -> None:
    held, (_, openid), agent = stage.client.customservice, stage.person(), "chen@gh"
    held.add_account(agent, "小陈", "password")
    refused(65415, held.create_session, openid, agent)
    stage.sim("POST", "agents", {"account": stage.account["name"], "kf_account": agent, "online": True})
    same(held.get_session(openid)["kf_account"], "", "no session")
    held.create_session(openid, agent, text="您好")
    same(held.get_session(openid)["kf_account"], agent, "session")
    same([one["openid"] for one in held.get_session_list(agent)], [openid], "sessions")
    if stage.version == 1:
        same(held.get_online_accounts()[0]["accepted_case"], 1, "accepted")
        refused(40001, stage.nobody.customservice.get_online_accounts)
    held.close_session(openid, agent)
    refused(65413, held.close_session, openid, agent)
    refused(40003, held.get_session, NOBODY)
    refused(61452, held.get_session_list, "nobody@gh")


@story
def waiting_people_and_records(stage: Stage) -> None:
    held = stage.client.customservice
    has(held.get_wait_case(), "count", "waitcaselist")
    refused(40001, stage.nobody.customservice.get_wait_case)
    has(held.get_records(1_700_000_000, 1_700_003_600), "recordlist", "number", "msgid")
    refused(65417, held.get_records, 1_700_000_000, 1_700_200_000)
