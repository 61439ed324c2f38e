"""The real `up` and `database` with tiny roles instead of ours: `python fake_cli.py up`.

A role listens on its port, answers everything with 200 and the text `role pid`, and does what FAKE_<ROLE>
says: `status 2` (end at once), `deaf` (ignore SIGTERM), `child` (start a grandchild that sleeps).
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
from typing import Any

from daxiang.config import cli_database, cli_up
from daxiang.foundation.settings import read_settings
from daxiang.foundation.supervisor.lifeline import hold_on


class FakeRoles:
    @staticmethod
    def register(commands: argparse._SubParsersAction[Any]) -> None:
        for role in ("gateway", "web", "worker", "simulator"):
            parser = commands.add_parser(role)
            parser.add_argument("--fd", type=int)
            parser.set_defaults(run=serve)


def serve(args: argparse.Namespace) -> int:
    hold_on()
    wish = os.environ.get(f"FAKE_{args.command.upper()}", "")
    if wish == "status 2":
        print("daxiang: DAXIANG_CITY: wanted a city.", file=sys.stderr)
        return 2
    if wish == "deaf":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if wish == "child":
        subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    answer_all(listener(args), f"{args.command} {os.getpid()}")
    return 0


def listener(args: argparse.Namespace) -> socket.socket:
    if args.fd is not None:
        inherited = socket.socket(fileno=args.fd)
        inherited.setblocking(True)
        return inherited
    own = socket.create_server(("127.0.0.1", getattr(read_settings().ports, args.command)))
    print(f"{args.command} listens")
    return own


def answer_all(server: socket.socket, text: str) -> None:
    while True:
        connection, _ = server.accept()
        with connection:
            connection.recv(65536)
            body = text.encode()
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
            time.sleep(0)


if __name__ == "__main__":
    cli_up._COMMAND = (sys.executable, __file__)
    parser = argparse.ArgumentParser()
    subparsers = parser.add_subparsers(dest="command", required=True)
    for group in (cli_up, cli_database, FakeRoles):
        group.register(subparsers)

    arguments = parser.parse_args()
    sys.exit(arguments.run(arguments))
