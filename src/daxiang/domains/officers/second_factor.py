"""The second factor of staff accounts: enrolled once, asked for at every sign-in and every approval.

Wrong codes are counted by account, not by address: whoever guesses codes has the password already, and might
have many addresses.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import transaction

from daxiang.domains.audit.operations import record_deed
from daxiang.domains.officers.errors import CodeWrong, StaffUnknown
from daxiang.domains.officers.models import Staff, StaffFactor, StaffFailure, StaffRecovery
from daxiang.domains.officers.rules import Deed, failures_that_count, is_locked, lock_after
from daxiang.domains.officers.totp import new_secret, recovery_codes, step_of_code
from daxiang.foundation.sealing import SealBroken, Sealer

BY_CODE = "code"
"""The place under which wrong codes of an account are counted."""
WRONG = "验证码不对，或者用过了。请等下一个再写。"
WAIT = "验证码连错几次，要等一会儿才能再试；越错，等得越久。"


def has_factor(staff: Staff) -> bool:
    """Whether the account's telephone is enrolled."""
    return StaffFactor.objects.filter(staff=staff.pk, confirmed_at__isnull=False).exists()


def secret_to_enrol(staff: Staff, *, sealer: Sealer) -> bytes | None:
    """The secret for the telephone, the same until it is confirmed; None once it is: it is shown no more."""
    with transaction.atomic():
        fresh = StaffFactor(staff=staff.pk, secret=sealer.seal(new_secret(), _context(staff)))
        StaffFactor.objects.bulk_create([fresh], ignore_conflicts=True)
        held = StaffFactor.objects.select_for_update().get(staff=staff.pk)
        if held.confirmed_at is not None:
            return None
        try:
            return sealer.open(bytes(held.secret), _context(staff))
        except SealBroken:  # its key is gone: nobody has seen another one
            StaffFactor.objects.filter(staff=staff.pk).update(secret=fresh.secret)
            return sealer.open(bytes(fresh.secret), _context(staff))


def enrol(staff: Staff, *, code: str, sealer: Sealer, now: datetime, real: float) -> list[str]:
    """Confirm the telephone by its first code. Returns the recovery codes, which are kept nowhere in clear.

    `real`: Unix time. Raises `CodeWrong`.
    """
    codes = recovery_codes()
    with transaction.atomic():
        is_right = _is_right(staff, code, sealer=sealer, now=now, real=real, confirmed=False)
        if is_right:
            StaffFactor.objects.filter(staff=staff.pk).update(confirmed_at=now)
            StaffRecovery.objects.filter(staff=staff.pk).delete()
            StaffRecovery.objects.bulk_create(
                [StaffRecovery(staff=staff.pk, digest=_digest(one)) for one in codes]
            )
            record_deed(who=staff.name, deed=Deed.ENROLLED, target=staff.name, at=now)
    if not is_right:
        raise CodeWrong(WRONG)
    return codes


def check_code(staff: Staff, *, code: str, sealer: Sealer, now: datetime, real: float) -> None:
    """Take a code of the telephone, or a recovery code, once. Raises `CodeWrong`, which is counted."""
    with transaction.atomic():
        is_right = _is_right(staff, code, sealer=sealer, now=now, real=real, confirmed=True)
    if not is_right:
        raise CodeWrong(WRONG)


def reset_factor(*, name: str, by: str, now: datetime) -> None:
    """The telephone is lost: the next sign-in enrols another. Raises `StaffUnknown`."""
    with transaction.atomic():
        staff = Staff.objects.filter(name=name).first()
        if staff is None:
            raise StaffUnknown(f"没有“{name}”这个名字。", name=name)
        StaffFactor.objects.filter(staff=staff.pk).delete()
        StaffRecovery.objects.filter(staff=staff.pk).delete()
        StaffFailure.objects.filter(staff=staff.pk, address=BY_CODE).delete()
        record_deed(who=by, deed=Deed.FACTOR_RESET, target=name, at=now)


def _is_right(
    staff: Staff, code: str, *, sealer: Sealer, now: datetime, real: float, confirmed: bool
) -> bool:
    """With the tally held, so that guesses at once are counted one by one. Raises `CodeWrong` while it is
    locked: then nothing is tried.
    """
    StaffFailure.objects.bulk_create([StaffFailure(staff=staff.pk, address=BY_CODE)], ignore_conflicts=True)
    tally = StaffFailure.objects.select_for_update().get(staff=staff.pk, address=BY_CODE)
    if is_locked(tally.locked_until, now):
        raise CodeWrong(WAIT)
    clean = "".join(code.split())
    factor = StaffFactor.objects.filter(staff=staff.pk, confirmed_at__isnull=not confirmed).first()
    is_right = factor is not None and _takes(staff, factor, clean, sealer, real)
    if not is_right and confirmed:
        is_right = _takes_recovery(staff, clean, now)
    if is_right:
        StaffFailure.objects.filter(staff=staff.pk, address=BY_CODE).delete()
    else:
        _count(staff, tally, now)
    return is_right


def _takes(staff: Staff, factor: StaffFactor, code: str, sealer: Sealer, real: float) -> bool:
    try:
        secret = sealer.open(bytes(factor.secret), _context(staff))
    except SealBroken:
        return False
    step = step_of_code(secret, code, seconds=real, after=factor.last_step)
    if step is None:
        return False
    StaffFactor.objects.filter(staff=staff.pk).update(last_step=step)
    return True


def _takes_recovery(staff: Staff, code: str, now: datetime) -> bool:
    unused = StaffRecovery.objects.filter(staff=staff.pk, digest=_digest(code.lower()), used_at__isnull=True)
    return unused.update(used_at=now) > 0


def _count(staff: Staff, tally: StaffFailure, now: datetime) -> None:
    tally.failures = failures_that_count(tally.failures, tally.failed_at, now) + 1
    tally.failed_at, tally.locked_until = now, lock_after(tally.failures, now)
    tally.save(update_fields=["failures", "failed_at", "locked_until"])
    if tally.locked_until is not None:
        record_deed(who=staff.name, deed=Deed.LOCKED, target=staff.name, address=BY_CODE, at=now)


def _digest(code: str) -> bytes:
    return hashlib.sha256(code.encode()).digest()


def _context(staff: Staff) -> bytes:
    return b"staff_factor:%d" % staff.pk
