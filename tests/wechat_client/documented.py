"""A table: each call, the platform's documented answer, and what must be asked and come back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from daxiang.integrations.wechat.client import (
    customer_service,
    diagnosis,
    drafts,
    mass,
    materials,
    menus,
    publishing,
    qrcodes,
    subscription,
    tags,
    templates,
    users,
)
from daxiang.integrations.wechat.client.client import WeChatClient

OPENID = "oInventedOpenidOfNobody00001"


@dataclass(frozen=True)
class Case:
    """A call, the platform's documented answer, and what must be asked and come back."""

    call: Callable[[WeChatClient], Awaitable[Any]]
    path: str
    answer: dict[str, Any]
    body: Any = None
    params: dict[str, str] = field(default_factory=dict)
    gives: Any = None


OK = {"errcode": 0, "errmsg": "ok"}
HOUR = menus.Button(name="今天限行", press=menus.Press.CLICK, key="today")
PAGE = menus.Button(name="官网", press=menus.Press.VIEW, url="https://jg.example.cn/")
ARTICLE = drafts.Article(title="早高峰通报", content="<p>正文</p>", thumb_media_id="thumb")
WRITTEN = {
    "article_type": "news",
    "title": "早高峰通报",
    "author": "",
    "digest": "",
    "content": "<p>正文</p>",
    "content_source_url": "",
    "need_open_comment": 0,
    "only_fans_can_comment": 0,
    "thumb_media_id": "thumb",
}


