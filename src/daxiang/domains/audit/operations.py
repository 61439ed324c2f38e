"""Writing down who looked, and who did what."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from daxiang.domains.audit.models import AuditDeed, AuditLook


def record_looks(*, who: str, what: str, targets: Iterable[str], purpose: str, at: datetime) -> None:
    """One row for each thing that is about to be shown, inside the caller's transaction."""
    AuditLook.objects.bulk_create(
        AuditLook(who=who, what=what, target=target, purpose=purpose, at=at) for target in targets
    )


def record_deed(*, who: str, deed: str, target: str, at: datetime, address: str = "") -> None:
    """One row for what was done, inside the transaction that does it."""
    AuditDeed.objects.create(who=who, deed=deed, target=target, address=address, at=at)


def count_deeds(*, deed: str, target: str, since: datetime, most: int) -> int:
    """How often that was done to it since then; counted up to `most`."""
    found = AuditDeed.objects.filter(target=target, at__gt=since, deed=deed)
    return found.values("id")[:most].count()
