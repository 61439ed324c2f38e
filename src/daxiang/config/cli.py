"""The `daxiang` command: one parser, a module a group of commands.

Exit status: 0 on success, 1 when nothing could be answered or the act was refused, 2 on bad input with one
clear line on standard error.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from daxiang import __version__
from daxiang.config import cli_ask, cli_roles, cli_rules, cli_up
from daxiang.foundation.settings import SettingWrong
from daxiang.kernel.errors import DomainError


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="daxiang", description="A city's traffic police inside WeChat.")
    parser.add_argument("--version", action="version", version=f"daxiang {__version__}")
    commands = parser.add_subparsers(title="commands", dest="command", required=True, metavar="COMMAND")
    for group in (cli_up, cli_roles, cli_ask, cli_rules):
        group.register(commands)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status; every foreseen failure is one line, never a traceback."""
    args = build_parser().parse_args(arguments)
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
