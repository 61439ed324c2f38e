"""The outbox: everything that is to leave, written in the transaction that decided it."""

from __future__ import annotations

from django.db import models


class OutboxDelivery(models.Model):
    """One message to one person through one channel.

    Written before anything is sent, with an id that never changes: an attempt claims the row first, so after
    a crash it is known that one was made. The states and their moves are in `moves.py`.
    """

    id = models.BinaryField(primary_key=True, max_length=16)
    """Ordered by time; made in Python; the platform's duplicate key where it has one."""
    channel = models.TextField()
    """Who sends it: `wechat.custom` …"""
    account = models.TextField()
    person = models.BinaryField(max_length=32)
    """Blind index of the recipient. Deliveries to one person leave in the order of their ids."""
    payload = models.BinaryField()
    """Sealed with the id as context: what the channel needs, the recipient included. Empty after the person
    withdrew consent."""
    dedup = models.BinaryField(max_length=32, unique=True)
    """What must not be sent twice (the message that it answers, say): a second row is not written."""
    created_at = models.DateTimeField()
    not_before = models.DateTimeField()
    expires_at = models.DateTimeField()
    """Business time; afterwards it is of no use or not allowed any more."""
    status = models.TextField()
    attempts = models.IntegerField()
    lease_until = models.DateTimeField(null=True)
    """PostgreSQL's clock: a worker that has not settled by then is taken for dead."""
    first_tried_at = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(null=True)
    """When the last attempt began; business time."""
    repeat_until = models.DateTimeField(null=True)
    """Set while an attempt may have arrived: the end of the time in which the platform recognises repeats."""
    settled_at = models.DateTimeField(null=True)
    code = models.TextField()
    rid = models.TextField()

    class Meta:
        db_table = "outbox_delivery"
        managed = False

    def __str__(self) -> str:
        return f"{self.channel} {self.status}"


class OutboxMove(models.Model):
    """One step in the life of a delivery, never changed."""

    id = models.BigAutoField(primary_key=True)
    delivery = models.BinaryField(max_length=16)
    action = models.TextField()
    status = models.TextField()
    """The status that the action led to."""
    at = models.DateTimeField()
    code = models.TextField()

    class Meta:
        db_table = "outbox_move"
        managed = False

    def __str__(self) -> str:
        return f"{self.action} {self.status}"
