"""Runs programs as a newcomer would, in environments with nothing in them but what was installed."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

BIN = "Scripts" if os.name == "nt" else "bin"
OURS = ("PYTHON", "PIP_REQUIRE", "VIRTUAL_ENV", "DUCHA", "PYTEST")
"""The beginnings of variables that would tell a program about this test run."""


def run(*words: str | Path, cwd: Path, wanted: int = 0) -> str:
    """Run a program as a newcomer would; return what it prints on both streams."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    done = subprocess.run(
        [str(word) for word in words],
        cwd=cwd,
        env=clean,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == wanted, done.stdout
    return done.stdout


@dataclass(frozen=True)
class Environment:
    """A virtual environment with nothing in it but what was installed."""

    folder: Path

    @property
    def python(self) -> Path:
        """Its Python."""
        return self.folder / BIN / "python"

    def pip(self, *words: str | Path) -> str:
        """Run its pip."""
        return run(self.python, "-m", "pip", *words, cwd=self.folder)

    def ducha(self, *words: str, cwd: Path, wanted: int = 0) -> str:
        """Run the installed command."""
        return run(self.folder / BIN / "ducha", *words, cwd=cwd, wanted=wanted)


@dataclass(frozen=True)
class Built:
    """What the project is handed out as."""

    wheel: Path
    sdist: Path
