"""Who looked at whom, and who did what: one row a look or deed, never changed."""

from __future__ import annotations

from django.db import models


class AuditLook(models.Model):
    """Somebody inside saw something of somebody outside. `who`: the staff account's name."""

    id = models.BigAutoField(primary_key=True)
    who = models.TextField()
    what = models.TextField()
    """The kind of thing: `message` …"""
    target = models.TextField()
    """Which one, by the number that people use."""
    purpose = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "audit_look"
        managed = False

    def __str__(self) -> str:
        return f"{self.who} {self.what} {self.target}"


class AuditDeed(models.Model):
    """Somebody did something that must be answered for. `who`: the staff account's name, `unknown` before a
    password was right, or `os:` and the account of the machine on which a command was run.
    """

    id = models.BigAutoField(primary_key=True)
    who = models.TextField()
    deed = models.TextField()
    """What was done: `signed_in` … (`officers.rules.Deed`), `message_closed`."""
    target = models.TextField()
    """To which account, or to which message by its number."""
    address = models.TextField(default="")
    """From where, for what came through the console; empty for a command on the machine itself."""
    at = models.DateTimeField()

    class Meta:
        db_table = "audit_deed"
        managed = False

    def __str__(self) -> str:
        return f"{self.who} {self.deed} {self.target}"
