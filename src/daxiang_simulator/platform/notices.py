"""Subscription notices: one for each consent, or any number where the template is a long-term one."""

from __future__ import annotations

from typing import Any

from daxiang_simulator.messages import event_fields
from daxiang_simulator.truth import Kind
from daxiang_simulator.world import World

from .cleaning import is_link
from .custom import recipient
from .frame import Call, call
from .later import Job
from .refusals import Refused
from .rights import Right
from .templates import fields_of
from .values import check_value

LANGUAGES = frozenset({"zh_CN", "en_US", "zh_HK", "zh_TW"})


@call("POST", "/cgi-bin/message/subscribe/bizsend", right=Right.VERIFIED, daily="template_daily")
def send(made: Call) -> dict[str, Any]:
    person = recipient(made)
    template = made.shelf("notice_template").get(str(made.body.get("template_id")))
    if template is None:
        raise Refused(40037)
    if made.account.setting("bizsend_needs_lang") and made.body.get("lang") not in LANGUAGES:
        raise Refused(47003, "argument invalid! lang")
    if not is_link(made.body.get("page")):
        raise Refused(65317)
    given = made.body.get("data")
    if not isinstance(given, dict):
        raise Refused(47001)
    names = fields_of(template["content"])
    lines = [{"label": label, "value": check_value(name, given.get(name))} for name, label in names]
    page = made.world.followers.of(made.account, person)
    left = page["consents"].get(template["priTmplId"], 0)
    if left == 0:
        raise Refused(43101)
    if left > 0:
        page["consents"][template["priTmplId"]] = left - 1
        made.save(person, page)
    number = made.world.numbers.next()
    shown = {"kind": "notice", "title": template["title"], "pairs": lines, "msg_id": str(number)}
    shown |= {"url": made.body.get("page") or "", "mini": made.body.get("miniprogram")}
    made.deliver(person, shown | {"template_id": template["priTmplId"]})
    made.tell(
        Kind.NOTICE,
        user=person.user,
        openid=made.body["touser"],
        msg_id=str(number),
        template_id=template["priTmplId"],
        data=given,
    )
    due = made.at + made.account.setting("events_after_s")
    facts = {"user": person.user, "msg_id": number, "template_id": template["priTmplId"]}
    made.world.later.add(made.account.name, "notice", due=due, **facts)
    return {"errcode": 0, "errmsg": "ok"}


async def finish(world: World, account_name: str, job: Job) -> None:
    """Tell the account how a notice ended."""
    person, account = world.people.get(job["user"]), world.accounts.get(account_name)
    if person is None or account is None:
        return
    told = {
        "TemplateId": job["template_id"],
        "MsgID": job["msg_id"],
        "ErrorCode": 0,
        "ErrorStatus": "success",
    }
    event = event_fields("subscribe_msg_sent_event", None, SubscribeMsgSentEvent={"List": [told]})
    await world.conversations.tell(account, person, event)
