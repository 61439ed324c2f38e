"""`python -m tests.simulator.clients.run BASE`: all stories, by the wechatpy that comes first on the path.

Prints JSON lines: {"version"}; {"call", "code", "methods"} for each different answer; {"asked_for": {path:
[methods]}}, what wechatpy's source asks for; {"story", "difference"} for each story that
came out otherwise; {"stories": count} at the end.
"""

from __future__ import annotations

import importlib
import json
import sys
import traceback
from operator import attrgetter

import wechatpy
from wechatpy.exceptions import WeChatException

from .driver import STORIES, Difference, Stage
from .scan import asked_for

NOUNS = ("accounts", "people", "messages", "library", "sending", "pages", "agents")


def main(base: str) -> None:
    for noun in NOUNS:
        importlib.import_module(f"tests.simulator.clients.stories.{noun}")
    stage = Stage(base=base.rstrip("/"))
    say(version=wechatpy.__version__)
    told = [tell for tell, needs in STORIES if not needs or _has(stage.client, needs)]
    for tell in told:
        try:
            tell(stage)
        except (Difference, WeChatException) as error:
            say(
                story=tell.__name__,
                difference=f"{type(error).__name__}: {error}",
                at=traceback.format_exc(limit=-2),
            )
        except Exception:  # outermost frame of a story: wechatpy stumbled over an answer
            say(story=tell.__name__, difference=traceback.format_exc())
    for one in sorted(set(stage.asked), key=attrgetter("call", "code", "methods")):
        say(call=one.call, code=one.code, methods=one.methods)
    say(asked_for=asked_for())
    say(stories=len(told))


def say(**facts: object) -> None:
    print(json.dumps(facts, ensure_ascii=False), flush=True)


def _has(client: object, noun: str) -> bool:
    try:
        attrgetter(noun)(client)
    except AttributeError:
        return False
    return True


if __name__ == "__main__":
    main(sys.argv[1])
