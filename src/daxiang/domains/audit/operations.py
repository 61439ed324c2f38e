"""Writing down who looked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from daxiang.domains.audit.models import AuditLook


def record_looks(*, who: str, what: str, targets: Iterable[str], purpose: str, at: datetime) -> None:
    """One row for each thing that is about to be shown, inside the caller's transaction."""
    AuditLook.objects.bulk_create(
        AuditLook(who=who, what=what, target=target, purpose=purpose, at=at) for target in targets
    )
