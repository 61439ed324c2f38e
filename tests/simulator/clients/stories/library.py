"""Media, the library, drafts, publishing."""

from __future__ import annotations

from typing import Any

from tests.simulator.clients.driver import Difference, Stage, file, has, refused, same, story, story_with

UPLOADS = (("image", "a.png"), ("voice", "a.mp3"), ("video", "a.mp4"), ("thumb", "a.jpg"))


@story
def media(stage: Stage) -> None:
    held = stage.client.media
    for kind, name in UPLOADS:
        said = held.upload(kind, file(name))
        has(said, "type", "created_at", "thumb_media_id" if kind == "thumb" else "media_id")
    number = held.upload("image", file("b.png"))["media_id"]
    same(held.download(number).content, file("b.png").getvalue(), "the same bytes")
    film = held.upload("video", file("b.mp4"))["media_id"]
    has(held.download(film), "video_url")
    same(held.upload_image(file("c.jpg")).startswith(stage.base), True, "address of a picture")
    refused(40004, held.upload, "film", file("a.mp4"))
    refused(40005, held.upload, "voice", file("a.mp4"))
    refused(40007, held.download, "no-such-medium")
    refused(40137, held.upload_image, file("a.mp3"))


@story
def an_address_for_a_medium(stage: Stage) -> None:
    import requests

    number = stage.client.media.upload("image", file("d.png"))["media_id"]
    answer = requests.get(stage.client.media.get_url(number), timeout=5)
    same(answer.content, file("d.png").getvalue(), "the same bytes")


@story
def the_library(stage: Stage) -> None:
    held = stage.client.material
    numbers = {kind: held.add(kind, file(name))["media_id"] for kind, name in UPLOADS if kind != "video"}
    numbers["video"] = held.add("video", file("a.mp4"), title="片名", introduction="说明")["media_id"]
    same(held.get(numbers["image"]).content, file("a.png").getvalue(), "picture")
    film = held.get(numbers["video"])
    same((film["title"], film["description"]), ("片名", "说明"), "film")
    has(film, "down_url")
    has(held.get_count(), "voice_count", "video_count", "image_count", "news_count")
    listed = held.batchget("image", offset=0, count=1)
    same((listed["item_count"], len(listed["item"])), (1, 1), "one of them")
    has(listed["item"][0], "media_id", "name", "update_time", "url")
    refused(40005, held.add, "voice", file("a.mp4"))
    refused(40004, held.batchget, "film")
    held.delete(numbers["image"])
    refused(40007, held.get, numbers["image"])
    refused(40007, held.delete, numbers["image"])
    refused(40001, stage.nobody.material.get_count)


def article(stage: Stage, title: str = "今天限行") -> dict[str, Any]:
    """An article with a cover of its own."""
    cover = stage.client.material.add("image", file("cover.jpg"))["media_id"]
    return {"title": title, "content": "<p>五和零</p>", "thumb_media_id": cover, "author": "交警"}


def draft(stage: Stage) -> str:
    """A new draft. The released wechatpy has no method for it, only the plain call."""
    number: str = stage.client.post("draft/add", data={"articles": [article(stage)]})["media_id"]
    return number


@story
def news_of_the_library_are_drafts(stage: Stage) -> None:
    number = draft(stage)
    same(stage.client.material.get(number)[0]["title"], "今天限行", "title")
    has(stage.client.material.batchget("news")["item"][0]["content"]["news_item"][0], "title", "url")


@story_with("draft")
def drafts(stage: Stage) -> None:
    held, before = stage.client.draft, stage.client.draft.count()["total_count"]
    number = held.add([article(stage, "一"), article(stage, "二")])["media_id"]
    has(held.get(number)["news_item"][0], "title", "author", "digest", "content", "url", "thumb_media_id")
    same(held.count(), {"total_count": before + 1}, "count")
    same(held.update(number, 1, article(stage, "三"))["errcode"], 0, "changed")
    same([one["title"] for one in held.get(number)["news_item"]], ["一", "三"], "titles")
    listed = held.batchget(count=1, no_content=1)
    same((listed["item_count"], listed["item"][0]["media_id"]), (1, number), "the newest")
    same("content" in listed["item"][0]["content"]["news_item"][0], False, "without the words")
    refused(40007, held.add, [article(stage) | {"thumb_media_id": "no-such-cover"}])
    refused(45003, held.add, [article(stage, "长" * 33)])
    refused(40114, held.update, number, 2, article(stage))
    refused(40097, held.batchget, count=21)
    held.delete(number)
    refused(40007, held.get, number)
    refused(40007, held.delete, number)
    refused(40001, stage.nobody.draft.count)


@story_with("freepublish")
def publishing(stage: Stage) -> None:
    held = stage.client.freepublish
    said = held.submit(draft(stage))
    stage.settle()
    done = held.get(said["publish_id"])
    same(done["publish_status"], 0, "published")
    number = done["article_id"]
    same(held.getarticle(number)["news_item"][0]["title"], "今天限行", "title")
    same(held.batchget(0, 1)["item"][0]["article_id"], number, "the newest")
    page = done["article_detail"]["item"][0]["article_url"]
    if "今天限行" not in stage.page(page):
        raise Difference("the public page does not show the article")
    refused(40007, held.submit, "no-such-draft")
    refused(40002, held.get, "1")
    refused(53600, held.getarticle, "no-such-article")
    refused(40097, held.batchget, 0, 21)
    held.delete(number)
    same(held.get(said["publish_id"])["publish_status"], 5, "deleted")
    refused(53600, held.delete, number)
