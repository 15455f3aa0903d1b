"""The built files, and clean environments for them. No `__init__.py` here: `packaging` is a library's name."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from installing import Built, Environment, run


@pytest.fixture(scope="session")
def built(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Build the wheel and the sdist with hatchling, from the checkout."""
    out = tmp_path_factory.mktemp("built")
    run(sys.executable, "-m", "hatchling", "build", "--directory", out, cwd=root)
    (wheel,), (sdist,) = out.glob("*.whl"), out.glob("*.tar.gz")
    return Built(wheel, sdist)


@pytest.fixture
def environment(tmp_path: Path) -> Callable[..., Environment]:
    """Make a clean environment, elsewhere, in a folder whose name has a space and is not ASCII."""

    def make(python: str | Path = sys.executable) -> Environment:
        folder = tmp_path / "干净 环境"
        run(python, "-m", "venv", folder, cwd=tmp_path)
        return Environment(folder)

    return make


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A working folder that is not the project's."""
    folder = tmp_path / "别处 folder"
    folder.mkdir()
    return folder


@pytest.fixture(scope="session")
def python_313(tmp_path_factory: pytest.TempPathFactory, missing: Callable[[str], None]) -> Path:
    """Return a Python 3.13, where durable-rules does not exist."""
    for candidate in _candidates():
        try:
            said = run(candidate, "--version", cwd=tmp_path_factory.getbasetemp())
        except (OSError, AssertionError):
            continue  # a shim of pyenv that leads nowhere
        if said.startswith("Python 3.13"):
            return candidate
    missing("Python 3.13")
    raise AssertionError


def _candidates() -> Iterator[Path]:
    """Yield where a Python 3.13 may be: on the path, with pyenv, with uv."""
    if sys.version_info[:2] == (3, 13):
        yield Path(sys.executable)
    yield Path("python3.13")
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    yield from sorted(pyenv.glob("versions/3.13*/bin/python"))
    yield from sorted((Path.home() / ".local/share/uv/python").glob("cpython-3.13*/bin/python"))
