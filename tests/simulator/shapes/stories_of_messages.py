"""Answers about menus and everything that is sent to people."""

from __future__ import annotations

from typing import Any

from .scene import PNG, Scene, story

MENU: list[dict[str, Any]] = [
    {"type": "click", "name": "限行", "key": "LIMITS"},
    {
        "name": "服务",
        "sub_button": [
            {"type": "view", "name": "违法", "url": "https://traffic.example.com/m/fines"},
            {"type": "view", "name": "路况", "url": "https://traffic.example.com/m/roads"},
        ],
    },
]
TEXT: dict[str, Any] = {"msgtype": "text", "text": {"content": "雨天慢行"}}


async def menu(scene: Scene, buttons: list[dict[str, Any]] | None = None) -> Any:
    return await scene.ask("/cgi-bin/menu/create", {"button": buttons or MENU})


@story("POST /cgi-bin/menu/create")
async def new_menu(scene: Scene) -> Any:
    return await menu(scene)


@story("GET /cgi-bin/menu/get")
async def menu_of_one_button(scene: Scene) -> Any:
    await menu(scene, MENU[:1])
    return await scene.ask("/cgi-bin/menu/get")


@story("GET /cgi-bin/menu/get#conditional")
async def menus(scene: Scene) -> Any:
    await conditional(scene)
    return await scene.ask("/cgi-bin/menu/get")


@story("GET /cgi-bin/menu/delete")
async def deleted_menu(scene: Scene) -> Any:
    await menu(scene)
    return await scene.ask("/cgi-bin/menu/delete")


@story("GET /cgi-bin/get_current_selfmenu_info")
async def current_menu(scene: Scene) -> Any:
    await menu(scene)
    return await scene.ask("/cgi-bin/get_current_selfmenu_info")


@story("POST /cgi-bin/menu/addconditional")
async def conditional(scene: Scene) -> Any:
    await menu(scene, MENU[:1])
    rule = {"tag_id": str(await scene.tag()), "client_platform_type": "2"}
    return await scene.ask("/cgi-bin/menu/addconditional", {"button": MENU[:1], "matchrule": rule})


@story("POST /cgi-bin/menu/delconditional")
async def no_conditional(scene: Scene) -> Any:
    number = (await conditional(scene))["menuid"]
    return await scene.ask("/cgi-bin/menu/delconditional", {"menuid": number})


@story("POST /cgi-bin/menu/trymatch")
async def matched(scene: Scene) -> Any:
    await menu(scene, MENU[:1])
    return await scene.ask("/cgi-bin/menu/trymatch", {"user_id": await scene.follower()})


@story("POST /cgi-bin/message/custom/send")
async def custom(scene: Scene) -> Any:
    return await scene.ask("/cgi-bin/message/custom/send", {"touser": await scene.follower(), **TEXT})


@story("POST /cgi-bin/message/custom/typing")
async def typing(scene: Scene) -> Any:
    body = {"touser": await scene.follower(), "command": "Typing"}
    return await scene.ask("/cgi-bin/message/custom/typing", body)


@story("POST /cgi-bin/message/mass/send")
async def mass_to_a_list(scene: Scene) -> Any:
    body = {"touser": [await scene.follower(), await scene.follower()], **TEXT, "clientmsgid": "list-1"}
    return await scene.ask("/cgi-bin/message/mass/send", body)


@story("POST /cgi-bin/message/mass/sendall")
async def mass(scene: Scene) -> Any:
    chosen = {"is_to_all": False, "tag_id": await scene.tag()}
    news = {"mpnews": {"media_id": await scene.draft()}, "msgtype": "mpnews", "send_ignore_reprint": 0}
    return await scene.ask(
        "/cgi-bin/message/mass/sendall", {"filter": chosen, **news, "clientmsgid": "day-1"}
    )


@story("POST /cgi-bin/message/mass/sendall#again")
async def mass_again(scene: Scene) -> Any:
    await scene.simulator.set(clientmsgid_retry_s=0)
    body = {"filter": {"is_to_all": True}, **TEXT, "clientmsgid": "day-1"}
    await scene.ask("/cgi-bin/message/mass/sendall", body)
    return await scene.ask("/cgi-bin/message/mass/sendall", body)


@story("POST /cgi-bin/message/mass/preview")
async def preview(scene: Scene) -> Any:
    return await scene.ask("/cgi-bin/message/mass/preview", {"touser": await scene.follower(), **TEXT})


@story("POST /cgi-bin/message/mass/get")
async def state(scene: Scene) -> Any:
    number = (await mass_to_a_list(scene))["msg_id"]
    await scene.simulator.post("/_sim/settle")
    said = await scene.ask("/cgi-bin/message/mass/get", {"msg_id": str(number)})
    assert said["msg_status"] == "SEND_SUCCESS"
    return said


