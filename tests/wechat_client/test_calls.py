"""Each call: what leaves, and what its documented answer becomes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from daxiang.integrations.outcomes import OutcomeUnknown, Refused, Unavailable
from daxiang.integrations.wechat.client import (
    customer_service,
    diagnosis,
    drafts,
    mass,
    materials,
    media,
    menus,
    oauth,
    publishing,
    qrcodes,
    subscription,
    tags,
    templates,
    users,
)
from daxiang.integrations.wechat.client.client import WeChatClient
from daxiang.integrations.wechat.client.files import Sort
from daxiang.integrations.wechat.client.quota import Limit
from tests.wechat_client.conftest import Platform

OPENID = "oInventedOpenidOfNobody00001"
PNG, MP4 = b"\x89PNG\r\n\x1a\n" + b"0" * 50, b"\0\0\0\x18ftypmp42" + b"0" * 50


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


@pytest.mark.parametrize("name", CASES)
async def test_a_call_asks_as_documented_and_reads_the_documented_answer(
    client: WeChatClient, platform: Platform, name: str
) -> None:
    case = CASES[name]
    platform.says(case.answer)
    given = await case.call(client)
    seen = platform.last
    assert seen.query.pop("access_token") == "token-1"
    assert (seen.path, seen.query, seen.body) == (case.path, case.params, case.body)
    assert given == case.gives


MESSAGES = {
    "image": customer_service.Image(media_id="m"),
    "voice": customer_service.Voice(media_id="m"),
    "video": customer_service.Video(media_id="m", thumb_media_id="t", title="演示"),
    "music": customer_service.Music(url="u", hq_url="h", thumb_media_id="t"),
    "news": customer_service.News(title="通报", description="", url="u", picture_url="p"),
    "mpnews": customer_service.Article(media_id="m"),
    "mpnewsarticle": customer_service.Article(article_id="a"),
    "msgmenu": customer_service.Choices(head="满意吗", choices=(("1", "满意"), ("2", "不满意"))),
    "miniprogrampage": customer_service.MiniProgramPage(
        title="缴费", app_id="wx1", page_path="p", thumb_media_id="t"
    ),
    "wxcard": customer_service.Card(card_id="c"),
}


@pytest.mark.parametrize("kind", MESSAGES)
async def test_every_kind_of_message_names_itself_and_has_its_part(
    client: WeChatClient, platform: Platform, kind: str
) -> None:
    await customer_service.send(client, openid=OPENID, message=MESSAGES[kind])
    assert platform.last.body["msgtype"] == kind
    assert set(platform.last.body) == {"touser", "msgtype", kind}


async def test_an_upload_is_a_form_with_a_file_of_its_type(client: WeChatClient, platform: Platform) -> None:
    platform.says({"type": "image", "media_id": "m", "created_at": 123})
    assert await media.upload(client, sort=Sort.IMAGE, content=PNG) == media.Uploaded(
        media_id="m", created_at=123
    )
    assert platform.last.query["type"] == "image"
    assert platform.last.files == {"media": ("media.png", PNG)}


async def test_a_film_of_the_library_is_described_beside_its_file(
    client: WeChatClient, platform: Platform
) -> None:
    platform.says({"media_id": "m"})
    await materials.add_video(client, content=MP4, title="演示", introduction="怎么拍照")
    assert platform.last.files["description"][1].decode() == '{"title": "演示", "introduction": "怎么拍照"}'
    assert platform.last.files["media"] == ("media.mp4", MP4)


async def test_a_file_comes_as_it_is_and_a_film_as_its_address(
    client: WeChatClient, platform: Platform
) -> None:
    platform.says(PNG, {"video_url": "http://video"})
    assert (await media.get(client, media_id="m")).content == PNG
    assert (await media.get(client, media_id="m")).url == "http://video"


async def test_a_file_that_is_not_there_is_refused_though_the_answer_is_json(
    client: WeChatClient, platform: Platform
) -> None:
    platform.says({"errcode": 40007, "errmsg": "invalid media_id rid: 6566-a-b"})
    with pytest.raises(Refused) as failed:
        await media.get(client, media_id="m")
    assert (failed.value.code, failed.value.rid) == (40007, "6566-a-b")


async def test_a_refused_token_is_replaced_for_files_too(client: WeChatClient, platform: Platform) -> None:
    platform.says({"errcode": 42001}, PNG)
    assert (await media.get(client, media_id="m")).content == PNG


async def test_followers_come_page_by_page_to_the_end(client: WeChatClient, platform: Platform) -> None:
    platform.says(
        {"total": 3, "count": 2, "data": {"openid": ["a", "b"]}, "next_openid": "b"},
        {"total": 3, "count": 1, "data": {"openid": ["c"]}, "next_openid": "c"},
        {"total": 3, "count": 0, "next_openid": ""},
    )
    assert [openid async for openid in users.followers(client)] == ["a", "b", "c"]
    assert [seen.query.get("next_openid") for seen in platform.seen] == [None, "b", "c"]


async def test_a_platform_that_repeats_a_page_ends_the_walk(client: WeChatClient, platform: Platform) -> None:
    platform.says({"total": 1, "count": 1, "data": {"openid": ["a"]}, "next_openid": "a"})
    assert [openid async for openid in users.followers(client)] == ["a", "a"]


async def test_a_tag_is_put_on_fifty_persons_a_call(client: WeChatClient, platform: Platform) -> None:
    await tags.put_on(client, number=134, openids=[str(number) for number in range(120)])
    assert [len(seen.body["openid_list"]) for seen in platform.seen] == [50, 50, 20]


async def test_a_template_message_without_an_id_of_ours_is_never_repeated(
    client: WeChatClient, platform: Platform
) -> None:
    platform.says(b"garbage")
    with pytest.raises(OutcomeUnknown):
        await templates.send(client, openid=OPENID, template_id="t", values={"first": "一"})
    assert len(platform.seen) == 1


async def test_a_mass_send_asked_again_too_soon_waits_a_minute(
    client: WeChatClient, platform: Platform
) -> None:
    platform.says({"errcode": 45066, "errmsg": "same clientmsgid retry too fast"})
    with pytest.raises(Unavailable) as failed:
        await mass.send_to_all(client, content=mass.Text(content="通知"), client_msg_id="a")
    assert failed.value.retry_after_s is not None
    assert failed.value.retry_after_s > 60


@pytest.mark.parametrize(
    "call",
    [
        lambda c: mass.send_to_tag(c, tag=2, content=mass.Text(content="通知"), client_msg_id="a"),
        lambda c: drafts.add(c, articles=[ARTICLE]),
        lambda c: publishing.submit(c, media_id="draft"),
        lambda c: tags.create(c, name="民警"),
        lambda c: templates.send(c, openid=OPENID, template_id="t", values={"first": "一"}),
    ],
)
async def test_a_yes_that_does_not_say_to_what_is_unknown(
    client: WeChatClient, platform: Platform, call: Callable[[WeChatClient], Awaitable[Any]]
) -> None:
    platform.says(OK)
    with pytest.raises(OutcomeUnknown):
        await call(client)


async def test_signing_in_goes_without_the_accounts_token(client: WeChatClient, platform: Platform) -> None:
    platform.says({"access_token": "pagetoken", "expires_in": 7200, "openid": OPENID, "scope": "snsapi_base"})
    person = await oauth.exchange(client, code="code-1")
    assert platform.last.query == {
        "appid": client.account.app_id,
        "secret": client.account.secret,
        "code": "code-1",
        "grant_type": "authorization_code",
    }
    assert (person.openid, person.life_s) == (OPENID, 7200)
    assert "pagetoken" not in repr(person)
    assert OPENID not in repr(person)


async def test_the_virtual_openid_of_a_snapshot_is_refused(client: WeChatClient, platform: Platform) -> None:
    platform.says({"access_token": "p", "openid": OPENID, "is_snapshotuser": 1})
    with pytest.raises(oauth.SnapshotUser):
        await oauth.exchange(client, code="code-1")


def test_a_report_of_the_platform_becomes_a_limit() -> None:
    report = diagnosis.QuotaReport(daily_limit=0, used=0, remaining=0, per_minute=None)
    assert report.limit == Limit()


def test_the_picture_of_a_qr_code_has_its_ticket_quoted() -> None:
    code = qrcodes.QrCode(ticket="gQH4+/==", url="", expire_s=0)
    assert code.image_url.endswith("showqrcode?ticket=gQH4%2B%2F%3D%3D")
