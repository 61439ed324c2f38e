"""Every reading of several words together, and never more than can be weighed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice, product
from math import prod
from typing import TypeVar

MOST_READINGS = 12
"""Of one text. What has more is cut, and never answered as certain."""

Option = TypeVar("Option")


def combined(options: Sequence[Sequence[Option]]) -> tuple[list[tuple[Option, ...]], bool]:
    """One option of each word, the likeliest first; and whether something was left out.

    Where there would be more readings than MOST_READINGS only the first words are read, so that the work does
    not grow with the text: a list of twenty days that may each be past or to come has a million readings.
    """
    kept = len(options)
    while kept > 1 and prod(map(len, options[:kept])) > MOST_READINGS:
        kept -= 1
    found = list(islice(product(*options[:kept]), MOST_READINGS + 1))
    return found[:MOST_READINGS], kept < len(options) or len(found) > MOST_READINGS
