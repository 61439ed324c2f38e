"""A simulator with a small service behind it, in a thread of this process: for what the phone shows.

The words are invented after the dialogues; what the real service answers is another story's matter.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from aiohttp import web
from prove.instance import free_ports

from daxiang_simulator.app import make_app
from daxiang_simulator.world import Options

WEBSITE = """<!doctype html><html lang="zh-CN"><head><title>今天走哪座桥</title></head><body><main>
<h1>今天走哪座桥</h1><p>第{visits}次来</p><p><a href="/">再来一次</a></p></main></body></html>"""


SUBSCRIBE = """<!doctype html><html lang="zh-CN"><head><title>订提醒</title></head><body><main>
<h1>订提醒</h1><wx-open-subscribe template="progress,yearly" id="ask"><script type="text/wxtag-template">
<button>订两种提醒</button></script></wx-open-subscribe><p id="said" role="status"></p></main>
<script src="/subscribe.js"></script></body></html>"""
HEARD = """const said = document.querySelector("#said");
document.querySelector("#ask").addEventListener("success", ({ detail }) => {
  const each = Object.entries(JSON.parse(detail.subscribeDetails));
  said.textContent = each.map(([name, value]) => `${name}=${JSON.parse(value).status}`).join(" ");
});
document.querySelector("#ask").addEventListener("error", ({ detail }) => {
  said.textContent = detail.errMsg;
});"""


def choices(*labels: str) -> str:
    href = "weixin://bizmsgmenu?msgmenucontent={}&msgmenuid=1"
    return " ".join(f'<a href="{href.format(quote(label))}">{label}</a>' for label in labels)


GREETING = f"""您好，这里是武汉交警。
点一下您车牌的最后一位，我告诉您今天怎么过江：
{choices(*"0123456789")}
有人受伤打120，交通报警打122。"""
KINDS = {"location": "位置", "image": "照片", "voice": "语音", "video": "视频"}
ANSWERS = {
    "5": "尾号5，今天（24日 周二）：长江大桥、江汉桥不能走，22:00后能走。\n过长江走：鹦鹉洲大桥。\n"
    + choices("我是绿牌", "记住我的车"),
    "网页": '看<a href="{website}">今天的图</a>。',
}


class City:
    """The addresses of a running simulator and its website; `is_broken` makes the service fail."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        ports = free_ports(3)
        self.simulator, self.service, self.website = (f"http://127.0.0.1:{port}/" for port in ports)
        self._ports = ports
        self.state = folder / "simulator.db"
        self.is_broken = False

    async def serve(self) -> list[web.AppRunner]:
        service, website = web.Application(), web.Application()
        service.router.add_post("/{account}", self._answer)
        website.router.add_get("/", self._page)
        website.router.add_get("/subscribe", self._subscribe)
        website.router.add_get("/subscribe.js", self._heard)
        website.router.add_get("/login", self._login)
        website.router.add_get("/back", self._back)
        runners = []
        for app, port in zip((make_app(self._options()), service, website), self._ports, strict=True):
            runner = web.AppRunner(app, shutdown_timeout=1)
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", port).start()
            runners.append(runner)
        return runners

    def _options(self) -> Options:
        held = [
            self._account("service", "武汉交警", "1"),
            self._account("subscription", "武汉交警内部号", "2"),
        ]
        accounts = self._folder / "accounts.json"
        accounts.write_text(json.dumps(held), encoding="utf-8")
        return Options(
            state=self.state,
            accounts=accounts,
            clock=self._folder / "clock.json",
            web_url=self.website,
            retry_pause_s=0,
            timeout_s=2,
        )

    def _account(self, name: str, shown: str, number: str) -> dict[str, object]:
        ids = {
            "app_id": f"wxdemo000000000{number}",
            "original_id": f"gh_demo_{name}",
            "secret": f"secret-{name}",
        }
        ways = {"token": "token", "aes_key": "a" * 43, "callback": f"{self.service}{name}", "mode": "plain"}
        settings = {"settings": {"speech_recognition": True}}
        return {"name": name, "kind": name, "display_name": shown, **ids, **ways, **settings}

    async def _answer(self, request: web.Request) -> web.Response:
        body = await request.text()
        if self.is_broken:
            return web.Response(status=500)
        said = _field(body, "Content") or _field(body, "Recognition")
        words = self._words(_field(body, "MsgType"), _field(body, "Event"), said)
        if not words:
            return web.Response(text="success")
        words = words.replace("{website}", self.website)
        to, ours = _field(body, "FromUserName"), _field(body, "ToUserName")
        return web.Response(
            text=f"<xml><ToUserName>{to}</ToUserName><FromUserName>{ours}</FromUserName><CreateTime>1</CreateTime>"
            f"<MsgType>text</MsgType><Content><![CDATA[{words}]]></Content></xml>"
        )

    def _words(self, kind: str, event: str, content: str) -> str:
        if kind == "event":
            return GREETING if event == "subscribe" else ANSWERS["5"] if event == "CLICK" else ""
        return ANSWERS.get(content, f"收到{KINDS.get(kind, '')}{'：' + content if content else ''}")

    async def _page(self, request: web.Request) -> web.Response:
        """A page that counts its visits by a cookie."""
        visits = int(request.cookies.get("visits", "0")) + 1
        answer = web.Response(text=WEBSITE.format(visits=visits), content_type="text/html")
        answer.headers["X-Frame-Options"] = "DENY"
        answer.headers["Content-Security-Policy"] = "default-src 'self'; frame-ancestors 'none'"
        answer.set_cookie("visits", str(visits), httponly=True)
        return answer

    async def _subscribe(self, _request: web.Request) -> web.Response:
        return web.Response(text=SUBSCRIBE, content_type="text/html")

    async def _heard(self, _request: web.Request) -> web.Response:
        return web.Response(text=HEARD, content_type="text/javascript")

    async def _login(self, _request: web.Request) -> web.Response:
        """To the platform's sign-in page, which asks the person."""
        back = quote(f"{self.website}back", safe="")
        asked = f"appid=wxdemo0000000001&redirect_uri={back}&response_type=code&scope=snsapi_userinfo&state=s"
        location = f"https://open.weixin.qq.com/connect/oauth2/authorize?{asked}#wechat_redirect"
        return web.Response(status=302, headers={"Location": location})

    async def _back(self, request: web.Request) -> web.Response:
        known = "有了" if request.query.get("code") else "没有"
        return web.Response(text=f"<title>登录</title><p>授权码{known}</p>", content_type="text/html")


def _field(body: str, name: str) -> str:
    found = re.search(rf"<{name}>(?:<!\[CDATA\[)?(.*?)(?:\]\]>)?</{name}>", body, re.DOTALL)
    return found[1] if found else ""


@contextlib.contextmanager
def city(folder: Path) -> Iterator[City]:
    """A running city; its loop and all it opened end with the block."""
    made, loop = City(folder), asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    runners = asyncio.run_coroutine_threadsafe(made.serve(), loop).result(20)
    try:
        yield made
    finally:
        for runner in runners:
            asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(20)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
