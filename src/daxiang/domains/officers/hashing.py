"""Passwords by Argon2id (RFC 9106), computed by `cryptography`, written as Django's own hasher does."""

from __future__ import annotations

import base64
import os
from typing import Any

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from django.contrib.auth.hashers import BasePasswordHasher


class Argon2idHasher(BasePasswordHasher):
    """64 MiB, three passes, one lane: the second recommendation of RFC 9106, with less parallelism."""

    algorithm = "argon2"
    memory_kib = 64 * 1024
    passes = 3
    lanes = 1

    def salt(self) -> str:
        return base64.b64encode(os.urandom(16)).decode().rstrip("=")

    def encode(self, password: str, salt: str) -> str:
        derived = Argon2id(
            salt=salt.encode(),
            length=32,
            iterations=self.passes,
            lanes=self.lanes,
            memory_cost=self.memory_kib,
        )
        return self.algorithm + derived.derive_phc_encoded(password.encode())

    def verify(self, password: str, encoded: str) -> bool:
        try:
            Argon2id.verify_phc_encoded(password.encode(), self._phc(encoded))
        except InvalidKey:
            return False
        return True

    def decode(self, encoded: str) -> dict[str, Any]:
        _, variety, version, costs, salt, digest = encoded.split("$", 5)
        named = dict(part.split("=") for part in costs.split(","))
        return {
            "algorithm": self.algorithm,
            "variety": variety,
            "version": version,
            "salt": salt,
            "hash": digest,
            **{name: int(value) for name, value in named.items()},
        }

    def must_update(self, encoded: str) -> bool:
        held = self.decode(encoded)
        return (held["m"], held["t"], held["p"]) != (self.memory_kib, self.passes, self.lanes)

    def safe_summary(self, encoded: str) -> dict[Any, Any]:
        held = self.decode(encoded)
        return {name: held[name] for name in ("algorithm", "variety", "m", "t", "p")}

    def harden_runtime(self, password: str, encoded: str) -> None:
        """Nothing to do: the costs are part of what is verified."""

    def _phc(self, encoded: str) -> str:
        return encoded.removeprefix(self.algorithm)
