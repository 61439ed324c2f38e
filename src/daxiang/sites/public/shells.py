"""The frames in which the same page is shown: the site, the same inside WeChat, the same in English."""

from __future__ import annotations

from dataclasses import dataclass

from daxiang.sites.public.languages import CHINESE, ENGLISH, Texts


@dataclass(frozen=True, kw_only=True)
class Shell:
    """Where a page is shown: its frame, its language, its own address and that of its other language."""

    name: str
    home: str
    frame: str = "public/site.html"
    texts: Texts = CHINESE
    other: str = "/en/"
    rules: str = "/cities/{city}/"


SITE = Shell(name="home", home="/")
INSIDE = Shell(name="inside", home="/m/", frame="public/inside.html")
IN_ENGLISH = Shell(name="english", home="/en/", texts=ENGLISH, other="/", rules="/en/cities/{city}/")
