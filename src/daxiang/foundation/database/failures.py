"""What can go wrong with the private cluster: one class a failure, one sentence each."""

from __future__ import annotations


class ClusterFailure(Exception):
    """The private cluster cannot be used; `str()` is one sentence for the operator."""

    lasting = False
    """True when starting again cannot help until somebody changes something."""


class BinariesMissing(ClusterFailure):
    """No PostgreSQL was found, or what was found cannot be used."""

    lasting = True


class AnotherLauncher(ClusterFailure):
    """Another live process runs the cluster of this home."""


class DiskFull(ClusterFailure):
    """No space left where the cluster lies."""


class OtherVersion(ClusterFailure):
    """The cluster was made by another major version of PostgreSQL than the one found now."""

    lasting = True


class DidNotStart(ClusterFailure):
    """PostgreSQL or its initdb ended before it was ready; the sentence carries its last words."""


def why(what: str, said: str) -> ClusterFailure:
    """The failure for a program that ended badly, from what it said."""
    if "No space left on device" in said or "Disk quota exceeded" in said:
        return DiskFull(
            "The disk is full, so the database cannot run; make room and it comes back by itself."
        )
    told = [line.strip() for line in said.splitlines() if line.strip()]
    worst = [line for line in told if "FATAL" in line or "PANIC" in line or "error:" in line]
    last = (worst or told or ["it said nothing"])[-1]
    return DidNotStart(f"{what} failed: {last}")
