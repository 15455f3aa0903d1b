"""The one place that knows where the shipped rules and fixtures lie."""

from __future__ import annotations

from pathlib import Path


def shipped(name: str) -> Path:
    """Return the path of a shipped folder or file, such as `rules/packs` or `fixtures/university-2024`.

    In a wheel they lie inside the package, under `_shipped/`; in a checkout (also an editable install)
    beside the package.
    """
    package = Path(__file__).resolve().parent
    inside = package / "_shipped" / name
    return inside if inside.exists() else package.parent / name
