"""Which database this copy uses."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from daxiang.foundation.database.place import password, place_of
from daxiang.foundation.settings import Settings


def database_url(settings: Settings) -> str:
    """`DATABASE_URL`, or the private cluster of this home, which need not exist yet."""
    return settings.database_url or cluster_url(settings.home)


def cluster_url(home: Path) -> str:
    """The address of the private cluster of that home."""
    place = place_of(home)
    return f"postgresql://daxiang:{password(place)}@/daxiang?host={quote(str(place.socket_dir))}"
