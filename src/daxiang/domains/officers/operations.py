"""Staff accounts: made, used, locked, ended. Each of it is written down in its own transaction."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.contrib.auth.hashers import check_password, make_password
from django.db import IntegrityError, transaction

from daxiang.domains.audit.operations import count_deeds, record_deed
from daxiang.domains.officers.errors import (
    LastAdministrator,
    NameTaken,
    OfficerTaken,
    PasswordUnfit,
    PasswordWrong,
    StaffUnknown,
    TooManyAtOnce,
)
from daxiang.domains.officers.models import Staff, StaffFailure
from daxiang.domains.officers.permissions import Role
from daxiang.domains.officers.rules import (
    MOST_REFUSALS_TOLD,
    ONE_TIME_FOR,
    TOLD_WITHIN,
    Deed,
    failures_that_count,
    fault_of,
    is_locked,
    lock_after,
    one_time_password,
    place_of,
)
from daxiang.kernel.errors import DomainError

_CORES = os.cpu_count() or 1
_PLACES = max(1, min(4, _CORES // 2))
"""A hash takes 64 MiB and a tenth of a second of a core: so many at once in one process, half of the cores,
which is five sign-ins a second on two."""
_HASHING = threading.BoundedSemaphore(_PLACES)
MOST_WAITING = min(2 * _PLACES, _CORES)
"""Who waits for a place keeps a thread of the site: so many, the others hear so at once."""
LONGEST_WAIT = 2.0
"""Seconds for a place."""
_waiting: set[str] = set()
"""From where: one of each address, so that a flood from one leaves room for whoever comes from another."""
_queue = threading.Lock()
_UNPROVEN = "unknown"
"""Who did it, as long as no password was right."""


@contextmanager
def _a_place(address: str) -> Iterator[None]:
    """One of the places to hash in. Raises `TooManyAtOnce`."""
    is_in = not _waiting and _HASHING.acquire(blocking=False)  # nobody overtakes those who wait
    if not (is_in or _has_waited(place_of(address))):
        raise TooManyAtOnce("这会儿登录的人太多，请过几秒再试一次。")
    try:
        yield
    finally:
        _HASHING.release()


def _has_waited(address: str) -> bool:
    """Whether a place came free in time for one who was let wait."""
    with _queue:
        if address in _waiting or len(_waiting) >= MOST_WAITING:
            return False
        _waiting.add(address)
    try:
        return _HASHING.acquire(timeout=LONGEST_WAIT)
    finally:
        with _queue:
            _waiting.discard(address)


def add_staff(
    *, name: str, by: str, now: datetime, roles: Iterable[Role] = (Role.CASEWORKER,), unit: int | None = None
) -> str:
    """Make an account. Returns its one-time password, which is kept nowhere in clear. Raises `NameTaken`."""
    password = one_time_password()
    try:
        with transaction.atomic():
            Staff.objects.create(
                name=name,
                password=make_password(password),
                created_at=now,
                password_until=now + ONE_TIME_FOR,
                roles=sorted(set(roles)),
                unit=unit,
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
            is_active=True,
        )
        StaffFailure.objects.filter(staff=Staff.objects.get(name=name).pk).delete()
        record_deed(who=by, deed=Deed.RENEWED, target=name, at=now)
    return password


def end_staff(*, name: str, by: str, now: datetime) -> None:
    """The account opens nothing any more, and its sessions end. Raises `StaffUnknown`."""
    with transaction.atomic():
        _change(name, is_active=False)
        record_deed(who=by, deed=Deed.ENDED, target=name, at=now)


def set_roles(*, name: str, roles: Iterable[Role], by: str, now: datetime) -> None:
    """From now on these roles, in the next request of every session. Raises `StaffUnknown`, and
    `LastAdministrator` when nobody could give roles any more.
    """
    wanted = sorted(set(roles))
    with transaction.atomic():
        others = Staff.objects.select_for_update().filter(is_active=True).exclude(name=name)
        is_last = not any(Role.ADMINISTRATOR in one.roles for one in others)
        held = Staff.objects.filter(name=name).first()
        if held is None:
            raise StaffUnknown(f"没有“{name}”这个名字。", name=name)
        if is_last and Role.ADMINISTRATOR in held.roles and Role.ADMINISTRATOR not in wanted:
            raise LastAdministrator("只剩这一位管理员，不能去掉。请先让另一位当管理员。")
        _change(name, roles=wanted)
        record_deed(who=by, deed=Deed.ROLES_SET, target=f"{name}: {' '.join(wanted)}", at=now)


def set_officer(*, name: str, officer: int | None, by: str, now: datetime) -> None:
    """Whose account it is, of the roll; None: nobody's. Raises `OfficerTaken`, `StaffUnknown`."""
    try:
        with transaction.atomic():
            _change(name, officer=officer)
            told = f"{name}: {'' if officer is None else officer}"
            record_deed(who=by, deed=Deed.OFFICER_SET, target=told, at=now)
    except IntegrityError as error:
        raise OfficerTaken("这位民警已经有一个账号了。") from error


