"""Media, the library, drafts, publishing, and articles that were sent to everybody."""

from __future__ import annotations

import io
from typing import Any

import pytest
from aiohttp import FormData

from daxiang_simulator.platform.media import example
from tests.simulator.callee import Callee
from tests.simulator.conftest import Simulator

JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 60
PNG, AMR, MP4 = (example(kind)[1] for kind in ("image", "voice", "video"))


async def upload(
    simulator: Simulator, path: str, body: bytes, *, field: str = "media", description: str = "", **query: str
) -> Any:
    form = FormData()
    form.add_field(field, io.BytesIO(body), filename="file", content_type="application/octet-stream")
    if description:
        form.add_field("description", description)
    query = {"access_token": await simulator.token(), **query}
    async with simulator.client.post(path, params=query, data=form) as response:
        return await response.json()


@pytest.mark.parametrize(
    ("kind", "body", "expected"),
    [
        ("image", PNG, 0),
        ("image", JPEG, 0),
        ("voice", AMR, 0),
        ("video", MP4, 0),
        ("thumb", JPEG, 0),
        ("poem", PNG, 40004),
        ("image", b"", 44001),
        ("image", b"text", 40137),
        ("voice", PNG, 40005),
        ("thumb", PNG, 40005),
        ("image", PNG + b"\0" * (2 * 1024 * 1024), 40009),
        ("voice", AMR + b"\0" * (2 * 1024 * 1024), 40010),
        ("thumb", JPEG + b"\0" * (64 * 1024), 40012),
        ("video", MP4 + b"\0" * (13 * 1024 * 1024), 45001),
    ],
    ids=lambda value: f"{len(value)} bytes" if isinstance(value, bytes) else str(value),
)
async def test_each_upload_is_taken_or_has_its_code(
    simulator: Simulator, kind: str, body: bytes, expected: int
) -> None:
    said = await upload(simulator, "/cgi-bin/media/upload", body, type=kind)
    assert said.get("errcode", 0) == expected
    if not expected:
        assert said.keys() == {"type", "thumb_media_id" if kind == "thumb" else "media_id", "created_at"}


async def test_a_form_without_the_file_has_its_code(simulator: Simulator) -> None:
    said = await upload(simulator, "/cgi-bin/media/upload", PNG, field="wrong", type="image")
    assert said["errcode"] == 41005


async def test_temporary_media_live_three_days(simulator: Simulator) -> None:
    await simulator.at("2026-11-24T08:00:00+08:00")
    media_id = (await upload(simulator, "/cgi-bin/media/upload", PNG, type="image"))["media_id"]

    async def got() -> bytes:
        query = {"access_token": await simulator.token(), "media_id": media_id}
        async with simulator.client.get("/cgi-bin/media/get", params=query) as response:
            return await response.read()

    await simulator.at("2026-11-27T07:59:59+08:00")
    assert await got() == PNG
    await simulator.at("2026-11-27T08:00:00+08:00")
    assert b"40007" in await got()


async def test_a_film_is_an_address(simulator: Simulator) -> None:
    media_id = (await upload(simulator, "/cgi-bin/media/upload", MP4, type="video"))["media_id"]
    assert "/_sim/media/" in (await simulator.api("/cgi-bin/media/get", media_id=media_id))["video_url"]


async def test_the_library_keeps_counts_and_deletes(simulator: Simulator) -> None:
    add = "/cgi-bin/material/add_material"
    picture = await upload(simulator, add, PNG, type="image")
    assert picture.keys() == {"media_id", "url"}
    assert (await upload(simulator, add, MP4, type="video"))["errcode"] == 47001
    about = '{"title": "早高峰", "introduction": "江汉路"}'
    film = await upload(simulator, add, MP4, type="video", description=about)
    counts = await simulator.api("/cgi-bin/material/get_materialcount")
    assert counts == {"voice_count": 0, "video_count": 1, "image_count": 1, "news_count": 0}
    shown = await simulator.api("/cgi-bin/material/get_material", {"media_id": film["media_id"]})
    assert (shown["title"], shown["description"]) == ("早高峰", "江汉路")
    page = {"type": "image", "offset": 0, "count": 20}
    listed = await simulator.api("/cgi-bin/material/batchget_material", page)
    assert (listed["total_count"], listed["item"][0]["media_id"]) == (1, picture["media_id"])
    assert (await simulator.api("/cgi-bin/material/batchget_material", page | {"count": 21}))[
        "errcode"
    ] == 40097
    gone = {"media_id": picture["media_id"]}
    said = [(await simulator.api("/cgi-bin/material/del_material", gone))["errcode"] for _ in "ab"]
    assert said == [0, 40007]


async def cover(simulator: Simulator) -> str:
    said = await upload(simulator, "/cgi-bin/material/add_material", JPEG, type="thumb")
    media_id: str = said["media_id"]
    return media_id


def article(thumb: str, **changes: Any) -> dict[str, Any]:
    return {"title": "昨日警情", "content": "<p>三起</p>", "thumb_media_id": thumb} | changes


