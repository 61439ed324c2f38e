"""What a person let us keep: the talk of the last half hour, her cars, her words to officers.

A person is the blind index of her openid at one account (32 bytes); nothing here says who that is. Whatever
she said or drives is sealed.
"""

from __future__ import annotations

from django.db import models


class ResidentTalk(models.Model):
    """The talk that a follow-up leans on: one row a person, gone when it is older than its lifetime."""

    pk = models.CompositePrimaryKey("account", "person")
    account = models.TextField()
    person = models.BinaryField(max_length=32)
    talk = models.BinaryField()
    """Sealed with account and person as context."""
    at = models.DateTimeField()
    """The platform's CreateTime of the message that it comes from."""

    class Meta:
        db_table = "resident_talk"
        managed = False

    def __str__(self) -> str:
        return f"talk {self.account}"


class ResidentCar(models.Model):
    """A car that its driver let us remember, at most `MOST_CARS` a person."""

    pk = models.CompositePrimaryKey("account", "person", "mark")
    account = models.TextField()
    person = models.BinaryField(max_length=32)
    mark = models.BinaryField(max_length=32)
    """Blind index of person and plate, or tail where no plate was told: the same car is kept once."""
    car = models.BinaryField()
    """Sealed JSON; account, person and mark are its context."""
    remembered_at = models.DateTimeField()
    consent = models.TextField()
    """Version of the words that she consented to."""

    class Meta:
        db_table = "resident_car"
        managed = False

    def __str__(self) -> str:
        return f"car {self.account}"


class ResidentEvening(models.Model):
    """A person who asked to be told at 20:00 of a restricted day; no row, no notice."""

    pk = models.CompositePrimaryKey("account", "person")
    account = models.TextField()
    person = models.BinaryField(max_length=32)
    since = models.DateTimeField()

    class Meta:
        db_table = "resident_evening"
        managed = False

    def __str__(self) -> str:
        return f"evening {self.account}"


class ResidentMessage(models.Model):
    """Words that a person left for the officers. `person` is null after she withdrew consent."""

    class State(models.TextChoices):
        NEW = "new"
        TAKEN = "taken"
        CLOSED = "closed"

    id = models.BinaryField(primary_key=True, max_length=16)
    """Ordered by time, made in Python; the context of the sealed words."""
    number = models.BigIntegerField(unique=True)
    """What the person is told, from 1001 on. Gaps say nothing: a number is not used again."""
    account = models.TextField()
    person = models.BinaryField(max_length=32, null=True)
    words = models.BinaryField()
    """Sealed."""
    left_at = models.DateTimeField()
    state = models.TextField(choices=State.choices, default=State.NEW)
    seen_at = models.DateTimeField(null=True)
    """When somebody inside first saw it; until then its writer may take it back."""
    closed_at = models.DateTimeField(null=True)
    """When it was done with; set exactly while `state` is closed. It goes so many days later."""
    taken_by = models.TextField(null=True)
    """The staff account that works on it."""
    taken_at = models.DateTimeField(null=True)
    answer = models.BinaryField(null=True)
    """Sealed: the last one."""
    answered_at = models.DateTimeField(null=True)
    delivery = models.BinaryField(null=True)
    """The mark of the answer's delivery in the outbox: chance; gone when the person is unlinked."""

    class Meta:
        db_table = "resident_message"
        managed = False

    def __str__(self) -> str:
        return f"message {self.number}"


class ResidentAwaited(models.Model):
    """What a person wants to be told once it is settled."""

    id = models.BinaryField(primary_key=True, max_length=16)
    account = models.TextField()
    person = models.BinaryField(max_length=32)
    places = models.JSONField()
    """Ids of the city's pack; empty: whatever changes."""
    day = models.DateField(null=True)
    asked_at = models.DateTimeField()

    class Meta:
        db_table = "resident_awaited"
        managed = False

    def __str__(self) -> str:
        return f"awaited {self.account}"
