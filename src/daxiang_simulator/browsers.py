"""A browser for each person, and pages led through one port: the website's addresses carry a prefix."""

from __future__ import annotations

import re
from urllib.parse import urlencode, urlsplit

import aiohttp
from aiohttp import web
from multidict import CIMultiDict
from yarl import URL

from .people import Person

IN_THE_CHAT = "MicroMessenger/8.0.50 NetType/WIFI Language/zh_CN"
"""By this word in the User-Agent a page knows that it is inside the chat."""
TIMEOUT_S = 30.0
SIGN_IN = "/connect/oauth2/authorize"
PASSED_ON = frozenset({"accept", "accept-language", "content-type", "if-none-match", "if-modified-since"})
KEPT_BACK = frozenset(
    {
        "set-cookie",
        "x-frame-options",
        "content-length",
        "content-encoding",
        "transfer-encoding",
        "connection",
        "keep-alive",
        "strict-transport-security",
        "cross-origin-opener-policy",
        "content-security-policy",
        "location",
        "date",
        "server",
    }
)
_ATTRIBUTE = re.compile(
    r"""(\s(?:href|src|action|formaction|poster|srcset|hx-[a-z-]+|data-[a-z-]+)\s*=\s*)(["'])(\S[^"']*)\2""",
    re.IGNORECASE,
)
_IN_STYLE = re.compile(r"""(url\(\s*["']?)(/(?!/)[^"')]*)""")
_REFRESH = re.compile(r"""(content=["']\d+;\s*url=)(/(?!/)[^"']*)""", re.IGNORECASE)


class NotOnThisMachine(Exception):
    """The page is another host's, which the phone does not open inside; the message is its address."""


class Browsers:
    """Everybody's browsers, by user; `web_url` is the one website that they open inside the chat."""

    def __init__(self, web_url: str) -> None:
        self.web = URL(web_url) if web_url else None
        self._connector = aiohttp.TCPConnector(limit=100)
        self._held: dict[str, aiohttp.ClientSession] = {}

    def of(self, person: Person) -> aiohttp.ClientSession:
        """The person's browser, with their own cookies."""
        if person.user not in self._held:
            secure = [self.web.origin()] if self.web else []
            self._held[person.user] = aiohttp.ClientSession(
                connector=self._connector,
                connector_owner=False,
                cookie_jar=aiohttp.CookieJar(unsafe=True, treat_as_secure_origin=secure),
                timeout=aiohttp.ClientTimeout(total=TIMEOUT_S),
                auto_decompress=True,
            )
        return self._held[person.user]

    def forget(self, person: Person) -> None:
        """Drop the person's cookies."""
        if person.user in self._held:
            self._held[person.user].cookie_jar.clear()

    async def close(self) -> None:
        """Close all lines."""
        for session in self._held.values():
            await session.close()
        await self._connector.close()


def asked_headers(request: web.Request, website: URL, prefix: str) -> dict[str, str]:
    """The headers with which the website is asked: as from a browser that knows it by its own address."""
    headers = {
        name: value
        for name, value in request.headers.items()
        if name.lower() in PASSED_ON or name.lower().startswith("hx-")
    }
    headers["User-Agent"] = f"{request.headers.get('User-Agent', 'Mozilla/5.0')} {IN_THE_CHAT}"
    if "Origin" in request.headers:
        headers["Origin"] = str(website.origin())
    referer = urlsplit(request.headers.get("Referer", ""))
    if referer.path.startswith(f"{prefix}/"):
        query = f"?{referer.query}" if referer.query else ""
        headers["Referer"] = f"{website.origin()}{referer.path.removeprefix(prefix)}{query}"
    return headers


def shown(answer: aiohttp.ClientResponse, content: bytes, website: URL, prefix: str) -> web.Response:
    """The website's answer with its own addresses led through the proxy."""
    headers: CIMultiDict[str] = CIMultiDict(
        (name, value) for name, value in answer.headers.items() if name.lower() not in KEPT_BACK
    )
    if "Location" in answer.headers:
        headers["Location"] = led(answer.headers["Location"], website, prefix)
    for name in ("HX-Redirect", "HX-Location", "HX-Push-Url"):
        if name in headers:
            headers[name] = led(headers[name], website, prefix)
    for policy in answer.headers.getall("Content-Security-Policy", []):
        headers.add("Content-Security-Policy", _policy(policy))
    kind = answer.content_type
    if kind in {"text/html", "text/css"}:
        text = content.decode(answer.charset or "utf-8", "replace")
        content = rewritten(text, website, prefix, is_html=kind == "text/html").encode()
        headers["Content-Type"] = f"{kind}; charset=utf-8"
    headers["Cache-Control"] = answer.headers.get("Cache-Control", "no-cache")
    return web.Response(status=answer.status, body=content, headers=headers)


def rewritten(text: str, website: URL, prefix: str, *, is_html: bool) -> str:
    """A page or style sheet whose addresses on the website carry the person's prefix."""

    def led(match: re.Match[str]) -> str:
        before, mark, value = match.groups()
        return f"{before}{mark}{_inside(value, website, prefix)}{mark}"

    if is_html:
        text = _ATTRIBUTE.sub(led, text)
        text = _REFRESH.sub(rf"\1{prefix}\2", text)
    return _IN_STYLE.sub(rf"\1{prefix}\2", text)


def _inside(value: str, website: URL, prefix: str) -> str:
    """An address in a page: a path of the website or its full address by the prefix, others as they are."""
    origin = str(website.origin())
    if value == origin or value.startswith(f"{origin}/"):
        return prefix + (value.removeprefix(origin) or "/")
    return prefix + value if value.startswith("/") and not value.startswith("//") else value


def led(location: str, website: URL | None, prefix: str) -> str:
    """Where a redirect leads. Raises NotOnThisMachine."""
    if website is None:
        raise NotOnThisMachine(location)
    if urlsplit(location).path == SIGN_IN:
        return f"{prefix.removesuffix('/web')}/sign-in?{urlencode({'url': location})}"
    inside = _inside(location, website, prefix)
    if inside == location and urlsplit(location).netloc:
        raise NotOnThisMachine(location)
    return inside


def _policy(policy: str) -> str:
    """A page's policy, which may stand in our own frame now."""
    kept = (part.strip() for part in policy.split(";"))
    dropped = ("frame-ancestors", "upgrade-insecure-requests")
    return "; ".join(
        [*(part for part in kept if part and not part.startswith(dropped)), "frame-ancestors 'self'"]
    )
