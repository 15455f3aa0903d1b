"""Format, lint and types are clean: ruff over the whole tree, mypy --strict over the product."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from gates.tree import ROOT, plant

FORMAT = ("ruff", "format", "--check", "--no-cache")
LINT = ("ruff", "check", "--no-cache", "--output-format", "concise")
TYPES = ("mypy",)


def complaints(root: Path, tool: tuple[str, ...]) -> str:
    """Return what a tool has to say against a tree; nothing where it is content."""
    run = subprocess.run(
        [sys.executable, "-m", *tool], cwd=root, capture_output=True, encoding="utf-8", check=False
    )
    return run.stdout + run.stderr if run.returncode else ""


@pytest.mark.parametrize("tool", [FORMAT, LINT, TYPES], ids=" ".join)
def test_the_tree_is_clean(tool: tuple[str, ...]) -> None:
    assert complaints(ROOT, tool) == ""


FAULTS = {
    "reformat": (FORMAT, "x = {  'a':1 }\n"),
    "F401": (LINT, '"""Doc."""\n\nimport json\n'),
    "T201": (LINT, '"""Doc."""\n\nprint(1)\n'),
    "BLE001": (LINT, '"""Doc."""\n\ntry:\n    x = 1\nexcept Exception:\n    x = 2\n'),
    "no-untyped-def": (TYPES, '"""Doc."""\n\n\ndef f(x):\n    return x\n'),
}


@pytest.mark.parametrize("said", FAULTS)
def test_a_planted_fault_is_seen(said: str, tmp_path: Path) -> None:
    tool, text = FAULTS[said]
    plant(tmp_path, {"auditor/__init__.py": '"""Doc."""\n', "cli.py": '"""Doc."""\n'})
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    assert complaints(tmp_path, tool) == ""
    plant(tmp_path, {"auditor/wrong.py": text})
    assert said in complaints(tmp_path, tool)
