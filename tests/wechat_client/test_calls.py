"""Each call: what leaves, and what its documented answer becomes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
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
    oauth,
    publishing,
    qrcodes,
    tags,
    templates,
    users,
)
from daxiang.integrations.wechat.client.client import WeChatClient
from daxiang.integrations.wechat.client.files import Sort
from daxiang.integrations.wechat.client.quota import Limit
from tests.wechat_client.conftest import Platform
from tests.wechat_client.documented import ARTICLE, CASES, OK, OPENID

PNG, MP4 = b"\x89PNG\r\n\x1a\n" + b"0" * 50, b"\0\0\0\x18ftypmp42" + b"0" * 50


@pytest.mark.parametrize("name", CASES)
async def test_a_call_asks_as_documented_and_reads_the_documented_answer(
    client: WeChatClient, platform: Platform, name: str
) -> None:
    case = CASES[name]
    platform.says(case.answer)
    given = await case.call(client)
    seen = platform.last
    assert seen.query.pop("access_token") == "token-1"
    assert seen.method == ("GET" if case.body is None else "POST")
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


async def test_a_recording_of_a_page_comes_in_high_quality(client: WeChatClient, platform: Platform) -> None:
    platform.says(b"#!AMR-WB\n")
    assert (await media.get_from_page(client, media_id="m")).content == b"#!AMR-WB\n"
    assert (platform.last.path, platform.last.query["media_id"]) == ("/cgi-bin/media/get/jssdk", "m")


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


async def test_the_union_id_is_asked_with_the_token_of_the_page(
    client: WeChatClient, platform: Platform
) -> None:
    person = oauth.SignedIn(
        openid=OPENID, scope="", union_id="", access_token="pagetoken", refresh_token="r", life_s=7200
    )
    platform.says({"openid": OPENID, "unionid": "u"}, {"openid": OPENID, "is_snapshotuser": 1})
    assert await oauth.union_id_of(client, person=person) == "u"
    assert platform.last.query == {"access_token": "pagetoken", "openid": OPENID, "lang": "zh_CN"}
    with pytest.raises(oauth.SnapshotUser):
        await oauth.union_id_of(client, person=person)


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
