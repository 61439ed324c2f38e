"""An edition as officers get it, for a template: sections, figures, pictures, the drawing of the city."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings

from daxiang.design.city_drawing import Drawing, draw
from daxiang.domains.briefings.content import Content, Figure, Section, SectionKind
from daxiang.domains.briefings.media import Kept
from daxiang.domains.restrictions.queries import load_city
from daxiang.domains.restrictions.values import PlaceKind


def told(content: Content, *, media: Mapping[str, Kept]) -> dict[str, Any]:
    """The whole edition. `minutes`: how long it takes to read, at 400 signs a minute."""
    signs = sum(
        len(text) for section in content.sections for one in section.articles for text in one.paragraphs
    )
    return {
        "title": content.title,
        "teaser": content.teaser,
        "minutes": max(1, round(signs / 400)),
        "sections": [_section(one, place, media) for place, one in enumerate(content.sections)],
    }


def _section(section: Section, place: int, media: Mapping[str, Kept]) -> dict[str, Any]:
    return {
        "id": f"s{place}",
        "title": section.title,
        "is_must": section.kind is SectionKind.MUST,
        "is_correction": section.kind is SectionKind.CORRECTION,
        "figures": [_figure(one) for one in section.figures],
        "articles": [
            {
                "title": one.title,
                "paragraphs": one.paragraphs,
                "media": [media[name] for name in one.media if name in media],
            }
            for one in section.articles
        ],
        "drawing": _drawing(section) if section.points else None,
    }


def _figure(figure: Figure) -> dict[str, Any]:
    if figure.before is None:
        compared, share = "没有上周的数", 0
    else:
        difference = figure.count - figure.before
        compared = (
            "和上周同日一样"
            if difference == 0
            else (f"比上周同日{'多' if difference > 0 else '少'} {abs(difference)}")
        )
        share = figure.before
    most = max(figure.count, share, 1)
    return {
        "name": figure.name,
        "count": figure.count,
        "compared": compared,
        "now": round(100 * figure.count / most, 1),
        "then": None if figure.before is None else round(100 * figure.before / most, 1),
    }


def _drawing(section: Section) -> Drawing:
    cards = load_city(settings.DAXIANG.city)
    crossings: Sequence[tuple[str, float, float]] = [
        (one.short_name, one.lon, one.lat)
        for one in cards.places.values()
        if one.kind in (PlaceKind.BRIDGE, PlaceKind.TUNNEL)
    ]
    return draw(
        rivers=[(one.name, one.line) for one in cards.ground.rivers],
        crossings=crossings,
        points=[(one.lon, one.lat, one.severity, one.label) for one in section.points],
    )
