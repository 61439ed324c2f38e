"""The inbox: every message that reached us, with the one answer it got."""

from __future__ import annotations

from django.db import models


class InboxMessage(models.Model):
    """One message or event as a platform delivered it, kept for good before it is answered.

    A row is complete when it is written: message and answer enter in one transaction, so there is no state
    "received but not answered". The table is partitioned by `day`; no foreign key may point at it. `body` and
    `answer` are sealed with the identity as context.
    """

    identity = models.BinaryField(primary_key=True, max_length=32)
    """SHA-256 of what makes the message this one; see `integrations.wechat.identity`."""
    day = models.DateField()
    """The day (Asia/Shanghai) of the platform's CreateTime: the partition."""
    account = models.TextField()
    kind = models.TextField()
    """The platform's MsgType, or `event:` and the event's name."""
    created_at = models.DateTimeField()
    """The platform's CreateTime."""
    received_at = models.DateTimeField()
    """Business time of our receipt."""
    body = models.BinaryField()
    """Sealed: the decrypted message."""
    answer = models.BinaryField()
    """Sealed: the reply's content as stored for repeats; sealed empty bytes when none was owed."""
    generation = models.BinaryField(default=b"", max_length=8)
    """The first bytes of the digest of the rule cards that the answer rests on; empty where on none."""

    class Meta:
        db_table = "inbox_message"
        managed = False

    def __str__(self) -> str:
        return f"{self.account} {self.kind} {self.day}"


class DeferredMessage(models.Model):
    """A message that is ours to answer and not answered yet: durable before the platform is told `success`,
    or before a vendor is asked. It goes in the transaction that writes the inbox row with its answer.

    `claimed_by` works on it until `lease_until` (PostgreSQL's clock); then the worker takes it over.
    """

    identity = models.BinaryField(primary_key=True, max_length=32)
    day = models.DateField()
    account = models.TextField()
    kind = models.TextField()
    lane = models.TextField()
    """`transaction`: the operation is done again from the start. `relay`: the vendor is never asked again."""
    created_at = models.DateTimeField()
    received_at = models.DateTimeField()
    body = models.BinaryField()
    """Sealed as in the inbox."""
    claimed_by = models.TextField()
    lease_until = models.DateTimeField()
    tries = models.IntegerField(default=0)
    """How often a worker has taken it over."""
    ended_at = models.DateTimeField(null=True)
    """Given up, in business time: no machine tries it again."""
    reason = models.TextField(default="")
    """Why it was given up: a short word."""

    class Meta:
        db_table = "inbox_deferred"
        managed = False

    def __str__(self) -> str:
        return f"{self.lane} {self.account} {self.kind}"
