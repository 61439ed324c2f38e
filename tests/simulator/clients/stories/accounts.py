"""Tokens, addresses and menus."""

from __future__ import annotations

from tests.simulator.clients.driver import Stage, has, refused, same, story, story_with

CLICK = {"type": "click", "name": "今天限行", "key": "today"}
VIEW = {"type": "view", "name": "办事", "url": "https://city.example/m/"}
MENU = {
    "button": [CLICK, {"name": "更多", "sub_button": [VIEW, CLICK | {"name": "明天", "key": "tomorrow"}]}]
}


@story
def tokens(stage: Stage) -> None:
    said = stage.client.fetch_access_token()
    has(said, "access_token", "expires_in")
    same(said["expires_in"], 7200, "expires_in")
    same(len(said["access_token"]) <= 512, True, "length of the token")
    refused(40125, stage.another(secret="another").fetch_access_token)
    stranger = stage.another()
    stranger.appid = "wxffffffffffffffff"
    refused(40013, stranger.fetch_access_token)


@story
def a_lost_token_is_fetched_again(stage: Stage) -> None:
    client = stage.another()
    first = client.access_token
    stage.sim("POST", "tokens/expire", {"account": stage.account["name"]})
    seen = len(stage.asked)
    client.misc.get_wechat_ips()
    same([one.code for one in stage.asked[seen:]], [40001, 0, 0], "codes")
    same(client.access_token != first, True, "another token")


@story
def the_token_before_holds_a_little_longer(stage: Stage) -> None:
    old = stage.another()
    old.fetch_access_token()
    stage.another().fetch_access_token()
    seen = len(stage.asked)
    old.misc.get_wechat_ips()
    same([one.code for one in stage.asked[seen:]], [0], "codes")


@story
def addresses(stage: Stage) -> None:
    same(stage.client.misc.get_wechat_ips(), ["127.0.0.1"], "callback addresses")
    refused(40001, stage.nobody.misc.get_wechat_ips)


@story_with("misc.check_network")
def the_way_to_the_service(stage: Stage) -> None:
    has(stage.client.misc.check_network(), "dns", "ping")
    same(list(stage.client.misc.check_network(action="dns")), ["dns"], "dns alone")
    refused(40202, stage.client.misc.check_network, action="trace")


@story
def menus(stage: Stage) -> None:
    menu = stage.client.menu
    menu.delete()
    same(menu.get(), None, "no menu")
    same(stage.asked[-1].code, 46003, "no menu")
    same(menu.get_menu_info()["is_menu_open"], 0, "closed")
    same(menu.create(MENU)["errcode"], 0, "create")
    same([one["name"] for one in menu.get()["menu"]["button"]], ["今天限行", "更多"], "names")
    same(menu.get()["menu"]["button"][1]["sub_button"][0]["url"], VIEW["url"], "address")
    shown = menu.get_menu_info()
    same(len(shown["selfmenu_info"]["button"][1]["sub_button"]["list"]), 2, "sub-buttons")
    menu.update({"button": [VIEW]})
    same([one["name"] for one in menu.get()["menu"]["button"]], ["办事"], "updated")


@story
def menus_refused(stage: Stage) -> None:
    menu = stage.client.menu
    refused(40016, menu.create, {"button": [CLICK] * 4})
    refused(40018, menu.create, {"button": [CLICK | {"name": "一个长得放不下的名字"}]})
    refused(40023, menu.create, {"button": [{"name": "更多", "sub_button": [VIEW] * 6}]})
    refused(40001, stage.nobody.menu.delete)
    refused(40001, stage.nobody.menu.get_menu_info)


@story
def conditional_menus(stage: Stage) -> None:
    menu, tag = stage.client.menu, stage.client.tag.create("民警菜单")
    _, openid = stage.person()
    menu.delete()
    conditional = {"button": [VIEW], "matchrule": {"tag_id": str(tag["id"])}}
    refused(65303, menu.add_conditional, conditional)
    menu.create(MENU)
    refused(65304, menu.add_conditional, {"button": [VIEW], "matchrule": {}})
    number = menu.add_conditional(conditional)["menuid"]
    same(len(menu.try_match(openid)["button"]), 2, "the ordinary menu")
    stage.client.tag.tag_user(tag["id"], openid)
    same(menu.try_match(openid)["button"][0]["name"], "办事", "the officers' menu")
    same(menu.get()["conditionalmenu"][0]["matchrule"]["tag_id"], str(tag["id"]), "rule")
    refused(65302, menu.try_match, "oNobody")
    menu.del_conditional(number)
    refused(65301, menu.del_conditional, number)