@story("POST /cgi-bin/message/mass/delete")
async def deleted(scene: Scene) -> Any:
    number = (await mass(scene))["msg_id"]
    return await scene.ask("/cgi-bin/message/mass/delete", {"msg_id": number, "article_idx": 1})


@story("POST /cgi-bin/message/mass/speed/set")
async def new_speed(scene: Scene) -> Any:
    return await scene.ask("/cgi-bin/message/mass/speed/set", {"speed": 3})


@story("POST /cgi-bin/message/mass/speed/get")
async def speed(scene: Scene) -> Any:
    await new_speed(scene)
    said = await scene.ask("/cgi-bin/message/mass/speed/get", {})
    assert said == {"speed": 3, "realspeed": 30}
    return said


@story("POST /cgi-bin/message/template/send")
async def template_message(scene: Scene) -> Any:
    values = {"keyword1": {"value": "鄂A12345"}, "keyword2": {"value": "08:00"}}
    body = {"touser": await scene.follower(), "template_id": await scene.template(), "data": values}
    more = {"url": "https://traffic.example.com/m/1", "client_msg_id": "fine-1"}
    return await scene.ask("/cgi-bin/message/template/send", body | more)


@story("GET /cgi-bin/template/get_all_private_template")
async def templates(scene: Scene) -> Any:
    await scene.template()
    return await scene.ask("/cgi-bin/template/get_all_private_template")


@story("POST /cgi-bin/template/api_add_template")
async def new_template(scene: Scene) -> Any:
    body = {"template_id_short": "TM00015", "keyword_name_list": ["车牌号"]}
    return await scene.ask("/cgi-bin/template/api_add_template", body)


@story("POST /cgi-bin/template/del_private_template")
async def no_template(scene: Scene) -> Any:
    body = {"template_id": await scene.template()}
    return await scene.ask("/cgi-bin/template/del_private_template", body)


@story("POST /cgi-bin/template/api_set_industry")
async def new_industry(scene: Scene) -> Any:
    return await scene.ask("/cgi-bin/template/api_set_industry", {"industry_id1": "20", "industry_id2": "21"})


@story("GET /cgi-bin/template/get_industry")
async def industry(scene: Scene) -> Any:
    await new_industry(scene)
    return await scene.ask("/cgi-bin/template/get_industry")


@story("POST /cgi-bin/message/subscribe/bizsend")
async def notice(scene: Scene) -> Any:
    user, openid = await scene.person()
    number = await scene.notice_template()
    agreed = {"account": "service", "templates": {number: "accept"}}
    await scene.simulator.post(f"/_sim/users/{user}/consent", agreed)
    values = {"thing1": {"value": "违法处理"}, "phrase2": {"value": "已办结"}}
    body = {
        "touser": openid,
        "template_id": number,
        "page": "https://traffic.example.com/m/2",
        "data": values,
    }
    return await scene.ask("/cgi-bin/message/subscribe/bizsend", body)


@story("GET /wxaapi/newtmpl/getcategory")
async def categories(scene: Scene) -> Any:
    return await scene.ask("/wxaapi/newtmpl/getcategory")


@story("GET /wxaapi/newtmpl/getpubtemplatetitles")
async def titles(scene: Scene) -> Any:
    number = (await categories(scene))["data"][0]["id"]
    return await scene.ask("/wxaapi/newtmpl/getpubtemplatetitles", ids=str(number), start="0", limit="30")


@story("GET /wxaapi/newtmpl/getpubtemplatekeywords")
async def keywords(scene: Scene) -> Any:
    number = (await titles(scene))["data"][0]["tid"]
    return await scene.ask("/wxaapi/newtmpl/getpubtemplatekeywords", tid=str(number))


@story("POST /wxaapi/newtmpl/addtemplate")
async def new_notice_template(scene: Scene) -> Any:
    body = {"tid": "10002", "kidList": [1, 2], "sceneDesc": "办事进度"}
    return await scene.ask("/wxaapi/newtmpl/addtemplate", body)


@story("GET /wxaapi/newtmpl/gettemplate")
async def notice_templates(scene: Scene) -> Any:
    await scene.notice_template()
    return await scene.ask("/wxaapi/newtmpl/gettemplate")


@story("POST /wxaapi/newtmpl/deltemplate")
async def no_notice_template(scene: Scene) -> Any:
    return await scene.ask("/wxaapi/newtmpl/deltemplate", {"priTmplId": await scene.notice_template()})


@story("POST /cgi-bin/message/custom/send#picture")
async def custom_picture(scene: Scene) -> Any:
    number = (await scene.upload("/cgi-bin/media/upload", PNG, type="image"))["media_id"]
    body = {"touser": await scene.follower(), "msgtype": "image", "image": {"media_id": number}}
    return await scene.ask("/cgi-bin/message/custom/send", body)