async def drafted(simulator: Simulator, **changes: Any) -> dict[str, Any]:
    body = {"articles": [article(await cover(simulator), **changes)]}
    said: dict[str, Any] = await simulator.api("/cgi-bin/draft/add", body)
    return said


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"title": ""}, 45003),
        ({"title": "题" * 33}, 45003),
        ({"author": "作" * 17}, 45003),
        ({"digest": "摘" * 129}, 45004),
        ({"content": ""}, 44004),
        ({"content": "文" * 20_000}, 45002),
        ({"content_source_url": "https://example.org/" + "x" * 1024}, 41039),
        ({"thumb_media_id": ""}, 41006),
        ({"thumb_media_id": "none"}, 40007),
        ({"article_type": "poem"}, 40035),
        ({"article_type": "newspic", "image_info": {"image_list": []}}, 40035),
    ],
)
async def test_each_wrong_article_has_its_code(
    simulator: Simulator, change: dict[str, Any], expected: int
) -> None:
    assert (await drafted(simulator, **change))["errcode"] == expected


async def test_comments_need_the_right(simulator: Simulator) -> None:
    await simulator.set(comments=False)
    assert (await drafted(simulator, need_open_comment=1))["errcode"] == 88000


async def test_scripts_and_foreign_pictures_are_taken_out(simulator: Simulator) -> None:
    content = '<p onclick="x()">好</p><script>alert(1)</script><img src="https://elsewhere.example/a.png">'
    media_id = (await drafted(simulator, content=content))["media_id"]
    held = (await simulator.api("/cgi-bin/draft/get", {"media_id": media_id}))["news_item"][0]
    assert held["content"] == "<p>好</p>"


async def test_a_draft_is_changed_counted_and_deleted(simulator: Simulator) -> None:
    media_id = (await drafted(simulator))["media_id"]
    changed = article(await cover(simulator), title="改过的")
    update = {"media_id": media_id, "index": 0, "articles": changed}
    assert (await simulator.api("/cgi-bin/draft/update", update))["errcode"] == 0
    assert (await simulator.api("/cgi-bin/draft/update", update | {"index": 1}))["errcode"] == 40114
    assert (await simulator.api("/cgi-bin/draft/count"))["total_count"] == 1
    listed = await simulator.api("/cgi-bin/draft/batchget", {"offset": 0, "count": 1, "no_content": 1})
    assert listed["item"][0]["content"]["news_item"][0]["title"] == "改过的"
    assert "content" not in listed["item"][0]["content"]["news_item"][0]
    gone = {"media_id": media_id}
    assert [(await simulator.api("/cgi-bin/draft/delete", gone))["errcode"] for _ in "ab"] == [0, 40007]


async def test_publishing_tells_its_end_and_the_page_is_there(simulator: Simulator, callee: Callee) -> None:
    media_id = (await drafted(simulator))["media_id"]
    number = (await simulator.api("/cgi-bin/freepublish/submit", {"media_id": media_id}))["publish_id"]
    await simulator.post("/_sim/settle")
    assert callee.calls[-1].fields["Event"] == "PUBLISHJOBFINISH"
    state = await simulator.api("/cgi-bin/freepublish/get", {"publish_id": number})
    assert state["publish_status"] == 0
    assert state["article_id"] in callee.calls[-1].plain
    found = await simulator.api("/cgi-bin/freepublish/getarticle", {"article_id": state["article_id"]})
    assert found["news_item"][0]["title"] == "昨日警情"
    address = "/" + state["article_detail"]["item"][0]["article_url"].split("/", 3)[3]
    async with simulator.client.get(address) as response:
        assert "三起" in await response.text()
    assert (await simulator.api("/cgi-bin/draft/count"))["total_count"] == 0
    assert (await simulator.api("/cgi-bin/freepublish/batchget", {"count": 5}))["total_count"] == 1
    gone = {"article_id": state["article_id"]}
    assert [(await simulator.api("/cgi-bin/freepublish/delete", gone))["errcode"] for _ in "ab"] == [0, 53600]
    async with simulator.client.get(address) as response:
        assert response.status == 410


@pytest.mark.parametrize("setting", [{"publish_refusal": 53503}, {"publish_status": 2}])
async def test_publishing_can_fail_at_once_or_later(simulator: Simulator, setting: dict[str, int]) -> None:
    await simulator.set(**setting)
    media_id = (await drafted(simulator))["media_id"]
    said = await simulator.api("/cgi-bin/freepublish/submit", {"media_id": media_id})
    if "publish_refusal" in setting:
        assert said["errcode"] == 53503
        return
    await simulator.post("/_sim/settle")
    state = await simulator.api("/cgi-bin/freepublish/get", {"publish_id": said["publish_id"]})
    assert (state["publish_status"], "article_id" in state) == (2, False)


async def test_a_mass_sent_article_reaches_people_and_can_be_taken_back(simulator: Simulator) -> None:
    user = await simulator.follower()
    await simulator.set(mass_protection=False)
    media_id = (await drafted(simulator))["media_id"]
    body = {"filter": {"is_to_all": True}, "msgtype": "mpnews", "mpnews": {"media_id": media_id}}
    number = (await simulator.api("/cgi-bin/message/mass/sendall", body))["msg_id"]
    await simulator.post("/_sim/settle")
    card = (await simulator.inbox(user))[-1]
    assert (card["kind"], card["articles"][0]["title"]) == ("news", "昨日警情")
    address = "/" + card["articles"][0]["url"].split("/", 3)[3]
    assert (await simulator.api("/cgi-bin/message/mass/delete", {"msg_id": number}))["errcode"] == 0
    async with simulator.client.get(address) as response:
        assert response.status == 410


async def test_an_unverified_publisher_may_not(simulator: Simulator) -> None:
    await simulator.set(verified=False)
    assert (await simulator.api("/cgi-bin/freepublish/submit", {"media_id": "x"}))["errcode"] == 48001
