"""The platform's own addresses, and what the calls so far have used."""

from __future__ import annotations

from typing import Any

from .frame import Call, call

CALLBACK_ADDRESSES = ["127.0.0.1"]


@call("GET", "/cgi-bin/getcallbackip")
def callback_addresses(_made: Call) -> dict[str, Any]:
    return {"ip_list": CALLBACK_ADDRESSES}


@call("GET", "/cgi-bin/get_api_domain_ip")
def api_addresses(_made: Call) -> dict[str, Any]:
    return {"ip_list": CALLBACK_ADDRESSES}
