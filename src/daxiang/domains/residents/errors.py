"""What can go wrong with what a person asks us to keep."""

from __future__ import annotations

from daxiang.kernel.errors import DomainError


class CarsFull(DomainError):
    """The person has as many remembered cars as we keep; she must drop one first."""

    code = "cars_full"


class MessagesFull(DomainError):
    """The person has as many messages waiting for the officers as one may leave within a day."""

    code = "messages_full"


class MessageSeen(DomainError):
    """Somebody inside has seen the message; it cannot be taken back any more."""

    code = "message_seen"


class MessageUnknown(DomainError):
    """None of her messages has this number, or there is none that she could mean."""

    code = "message_unknown"


class MessageGone(DomainError):
    """There is no message of this number any more."""

    code = "message_gone"


class MessageHeld(DomainError):
    """Another officer works on the message, or it is done with."""

    code = "message_held"
