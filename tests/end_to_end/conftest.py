"""The program run within the test, and a small organisation to run it on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from auditor.commands import main
from end_to_end.small_world import write_data, write_pack


@dataclass(frozen=True)
class Ran:
    """What a run left behind: its exit code, and what it wrote to each stream."""

    code: int
    out: bytes
    err: str

    @property
    def text(self) -> str:
        return self.out.decode("utf-8")


Run = Callable[..., Ran]


@pytest.fixture
def run(capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Run the program in an empty working folder; nothing it says may be a traceback or Python's own words."""
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    monkeypatch.setenv("COLUMNS", "120")

    def run_once(*words: object) -> Ran:
        capsysbinary.readouterr()
        code = main([str(word) for word in words])
        told = capsysbinary.readouterr()
        ran = Ran(code, told.out, told.err.decode("utf-8"))
        assert "Traceback" not in ran.err
        assert "None" not in ran.err
        return ran

    return run_once


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return the folder of the small organisation."""
    return write_data(tmp_path / "data")


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """Return a pack that the small organisation passes."""
    return write_pack(tmp_path / "small.yaml", 2)


@pytest.fixture
def strict_pack(tmp_path: Path) -> Path:
    """Return a pack of two requirements, the second of which the small organisation fails."""
    return write_pack(tmp_path / "strict.yaml", 2, 5)
