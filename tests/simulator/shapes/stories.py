"""All stories by answer."""

from __future__ import annotations

from . import stories_of_articles, stories_of_messages, stories_of_people
from .scene import STORIES, Scene

NOUNS = (stories_of_articles, stories_of_messages, stories_of_people)
"""Importing a noun registers its stories."""
__all__ = ["NOUNS", "STORIES", "Scene"]
