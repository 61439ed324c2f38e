"""Mass sending."""

from __future__ import annotations

from typing import Any

from tests.simulator.clients.driver import Stage, file, refused, same, story

from .library import draft

NOBODY = "oNobodyNobodyNobodyNobodyNob"


def send(stage: Stage, kind: str, to: Any, *what: str, **more: Any) -> Any:
    """A mass send; the two versions call their first argument by different names, in different places."""
    name = "group_or_users" if stage.version == 1 else "tag_or_users"
    first = "content" if kind == "text" else "card_id" if kind == "card" else "media_id"
    return getattr(stage.client.message, f"send_mass_{kind}")(**{name: to, first: what[0]}, **more)


def uploaded(stage: Stage, kind: str) -> str:
    """What a mass send of this kind carries."""
    names = {"image": "a.jpg", "voice": "a.mp3", "video": "a.mp4"}
    if kind == "article":
        return draft(stage)
    number: str = stage.client.media.upload(kind, file(names[kind]))["media_id"] if kind in names else "通报"
    return number


KINDS = ("text", "image", "voice", "video", "article")


@story
def to_a_tag(stage: Stage) -> None:
    user, openid = stage.person()
    number = stage.client.tag.create("通报")["id"]
    stage.client.tag.tag_user(number, openid)
    for kind in KINDS[:3]:
        said = send(stage, kind, number, uploaded(stage, kind))
        same(said["errcode"], 0, kind)
        stage.settle()
        same(stage.client.message.get_mass(said["msg_id"])["msg_status"], "SEND_SUCCESS", kind)
        same(stage.inbox(user)[-1]["is_mass"], True, f"{kind} on the phone")
    refused(45159, send, stage, "text", 4999, "通报")
    refused(40008, send, stage, "card", number, "no-cards-here")


@story
def to_a_list(stage: Stage) -> None:
    come = [stage.person() for _ in range(2)]
    openids = [openid for _, openid in come]
    for kind in ("article", "video"):
        said = send(stage, kind, openids, uploaded(stage, kind))
        stage.settle()
        shown = [stage.inbox(user)[-1]["is_mass"] for user, _ in come]
        same(shown, [True, True], f"{kind} on both phones")
    stage.client.message.delete_mass(said["msg_id"])
    same(stage.client.message.get_mass(said["msg_id"])["msg_status"], "DELETE", "deleted")
    refused(40130, send, stage, "text", openids[:1], "通报")
    refused(40003, send, stage, "text", [*openids, NOBODY], "通报")
    refused(40007, send, stage, "article", openids, "no-such-draft")
    refused(40097, stage.client.message.get_mass, "1")
    refused(40097, stage.client.message.delete_mass, "1")


@story
def to_all_after_the_administrators_tap(stage: Stage) -> None:
    user, _ = stage.person()
    said = send(stage, "text", None, "通报", is_to_all=True)
    stage.settle()
    same(stage.client.message.get_mass(said["msg_id"])["msg_status"], "SENDING", "waits")
    stage.sim("POST", "admin/confirm", {"account": stage.account["name"], "msg_id": said["msg_id"]})
    stage.settle()
    same(stage.client.message.get_mass(said["msg_id"])["msg_status"], "SEND_SUCCESS", "sent")
    same(stage.inbox(user)[-1]["content"], "通报", "on the phone")


@story
def the_same_job_twice(stage: Stage) -> None:
    number = stage.client.tag.create("同一份")["id"]
    stage.set(clientmsgid_retry_s=0)
    send(stage, "text", number, "通报", client_msg_id="job-1")
    refused(45065, send, stage, "text", number, "通报", client_msg_id="job-1")
    stage.set(clientmsgid_retry_s=None)
    refused(45066, send, stage, "text", number, "通报", client_msg_id="job-1")
    refused(45067, send, stage, "text", number, "通报", client_msg_id="j" * 65)


@story
def previews(stage: Stage) -> None:
    user, openid = stage.person("王预览")
    for kind in KINDS:
        send(stage, kind, openid, uploaded(stage, kind), preview=True)
        same(stage.inbox(user)[-1]["is_preview"], True, kind)
    send(stage, "text", "王预览", "按微信号", preview=True)
    same(stage.inbox(user)[-1]["content"], "按微信号", "by name")
    refused(40132, send, stage, "text", "没有这个人", "通报", preview=True)
    stage.act(user, "unfollow")
    refused(43004, send, stage, "text", openid, "通报", preview=True)
