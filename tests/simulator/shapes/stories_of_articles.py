"""Answers about media, the library, drafts and publications."""

from __future__ import annotations

from typing import Any

from .scene import AMR, JPEG, MP4, PNG, Scene, story

FILM = '{"title": "雨天慢行", "introduction": "一分钟"}'


@story("POST /cgi-bin/media/upload")
async def picture(scene: Scene) -> Any:
    return await scene.upload("/cgi-bin/media/upload", PNG, type="image")


@story("POST /cgi-bin/media/upload#thumb")
async def thumb(scene: Scene) -> Any:
    return await scene.upload("/cgi-bin/media/upload", JPEG, type="thumb")


@story("POST /cgi-bin/media/uploadimg")
async def picture_inside(scene: Scene) -> Any:
    return await scene.upload("/cgi-bin/media/uploadimg", PNG)


@story("GET /cgi-bin/media/get#film")
async def film(scene: Scene) -> Any:
    number = (await scene.upload("/cgi-bin/media/upload", MP4, type="video"))["media_id"]
    return await scene.ask("/cgi-bin/media/get", media_id=number)


@story("POST /cgi-bin/material/add_material")
async def kept_picture(scene: Scene) -> Any:
    return await scene.upload("/cgi-bin/material/add_material", PNG, type="image")


@story("POST /cgi-bin/material/add_material#sound")
async def kept_sound(scene: Scene) -> Any:
    return await scene.upload("/cgi-bin/material/add_material", AMR, type="voice")


@story("POST /cgi-bin/material/get_material#film")
async def kept_film(scene: Scene) -> Any:
    said = await scene.upload("/cgi-bin/material/add_material", MP4, type="video", description=FILM)
    return await scene.ask("/cgi-bin/material/get_material", {"media_id": said["media_id"]})


@story("POST /cgi-bin/material/get_material#news")
async def kept_news(scene: Scene) -> Any:
    return await scene.ask("/cgi-bin/material/get_material", {"media_id": await scene.draft()})


@story("POST /cgi-bin/material/del_material")
async def gone_picture(scene: Scene) -> Any:
    return await scene.ask("/cgi-bin/material/del_material", {"media_id": await scene.picture()})


@story("POST /cgi-bin/material/batchget_material")
async def pictures(scene: Scene) -> Any:
    await scene.picture()
    return await scene.ask("/cgi-bin/material/batchget_material", {"type": "image", "offset": 0, "count": 10})


@story("POST /cgi-bin/material/batchget_material#news")
async def news(scene: Scene) -> Any:
    await scene.draft()
    return await scene.ask("/cgi-bin/material/batchget_material", {"type": "news", "offset": 0, "count": 20})


@story("GET /cgi-bin/material/get_materialcount")
async def counts(scene: Scene) -> Any:
    return await scene.ask("/cgi-bin/material/get_materialcount")


async def pictures_only(scene: Scene) -> dict[str, Any]:
    listed = {"image_list": [{"image_media_id": await scene.picture()}]}
    crop = {"ratio": "1_1", "x1": "0.1", "y1": "0", "x2": "0.9", "y2": "1"}
    article = {"article_type": "newspic", "title": "新标线", "content": "看图", "image_info": listed}
    return article | {
        "need_open_comment": 0,
        "only_fans_can_comment": 0,
        "cover_info": {"crop_percent_list": [crop]},
    }


@story("POST /cgi-bin/draft/add")
async def new_draft(scene: Scene) -> Any:
    crops = {"pic_crop_235_1": "0.1945_0_1_0.5236", "pic_crop_1_1": "0_0_1_1"}
    articles = [await scene.article(**crops), await pictures_only(scene)]
    return await scene.ask("/cgi-bin/draft/add", {"articles": articles})


@story("POST /cgi-bin/draft/update")
async def changed_draft(scene: Scene) -> Any:
    body = {"media_id": await scene.draft(), "index": 0, "articles": await scene.article(title="雪天慢行")}
    return await scene.ask("/cgi-bin/draft/update", body)


@story("POST /cgi-bin/draft/get")
async def draft(scene: Scene) -> Any:
    return await scene.ask("/cgi-bin/draft/get", {"media_id": await scene.draft()})


@story("POST /cgi-bin/draft/get#pictures")
async def draft_of_pictures(scene: Scene) -> Any:
    number = await scene.draft(await pictures_only(scene))
    return await scene.ask("/cgi-bin/draft/get", {"media_id": number})


@story("POST /cgi-bin/draft/batchget")
async def drafts(scene: Scene) -> Any:
    await scene.draft()
    return await scene.ask("/cgi-bin/draft/batchget", {"offset": 0, "count": 10, "no_content": 0})


@story("POST /cgi-bin/draft/batchget#titles")
async def titles(scene: Scene) -> Any:
    await scene.draft()
    return await scene.ask("/cgi-bin/draft/batchget", {"offset": 0, "count": 10, "no_content": 1})


@story("GET /cgi-bin/draft/count")
async def count(scene: Scene) -> Any:
    return await scene.ask("/cgi-bin/draft/count")


@story("POST /cgi-bin/draft/delete")
async def no_draft(scene: Scene) -> Any:
    return await scene.ask("/cgi-bin/draft/delete", {"media_id": await scene.draft()})


@story("POST /cgi-bin/draft/switch")
async def switch(scene: Scene) -> Any:
    return await scene.ask("/cgi-bin/draft/switch", {}, checkonly="1")


@story("POST /cgi-bin/freepublish/submit")
async def submitted(scene: Scene) -> Any:
    return await scene.ask("/cgi-bin/freepublish/submit", {"media_id": await scene.draft()})


@story("POST /cgi-bin/freepublish/get")
async def published(scene: Scene) -> Any:
    return await scene.ask("/cgi-bin/freepublish/get", {"publish_id": await scene.publication()})


@story("POST /cgi-bin/freepublish/get#running")
async def being_checked(scene: Scene) -> Any:
    await scene.simulator.set(publish_seconds=600.0)
    return await scene.ask("/cgi-bin/freepublish/get", {"publish_id": await scene.publication()})


@story("POST /cgi-bin/freepublish/get#not_original")
async def not_original(scene: Scene) -> Any:
    await scene.simulator.set(publish_status=2)
    number = await scene.publication(await scene.article(), await scene.article())
    said = await scene.ask("/cgi-bin/freepublish/get", {"publish_id": number})
    assert said["fail_idx"] == [1, 2]
    return said


async def article_id(scene: Scene) -> str:
    number: str = (await published(scene))["article_id"]
    return number


@story("POST /cgi-bin/freepublish/getarticle")
async def article(scene: Scene) -> Any:
    return await scene.ask("/cgi-bin/freepublish/getarticle", {"article_id": await article_id(scene)})


@story("POST /cgi-bin/freepublish/batchget")
async def publications(scene: Scene) -> Any:
    await scene.publication()
    return await scene.ask("/cgi-bin/freepublish/batchget", {"offset": 0, "count": 10, "no_content": 0})


@story("POST /cgi-bin/freepublish/delete")
async def taken_back(scene: Scene) -> Any:
    body = {"article_id": await article_id(scene), "index": 1}
    return await scene.ask("/cgi-bin/freepublish/delete", body)
