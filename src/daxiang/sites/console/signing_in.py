"""A signed-in browser: whose it is, how it begins, how it ends. Django's sessions carry it.

Its own `login` and `get_user` need the tables of its `auth` app, which is not installed.
"""

from __future__ import annotations

import time

from django.http import HttpRequest
from django.middleware.csrf import rotate_token
from django.utils.crypto import constant_time_compare

from daxiang.domains.officers.models import Staff

_WHO, _PROOF, _PASSED, _SEEN = "staff", "proof", "passed", "seen"
IDLE_S, NOTED_EVERY_S = 3600, 60
"""A browser that nobody has touched so long is signed out; its last use is kept to the minute. Unix time."""


def begin(request: HttpRequest, staff: Staff, *, passed: bool = False) -> None:
    """From now on this browser is that account's, under a new session and a new form token. `passed`: its
    second factor was given already.
    """
    request.session.flush()
    request.session[_WHO] = staff.pk
    request.session[_PROOF] = staff.get_session_auth_hash()
    request.session[_PASSED] = passed
    request.session[_SEEN] = int(time.time())
    rotate_token(request)


def has_passed(request: HttpRequest) -> bool:
    """Whether the second factor was given in this session."""
    return request.session.get(_PASSED) is True


def end(request: HttpRequest) -> None:
    """The session is over, here and in the database."""
    request.session.flush()


def staff_of(request: HttpRequest) -> Staff | None:
    """Whoever is signed in; None for a stranger, an ended account, and after another password was set."""
    who, proof = request.session.get(_WHO), request.session.get(_PROOF)
    if who is None or proof is None:
        return None
    staff = Staff.objects.filter(pk=who, is_active=True).first()
    if staff is None or not constant_time_compare(proof, staff.get_session_auth_hash()):
        end(request)
        return None
    idle_s = int(time.time()) - request.session.get(_SEEN, 0)
    if idle_s > IDLE_S:
        end(request)
        return None
    if idle_s >= NOTED_EVERY_S:
        request.session[_SEEN] = int(time.time())
    return staff