def _change(name: str, **values: object) -> None:
    if not Staff.objects.filter(name=name).update(**values):
        raise StaffUnknown(f"没有“{name}”这个名字。", name=name)


def sign_in(*, name: str, password: str, address: str, now: datetime) -> Staff | None:
    """The account, when name and password are right and this address has not to wait; None without a reason
    otherwise. Raises `TooManyAtOnce`.

    The address's row is held while the password is tried, so that guesses at once are counted one by one,
    and nobody elsewhere is held up by them. An unknown name takes as long as a known one.
    """
    with _a_place(address), transaction.atomic():
        staff = Staff.objects.filter(name=name, is_active=True).first()
        tally = None if staff is None else _held_tally(staff, address)
        if staff is None or tally is None or is_locked(tally.locked_until, now) or _has_run_out(staff, now):
            make_password(password)
            return None
        if not check_password(password, staff.password):
            _count_failure(staff, tally, who=_UNPROVEN, now=now)
            return None
        _forget(tally)
        staff.last_login = now
        staff.save(update_fields=["last_login"])
        record_deed(who=staff.name, deed=Deed.SIGNED_IN, target=staff.name, address=tally.address, at=now)
        return staff


def sign_out(staff: Staff, *, address: str, now: datetime) -> None:
    """Write down that a session was ended by its owner; the session itself is the site's."""
    record_deed(who=staff.name, deed=Deed.SIGNED_OUT, target=staff.name, address=place_of(address), at=now)


def _held_tally(staff: Staff, address: str) -> StaffFailure:
    """The failures of this account from there, held until the end of the transaction."""
    place = place_of(address)
    StaffFailure.objects.bulk_create([StaffFailure(staff=staff.pk, address=place)], ignore_conflicts=True)
    return StaffFailure.objects.select_for_update().get(staff=staff.pk, address=place)


def _forget(tally: StaffFailure) -> None:
    StaffFailure.objects.filter(staff=tally.staff, address=tally.address).delete()


def _has_run_out(staff: Staff, now: datetime) -> bool:
    return staff.password_until is not None and now >= staff.password_until


def _count_failure(staff: Staff, tally: StaffFailure, *, who: str, now: datetime) -> None:
    tally.failures = failures_that_count(tally.failures, tally.failed_at, now) + 1
    tally.failed_at, tally.locked_until = now, lock_after(tally.failures, now)
    tally.save(update_fields=["failures", "failed_at", "locked_until"])
    told = count_deeds(deed=Deed.REFUSED, target=staff.name, since=now - TOLD_WITHIN, most=MOST_REFUSALS_TOLD)
    if told >= MOST_REFUSALS_TOLD:
        return
    record_deed(who=who, deed=Deed.REFUSED, target=staff.name, address=tally.address, at=now)
    if tally.locked_until:
        record_deed(who=who, deed=Deed.LOCKED, target=staff.name, address=tally.address, at=now)


def set_own_password(staff: Staff, *, present: str, password: str, address: str, now: datetime) -> Staff:
    """From now on this password; every session of the account ends. Returns the account as it is then.

    `present` is not asked for while the printed password holds. Raises `PasswordWrong` (which is counted as
    at the door), `PasswordUnfit`, `TooManyAtOnce`.
    """
    with _a_place(address), transaction.atomic():
        tally = _held_tally(staff, address)  # first, as at the door: else the two would deadlock
        held = Staff.objects.select_for_update().get(pk=staff.pk)
        refusal = _refusal(held, tally, present=present, password=password, now=now)
        if refusal is None:
            held.password, held.must_change, held.password_until = make_password(password), False, None
            held.save(update_fields=["password", "must_change", "password_until"])
            _forget(tally)
            record_deed(
                who=held.name, deed=Deed.PASSWORD_SET, target=held.name, address=tally.address, at=now
            )
    if refusal is not None:  # raised out here, or the counted failure would be taken back
        raise refusal
    return held


def _refusal(
    staff: Staff, tally: StaffFailure, *, present: str, password: str, now: datetime
) -> DomainError | None:
    fault = fault_of(password, name=staff.name)
    if fault is not None:
        return PasswordUnfit(fault)
    if staff.must_change:
        is_printed = check_password(password, staff.password)
        return PasswordUnfit("请换一个自己的密码，不要再用打印出来的那个。") if is_printed else None
    if is_locked(tally.locked_until, now):
        return PasswordWrong("密码连错几次，要等一会儿才能再改；越错，等得越久。")
    if not check_password(present, staff.password):
        _count_failure(staff, tally, who=staff.name, now=now)
        return PasswordWrong("现在的密码不对，请再写一遍。")
    return None
