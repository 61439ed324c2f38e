"""How a call to a vendor can end when it does not succeed: exactly three ways, whoever the vendor is.

What the caller does next follows from the class alone, so that no code needs to know a vendor's codes to stay
safe: `Refused` is final, `Unavailable` may be tried again, `OutcomeUnknown` must be asked about and never
repeated blindly (unless the vendor itself recognises the repeat by an id that we gave).
"""

from __future__ import annotations


class VendorFailure(Exception):
    """The base of the three; never raised itself."""

    def __init__(self, code: int | str, message: str, rid: str | None = None) -> None:
        """`code`: the vendor's code, or a short word of ours (`timeout`, `refused_connection`, `unfit`).
        `message`: the vendor's own words or ours, never a token or a secret. `rid`: the vendor's name for
        this call, by which it can be looked up later.
        """
        super().__init__(f"{code}: {message}" if message else str(code))
        self.code = code
        self.message = message
        self.rid = rid


class Refused(VendorFailure):
    """Certainly not done, and the same request would be refused again. Never repeat it unchanged."""


class Unavailable(VendorFailure):
    """Certainly not done; the same request may succeed later."""

    def __init__(
        self, code: int | str, message: str, rid: str | None = None, *, retry_after_s: float | None = None
    ) -> None:
        """`retry_after_s`: when a try makes sense again, where that is known; seconds."""
        super().__init__(code, message, rid)
        self.retry_after_s = retry_after_s


class OutcomeUnknown(VendorFailure):
    """The request left and no readable answer came: it may have been done. Ask; never repeat it as a new
    one.
    """
