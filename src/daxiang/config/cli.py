"""The `daxiang` command: one parser, a module a group of commands.

Exit status: 0 on success, 1 when nothing could be answered or the act was refused, 2 on bad input with one
clear line on standard error.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

from daxiang import __version__
from daxiang.foundation.environment import SettingWrong
from daxiang.foundation.supervisor.bytecode import keep_own_bytecode
from daxiang.kernel.errors import DomainError

GROUPS = {
    "cli_up": ("up", "down", "accounts"),
    "cli_database": ("database", "migrate", "manage"),
    "cli_roles": ("gateway", "web", "worker", "simulator"),
    "cli_ask": ("ask",),
    "cli_rules": ("rules",),
    "cli_briefing": ("briefing",),
    "cli_officers": ("officers",),
    "cli_staff": ("staff",),
    "cli_menu": ("menu",),
}
"""Module -> its commands. A command imports its own module alone: after a crash every tenth of a second of
a role's start is a tenth in which nobody is answered.
"""


def build_parser(modules: Sequence[str] = tuple(GROUPS)) -> argparse.ArgumentParser:
    """The parser of those groups of commands."""
    parser = argparse.ArgumentParser(prog="daxiang", description="A city's traffic police inside WeChat.")
    parser.add_argument("--version", action="version", version=f"daxiang {__version__}")
    commands = parser.add_subparsers(title="commands", dest="command", required=True, metavar="COMMAND")
    for module in modules:
        import_module(f"daxiang.config.{module}").register(commands)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status; every foreseen failure is one line, never a traceback."""
    if arguments is None:
        keep_own_bytecode()
    given = sys.argv[1:] if arguments is None else list(arguments)
    asked = [module for module, names in GROUPS.items() if given and given[0] in names]
    args = build_parser(asked or tuple(GROUPS)).parse_args(given)
    try:
        status: int = args.run(args)
    except (SettingWrong, DomainError) as error:
        print(f"daxiang: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        return 1
    return status


if __name__ == "__main__":
    sys.exit(main())
