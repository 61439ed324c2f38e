"""Staff accounts: made, used, locked, ended. Each of it is written down in its own transaction."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.contrib.auth.hashers import check_password, make_password
from django.db import IntegrityError, transaction

from daxiang.domains.audit.operations import record_deed
from daxiang.domains.officers.errors import (
    NameTaken,
    PasswordUnfit,
    PasswordWrong,
    StaffUnknown,
    TooManyAtOnce,
)
from daxiang.domains.officers.models import Staff
from daxiang.domains.officers.rules import (
    LOCKED_FOR,
    ONE_TIME_FOR,
    Deed,
    fault_of,
    is_locked,
    lock_after,
    one_time_password,
)
from daxiang.kernel.errors import DomainError

_HASHING = threading.BoundedSemaphore(2)
"""A hash takes 64 MiB and a tenth of a second of a core: so many at once in one process."""
LONGEST_WAIT = 3.0
"""Seconds for a place: strangers who guess must not hold up every thread of the site."""
_UNPROVEN = "unknown"
"""Who did it, as long as no password was right."""


@contextmanager
def _a_place() -> Iterator[None]:
    """One of the places to hash in. Raises `TooManyAtOnce`."""
    if not _HASHING.acquire(timeout=LONGEST_WAIT):
        raise TooManyAtOnce("这会儿登录的人太多，请过几秒再试一次。")
    try:
        yield
    finally:
        _HASHING.release()


def add_staff(*, name: str, by: str, now: datetime) -> str:
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
            record_deed(who=by, deed=Deed.ADDED, target=name, at=now)
    except IntegrityError as error:
        raise NameTaken(f"“{name}”这个名字已经有了，换一个。", name=name) from error
    return password


def renew_password(*, name: str, by: str, now: datetime) -> str:
    """A new one-time password for somebody who has lost hers; ends her sessions and a lock. Raises
    `StaffUnknown`.
    """
    password = one_time_password()
    with transaction.atomic():
        _change(
            name,
            password=make_password(password),
            must_change=True,
            password_until=now + ONE_TIME_FOR,
            failures=0,
            locked_until=None,
            is_active=True,
        )
        record_deed(who=by, deed=Deed.RENEWED, target=name, at=now)
    return password


def end_staff(*, name: str, by: str, now: datetime) -> None:
    """The account opens nothing any more, and its sessions end. Raises `StaffUnknown`."""
    with transaction.atomic():
        _change(name, is_active=False)
        record_deed(who=by, deed=Deed.ENDED, target=name, at=now)


def _change(name: str, **values: object) -> None:
    if not Staff.objects.filter(name=name).update(**values):
        raise StaffUnknown(f"没有“{name}”这个名字。", name=name)


def sign_in(*, name: str, password: str, now: datetime) -> Staff | None:
    """The account, when name and password are right and it is not locked; None without a reason otherwise.
    Raises `TooManyAtOnce`.

    The row is locked while the password is tried, so that guesses at once are counted one by one. An unknown
    name takes as long as a known one.
    """
    with _a_place(), transaction.atomic():
        staff = Staff.objects.select_for_update().filter(name=name, is_active=True).first()
        if staff is None or is_locked(staff.locked_until, now) or _has_run_out(staff, now):
            make_password(password)
            return None
        if not check_password(password, staff.password):
            _count_failure(staff, who=_UNPROVEN, now=now)
            return None
        staff.failures, staff.locked_until, staff.last_login = 0, None, now
        staff.save(update_fields=["failures", "locked_until", "last_login"])
        record_deed(who=staff.name, deed=Deed.SIGNED_IN, target=staff.name, at=now)
        return staff


def _has_run_out(staff: Staff, now: datetime) -> bool:
    return staff.password_until is not None and now >= staff.password_until


def _count_failure(staff: Staff, *, who: str, now: datetime) -> None:
    failures = staff.failures + 1
    staff.locked_until = lock_after(failures, now)
    staff.failures = 0 if staff.locked_until else failures
    staff.save(update_fields=["failures", "locked_until"])
    record_deed(who=who, deed=Deed.REFUSED, target=staff.name, at=now)
    if staff.locked_until:
        record_deed(who=who, deed=Deed.LOCKED, target=staff.name, at=now)


def set_own_password(staff: Staff, *, present: str, password: str, now: datetime) -> Staff:
    """From now on this password; every session of the account ends. Returns the account as it is then.

    `present` is not asked for while the printed password holds. Raises `PasswordWrong` (which is counted as
    at the door), `PasswordUnfit`, `TooManyAtOnce`.
    """
    with _a_place(), transaction.atomic():
        held = Staff.objects.select_for_update().get(pk=staff.pk)
        refusal = _refusal(held, present=present, password=password, now=now)
        if refusal is None:
            held.password, held.must_change, held.password_until = make_password(password), False, None
            held.failures = 0
            held.save(update_fields=["password", "must_change", "password_until", "failures"])
            record_deed(who=held.name, deed=Deed.PASSWORD_SET, target=held.name, at=now)
    if refusal is not None:  # raised out here, or the counted failure would be taken back
        raise refusal
    return held


def _refusal(staff: Staff, *, present: str, password: str, now: datetime) -> DomainError | None:
    fault = fault_of(password, name=staff.name)
    if fault is not None:
        return PasswordUnfit(fault)
    if staff.must_change:
        is_printed = check_password(password, staff.password)
        return PasswordUnfit("请换一个自己的密码，不要再用打印出来的那个。") if is_printed else None
    if is_locked(staff.locked_until, now):
        return PasswordWrong(
            f"密码连错几次，账号锁了一会儿。请过{int(LOCKED_FOR.total_seconds() // 60)}分钟再改。"
        )
    if not check_password(present, staff.password):
        _count_failure(staff, who=staff.name, now=now)
        return PasswordWrong("现在的密码不对，请再写一遍。")
    return None
