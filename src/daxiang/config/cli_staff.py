"""`daxiang staff add|renew|end|roles|unbind|officer|list`: who may sign in to the console."""

from __future__ import annotations

import argparse
import getpass
import os
from datetime import datetime
from typing import Any

from daxiang.config.shared_clock import shared_clock
from daxiang.domains.officers.permissions import NAMES, Role, role_of
from daxiang.domains.officers.rules import ONE_TIME_FOR
from daxiang.foundation.demo import with_demo_values
from daxiang.foundation.environment import SettingWrong
from daxiang.kernel.clock import clock_from

_LONGEST_NAME = 40
_ROLES = "editor, reviewer, operator, caseworker or administrator; may be given again (default: caseworker)"


def register(commands: argparse._SubParsersAction[Any]) -> None:
    staff = commands.add_parser("staff", help="accounts of the console")
    parts = staff.add_subparsers(title="parts", dest="part", required=True, metavar="PART")
    for part, meaning, work in (
        ("add", "make an account; its one-time password is printed once", _add),
        ("renew", "a new one-time password; ends the account's sessions", _renew),
        ("end", "the account opens nothing any more", _end),
    ):
        command = parts.add_parser(part, help=meaning)
        command.add_argument("name", metavar="NAME")
        command.set_defaults(run=work)
        if part == "add":
            command.add_argument("--role", action="append", default=[], metavar="ROLE", help=_ROLES)
    roles = parts.add_parser("roles", help="give an account these roles and no others")
    roles.add_argument("name", metavar="NAME")
    roles.add_argument("role", nargs="+", metavar="ROLE", help=_ROLES)
    roles.set_defaults(run=_set_roles)
    reset = parts.add_parser("unbind", help="the telephone is lost: another one is bound at next sign-in")
    reset.add_argument("name", metavar="NAME")
    reset.set_defaults(run=_reset_code)
    officer = parts.add_parser("officer", help="which officer of the roll it is: 待审 in her chat")
    officer.add_argument("name", metavar="NAME")
    officer.add_argument("number", nargs="?", metavar="NUMBER", help="her 警号; none: nobody's")
    officer.set_defaults(run=_set_officer)
    parts.add_parser("list", help="all accounts").set_defaults(run=_list)


def _prepared() -> None:
    """Django is set up here and not above: `--help` must not pay for it."""
    os.environ.update(with_demo_values())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "daxiang.config.django_settings")
    import django

    django.setup()


def _add(args: argparse.Namespace) -> int:
    _prepared()
    from daxiang.domains.officers.operations import add_staff

    roles = _roles(args.role) or [Role.CASEWORKER]
    password = add_staff(name=_name(args.name), by=_by(), now=_now(), roles=roles)
    return _print_once(args.name, password)


def _set_roles(args: argparse.Namespace) -> int:
    _prepared()
    from daxiang.domains.officers.operations import set_roles

    roles = _roles(args.role)
    set_roles(name=_name(args.name), roles=roles, by=_by(), now=_now())
    print(f"{args.name} 现在是：{'、'.join(NAMES[one] for one in roles)}。")
    return 0


def _reset_code(args: argparse.Namespace) -> int:
    _prepared()
    from daxiang.domains.officers.second_factor import reset_factor

    reset_factor(name=_name(args.name), by=_by(), now=_now())
    print(f"{args.name} 的手机验证器解绑了，下次登录时重新绑。")
    return 0


def _set_officer(args: argparse.Namespace) -> int:
    _prepared()
    from django.conf import settings
    from django.db import connection

    from daxiang.domains.officers.operations import set_officer
    from daxiang.domains.officers.people import officer_of_number
    from daxiang.domains.officers.people_marks import PeopleMarks

    ident = None
    if args.number is not None:
        with connection.cursor() as cursor:
            marks = PeopleMarks(settings.DAXIANG.index_key)
            ident = officer_of_number(cursor, args.number, marks=marks)
    set_officer(name=_name(args.name), officer=ident, by=_by(), now=_now())
    print(f"{args.name} 现在是警号 {args.number}。" if args.number else f"{args.name} 不再连着哪位民警。")
    return 0


def _roles(names: list[str]) -> list[Role]:
    found = [role_of(one) for one in names]
    if None in found:
        raise SettingWrong(f"ROLE: {', '.join(Role)}.")
    return [one for one in found if one is not None]


def _renew(args: argparse.Namespace) -> int:
    _prepared()
    from daxiang.domains.officers.operations import renew_password

    return _print_once(args.name, renew_password(name=_name(args.name), by=_by(), now=_now()))


def _end(args: argparse.Namespace) -> int:
    _prepared()
    from daxiang.domains.officers.operations import end_staff

    end_staff(name=_name(args.name), by=_by(), now=_now())
    print(f"{args.name}：这个账号停用了，已经登录的也退出了。")
    return 0


def _list(_args: argparse.Namespace) -> int:
    _prepared()
    from daxiang.domains.officers.models import Staff

    for one in Staff.objects.order_by("name"):
        state = "停用" if not one.is_active else "还没设自己的密码" if one.must_change else "在用"
        print(f"{one.name}\t{state}\t{'、'.join(NAMES[role] for role in Role if role in one.roles)}")
    return 0


def _name(name: str) -> str:
    clean = name.strip()
    if not 1 <= len(clean) <= _LONGEST_NAME or not clean.isprintable():
        raise SettingWrong(f"NAME: 1 to {_LONGEST_NAME} printable characters.")
    return clean


def _by() -> str:
    """Who is written down as having done it: the machine's account, by its number if it has no name."""
    try:
        return f"os:{getpass.getuser()}"
    except (KeyError, OSError):
        return f"os:{os.getuid()}"


def _now() -> datetime:
    return clock_from(shared_clock()).now()


def _print_once(name: str, password: str) -> int:
    """The only place where it is ever seen."""
    print(f"{name} 的一次性密码：{password}")
    print(f"只显示这一次，{ONE_TIME_FOR.days}天内有效。第一次登录后要换成自己的密码。")
    return 0
