"""Small drawings of the console's pages: a symbol for a state, an icon for a thing."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def state(name: str) -> SafeString:
    """The symbol of a state: ok, warn, bad, live, idle, stale, todo. A word stands beside it."""
    return format_html(
        '<svg class="y y-{}" aria-hidden="true" focusable="false"><use href="#s-{}"/></svg>', name, name
    )


@register.simple_tag
def icon(name: str) -> SafeString:
    return format_html('<svg class="i" aria-hidden="true" focusable="false"><use href="#i-{}"/></svg>', name)


@register.filter
def unlocalize_number(value: float) -> str:
    """A number for an SVG attribute: a point, whatever the language."""
    return f"{value:g}"
