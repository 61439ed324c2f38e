"""QR codes that say where they were scanned: the scene comes back with the follow or the scan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from daxiang.integrations.wechat.client.answers import need, text, whole
from daxiang.integrations.wechat.client.checks import Unfit, within
from daxiang.integrations.wechat.client.client import Endpoint, Kind, WeChatClient

LONGEST_LIFE_S = 2_592_000
LARGEST_SCENE, LARGEST_PERMANENT_SCENE, LONGEST_SCENE = 2**32 - 1, 100_000, 64

_CREATE = Endpoint(path="/cgi-bin/qrcode/create", kind=Kind.REPEATABLE)


@dataclass(frozen=True, kw_only=True)
class QrCode:
    ticket: str
    url: str
    """What the code itself holds; draw it yourself, or show `image_url`."""
    expire_s: int
    """0: it does not end."""

    @property
    def image_url(self) -> str:
        """Where the platform shows the picture."""
        return f"https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket={quote(self.ticket, safe='')}"


async def temporary(client: WeChatClient, *, scene: int | str, life_s: int) -> QrCode:
    """A code that ends after 1 s to 30 days. The life is always sent: the platform's own is 30 or 60 s."""
    within(life_s, 1, LONGEST_LIFE_S, "二维码的有效秒数")
    action = "QR_SCENE" if isinstance(scene, int) else "QR_STR_SCENE"
    body = {"expire_seconds": life_s, "action_name": action, "action_info": _scene(scene, LARGEST_SCENE)}
    return await _made(client, body)


async def permanent(client: WeChatClient, *, scene: int | str) -> QrCode:
    """A code that does not end; an account has 100,000."""
    action = "QR_LIMIT_SCENE" if isinstance(scene, int) else "QR_LIMIT_STR_SCENE"
    info = _scene(scene, LARGEST_PERMANENT_SCENE)
    return await _made(client, {"action_name": action, "action_info": info})


def _scene(scene: int | str, largest: int) -> dict[str, Any]:
    if isinstance(scene, int):
        within(scene, 1, largest, "场景值")
        return {"scene": {"scene_id": scene}}
    if not 1 <= len(scene) <= LONGEST_SCENE:
        raise Unfit(f"场景值要有 1 到 {LONGEST_SCENE} 个字符。")
    return {"scene": {"scene_str": scene}}


async def _made(client: WeChatClient, body: dict[str, Any]) -> QrCode:
    answer = await client.call(_CREATE, body=body)
    return QrCode(
        ticket=need(answer, "ticket", str),
        url=text(answer, "url"),
        expire_s=whole(answer, "expire_seconds"),
    )
