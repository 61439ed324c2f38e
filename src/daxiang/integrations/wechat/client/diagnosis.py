"""What the platform says of our own use of it: counts, calls that failed, addresses, the way to us."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from daxiang.integrations.outcomes import Unavailable
from daxiang.integrations.wechat.client.answers import objects, text, texts, whole
from daxiang.integrations.wechat.client.checks import not_empty
from daxiang.integrations.wechat.client.client import Endpoint, Kind, WeChatClient
from daxiang.integrations.wechat.client.quota import Limit

_QUOTA = Endpoint(path="/cgi-bin/openapi/quota/get", kind=Kind.READ)
_CLEAR_PATH = Endpoint(path="/cgi-bin/openapi/quota/clear", kind=Kind.ACT)
_CLEAR_ALL = Endpoint(path="/cgi-bin/clear_quota", kind=Kind.ACT)
_CLEAR_ALL_BY_SECRET = Endpoint(path="/cgi-bin/clear_quota/v2", kind=Kind.ACT)
_RID = Endpoint(path="/cgi-bin/openapi/rid/get", kind=Kind.READ)
_CALLBACK_IPS = Endpoint(path="/cgi-bin/getcallbackip", kind=Kind.READ, method="GET")
_API_IPS = Endpoint(path="/cgi-bin/get_api_domain_ip", kind=Kind.READ, method="GET")
_CALLBACK_CHECK = Endpoint(path="/cgi-bin/callback/check", kind=Kind.READ, read_s=30.0)


@dataclass(frozen=True, kw_only=True)
class QuotaReport:
    """The count of one path today."""

    daily_limit: int
    used: int
    remaining: int
    per_minute: int | None
    """None: the platform does not say."""

    @property
    def limit(self) -> Limit:
        """For `Quota.learn`."""
        return Limit(per_day=self.daily_limit or None, per_minute=self.per_minute)


@dataclass(frozen=True, kw_only=True)
class CallRecord:
    """A call as the platform kept it, for seven days. Bodies may hold personal data: show, do not log."""

    invoked_at: int
    cost_ms: int
    client_ip: str
    url: str = field(repr=False)
    request_body: str = field(repr=False)
    response_body: str = field(repr=False)


class Operator(StrEnum):
    """From whose network to try."""

    TELECOM = "CHINANET"
    UNICOM = "UNICOM"
    TENCENT = "CAP"
    ANY = "DEFAULT"


@dataclass(frozen=True, kw_only=True)
class Ping:
    ip: str
    operator: str
    loss: str
    time: str


@dataclass(frozen=True, kw_only=True)
class CallbackCheck:
    """How the platform sees the address of our gateway."""

    dns: tuple[str, ...]
    pings: tuple[Ping, ...]


async def quota_of(client: WeChatClient, *, path: str) -> QuotaReport:
    """The count of one path. 76021: no such path; 76022: not ours, or of sns."""
    answer = await client.call(_QUOTA, body={"cgi_path": path})
    held, rate = answer.get("quota"), answer.get("rate_limit")
    if not isinstance(held, dict):
        raise Unavailable("unreadable", "a success without quota")
    is_by_minute = isinstance(rate, dict) and whole(rate, "refresh_second") == 60
    return QuotaReport(
        daily_limit=whole(held, "daily_limit"),
        used=whole(held, "used"),
        remaining=whole(held, "remain"),
        per_minute=whole(rate, "call_count") or None if isinstance(rate, dict) and is_by_minute else None,
    )


async def clear_path(client: WeChatClient, *, path: str) -> None:
    """Set one path's count to zero; 50 times a month. 48006: they are spent."""
    await client.call(_CLEAR_PATH, body={"cgi_path": path})


async def clear_all(client: WeChatClient) -> None:
    """Set all counts to zero; ten times a month, together with `clear_all_by_secret`."""
    await client.call(_CLEAR_ALL, body={"appid": client.account.app_id})


async def clear_all_by_secret(client: WeChatClient) -> None:
    """As `clear_all`, when not even a token can be had."""
    body = {"appid": client.account.app_id, "appsecret": client.account.secret}
    await client.call(_CLEAR_ALL_BY_SECRET, body=body, is_open=True)


async def call_of(client: WeChatClient, *, rid: str) -> CallRecord:
    """What the platform kept of a call that failed; `rid` stands in every failure."""
    not_empty(rid, "rid")
    answer = await client.call(_RID, body={"rid": rid})
    held = answer.get("request")
    if not isinstance(held, dict):
        raise Unavailable("unreadable", "a success without request")
    return CallRecord(
        invoked_at=whole(held, "invoke_time"),
        cost_ms=whole(held, "cost_in_ms"),
        client_ip=text(held, "client_ip"),
        url=text(held, "request_url"),
        request_body=text(held, "request_body"),
        response_body=text(held, "response_body"),
    )


async def callback_ips(client: WeChatClient) -> tuple[str, ...]:
    """From where the platform calls us; to be read again daily."""
    return texts(await client.call(_CALLBACK_IPS), "ip_list")


async def api_ips(client: WeChatClient) -> tuple[str, ...]:
    """Where the platform's API is; to be read again daily."""
    return texts(await client.call(_API_IPS), "ip_list")


async def check_callback(client: WeChatClient, *, operator: Operator = Operator.ANY) -> CallbackCheck:
    """Have the platform resolve and reach our address."""
    answer = await client.call(_CALLBACK_CHECK, body={"action": "all", "check_operator": operator.value})
    return CallbackCheck(
        dns=tuple(text(one, "ip") for one in objects(answer, "dns")),
        pings=tuple(
            Ping(
                ip=text(one, "ip"),
                operator=text(one, "from_operator"),
                loss=text(one, "package_loss"),
                time=text(one, "time"),
            )
            for one in objects(answer, "ping")
        ),
    )
