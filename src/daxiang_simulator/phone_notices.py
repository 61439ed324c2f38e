"""What a person may subscribe to: the templates of an account's notices, as the consent sheet shows them."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from .asked import answer, person_of
from .keys import WORLD
from .platform.notice_templates import LONG_TERM
from .platform.templates import fields_of

routes = web.RouteTableDef()


@routes.get("/_sim/users/{user}/notices")
async def notices(request: web.Request) -> web.Response:
    """The templates of ?account= with what this person has agreed to; `left` is -1 for without end."""
    world, person = request.app[WORLD], person_of(request)
    account = world.account(request.query.get("account"))
    consents = world.followers.of(account, person)["consents"]
    held = world.shelves["notice_template"].of(account.name)
    listed = [_shown(number, template, consents.get(number, 0)) for number, template in held.items()]
    return answer({"notices": listed})


def _shown(number: str, template: dict[str, Any], left: int) -> dict[str, Any]:
    return {
        "template_id": number,
        "title": template["title"],
        "labels": [label for _, label in fields_of(template["content"])],
        "is_long_term": template["type"] == LONG_TERM,
        "left": left,
    }
