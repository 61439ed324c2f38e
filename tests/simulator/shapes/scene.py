"""What a story about an answer needs first: people, media, drafts, agents, all with invented content."""

from __future__ import annotations

import io
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from aiohttp import FormData, web

from daxiang_simulator.platform.media import example
from tests.simulator.callee import APP_ID, Behaviour, Call, Callee, sealed
from tests.simulator.conftest import Simulator

JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 60
PNG, AMR, MP4 = (example(kind)[1] for kind in ("image", "voice", "video"))
AGENT = "chen@gh"
SECRET = {"appid": APP_ID, "secret": "secret"}


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A simulator with its one account, and the service that it calls back."""

    simulator: Simulator
    callee: Callee

    async def ask(self, path: str, body: object = None, **query: str) -> Any:
        """A call with a token; without a body it is a GET."""
        return await self.simulator.api(path, body, **query)

    async def upload(self, path: str, content: bytes, *, description: str = "", **query: str) -> Any:
        """A call that carries a file."""
        form = FormData()
        form.add_field("media", io.BytesIO(content), filename="file", content_type="image/png")
        if description:
            form.add_field("description", description)
        query = {"access_token": await self.simulator.token(), **query}
        async with self.simulator.client.post(path, params=query, data=form) as response:
            return await response.json()

    async def raw(self, path: str, body: object = None, **query: str) -> tuple[str, bytes]:
        """Content type and bytes of an answer."""
        query = {"access_token": await self.simulator.token(), **query}
        method = "GET" if body is None else "POST"
        async with self.simulator.client.request(method, path, params=query, json=body) as response:
            return response.content_type, await response.read()

    async def follower(self) -> str:
        """The openid of somebody new who follows."""
        return (await self.person())[1]

    async def person(self) -> tuple[str, str]:
        """Somebody new who follows: user and openid."""
        user = await self.simulator.follower()
        return user, await self.simulator.openid(user)

    async def picture(self) -> str:
        """A picture in the library."""
        number: str = (await self.upload("/cgi-bin/material/add_material", PNG, type="image"))["media_id"]
        return number

    async def article(self, **changes: object) -> dict[str, Any]:
        """An article of which every field is given."""
        return {
            "article_type": "news",
            "title": "雨天慢行",
            "author": "宣传科",
            "digest": "路滑，请保持车距。",
            "content": "<p>路滑，请保持车距。</p>",
            "content_source_url": "https://example.com/rain",
            "thumb_media_id": await self.picture(),
            "need_open_comment": 0,
            "only_fans_can_comment": 0,
        } | changes

    async def draft(self, *articles: dict[str, Any]) -> str:
        """A draft of these articles, or of one."""
        listed = list(articles) or [await self.article()]
        number: str = (await self.ask("/cgi-bin/draft/add", {"articles": listed}))["media_id"]
        return number

    async def publication(self, *articles: dict[str, Any]) -> str:
        """The publish_id of a draft whose check is over."""
        said = await self.ask("/cgi-bin/freepublish/submit", {"media_id": await self.draft(*articles)})
        await self.simulator.post("/_sim/settle")
        number: str = said["publish_id"]
        return number

    async def agent(self, *, is_online: bool = True) -> str:
        """An agent of customer service."""
        await self.ask("/customservice/kfaccount/add", {"kf_account": AGENT, "nickname": "小陈"})
        if is_online:
            there = {"account": "service", "kf_account": AGENT, "online": True}
            await self.simulator.post("/_sim/agents", there)
        return AGENT

    async def session(self) -> tuple[str, str]:
        """Somebody who talks to an agent: user and openid."""
        user, openid = await self.person()
        body = {"kf_account": await self.agent(), "openid": openid}
        await self.ask("/customservice/kfsession/create", body)
        return user, openid

    async def tag(self) -> int:
        """A new tag."""
        number: int = (await self.ask("/cgi-bin/tags/create", {"tag": {"name": "民警"}}))["tag"]["id"]
        return number

    async def granted(self, scope: str = "snsapi_userinfo") -> Any:
        """What a page's server gets for the code of somebody who agreed."""
        user = (await self.person())[0]
        back = quote("https://traffic.example.com/m/", safe="")
        url = f"https://open.weixin.qq.com/connect/oauth2/authorize?appid={APP_ID}&redirect_uri={back}"
        url += f"&response_type=code&scope={scope}&state=s1#wechat_redirect"
        said = await self.simulator.post(f"/_sim/users/{user}/authorize", {"url": url, "accept": True})
        code = parse_qs(urlsplit(said["location"]).query)["code"][0]
        return await self.open_get("/sns/oauth2/access_token", code=code, **GRANT, **SECRET)

    async def open_get(self, path: str, **query: str) -> Any:
        """A call without access_token of the account."""
        async with self.simulator.client.get(path, params=query) as response:
            return await response.json()

    @staticmethod
    def reply(inside: str) -> Behaviour:
        """The service answers with these elements, addressed as they must be, sealed."""

        async def answer(call: Call) -> web.Response:
            to, by = call.fields["FromUserName"], call.fields["ToUserName"]
            head = f"<ToUserName>{to}</ToUserName><FromUserName>{by}</FromUserName><CreateTime>1</CreateTime>"
            return sealed(f"<xml>{head}{inside}</xml>")

        return answer

    async def notice_template(self, tid: str = "10002") -> str:
        """A template of subscription notices, chosen from the library."""
        body = {"tid": tid, "kidList": [1, 2], "sceneDesc": "办事进度"}
        number: str = (await self.ask("/wxaapi/newtmpl/addtemplate", body))["priTmplId"]
        return number

    async def template(self) -> str:
        """A template of template messages."""
        body = {"template_id_short": "TM00015", "keyword_name_list": ["车牌号", "时间"]}
        number: str = (await self.ask("/cgi-bin/template/api_add_template", body))["template_id"]
        return number


GRANT = {"grant_type": "authorization_code"}
Story = Callable[[Scene], Awaitable[Any]]
STORIES: dict[str, Story] = {}
"""How each answer is brought about: by call, or by call and variant, as `GET /cgi-bin/media/get#film`."""


def story(*names: str) -> Callable[[Story], Story]:
    """Register a story under the names of its answers."""

    def registered(told: Story) -> Story:
        for name in names:
            if name in STORIES:
                raise ValueError(f"two stories of {name}")
            STORIES[name] = told
        return told

    return registered
