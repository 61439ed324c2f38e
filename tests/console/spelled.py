"""What a page for binding a telephone shows; knows no Django."""

from __future__ import annotations

import base64
import re


def secret_on(page: str) -> bytes:
    """The secret that the page for binding a telephone spells."""
    found = re.search(r'class="mono">([A-Z2-7 ]+)<', page)
    assert found is not None
    return base64.b32decode(found[1].replace(" ", ""))
