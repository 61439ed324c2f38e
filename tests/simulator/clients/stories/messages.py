"""Customer-service messages, template messages, subscription notices."""

from __future__ import annotations

from typing import Any

from tests.simulator.clients.driver import Stage, file, has, refused, same, story, story_with

NOBODY = "oNobodyNobodyNobodyNobodyNob"
ARTICLE = {
    "title": "今天限行",
    "description": "五和零",
    "url": "https://city.example/",
    "image": "https://city.example/a.jpg",
}
CHOICES = {
    "head_content": "满意吗",
    "list": [{"id": "1", "content": "满意"}, {"id": "2", "content": "不满意"}],
}
PAGE = {"title": "缴罚款", "appid": "wx0000000000000001", "pagepath": "pages/pay"}


def someone(stage: Stage) -> tuple[str, str]:
    """A follower who has just written, with room for many answers."""
    stage.set(answers_to_message=100)
    user, openid = stage.person()
    stage.says(user)
    return user, openid


def last(stage: Stage, user: str) -> dict[str, Any]:
    return stage.inbox(user)[-1]


@story
def words_and_media(stage: Stage) -> None:
    client, (user, openid) = stage.client, someone(stage)
    client.message.send_text(openid, "您好，“五”和“零”")
    same(last(stage, user)["content"], "您好，“五”和“零”", "words as they were")
    for kind, name in (("image", "a.jpg"), ("voice", "a.mp3"), ("video", "a.mp4")):
        number = client.media.upload(kind, file(name))["media_id"]
        getattr(client.message, f"send_{kind}")(openid, number)
        shown = last(stage, user)
        same((shown["kind"], shown["media_id"]), (kind, number), kind)
    client.message.send_video(openid, number, title="片名", description="说明")
    same(last(stage, user)["title"], "片名", "title")
    thumb = client.media.upload("thumb", file("a.jpg"))["thumb_media_id"]
    client.message.send_music(openid, "https://a.example/1", "https://a.example/2", thumb, title="曲")
    same(last(stage, user)["kind"], "music", "music")


@story
def articles_choices_and_pages(stage: Stage) -> None:
    client, (user, openid) = stage.client, someone(stage)
    client.message.send_articles(openid, [ARTICLE])
    same(last(stage, user)["articles"][0]["picture"], ARTICLE["image"], "article")
    client.message.send_msg_menu(openid, CHOICES | {"tail_content": "谢谢"})
    same([one["id"] for one in last(stage, user)["choices"]], ["1", "2"], "choices")
    thumb = client.material.add("thumb", file("a.jpg"))["media_id"]
    client.message.send_mini_program_page(openid, PAGE | {"thumb_media_id": thumb})
    same(last(stage, user)["kind"], "miniprogrampage", "page")
    name = "talker@gh"
    client.customservice.add_account(name, "小王", "password")
    client.message.send_text(openid, "我是小王", account=name)
    same(last(stage, user)["agent"], "小王", "under an agent's name")
    refused(65401, client.message.send_text, openid, "我是谁", account="nobody@gh")


@story
def messages_refused(stage: Stage) -> None:
    send, (user, openid) = stage.client.message, someone(stage)
    refused(40003, send.send_text, NOBODY, "在")
    refused(40007, send.send_image, openid, "no-such-medium")
    refused(45002, send.send_text, openid, "长" * 700)
    refused(45008, send.send_articles, openid, [ARTICLE] * 2)
    refused(40007, send.send_articles, openid, "no-such-draft")
    refused(40008, send.send_link, openid, ARTICLE)  # mini programs only
    refused(40008, send.send_card, openid, "no-cards-here")
    stage.set(answers_to_message=None)
    _, silent = stage.person()
    for _ in range(3):
        send.send_text(silent, "欢迎")
    refused(45047, send.send_text, silent, "第四条")
    stage.act(user, "unfollow")
    refused(45015, send.send_text, openid, "还在吗")


