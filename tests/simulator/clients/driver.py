"""wechatpy led to the simulator, and what it called. No test framework here: it runs in a child.

wechatpy's addresses are hard-coded, so every session of `requests` gets an adapter for WeChat's hosts, which
sends the request as it is to the simulator instead and keeps what was asked and answered.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType
from typing import Any
from urllib.parse import urlsplit

import requests
import wechatpy
from requests.adapters import HTTPAdapter
from wechatpy import WeChatClient, WeChatOAuth
from wechatpy.exceptions import WeChatException

HOSTS = ("api.weixin.qq.com", "mp.weixin.qq.com", "open.weixin.qq.com", "file.api.weixin.qq.com")
CLIENT_FILES = ("/wechatpy/client/", "/wechatpy/oauth.py")
NO_TOKEN = "a-token-that-nobody-was-given"


class Difference(Exception):
    """The simulator answered otherwise than the story says."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One request: `METHOD /path`, the code of its answer (0 for success), wechatpy's methods behind it."""

    call: str
    code: int
    methods: tuple[str, ...]


class ToSimulator(HTTPAdapter):
    """Sends to the simulator what was meant for WeChat."""

    def __init__(self, base: str, asked: list[Asked]) -> None:
        super().__init__()
        self._base = base.rstrip("/")
        self._asked = asked

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:  # type: ignore[override]
        meant = urlsplit(str(request.url))
        request.url = f"{self._base}{meant.path}{'?' + meant.query if meant.query else ''}"
        answer = super().send(request, **(options | {"proxies": {}}))
        one = Asked(call=f"{request.method} {meant.path}", code=_code(answer), methods=_methods())
        self._asked.append(one)
        return answer


def _code(answer: requests.Response) -> int:
    if answer.status_code >= 400:
        return answer.status_code
    if "json" not in answer.headers.get("Content-Type", ""):
        return 0
    return int(answer.json().get("errcode", 0))


def _methods() -> tuple[str, ...]:
    """wechatpy's own functions on the stack."""
    found: list[str] = []
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        name = frame.f_code.co_qualname
        if any(part in frame.f_code.co_filename for part in CLIENT_FILES) and not name.startswith("Base"):
            found.append(name)
        frame = frame.f_back
    return tuple(found)


def lead(base: str, asked: list[Asked]) -> None:
    """From now on every session of `requests` reaches the simulator at WeChat's hosts."""
    begin = requests.Session.__init__

    def begin_led(session: requests.Session) -> None:
        begin(session)
        for host in HOSTS:
            session.mount(f"https://{host}/", ToSimulator(base, asked))

    requests.Session.__init__ = begin_led  # type: ignore[method-assign]


@dataclass(kw_only=True)
class Stage:
    """The simulator, its service account, and unmodified clients of it."""

    base: str
    asked: list[Asked] = field(default_factory=list)
    account: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._sim = requests.Session()
        self._sim.trust_env = False
        lead(self.base, self.asked)
        self.account = self.sim("GET", "accounts")["accounts"][0]
        self.client = self.another()
        self.nobody = self.another(access_token=NO_TOKEN, auto_retry=False)

    def another(self, **given: Any) -> Any:
        """One more client, with its own token."""
        return WeChatClient(self.account["app_id"], given.pop("secret", self.account["secret"]), **given)

    def oauth(self, **given: Any) -> Any:
        """A page that signs people in."""
        address = "https://page.example/back?a=1"
        return WeChatOAuth(
            self.account["app_id"], given.pop("secret", self.account["secret"]), address, **given
        )

    @property
    def version(self) -> int:
        """1 or 2."""
        return int(wechatpy.__version__.split(".")[0])

    def sim(self, method: str, path: str, body: object = None) -> Any:
        """One of the simulator's own calls, which must succeed."""
        answer = self._sim.request(method, f"{self.base}/_sim/{path}", json=body)
        if answer.status_code >= 400:
            raise Difference(f"{path}: {answer.text}")
        return answer.json()

    def set(self, **settings: object) -> None:
        """Change settings of the account; None is the ordinary value."""
        self.sim("PUT", f"accounts/{self.account['name']}/settings", settings)

    def person(self, nickname: str = "李强", *, is_following: bool = True) -> tuple[str, str]:
        """A new person: name in the simulator, and openid."""
        made = self.sim("POST", "users", {"nickname": nickname})
        user = made["user"]
        if is_following:
            self.act(user, "follow")
        return user, made["openids"][self.account["name"]]

    def act(self, user: str, verb: str, **more: object) -> Any:
        """A person does something."""
        return self.sim("POST", f"users/{user}/{verb}", {"account": self.account["name"], **more})

    def says(self, user: str, content: str = "在吗") -> None:
        """A person writes to the account, which opens a window for answers."""
        self.act(user, "send", message={"type": "text", "content": content})

    def inbox(self, user: str) -> list[dict[str, Any]]:
        """What lies on the person's phone, oldest first."""
        held: list[dict[str, Any]] = self.sim("GET", f"users/{user}/inbox?account={self.account['name']}")[
            "inbox"
        ]
        return held

    def page(self, address: str) -> str:
        """A page as anybody's browser shows it."""
        return self._sim.get(address).text

    def settle(self) -> None:
        """Wait until nothing that is due is left."""
        self.sim("POST", "settle", {})


def same(found: object, wanted: object, what: str = "") -> None:
    """Raises Difference unless both are equal."""
    if found != wanted:
        raise Difference(f"{what}: {found!r} instead of {wanted!r}")


def has(found: dict[str, Any], *names: str) -> None:
    """Raises Difference unless all these names are there."""
    if lacking := set(names) - found.keys():
        raise Difference(f"{sorted(lacking)} missing in {found!r}")


def refused(code: int, act: Callable[..., object], *given: Any, **named: Any) -> None:
    """wechatpy must raise its own exception with this code."""
    try:
        answer = act(*given, **named)
    except WeChatException as error:
        same(error.errcode, code, f"{act.__name__}{given}")
        return
    raise Difference(f"{act.__name__}{given}: {answer!r} instead of a refusal with {code}")


def file(name: str) -> io.BytesIO:
    """A small upload, of the kind that its name says."""
    heads = {
        "jpg": b"\xff\xd8\xff\xe0",
        "png": b"\x89PNG\r\n\x1a\n",
        "mp3": b"ID3",
        "mp4": b"\0\0\0\x18ftypmp42",
    }
    made = io.BytesIO(heads[name.rpartition(".")[2]] + b"\0" * 32)
    made.name = name
    return made


Story = Callable[[Stage], None]
STORIES: list[tuple[Story, str]] = []


def story(tell: Story) -> Story:
    """A story that every version can tell."""
    STORIES.append((tell, ""))
    return tell


def story_with(noun: str) -> Callable[[Story], Story]:
    """A story for versions whose client has this noun, or `noun.method`."""

    def registered(tell: Story) -> Story:
        STORIES.append((tell, noun))
        return tell

    return registered
