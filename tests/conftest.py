"""What every test may ask for, and the conditions all of them run under."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from postgres import Server

Need = Callable[[str], str]

# A slow machine is no fault of the product; in CI the same examples are tried every time.
settings.register_profile(
    "ours", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.register_profile("ci", settings.get_profile("ours"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "ours")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--update-golden`: whole outputs are written anew, and the difference is read before it is committed."""
    parser.addoption("--update-golden", action="store_true", help="write the golden files anew")


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's folder."""
    return Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def missing() -> Callable[[str], None]:
    """Say that a tool is missing: in CI a failure, elsewhere a skip."""

    def say(tool: str) -> None:
        if os.environ.get("CI"):
            pytest.fail(f"{tool} is missing", pytrace=False)
        pytest.skip(f"{tool} is missing")

    return say


@pytest.fixture(scope="session")
def need(missing: Callable[[str], None]) -> Need:
    """Return a program's path, or say that it is missing."""

    def find(program: str) -> str:
        found = shutil.which(program)
        if found is None:
            missing(program)
        assert found is not None
        return found

    return find


@pytest.fixture(scope="session")
def postgresql(missing: Callable[[str], None]) -> Iterator[Server]:
    """Return a PostgreSQL server that is there for the tests alone; it takes two seconds to start."""
    try:
        from postgres import binaries, running
    except ImportError:
        missing("psycopg")
    programs = binaries()
    if programs is None:
        missing("PostgreSQL")
    assert programs is not None
    with running(programs) as server:
        yield server
