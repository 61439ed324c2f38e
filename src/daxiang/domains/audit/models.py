"""Who looked at whom: one row a look, never changed."""

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
