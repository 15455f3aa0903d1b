"""The list of the hostile files: how each is made, and what an audit may say about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Make = Callable[[Path], Path]
"""Writes a hostile file into an empty folder, and returns the path that is audited."""


@dataclass(frozen=True)
class Hostile:
    """One hostile data set: its name, the codes of which one must be told, and how it is made."""

    name: str
    codes: frozenset[str]
    make: Make
    is_posix_only: bool = False


HOSTILE: dict[str, Hostile] = {}
"""Every hostile data set by its name; the modules that make them fill it."""


def hostile(*codes: str, is_posix_only: bool = False) -> Callable[[Make], Make]:
    """List a maker as a hostile data set of its own name; one of the codes must be told (`table.` is left out)."""

    def listed(make: Make) -> Make:
        told = frozenset(f"table.{code}" for code in codes)
        HOSTILE[make.__name__] = Hostile(make.__name__, told, make, is_posix_only)
        return make

    return listed
