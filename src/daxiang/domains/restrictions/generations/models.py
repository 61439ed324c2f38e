"""The packs that were ever activated, which one is in force, and every switch from one to another."""

from __future__ import annotations

from django.db import models


class Generation(models.Model):
    """One pack, immutable. It is never deleted: an answer names the generation it was given by."""

    digest = models.TextField(primary_key=True)
    """SHA-256 over city and files, in hexadecimal."""
    city = models.TextField()
    content = models.TextField()
    """JSON: path inside the pack -> text."""
    stored_at = models.DateTimeField()

    class Meta:
        db_table = "restrictions_generation"
        managed = False

    def __str__(self) -> str:
        return f"{self.city} {self.digest[:12]}"


class ActiveGeneration(models.Model):
    """The one pack of a city that is in force: the row that `rules activate` switches."""

    city = models.TextField(primary_key=True)
    digest = models.TextField()
    since = models.DateTimeField()

    class Meta:
        db_table = "restrictions_active"
        managed = False

    def __str__(self) -> str:
        return f"{self.city} {self.digest[:12]}"


class Switch(models.Model):
    """History: one row for each time another pack came into force."""

    id = models.BigAutoField(primary_key=True)
    city = models.TextField()
    before = models.TextField(null=True)
    after = models.TextField()
    at = models.DateTimeField()
    by = models.TextField()
    """Who ran the command: an account of the machine until officers sign in."""

    class Meta:
        db_table = "restrictions_switch"
        managed = False

    def __str__(self) -> str:
        return f"{self.city} {self.at} {self.after[:12]}"
