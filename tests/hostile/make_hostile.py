"""Make the hostile files: python -m hostile.make_hostile FOLDER (from `tests`). Some are some hundred megabytes."""

from __future__ import annotations

import sys
from pathlib import Path

from hostile import bad_archives, bad_books, bad_sheets, bad_texts
from hostile.registry import HOSTILE

MADE_BY = (bad_archives, bad_sheets, bad_books, bad_texts)
"""Importing them fills the list."""


def make(name: str, folder: Path) -> Path:
    """Write one of them into a folder of its own below the one given, and return the path to audit."""
    place = folder / name
    place.mkdir(parents=True)
    return HOSTILE[name].make(place)


if __name__ == "__main__":
    for each in HOSTILE:
        make(each, Path(sys.argv[1]))
