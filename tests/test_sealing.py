"""Sealed values open as themselves only."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daxiang.foundation.sealing import SealBroken, Sealer

OLD, NEW = b"o" * 32, b"n" * 32


@given(st.binary(), st.binary())
def test_a_value_sealed_before_the_keys_changed_still_opens(plain: bytes, context: bytes) -> None:
    sealed = Sealer({"old": OLD}).seal(plain, context)
    assert Sealer({"new": NEW, "old": OLD}).open(sealed, context) == plain


@given(st.binary(), st.data())
def test_a_value_with_any_byte_changed_does_not_open(plain: bytes, data: st.DataObject) -> None:
    sealer = Sealer({"k": NEW})
    sealed = bytearray(sealer.seal(plain, b"row 1"))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(SealBroken):
        sealer.open(bytes(sealed), b"row 1")


@given(st.binary(max_size=60))
def test_no_rubbish_opens(rubbish: bytes) -> None:
    with pytest.raises(SealBroken):
        Sealer({"k": NEW}).open(rubbish, b"")


def test_a_value_moved_to_another_row_does_not_open() -> None:
    sealer = Sealer({"k": NEW})
    with pytest.raises(SealBroken):
        sealer.open(sealer.seal(b"plate", b"row 1"), b"row 2")