@story
def templates_in_use(stage: Stage) -> None:
    template = stage.client.template
    number = template.get("TM00015")
    listed = template.get_all_private_template()["template_list"]
    held = next(one for one in listed if one["template_id"] == number)
    has(held, "title", "primary_industry", "deputy_industry", "content", "example")
    template.del_private_template(number)
    refused(40037, template.del_private_template, number)
    same(number in str(template.get_all_private_template()), False, "gone")
    template.set_industry("19", "25")
    industries = template.get_industry()
    same(industries["primary_industry"], {"first_class": "政府与公共事业", "second_class": "交警"}, "first")
    same(industries["secondary_industry"]["second_class"], "汽车相关", "second")
    refused(40097, template.set_industry, "19", "42")
    stage.set(verified=False)
    for act, given in ((template.get, ["TM1"]), (template.set_industry, ["1", "4"])):
        refused(48001, act, *given)
    refused(48001, template.get_all_private_template)
    refused(48001, template.get_industry)
    stage.set(verified=None)


@story
def template_messages(stage: Stage) -> None:
    send, (user, openid) = stage.client.message.send_template, stage.person()
    number = stage.client.template.get("TM00016")
    values = {"keyword1": {"value": "今天尾号五和零限行"}}
    said = send(openid, number, values, url="https://city.example/")
    same(said["msgid"] > 0, True, "msgid")
    shown = last(stage, user)
    same((shown["msg_id"], shown["url"]), (str(said["msgid"]), "https://city.example/"), "on the phone")
    send(openid, number, values, mini_program={"appid": "wx0000000000000001", "pagepath": "a"})
    same(last(stage, user)["mini"]["pagepath"], "a", "mini program")
    refused(40037, send, openid, "no-such-template", values)
    refused(40003, send, NOBODY, number, values)
    stage.act(user, "unfollow")
    refused(43004, send, openid, number, values)


@story
def notices(stage: Stage) -> None:
    send, (user, openid) = stage.client.message.send_subscribe_message, stage.person()
    held = {"template_id": "notice-1", "title": "检验到期提醒", "content": "车牌号:{{car_number1.DATA}}"}
    stage.sim("POST", f"accounts/{stage.account['name']}/templates", held | {"kind": "one_time"})
    values = {"car_number1": {"value": "鄂A12345"}}
    refused(43101, send, openid, "notice-1", values)
    stage.act(user, "consent", templates={"notice-1": "accept"})
    refused(47003, send, openid, "notice-1", {"car_number1": {"value": "一个不是车牌的东西"}})
    same(send(openid, "notice-1", values, page="https://city.example/")["errcode"], 0, "sent")
    same(last(stage, user)["pairs"], [{"label": "车牌号", "value": "鄂A12345"}], "on the phone")
    refused(43101, send, openid, "notice-1", values)


@story_with("template.get_category")
def templates_of_notices(stage: Stage) -> None:
    template = stage.client.template
    same(template.get_category(), [{"id": 616, "name": "交通管理"}], "category")
    count, listed = template.get_subscribe_message_template_keywords("10002")
    same((count, len(listed)), (4, 4), "keywords")
    has(listed[0], "kid", "name", "example", "rule")
    refused(200014, template.get_subscribe_message_template_keywords, "99")
    refused(
        200018, template.get_subscribe_message_template_titles
    )  # it leaves out `ids`, which the page demands
    number = template.add_subscribe_message_template("10002", [1, 2], "办事")
    held = next(one for one in template.get_subscribe_message_templates() if one["priTmplId"] == number)
    same((held["title"], held["type"]), ("业务办理进度提醒", 2), "listed")
    has(held, "content", "example")
    refused(200020, template.add_subscribe_message_template, "10002", [1], "办事")
    template.del_subscribe_message_template(number)
    refused(40037, template.del_subscribe_message_template, number)
    refused(40001, stage.nobody.template.get_category)
    refused(40001, stage.nobody.template.get_subscribe_message_templates)
