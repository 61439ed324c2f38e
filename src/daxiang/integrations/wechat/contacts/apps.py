from __future__ import annotations

from django.apps import AppConfig


class ContactsConfig(AppConfig):
    name = "daxiang.integrations.wechat.contacts"
    label = "wechat_contacts"
