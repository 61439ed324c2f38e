"""Staff accounts of the console, and their sessions.

Django's own `auth` and `sessions` apps are not installed, only their machinery is used: their tables of
permissions, groups and content types would stay empty here.
"""

from __future__ import annotations

from typing import ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.postgres.fields import ArrayField
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models


class StaffManager(models.Manager["Staff"]):
    def get_by_natural_key(self, name: str) -> Staff:
        return self.get(name=name)


class Staff(AbstractBaseUser):
    """Somebody inside who may sign in. States: waiting for the first own password (`must_change`, until
    `password_until`), working, ended (`is_active` false). Locks are by address: `StaffFailure`.
    """

    id = models.BigAutoField(primary_key=True)
    name = models.TextField(unique=True)
    is_active = models.BooleanField(default=True)
    must_change = models.BooleanField(default=True)
    """The password is the one that was printed once: it opens nothing but the page for an own one."""
    password_until = models.DateTimeField(null=True)
    """When the printed password stops working; null for an own one."""
    created_at = models.DateTimeField()
    roles = ArrayField(models.TextField(), default=list)
    """Names of `permissions.Role`."""
    unit = models.BigIntegerField(null=True)
    """The unit that it belongs to; null: not told. No page is narrowed by it yet."""
    officer = models.BigIntegerField(null=True)
    """The officer of the roll who she is; null: none, or not told. When that one leaves, the account ends."""

    USERNAME_FIELD = "name"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = StaffManager()

    class Meta:
        db_table = "staff"
        managed = False

    def __str__(self) -> str:
        return self.name


class StaffFailure(models.Model):
    """Wrong passwords of one account from one address, in a row. While one is tried, its row is held."""

    pk = models.CompositePrimaryKey("staff", "address")
    staff = models.BigIntegerField()
    address = models.TextField()
    """An IPv4 address, or the first 64 bits of an IPv6 one (`rules.place_of`)."""
    failures = models.IntegerField(default=0)
    failed_at = models.DateTimeField(null=True)
    locked_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "staff_failure"
        managed = False

    def __str__(self) -> str:
        return f"failures of {self.staff}"


class StaffFactor(models.Model):
    """The telephone of an account. States: shown (`confirmed_at` null), confirmed by its first code."""

    staff = models.BigIntegerField(primary_key=True)
    secret = models.BinaryField()
    """Sealed."""
    confirmed_at = models.DateTimeField(null=True)
    last_step = models.BigIntegerField(default=0)
    """The step of the last code that was taken; only later ones are."""

    class Meta:
        db_table = "staff_factor"
        managed = False

    def __str__(self) -> str:
        return f"second factor of {self.staff}"


class StaffRecovery(models.Model):
    """A code for who has lost her telephone; it opens once."""

    pk = models.CompositePrimaryKey("staff", "digest")
    staff = models.BigIntegerField()
    digest = models.BinaryField()
    """SHA-256."""
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "staff_recovery"
        managed = False

    def __str__(self) -> str:
        return f"recovery code of {self.staff}"


class StaffSession(AbstractBaseSession):
    """A signed-in browser: which account, nothing else."""

    objects: ClassVar[BaseSessionManager[Self]] = BaseSessionManager()

    class Meta:
        db_table = "staff_session"
        managed = False

    @classmethod
    def get_session_store_class(cls) -> type[SessionStore]:
        return SessionStore


class SessionStore(DatabaseStore):
    """Django's session engine on our own table (`SESSION_ENGINE` names this module)."""

    @classmethod
    def get_model_class(cls) -> type[StaffSession]:
        return StaffSession
