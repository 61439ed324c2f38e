from __future__ import annotations

from django.apps import AppConfig


class WeChatClientConfig(AppConfig):
    name = "daxiang.integrations.wechat.client"
    label = "wechat_client"
