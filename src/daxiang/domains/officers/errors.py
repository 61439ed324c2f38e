"""What can go wrong with an account; `str(error)` is the sentence for whoever stands before it."""

from __future__ import annotations

from typing import ClassVar

from daxiang.kernel.errors import DomainError


class NameTaken(DomainError):
    """There is an account of this name already, perhaps an ended one."""

    code: ClassVar[str] = "name_taken"


class StaffUnknown(DomainError):
    """There is no account of this name."""

    code: ClassVar[str] = "staff_unknown"


class PasswordUnfit(DomainError):
    """This may not be a password."""

    code: ClassVar[str] = "password_unfit"


class PasswordWrong(DomainError):
    """The present password is not this one, or the account is locked after wrong ones."""

    code: ClassVar[str] = "password_wrong"


class TooManyAtOnce(DomainError):
    """So many passwords are being tried at this moment that this one was not; try again."""

    code: ClassVar[str] = "too_many_at_once"


class CodeWrong(DomainError):
    """The one-time code is wrong or used, or the account is locked after wrong ones."""

    code: ClassVar[str] = "code_wrong"


class OfficerTaken(DomainError):
    """Another account says that it is this officer's."""

    code: ClassVar[str] = "officer_taken"


class LastAdministrator(DomainError):
    """Nobody could give roles any more."""

    code: ClassVar[str] = "last_administrator"


class RollWrong(DomainError):
    """A file is no roll of officers at all."""

    code: ClassVar[str] = "roll_wrong"


class OfficerUnknown(DomainError):
    """There is no officer of this number on the roll."""

    code: ClassVar[str] = "officer_unknown"


class CodeUnfit(DomainError):
    """A binding code is wrong, used, late, or there were too many; which of them is not said."""

    code: ClassVar[str] = "code_unfit"
