"""The clock that every page reads."""

from __future__ import annotations

from functools import cache

from django.conf import settings

from daxiang.kernel.clock import Clock, clock_from


@cache
def business_clock() -> Clock:
    """Business time in Beijing, the same in every process."""
    return clock_from(settings.DAXIANG.clock_file)
