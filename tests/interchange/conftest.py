"""Whole reports held against golden files, byte for byte."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[1] / "golden" / "reports"


@pytest.fixture
def hold(request: pytest.FixtureRequest) -> Callable[[str, bytes], None]:
    """Hold a report against its golden file; with `pytest --update-golden` the file is written instead."""

    def check(name: str, report: bytes) -> None:
        path = FOLDER / name
        if request.config.getoption("--update-golden", default=False):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(report)
        assert path.is_file(), f"there is no {path.name}: run pytest --update-golden, and read it"
        assert report == path.read_bytes()

    return check
