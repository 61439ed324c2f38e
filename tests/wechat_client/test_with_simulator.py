"""Stories against the simulator, which judges what we send as the platform does."""

from __future__ import annotations

import asyncio
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from aiohttp import ClientSession

from daxiang.integrations.outcomes import OutcomeUnknown, Refused, Unavailable
from daxiang.integrations.wechat.client import client as client_module
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
    tags,
    users,
)
from daxiang.integrations.wechat.client.client import Token, WeChatClient
from daxiang.integrations.wechat.client.files import Sort
from daxiang.integrations.wechat.client.store import Store
from daxiang_simulator.platform.media import example
from tests.simulator.conftest import Simulator
from tests.wechat_client.conftest import ACCOUNT, SEALER, address

PNG = example("image")[1]
JPEG = b"\xff\xd8\xff\xe0" + b"0" * 100


class SimulatorTokens:
    """The simulator's own token, asked for each time."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator

    async def current(self) -> Token:
        return Token(value=await self._simulator.token(), generation=0)

    async def after(self, refused: Token) -> Token:
        return await self.current()


@pytest.fixture
def wechat(simulator: Simulator, session: ClientSession, monkeypatch: pytest.MonkeyPatch) -> WeChatClient:
    monkeypatch.setattr(client_module, "PAUSE_S", 0.0)
    return WeChatClient(
        account=ACCOUNT, base_url=address(simulator), session=session, tokens=SimulatorTokens(simulator)
    )


async def follower(simulator: Simulator) -> tuple[str, str]:
    user = await simulator.follower()
    return user, await simulator.openid(user)


async def test_a_menu_is_made_read_and_removed(wechat: WeChatClient) -> None:
    wanted = (
        menus.Button(name="今天限行", press=menus.Press.CLICK, key="today"),
        menus.Submenu(
            name="更多",
            buttons=(
                menus.Button(name="官网", press=menus.Press.VIEW, url="https://jg.example.cn/"),
                menus.Button(name="定位", press=menus.Press.LOCATION, key="place"),
            ),
        ),
    )
    assert await menus.get(wechat) is None
    await menus.create(wechat, wanted)
    held = await menus.get(wechat)
    assert held is not None
    assert held.entries == wanted
    await menus.delete(wechat)
    assert await menus.get(wechat) is None


async def test_a_menu_for_a_tag_needs_a_menu_for_all(simulator: Simulator, wechat: WeChatClient) -> None:
    button = menus.Button(name="通报", press=menus.Press.CLICK, key="briefing")
    tag = await tags.create(wechat, name="民警")
    with pytest.raises(Refused) as failed:
        await menus.add_conditional(wechat, [button], menus.Match(tag_id=tag.number))
    assert failed.value.code == 65303
    _, openid = await follower(simulator)
    await tags.put_on(wechat, number=tag.number, openids=[openid])
    await menus.create(wechat, [menus.Button(name="帮助", press=menus.Press.CLICK, key="help")])
    await menus.add_conditional(wechat, [button], menus.Match(tag_id=tag.number))
    assert await menus.shown_to(wechat, openid) == (button,)


async def test_followers_and_their_tags_are_found_again(simulator: Simulator, wechat: WeChatClient) -> None:
    openids = [(await follower(simulator))[1] for _ in range(3)]
    tag = await tags.create(wechat, name="志愿者")
    await tags.put_on(wechat, number=tag.number, openids=openids[:2])
    assert {openid async for openid in users.followers(wechat)} == set(openids)
    assert {openid async for openid in tags.members(wechat, number=tag.number)} == set(openids[:2])
    assert [one.tag_ids for one in await users.many(wechat, openids=openids)] == [
        (tag.number,),
        (tag.number,),
        (),
    ]
    await tags.take_off(wechat, number=tag.number, openids=openids[:1])
    assert await tags.of(wechat, openid=openids[0]) == ()


async def test_who_is_blocked_is_on_the_list(simulator: Simulator, wechat: WeChatClient) -> None:
    _, openid = await follower(simulator)
    await tags.block(wechat, openids=[openid])
    assert [one async for one in tags.blocked(wechat)] == [openid]
    await tags.unblock(wechat, openids=[openid])
    assert [one async for one in tags.blocked(wechat)] == []


async def test_the_window_of_a_follow_holds_three_messages(
    simulator: Simulator, wechat: WeChatClient
) -> None:
    user, openid = await follower(simulator)
    sent: list[int | str] = []
    for number in range(4):
        try:
            await customer_service.send(
                wechat, openid=openid, message=customer_service.Text(content=f"第 {number} 条")
            )
            sent.append(0)
        except Refused as refused:
            sent.append(refused.code)
    assert sent == [0, 0, 0, 45047]
    assert [one["content"] for one in await simulator.inbox(user)][-3:] == ["第 0 条", "第 1 条", "第 2 条"]


@pytest.mark.parametrize(
    ("fault", "ends"),
    [
        ({"kind": "lost_answer"}, OutcomeUnknown),
        ({"kind": "garbage"}, OutcomeUnknown),
        ({"kind": "http", "value": 500}, OutcomeUnknown),
        ({"kind": "errcode", "value": -1}, Unavailable),
        ({"kind": "errcode", "value": 45015}, Refused),
    ],
)
async def test_a_message_is_sent_at_most_once_whatever_happens_to_the_answer(
    simulator: Simulator, wechat: WeChatClient, fault: dict[str, object], ends: type[Exception]
) -> None:
    user, openid = await follower(simulator)
    await simulator.post("/_sim/faults", {"path": "/cgi-bin/message/custom/send", **fault})
    with pytest.raises(ends):
        await customer_service.send(wechat, openid=openid, message=customer_service.Text(content="一次"))
    told = [row for row in await simulator.truth() if row["kind"] == "faulted"]
    assert len(told) == 1
    assert [one.get("content") for one in await simulator.inbox(user)].count("一次") == told[0]["effect"]


async def test_an_article_goes_from_its_pictures_to_its_public_page(wechat: WeChatClient) -> None:
    cover = await materials.add(wechat, sort=Sort.THUMB, content=JPEG)
    picture = await media.upload_picture(wechat, content=PNG)
    article = drafts.Article(
        title="早高峰通报", content=f'<p>正文</p><img src="{picture}">', thumb_media_id=cover.media_id
    )
    draft = await drafts.add(wechat, articles=[article])
    assert [one.title for one in (await drafts.get(wechat, media_id=draft)).articles] == ["早高峰通报"]
    await drafts.update(
        wechat,
        media_id=draft,
        number=0,
        article=drafts.Article(title="晚高峰通报", content="<p>文</p>", thumb_media_id=cover.media_id),
    )
    assert (await drafts.page(wechat))[0] == await drafts.count(wechat) == 1
    publish_id = await publishing.submit(wechat, media_id=draft)
    found = await _published(wechat, publish_id)
    assert [one.title for one in await publishing.articles(wechat, article_id=found.article_id)] == [
        "晚高峰通报"
    ]


async def _published(wechat: WeChatClient, publish_id: str) -> publishing.Publication:
    for _ in range(200):
        found = await publishing.state(wechat, publish_id=publish_id)
        if found.status is not publishing.Status.RUNNING:
            return found
        await asyncio.sleep(0.01)
    raise AssertionError("never published")


async def test_a_mass_send_asked_for_twice_is_made_once(simulator: Simulator, wechat: WeChatClient) -> None:
    await simulator.set(clientmsgid_retry_s=0)
    tag = await tags.create(wechat, name="民警")
    await tags.put_on(wechat, number=tag.number, openids=[(await follower(simulator))[1]])
    twice = [
        await mass.send_to_tag(
            wechat, tag=tag.number, content=mass.Text(content="通报"), client_msg_id="briefing-1"
        )
        for _ in range(2)
    ]
    assert [one.was_accepted_before for one in twice] == [False, True]
    assert twice[0].msg_id == twice[1].msg_id
    accepted = [row for row in await simulator.truth() if row.get("clientmsgid") == "briefing-1"]
    assert len(accepted) == 1


async def test_a_file_comes_back_as_it_went(wechat: WeChatClient) -> None:
    made = await media.upload(wechat, sort=Sort.IMAGE, content=PNG)
    assert (await media.get(wechat, media_id=made.media_id)).content == PNG
    kept = await materials.add(wechat, sort=Sort.IMAGE, content=PNG)
    assert (await materials.get(wechat, media_id=kept.media_id)).content == PNG
    assert (await materials.page(wechat, sort=Sort.IMAGE))[0] == 1
    await materials.delete(wechat, media_id=kept.media_id)
    assert (await materials.counts(wechat)).image == 0


async def test_a_qr_code_is_made_for_a_while_and_for_good(wechat: WeChatClient) -> None:
    assert (await qrcodes.temporary(wechat, scene="crossing-17", life_s=600)).expire_s == 600
    assert (await qrcodes.permanent(wechat, scene=17)).expire_s == 0


async def test_a_call_that_failed_is_looked_up_by_its_rid(wechat: WeChatClient) -> None:
    with pytest.raises(Refused) as failed:
        await customer_service.send(wechat, openid="nobody", message=customer_service.Text(content="在"))
    assert failed.value.rid is not None
    held = await diagnosis.call_of(wechat, rid=failed.value.rid)
    assert '"nobody"' in held.request_body
    assert f'"errcode": {failed.value.code}' in held.response_body


async def test_the_count_of_a_path_is_read_and_cleared(wechat: WeChatClient) -> None:
    path = "/cgi-bin/getcallbackip"
    await diagnosis.callback_ips(wechat)
    assert (await diagnosis.quota_of(wechat, path=path)).used == 1
    await diagnosis.clear_all(wechat)
    assert (await diagnosis.quota_of(wechat, path=path)).used == 0


async def signed_in_code(simulator: Simulator, user: str, *, snapshot: bool = False) -> str:
    back = quote("https://jg.example.cn/m/", safe="")
    asked = f"appid={ACCOUNT.app_id}&redirect_uri={back}&response_type=code&scope=snsapi_base&state=s"
    url = f"https://open.weixin.qq.com/connect/oauth2/authorize?{asked}#wechat_redirect"
    body = {"url": url, "accept": True, "snapshot": snapshot}
    location = (await simulator.post(f"/_sim/users/{user}/authorize", body))["location"]
    return parse_qs(urlsplit(location).query)["code"][0]


async def test_a_code_is_good_once(simulator: Simulator, wechat: WeChatClient) -> None:
    user, openid = await follower(simulator)
    code = await signed_in_code(simulator, user)
    person = await oauth.exchange(wechat, code=code)
    assert person.openid == openid
    assert await oauth.is_still_good(wechat, person=person)
    with pytest.raises(Refused) as failed:
        await oauth.exchange(wechat, code=code)
    assert failed.value.code == 40163


async def test_a_snapshot_page_signs_nobody_in(simulator: Simulator, wechat: WeChatClient) -> None:
    user, _ = await follower(simulator)
    with pytest.raises(oauth.SnapshotUser):
        await oauth.exchange(wechat, code=await signed_in_code(simulator, user, snapshot=True))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
async def test_ten_call_backs_with_one_code_get_the_same_person(
    simulator: Simulator, wechat: WeChatClient, store: Store
) -> None:
    user, openid = await follower(simulator)
    code = await signed_in_code(simulator, user)
    found = await asyncio.gather(
        *(oauth.sign_in(wechat, store=store, sealer=SEALER, code=code) for _ in range(10))
    )
    assert {person.openid for person in found} == {openid}
    (row,) = await store.rows("SELECT outcome FROM wechat_sign_in", {})
    assert openid.encode() not in row[0]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
async def test_a_sign_in_that_failed_may_be_tried_again(
    simulator: Simulator, wechat: WeChatClient, store: Store
) -> None:
    user, openid = await follower(simulator)
    code = await signed_in_code(simulator, user)
    fault = {"path": "/sns/oauth2/access_token", "kind": "http", "value": 502, "count": 1}
    await simulator.post("/_sim/faults", fault)
    with pytest.raises(OutcomeUnknown):
        await oauth.sign_in(wechat, store=store, sealer=SEALER, code=code)
    assert (await oauth.sign_in(wechat, store=store, sealer=SEALER, code=code)).openid == openid
