"""Contacts: the people who wrote to or follow an account, as WeChat knows them."""

from __future__ import annotations

from django.db import models


class Contact(models.Model):
    """One person at one account. Every moment is the platform's CreateTime and moves forward only, so a
    repeat or a late delivery of an event changes nothing.

    Following: `followed_at` is there and not before `unfollowed_at`. Windows in which the account may write
    of itself: five messages in 48 h after `last_message_at`, three in a minute after `last_click_at`.
    """

    pk = models.CompositePrimaryKey("account", "person")
    account = models.TextField()
    person = models.BinaryField(max_length=32)
    """The blind index of the openid; see `index.py`."""
    openid = models.BinaryField(null=True)
    """Sealed with `person` as context; null after the person withdrew consent."""
    followed_at = models.DateTimeField(null=True)
    unfollowed_at = models.DateTimeField(null=True)
    last_message_at = models.DateTimeField(null=True)
    last_click_at = models.DateTimeField(null=True)
    """The last tap on the menu, follow or scan."""
    last_click_kind = models.TextField(null=True)
    """`click`, `follow` or `scan`."""
    forgotten_at = models.DateTimeField(null=True)
    """When consent was withdrawn: the openid is kept again only after a later follow."""

    class Meta:
        db_table = "wechat_contact"
        managed = False

    def __str__(self) -> str:
        return f"{self.account} {bytes(self.person).hex()[:8]}"
