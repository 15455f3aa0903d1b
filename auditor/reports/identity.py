"""Identifiers that are the same in every run: made from what they stand for, never drawn."""

from __future__ import annotations

from uuid import UUID, uuid5

_NAMESPACE = UUID("6f1d3c0a-52a1-5e53-9d0b-2d1c3a7b9e44")


def identity(*parts: str) -> UUID:
    """Return the UUID (version 5) of what the parts name together."""
    # The lengths tell ("ab", "c") from ("a", "bc").
    return uuid5(_NAMESPACE, "".join(f"{len(part)}:{part}" for part in parts))
