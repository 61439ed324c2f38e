"""Occasions: what was due at an hour of business time, and what came of it."""

from __future__ import annotations

from django.db import models

from daxiang.foundation.recurring.outcomes import Outcome


class Occasion(models.Model):
    """One piece of work at one moment at which it was due. No row: nobody has settled it yet."""

    pk = models.CompositePrimaryKey("job", "due_at")
    job = models.TextField()
    due_at = models.DateTimeField()
    settled_at = models.DateTimeField()
    outcome = models.TextField(choices=[(outcome.value, outcome.value) for outcome in Outcome])
    many = models.IntegerField()
    """How many people or things it was about, as that work counts them."""

    class Meta:
        db_table = "recurring_occasion"
        managed = False

    def __str__(self) -> str:
        return f"{self.job} {self.due_at} {self.outcome}"
