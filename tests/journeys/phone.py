"""The phone as a person uses it, and the platform as a service calls it, for tests and pictures."""

from __future__ import annotations

import contextlib
import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import Browser, Locator, Page
from prove.instance import request

import daxiang_simulator
from tests.journeys.city import City

STATIC = Path(daxiang_simulator.__file__).parent / "static"
MENU: list[dict[str, Any]] = [
    {"type": "click", "name": "今天能走", "key": "today"},
    {
        "name": "我的车",
        "sub_button": [
            {"type": "click", "name": "过江图", "key": "map"},
            {"type": "location_select", "name": "发位置", "key": "where"},
            {"type": "click", "name": "忘记", "key": "forget"},
        ],
    },
    {"type": "click", "name": "帮助", "key": "help"},
]


@contextlib.contextmanager
def desk(
    browser: Browser, town: City, *, width: int = 1280, scheme: str = "light", **more: object
) -> Iterator[Page]:
    """A fresh browser at the desk, without motion."""
    with browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,  # type: ignore[arg-type]
        reduced_motion="reduce",
        **more,  # type: ignore[arg-type]
    ) as context:
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.goto(town.simulator)
        yield page


class Phone:
    """One of the phones on the desk, by its place from the left."""

    def __init__(self, page: Page, place: int = 0) -> None:
        self.page = page
        self.glass = page.locator(".phone").nth(place)
        self.log: Locator = self.glass.get_by_role("log")
        self._place = place

    @property
    def user(self) -> str:
        held = self.page.wait_for_function("() => localStorage['daxiang-phones']")
        user: str = json.loads(held.json_value())[self._place]
        return user

    def press(self, name: str) -> None:
        self.glass.get_by_role("button", name=name, exact=True).click()

    def follow(self) -> None:
        self.press("关注")
        self.see("您好，这里是")

    def type_words(self) -> None:
        """To the field for words, where a menu lies over it."""
        key = self.glass.get_by_role("button", name="打字", exact=True)
        if key.is_visible():
            key.click()

    def say(self, words: str) -> None:
        self.type_words()
        self.glass.get_by_role("textbox", name="要说的话").fill(words)
        self.press("发送")

    def more(self, name: str) -> None:
        self.type_words()
        self.press("发别的")
        self.press(name)

    def see(self, words: str) -> None:
        self.glass.get_by_text(words).last.wait_for()

    def shows(self, words: str) -> bool:
        return self.glass.get_by_text(words).count() > 0


class Platform:
    """Calls of the platform as a service makes them, with the token of its account."""

    def __init__(self, simulator: str) -> None:
        self._simulator = simulator.rstrip("/")

    def sim(self, path: str, body: object = None, *, method: str | None = None) -> Any:
        return request(f"{self._simulator}/_sim{path}", body, method=method)

    def openid(self, user: str, account: str = "service") -> str:
        openid: str = self.sim(f"/users/{user}")["openids"][account]
        return openid

    def call(self, path: str, body: object, account: str = "service") -> Any:
        payload = json.dumps(body, ensure_ascii=False).encode()  # the platform refuses \\uXXXX
        return self._post(path, payload, "application/json", account)

    def upload(self, path: str, kind: str, body: bytes, account: str = "service") -> str:
        """The media_id of an upload."""
        head = 'Content-Disposition: form-data; name="media"; filename="media"\r\n'
        form = f"--cut\r\n{head}\r\n".encode() + body + b"\r\n--cut--\r\n"
        said = self._post(path, form, "multipart/form-data; boundary=cut", account, type=kind)
        media_id: str = said["media_id"]
        return media_id

    def _post(self, path: str, body: bytes, kind: str, account: str, **query: str) -> Any:
        asked = urlencode({"access_token": self._token(account), **query})
        call = urllib.request.Request(f"{self._simulator}{path}?{asked}", body, {"Content-Type": kind})  # noqa: S310 (our own simulator)
        with urllib.request.urlopen(call, timeout=20) as answer:  # noqa: S310 (our own simulator)
            said = json.loads(answer.read())
        assert said.get("errcode", 0) == 0, said
        return said

    def brief(self, user: str, title: str, content: str, account: str = "subscription") -> None:
        """An article, from the draft box to everybody of a tag, as an account's editor sends it."""
        cover = self.upload(
            "/cgi-bin/material/add_material", "image", (STATIC / "film-rain.jpg").read_bytes(), account
        )
        article = {"title": title, "author": "宣传科", "digest": "雨天追尾，现场怎么拍", "content": content}
        draft = {"articles": [article | {"thumb_media_id": cover}]}
        media_id = self.call("/cgi-bin/draft/add", draft, account)["media_id"]
        tag = self.call("/cgi-bin/tags/create", {"tag": {"name": "officers"}}, account)["tag"]["id"]
        members = {"openid_list": [self.openid(user, account)], "tagid": tag}
        self.call("/cgi-bin/tags/members/batchtagging", members, account)
        sent = {"filter": {"is_to_all": False, "tag_id": tag}, "mpnews": {"media_id": media_id}}
        self.call("/cgi-bin/message/mass/sendall", sent | {"msgtype": "mpnews"}, account)
        self.sim("/settle", {})

    def custom(self, user: str, kind: str, part: object, account: str = "service") -> None:
        """A customer-service message."""
        to = self.openid(user, account)
        self.call("/cgi-bin/message/custom/send", {"touser": to, "msgtype": kind, kind: part}, account)

    def remind(self, user: str, url: str = "") -> None:
        """A template message about a restriction."""
        content = "日期：{{thing1.DATA}}\n时间：{{thing2.DATA}}\n地点：{{thing3.DATA}}"
        held = {"template_id": "remind", "title": "限行提醒", "content": content}
        self.sim("/accounts/service/templates", held)
        values = ("11月26日 周四", "7:00–22:00", "长江大桥、江汉桥")
        sent = {f"thing{number}": {"value": value} for number, value in enumerate(values, 1)}
        to = self.openid(user)
        self.call(
            "/cgi-bin/message/template/send",
            {"touser": to, "template_id": "remind", "url": url, "data": sent},
        )

    def _token(self, account: str) -> str:
        """A token that is good now, whatever the clock did since the last call."""
        accounts = {one["name"]: one for one in self.sim("/accounts")["accounts"]}
        asked = {"appid": accounts[account]["app_id"], "secret": accounts[account]["secret"]}
        said = request(
            f"{self._simulator}/cgi-bin/stable_token", {"grant_type": "client_credential", **asked}
        )
        token: str = said["access_token"]
        return token
