"""Staff accounts: made, used, locked, ended."""

from __future__ import annotations

import threading
from datetime import datetime
from typing import ClassVar

from django.contrib.auth.hashers import check_password, make_password
from django.db import IntegrityError, transaction

from daxiang.domains.officers.models import Staff
from daxiang.domains.officers.rules import ONE_TIME_FOR, fault_of, is_locked, lock_after, one_time_password
from daxiang.kernel.errors import DomainError

_HASHING = threading.BoundedSemaphore(2)
"""A hash takes 64 MiB and a tenth of a second of a core: so many at once in one process."""


class NameTaken(DomainError):
    """There is an account of this name already, perhaps an ended one."""

    code: ClassVar[str] = "name_taken"


class StaffUnknown(DomainError):
    """There is no account of this name."""

    code: ClassVar[str] = "staff_unknown"


class PasswordUnfit(DomainError):
    """This may not be a password; `str(error)` says why."""

    code: ClassVar[str] = "password_unfit"


def add_staff(*, name: str, now: datetime) -> str:
    """Make an account. Returns its one-time password, which is kept nowhere in clear. Raises `NameTaken`."""
    password = one_time_password()
    try:
        with transaction.atomic():
            Staff.objects.create(
                name=name,
                password=make_password(password),
                created_at=now,
                password_until=now + ONE_TIME_FOR,
            )
    except IntegrityError as error:
        raise NameTaken(f"“{name}”这个名字已经有了，换一个。", name=name) from error
    return password


def renew_password(*, name: str, now: datetime) -> str:
    """A new one-time password for somebody who has lost hers; ends her sessions and a lock."""
    password = one_time_password()
    changed = Staff.objects.filter(name=name).update(
        password=make_password(password),
        must_change=True,
        password_until=now + ONE_TIME_FOR,
        failures=0,
        locked_until=None,
        is_active=True,
    )
    if not changed:
        raise StaffUnknown(f"没有“{name}”这个名字。", name=name)
    return password


def end_staff(*, name: str) -> None:
    """The account opens nothing any more, and its sessions end. Raises `StaffUnknown`."""
    if not Staff.objects.filter(name=name).update(is_active=False):
        raise StaffUnknown(f"没有“{name}”这个名字。", name=name)


def sign_in(*, name: str, password: str, now: datetime) -> Staff | None:
    """The account, when name and password are right and it is not locked; None without a reason otherwise.

    The row is locked while the password is tried, so that guesses at once are counted one by one. An unknown
    name takes as long as a known one.
    """
    with _HASHING, transaction.atomic():
        staff = Staff.objects.select_for_update().filter(name=name, is_active=True).first()
        if staff is None or is_locked(staff.locked_until, now) or _has_run_out(staff, now):
            make_password(password)
            return None
        if not check_password(password, staff.password):
            failures = staff.failures + 1
            staff.locked_until = lock_after(failures, now)
            staff.failures = 0 if staff.locked_until else failures
            staff.save(update_fields=["failures", "locked_until"])
            return None
        staff.failures, staff.locked_until, staff.last_login = 0, None, now
        staff.save(update_fields=["failures", "locked_until", "last_login"])
        return staff


def _has_run_out(staff: Staff, now: datetime) -> bool:
    return staff.password_until is not None and now >= staff.password_until


def set_own_password(staff: Staff, *, password: str) -> None:
    """From now on this password; every other session of the account ends. Raises `PasswordUnfit`."""
    fault = fault_of(password, name=staff.name)
    if fault is None and staff.must_change and check_password(password, staff.password):
        fault = "请换一个自己的密码，不要再用打印出来的那个。"
    if fault is not None:
        raise PasswordUnfit(fault)
    with _HASHING:
        staff.password = make_password(password)
    staff.must_change, staff.password_until = False, None
    staff.save(update_fields=["password", "must_change", "password_until"])
