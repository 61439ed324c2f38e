"""The JS-SDK's signature and the address that asks who a person is."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest

from daxiang.integrations.wechat.signing import Scope, authorize_url, sign_page

# Published by the platform.
TICKET = "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg"
PAGE = {"app_id": "wx1", "ticket": TICKET, "timestamp": 1414587457, "nonce": "Wm3WZYTPz0wzccnW"}


@pytest.mark.parametrize("tail", ["", "#", "#/bind?x=1"])
def test_the_published_page_has_the_published_signature_whatever_follows_its_hash(tail: str) -> None:
    config = sign_page(**PAGE, url="http://mp.weixin.qq.com?params=value" + tail)  # type: ignore[arg-type] # **dict
    assert config.signature == "0f9de62fce790f9a083d5c99e95740ceb90c27ed"


def test_another_query_is_another_signature() -> None:
    config = sign_page(**PAGE, url="http://mp.weixin.qq.com?params=other")  # type: ignore[arg-type] # **dict
    assert config.signature != "0f9de62fce790f9a083d5c99e95740ceb90c27ed"


def test_the_consent_page_gets_its_parameters_in_the_platforms_order() -> None:
    url = authorize_url(
        app_id="wx1", redirect_uri="https://a.example/m/?x=1&y=大", state="S1", scope=Scope.BASE
    )
    assert url.endswith("#wechat_redirect")
    assert parse_qsl(urlsplit(url).query) == [
        ("appid", "wx1"),
        ("redirect_uri", "https://a.example/m/?x=1&y=大"),
        ("response_type", "code"),
        ("scope", "snsapi_base"),
        ("state", "S1"),
    ]


@pytest.mark.parametrize("state", ["", "a" * 129, "a&scope=x", "a#", "大"])
def test_a_state_that_would_not_come_back_whole_is_refused(state: str) -> None:
    with pytest.raises(ValueError, match="state"):
        authorize_url(app_id="wx1", redirect_uri="https://a.example/", state=state)
