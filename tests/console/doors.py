"""Going in and out of the console, as a browser does."""

from __future__ import annotations

import re
import time
from datetime import datetime
from typing import Any

from django.conf import settings
from django.test import Client

from daxiang.domains.officers.models import Staff, StaffFactor
from daxiang.domains.officers.operations import add_staff
from daxiang.domains.officers.operations import sign_in as sign_in_from
from daxiang.domains.officers.permissions import Role
from daxiang.domains.officers.totp import code_at, step_at
from daxiang.foundation.sealing import Sealer
from daxiang.kernel.clock import SHANGHAI
from tests.console.spelled import secret_on

HERE = "198.51.100.7"
NOW = datetime(2026, 11, 24, 8, 10, tzinfo=SHANGHAI)
OWN = "a password of my own"


def sign_in(*, name: str, password: str, now: datetime, address: str = HERE) -> Staff | None:
    return sign_in_from(name=name, password=password, address=address, now=now)


def token_of(browser: Client, address: str) -> str:
    found = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', browser.get(address).content)
    return found[1].decode() if found else ""


def post(browser: Client, page: str, **fields: str) -> Any:
    """Fill in the form of a page and send it, as a browser does."""
    address = f"/console/{page}/"
    return browser.post(address, {**fields, "csrfmiddlewaretoken": token_of(browser, address)})


def act(browser: Client, address: str, /, **fields: Any) -> Any:
    """Press a button of a page that was shown before."""
    token = browser.cookies[settings.CSRF_COOKIE_NAME].value
    return browser.post(address, {**fields, "csrfmiddlewaretoken": token})


def leave_console(browser: Client) -> None:
    act(browser, "/console/sign-out/")


def bound(browser: Client) -> bytes:
    """Bind a telephone; its secret."""
    secret = secret_on(browser.get("/console/enrol/").content.decode())
    assert post(browser, "enrol", code=code_at(secret, step_at(time.time()))).status_code == 200
    return secret


def secret_of(name: str) -> bytes:
    """What the telephone of an account holds."""
    factor = StaffFactor.objects.get(staff=Staff.objects.get(name=name).pk)
    return Sealer(settings.DAXIANG.data_keys).open(bytes(factor.secret), b"staff_factor:%d" % factor.staff)


def next_code(name: str, secret: bytes) -> str:
    """A code that has not been used yet, as if half a minute had passed."""
    pk = Staff.objects.get(name=name).pk
    StaffFactor.objects.filter(staff=pk).update(last_step=step_at(time.time()) - 2)
    return code_at(secret, step_at(time.time()))


def signed_in(browser: Client, name: str = "zhao", *roles: Role) -> Client:
    printed = add_staff(name=name, by="os:test", now=NOW, roles=roles or (Role.CASEWORKER,))
    assert post(browser, "sign-in", name=name, password=printed).status_code == 302
    assert post(browser, "password", password=OWN, again=OWN).status_code == 302
    bound(browser)
    return browser