CASES = {
    "a text to one person": Case(
        lambda c: customer_service.send(
            c, openid=OPENID, message=customer_service.Text(content="在"), staff_account="kf1@jj"
        ),
        "/cgi-bin/message/custom/send",
        OK,
        {
            "touser": OPENID,
            "msgtype": "text",
            "text": {"content": "在"},
            "customservice": {"kf_account": "kf1@jj"},
        },
    ),
    "typing": Case(
        lambda c: customer_service.typing(c, openid=OPENID, is_typing=True),
        "/cgi-bin/message/custom/typing",
        OK,
        {"touser": OPENID, "command": "Typing"},
    ),
    "staff": Case(
        customer_service.staff_accounts,
        "/cgi-bin/customservice/getkflist",
        {"kf_list": [{"kf_account": "a@b", "kf_nick": "小王", "kf_id": "1001", "kf_headimgurl": "u"}]},
        gives=(
            customer_service.StaffAccount(
                account="a@b", nickname="小王", number="1001", wechat="", avatar_url="u"
            ),
        ),
    ),
    "staff online": Case(
        customer_service.online_staff,
        "/cgi-bin/customservice/getonlinekflist",
        {"kf_online_list": [{"kf_account": "a@b", "status": 1, "kf_id": "1001", "accepted_case": 2}]},
        gives=(customer_service.OnlineStaff(account="a@b", status=1, accepted=2),),
    ),
    "no session": Case(
        lambda c: customer_service.session_of(c, openid=OPENID),
        "/customservice/kfsession/getsession",
        OK | {"kf_account": "", "createtime": 0},
        params={"openid": OPENID},
    ),
    "the sessions of one of staff": Case(
        lambda c: customer_service.sessions_of(c, staff_account="kf1@jj"),
        "/customservice/kfsession/getsessionlist",
        {"sessionlist": [{"createtime": 123456789, "openid": OPENID}]},
        params={"kf_account": "kf1@jj"},
        gives=(customer_service.Session(openid=OPENID, staff_account="kf1@jj", created_at=123456789),),
    ),
    "another nickname": Case(
        lambda c: customer_service.rename_staff(c, account="kf1@jj", nickname="小李"),
        "/customservice/kfaccount/update",
        OK,
        {"kf_account": "kf1@jj", "nickname": "小李"},
    ),
    "an invitation to staff": Case(
        lambda c: customer_service.invite_staff(c, account="kf1@jj", wechat="invented_id"),
        "/customservice/kfaccount/inviteworker",
        OK,
        {"kf_account": "kf1@jj", "invite_wx": "invented_id"},
    ),
    "one of staff leaves": Case(
        lambda c: customer_service.remove_staff(c, account="kf1@jj"),
        "/customservice/kfaccount/del",
        OK,
        params={"kf_account": "kf1@jj"},
    ),
    "those who wait": Case(
        customer_service.waiting,
        "/customservice/kfsession/getwaitcase",
        {"count": 1, "waitcaselist": [{"latest_time": 123456789, "openid": OPENID}]},
        gives=(customer_service.Session(openid=OPENID, staff_account="", created_at=123456789),),
    ),
    "a menu": Case(
        lambda c: menus.create(c, [HOUR, menus.Submenu(name="更多", buttons=(PAGE,))]),
        "/cgi-bin/menu/create",
        OK,
        {
            "button": [
                {"type": "click", "name": "今天限行", "key": "today"},
                {
                    "name": "更多",
                    "sub_button": [{"type": "view", "name": "官网", "url": "https://jg.example.cn/"}],
                },
            ]
        },
    ),
    "a conditional menu": Case(
        lambda c: menus.add_conditional(c, [HOUR], menus.Match(tag_id=101)),
        "/cgi-bin/menu/addconditional",
        {"menuid": "208379533"},
        {
            "button": [{"type": "click", "name": "今天限行", "key": "today"}],
            "matchrule": {"tag_id": "101"},
        },
        gives="208379533",
    ),
    "the menus": Case(
        menus.get,
        "/cgi-bin/menu/get",
        {
            "menu": {
                "button": [
                    {"name": "更多", "sub_button": [{"type": "view", "name": "官网", "url": PAGE.url}]}
                ]
            },
            "conditionalmenu": [
                {
                    "button": [{"type": "click", "name": "今天限行", "key": "today", "sub_button": []}],
                    "matchrule": {"tag_id": 101},
                    "menuid": 208396993,
                }
            ],
        },
        gives=menus.Menus(
            entries=(menus.Submenu(name="更多", buttons=(PAGE,)),),
            conditional=(
                menus.ConditionalMenu(menu_id="208396993", entries=(HOUR,), match=menus.Match(tag_id=101)),
            ),
        ),
    ),
    "no menu": Case(menus.get, "/cgi-bin/menu/get", {"errcode": 46003, "errmsg": "menu no exist"}),
    "one follower": Case(
        lambda c: users.one(c, openid=OPENID),
        "/cgi-bin/user/info",
        {
            "subscribe": 1,
            "openid": OPENID,
            "subscribe_time": 1434093047,
            "unionid": "u",
            "remark": "",
            "groupid": 0,
            "tagid_list": [128, 2],
            "subscribe_scene": "ADD_SCENE_QR_CODE",
            "qr_scene": 98765,
            "qr_scene_str": "",
        },
        params={"openid": OPENID, "lang": "zh_CN"},
        gives=users.Follower(
            openid=OPENID,
            is_following=True,
            followed_at=1434093047,
            union_id="u",
            tag_ids=(128, 2),
            scene="ADD_SCENE_QR_CODE",
            qr_scene=98765,
        ),
    ),
    "who does not follow": Case(
        lambda c: users.one(c, openid=OPENID),
        "/cgi-bin/user/info",
        {"subscribe": 0, "openid": OPENID},
        params={"openid": OPENID, "lang": "zh_CN"},
        gives=users.Follower(openid=OPENID, is_following=False),
    ),
    "many followers": Case(
        lambda c: users.many(c, openids=["a", "b"]),
        "/cgi-bin/user/info/batchget",
        {"user_info_list": [{"subscribe": 0, "openid": "a"}, {"subscribe": 1, "openid": "b"}]},
        {"user_list": [{"openid": "a", "lang": "zh_CN"}, {"openid": "b", "lang": "zh_CN"}]},
        gives=(
            users.Follower(openid="a", is_following=False),
            users.Follower(openid="b", is_following=True),
        ),
    ),
    "a new tag": Case(
        lambda c: tags.create(c, name="民警"),
        "/cgi-bin/tags/create",
        {"tag": {"id": 134, "name": "民警"}},
        {"tag": {"name": "民警"}},
        gives=tags.Tag(number=134, name="民警"),
    ),
    "all tags": Case(
        tags.every,
        "/cgi-bin/tags/get",
        {"tags": [{"id": 2, "name": "星标组", "count": 3}]},
        gives=(tags.Tag(number=2, name="星标组", members=3),),
    ),
    "the tags of a person": Case(
        lambda c: tags.of(c, openid=OPENID),
        "/cgi-bin/tags/getidlist",
        {"tagid_list": [134, 2]},
        {"openid": OPENID},
        gives=(134, 2),
    ),
    "a template message": Case(
        lambda c: templates.send(
            c,
            openid=OPENID,
            template_id="t",
            values={"keyword1": "鄂A12345"},
            url="https://jg.example.cn/",
            mini_program=templates.MiniProgram(app_id="wx1", page_path="index"),
            client_msg_id="job-1",
        ),
        "/cgi-bin/message/template/send",
        OK | {"msgid": 200228332},
        {
            "touser": OPENID,
            "template_id": "t",
            "url": "https://jg.example.cn/",
            "miniprogram": {"appid": "wx1", "pagepath": "index"},
            "client_msg_id": "job-1",
            "data": {"keyword1": {"value": "鄂A12345"}},
        },
        gives=200228332,
    ),
    "the industry": Case(
        templates.industries,
        "/cgi-bin/template/get_industry",
        {"primary_industry": {"first_class": "政府", "second_class": "交警"}, "secondary_industry": {}},
        gives=("政府/交警", ""),
    ),
    "a subscription notice": Case(
        lambda c: subscription.send(
            c, openid=OPENID, template_id="t", values={"thing1": "一" * 25, "car_number2": "鄂A12345"}
        ),
        "/cgi-bin/message/subscribe/bizsend",
        OK,
        {
            "touser": OPENID,
            "template_id": "t",
            "data": {"thing1": {"value": "一" * 19 + "…"}, "car_number2": {"value": "鄂A12345"}},
        },
    ),
    "a template of the library": Case(
        lambda c: subscription.add(c, title=401, keywords=[1, 2], scene="违法提醒"),
        "/wxaapi/newtmpl/addtemplate",
        OK | {"priTmplId": "9Aw5ZV1j9xdWTFEkqCpZ7jWySL7aGN6rQom4gXINfJs"},
        {"tid": "401", "kidList": [1, 2], "sceneDesc": "违法提醒"},
        gives="9Aw5ZV1j9xdWTFEkqCpZ7jWySL7aGN6rQom4gXINfJs",
    ),
    "a mass send to a tag": Case(
        lambda c: mass.send_to_tag(
            c, tag=2, content=mass.Articles(media_id="draft"), client_msg_id="briefing-2026-11-24"
        ),
        "/cgi-bin/message/mass/sendall",
        {"errcode": 0, "errmsg": "send job submission success", "msg_id": 34182, "msg_data_id": 206227730},
        {
            "filter": {"is_to_all": False, "tag_id": 2},
            "msgtype": "mpnews",
            "mpnews": {"media_id": "draft"},
            "clientmsgid": "briefing-2026-11-24",
            "send_ignore_reprint": 0,
        },
        gives=mass.Accepted(msg_id=34182, msg_data_id=206227730, was_accepted_before=False),
    ),
    "a mass send that was accepted before": Case(
        lambda c: mass.send_to_all(c, content=mass.Text(content="通知"), client_msg_id="a"),
        "/cgi-bin/message/mass/sendall",
        {"errcode": 45065, "errmsg": "clientmsgid exist rid: 6566-a-b", "msg_id": 34182},
        {
            "filter": {"is_to_all": True},
            "msgtype": "text",
            "text": {"content": "通知"},
            "clientmsgid": "a",
        },
        gives=mass.Accepted(msg_id=34182, msg_data_id=0, was_accepted_before=True),
    ),
    "the state of a mass send": Case(
        lambda c: mass.state(c, msg_id=201053012),
        "/cgi-bin/message/mass/get",
        {"msg_id": 201053012, "msg_status": "SEND_SUCCESS"},
        {"msg_id": "201053012"},
        gives="SEND_SUCCESS",
    ),
    "a draft": Case(
        lambda c: drafts.add(c, articles=[ARTICLE]),
        "/cgi-bin/draft/add",
        {"media_id": "draft"},
        {"articles": [WRITTEN]},
        gives="draft",
    ),
    "an article replaced": Case(
        lambda c: drafts.update(c, media_id="draft", number=0, article=ARTICLE),
        "/cgi-bin/draft/update",
        OK,
        {"media_id": "draft", "index": 0, "articles": WRITTEN},
    ),
    "the draft switch": Case(
        drafts.is_switched_on,
        "/cgi-bin/draft/switch",
        OK | {"is_open": 1},
        {},
        params={"checkonly": "1"},
        gives=True,
    ),
    "a publication": Case(
        lambda c: publishing.submit(c, media_id="draft"),
        "/cgi-bin/freepublish/submit",
        OK | {"publish_id": "100000001", "msg_data_id": 1},
        {"media_id": "draft"},
        gives="100000001",
    ),
    "the state of a publication": Case(
        lambda c: publishing.state(c, publish_id="100000001"),
        "/cgi-bin/freepublish/get",
        {
            "publish_id": "100000001",
            "publish_status": 0,
            "article_id": "art",
            "article_detail": {"count": 1, "item": [{"idx": 1, "article_url": "https://mp"}]},
            "fail_idx": [],
        },
        {"publish_id": "100000001"},
        gives=publishing.Publication(
            publish_id="100000001",
            status=publishing.Status.PUBLISHED,
            article_id="art",
            urls=("https://mp",),
            failed=(),
        ),
    ),
    "a QR code": Case(
        lambda c: qrcodes.temporary(c, scene="crossing-17", life_s=604800),
        "/cgi-bin/qrcode/create",
        {"ticket": "gQH47joAAAA+/==", "expire_seconds": 604800, "url": "http://weixin.qq.com/q/k"},
        {
            "expire_seconds": 604800,
            "action_name": "QR_STR_SCENE",
            "action_info": {"scene": {"scene_str": "crossing-17"}},
        },
        gives=qrcodes.QrCode(ticket="gQH47joAAAA+/==", url="http://weixin.qq.com/q/k", expire_s=604800),
    ),
    "a QR code for good": Case(
        lambda c: qrcodes.permanent(c, scene=17),
        "/cgi-bin/qrcode/create",
        {"ticket": "t", "url": "u"},
        {"action_name": "QR_LIMIT_SCENE", "action_info": {"scene": {"scene_id": 17}}},
        gives=qrcodes.QrCode(ticket="t", url="u", expire_s=0),
    ),
    "a quota": Case(
        lambda c: diagnosis.quota_of(c, path="/cgi-bin/message/custom/send"),
        "/cgi-bin/openapi/quota/get",
        OK
        | {
            "quota": {"daily_limit": 500000, "used": 3, "remain": 499997},
            "rate_limit": {"call_count": 1000, "refresh_second": 60},
        },
        {"cgi_path": "/cgi-bin/message/custom/send"},
        gives=diagnosis.QuotaReport(daily_limit=500000, used=3, remaining=499997, per_minute=1000),
    ),
    "the addresses of callbacks": Case(
        diagnosis.callback_ips,
        "/cgi-bin/getcallbackip",
        {"ip_list": ["127.0.0.1", "127.0.0.2"]},
        gives=("127.0.0.1", "127.0.0.2"),
    ),
    "the addresses of the API": Case(
        diagnosis.api_ips, "/cgi-bin/get_api_domain_ip", {"ip_list": ["127.0.0.3"]}, gives=("127.0.0.3",)
    ),
    "a call looked up": Case(
        lambda c: diagnosis.call_of(c, rid="6566-a-b"),
        "/cgi-bin/openapi/rid/get",
        OK | {"request": {"invoke_time": 1, "cost_in_ms": 2, "client_ip": "127.0.0.1", "request_url": "u"}},
        {"rid": "6566-a-b"},
        gives=diagnosis.CallRecord(
            invoked_at=1, cost_ms=2, client_ip="127.0.0.1", url="u", request_body="", response_body=""
        ),
    ),
    "the library counted": Case(
        materials.counts,
        "/cgi-bin/material/get_materialcount",
        {"voice_count": 1, "video_count": 2, "image_count": 3, "news_count": 4},
        gives=materials.Counts(voice=1, video=2, image=3, news=4),
    ),
}
