"""What has to happen for each event that the simulator brings about by itself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from .scene import AGENT, Scene
from .stories_of_articles import not_original, published
from .stories_of_messages import mass, mass_to_a_list, menu, notice, template_message

Happening = Callable[[Scene], Awaitable[Any]]
EVENTS: dict[str, Happening] = {}
"""By event, or by event and variant."""
BUTTONS: dict[str, dict[str, Any]] = {
    "CLICK": {"type": "click"},
    "VIEW": {"type": "view", "url": "https://traffic.example.com/m/"},
    "view_miniprogram": {
        "type": "miniprogram",
        "url": "https://traffic.example.com/m/",
        "appid": "wx0123456789abcdef",
        "pagepath": "pages/fines",
    },
}
KEYED = ("scancode_push", "scancode_waitmsg", "pic_sysphoto", "pic_photo_or_album", "pic_weixin")
PLACE = {"latitude": 30.55, "longitude": 114.28}


def happens(*names: str) -> Callable[[Happening], Happening]:
    """Register what brings these events about."""

    def registered(act: Happening) -> Happening:
        EVENTS.update(dict.fromkeys(names, act))
        return act

    return registered


async def act(scene: Scene, user: str, name: str, **more: object) -> Any:
    """Something that a person does with the account."""
    return await scene.simulator.post(f"/_sim/users/{user}/{name}", {"account": "service", **more})


def pressing(button: dict[str, Any]) -> Happening:
    """A follower presses this button."""

    async def press(scene: Scene) -> None:
        await menu(scene, [{"name": "按", "key": "KEY", **button}])
        user = (await scene.person())[0]
        await act(scene, user, "tap", button=[0], result="1", location=PLACE)

    return press


for event, button in (*BUTTONS.items(), *((kind, {"type": kind}) for kind in (*KEYED, "location_select"))):
    EVENTS[event] = pressing(button)


@happens("subscribe")
async def follows(scene: Scene) -> None:
    await scene.follower()


@happens("unsubscribe")
async def leaves(scene: Scene) -> None:
    user = (await scene.person())[0]
    await act(scene, user, "unfollow")


async def ticket(scene: Scene) -> str:
    body = {"expire_seconds": 60, "action_name": "QR_SCENE", "action_info": {"scene": {"scene_id": 5}}}
    number: str = (await scene.ask("/cgi-bin/qrcode/create", body))["ticket"]
    return number


@happens("subscribe#scan")
async def follows_by_a_code(scene: Scene) -> None:
    user = await scene.simulator.person()
    await act(scene, user, "scan", ticket=await ticket(scene))


@happens("SCAN")
async def scans(scene: Scene) -> None:
    user = (await scene.person())[0]
    await act(scene, user, "scan", ticket=await ticket(scene))


@happens("LOCATION")
async def is_there(scene: Scene) -> None:
    user = (await scene.person())[0]
    place = {"Latitude": 30.55, "Longitude": 114.28, "Precision": 65.5}
    await act(scene, user, "send", message={"type": "event", "event": "LOCATION", "fields": place})


@happens("MASSSENDJOBFINISH")
async def article_is_sent(scene: Scene) -> None:
    await mass(scene)


@happens("MASSSENDJOBFINISH#text")
async def text_is_sent(scene: Scene) -> None:
    await mass_to_a_list(scene)


@happens("kf_create_session")
async def session_begins(scene: Scene) -> None:
    await scene.session()


@happens("kf_close_session")
async def session_ends(scene: Scene) -> None:
    openid = (await scene.session())[1]
    await scene.ask("/customservice/kfsession/close", {"kf_account": AGENT, "openid": openid})


@happens("TEMPLATESENDJOBFINISH")
async def template_is_sent(scene: Scene) -> None:
    await template_message(scene)


async def answered(scene: Scene, said: str, *, change: bool) -> None:
    user = (await scene.person())[0]
    await act(scene, user, "consent", templates={await scene.notice_template(): said}, change=change)


@happens("subscribe_msg_popup_event")
async def agrees(scene: Scene) -> None:
    await answered(scene, "accept", change=False)


@happens("subscribe_msg_change_event")
async def agrees_no_longer(scene: Scene) -> None:
    await answered(scene, "reject", change=True)


@happens("subscribe_msg_sent_event")
async def notice_is_sent(scene: Scene) -> None:
    await notice(scene)


@happens("PUBLISHJOBFINISH")
async def is_published(scene: Scene) -> None:
    await published(scene)


@happens("PUBLISHJOBFINISH#not_original")
async def is_not_published(scene: Scene) -> None:
    await not_original(scene)
