"""What the processes of one city share about the platform's credentials and quotas.

Rows are written by the SQL in `sql.py` only. Times of tokens and leases are PostgreSQL's; spans of quotas are
business time.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class WeChatToken(models.Model):
    """One shared credential: an account's access_token, or its ticket for pages (`jsapi_ticket`).

    States: nothing yet (no token) · good · stale (`is_stale`: the platform refused it) · being renewed (a
    lease that is not over) · resting (`retry_at` ahead, after a failure) · blocked (`health` holds the
    platform's code: an operator has to act).
    """

    pk = models.CompositePrimaryKey("account", "kind")
    account = models.TextField()
    kind = models.TextField()
    token = models.BinaryField(null=True)
    """Sealed."""
    generation = models.BigIntegerField(default=0)
    """The fencing number of the lease under which the token was stored; grows only."""
    issued_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    refresh_at = models.DateTimeField(null=True)
    """From then on it is renewed, though it is still good."""
    is_stale = models.BooleanField(default=False)
    lease_number = models.BigIntegerField(default=0)
    """The fencing number of the last lease: grows with each."""
    lease_owner = models.TextField(null=True)
    lease_until = models.DateTimeField(null=True)
    retry_at = models.DateTimeField(null=True)
    """After a failure: not before then."""
    failures = models.IntegerField(default=0)
    """In a row."""
    health = models.IntegerField(null=True)
    """The code with which the platform refuses our credentials; null while it does not."""
    health_since = models.DateTimeField(null=True)

    class Meta:
        db_table = "wechat_token"
        constraints = (
            models.CheckConstraint(
                name="wechat_token_kind", condition=Q(kind__in=("access_token", "jsapi_ticket"))
            ),
            models.CheckConstraint(
                name="wechat_token_generation", condition=Q(generation__lte=models.F("lease_number"))
            ),
        )

    def __str__(self) -> str:
        return f"{self.account} {self.kind} {self.generation}"


class WeChatQuota(models.Model):
    """How many calls of one path have been given out to processes in one minute or one day."""

    pk = models.CompositePrimaryKey("account", "path", "span", "starts_at")
    account = models.TextField()
    path = models.TextField()
    span = models.TextField()
    """`minute` or `day` (Asia/Shanghai)."""
    starts_at = models.DateTimeField()
    granted = models.IntegerField()
    last_grant = models.IntegerField()
    """How many of them the last statement gave: read back by that statement."""

    class Meta:
        db_table = "wechat_quota"
        constraints = (
            models.CheckConstraint(name="wechat_quota_span", condition=Q(span__in=("minute", "day"))),
        )

    def __str__(self) -> str:
        return f"{self.account} {self.path} {self.span} {self.granted}"


class WeChatQuotaLimit(models.Model):
    """What the platform said of a path: its limits as read from it, and until when it stopped us."""

    pk = models.CompositePrimaryKey("account", "path")
    account = models.TextField()
    path = models.TextField()
    per_day = models.IntegerField(null=True)
    per_minute = models.IntegerField(null=True)
    stopped_until = models.DateTimeField(null=True)
    """Business time."""
    stopped_code = models.IntegerField(null=True)

    class Meta:
        db_table = "wechat_quota_limit"

    def __str__(self) -> str:
        return f"{self.account} {self.path}"


class WeChatSignIn(models.Model):
    """A sign-in code that was exchanged, with what came of it, so that a second call-back with the same code
    gets the same person.
    """

    pk = models.CompositePrimaryKey("account", "digest")
    account = models.TextField()
    digest = models.BinaryField(max_length=32)
    """SHA-256 of the code."""
    outcome = models.BinaryField(null=True)
    """Sealed; null while the exchange runs, or when it ended without a readable answer."""
    claimed_at = models.DateTimeField()
    """PostgreSQL's clock."""

    class Meta:
        db_table = "wechat_sign_in"

    def __str__(self) -> str:
        return self.account


class WeChatMedia(models.Model):
    """A file that the platform holds for us, so that the same picture is uploaded once for many people.

    The platform drops it three days after the upload; it is used for less. Gone from here, it is uploaded
    again.
    """

    pk = models.CompositePrimaryKey("account", "digest")
    account = models.TextField()
    digest = models.BinaryField(max_length=32)
    """SHA-256 of the file."""
    media_id = models.TextField()
    uploaded_at = models.DateTimeField()
    """Business time, when the upload was answered."""

    class Meta:
        db_table = "wechat_media"

    def __str__(self) -> str:
        return f"{self.account} {bytes(self.digest).hex()[:8]}"
