"""The room plan holds, and nothing grows beyond a screen or two."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from gates.tree import ROOT, name, parsed, plant, product_files

MOST_LINES, MOST_LINES_OF_A_FUNCTION = 400, 40
LINT_IMPORTS = "from importlinter.cli import lint_imports_command; lint_imports_command()"


def broken_floors(root: Path) -> str:
    """Return what import-linter has to say against a tree's imports; nothing where the plan holds."""
    run = subprocess.run(
        [sys.executable, "-c", LINT_IMPORTS, "--no-cache"],
        cwd=root,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return run.stdout + run.stderr if run.returncode else ""


def too_long(root: Path) -> list[str]:
    """Return the product's files and functions that are longer than they may be."""
    found = []
    for path in product_files(root):
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > MOST_LINES:
            found.append(f"{name(root, path)}: {lines} lines")
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert node.end_lineno is not None
                lines = node.end_lineno - node.lineno + 1
                if lines > MOST_LINES_OF_A_FUNCTION:
                    found.append(f"{name(root, path)}: {node.name}: {lines} lines")
    return found


def test_imports_point_down() -> None:
    assert broken_floors(ROOT) == ""


def test_nothing_is_too_long() -> None:
    assert too_long(ROOT) == []


def _rooms() -> list[str]:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = config["tool"]["importlinter"]["contracts"][0]["layers"]
    return [room.strip() for layer in layers for room in layer.split("|")]


FAULTS = {
    "a room imports its neighbour": ({"auditor/judge/x.py": "import auditor.reports\n"}, "auditor.judge"),
    "a room imports upward": ({"auditor/model/x.py": "import auditor.tables\n"}, "auditor.model"),
    "judge knows packs": ({"auditor/judge/x.py": "import auditor.packs\n"}, "speak only the words"),
    "reports know pandas": ({"auditor/reports/x.py": "import pandas\n"}, "pandas"),
    "a room without a floor": ({"auditor/attic/__init__.py": ""}, "attic"),
    "a circle in a room": (
        {"auditor/judge/x.py": "import auditor.judge.y\n", "auditor/judge/y.py": "import auditor.judge.x\n"},
        "No circles",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_import_is_seen(fault: str, tmp_path: Path) -> None:
    files, said = FAULTS[fault]
    rooms = {f"auditor/{room}/__init__.py": "" for room in _rooms()}
    plant(tmp_path, {"auditor/__init__.py": "", **rooms})
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    if fault == "a room imports upward":
        assert broken_floors(tmp_path) == ""
    plant(tmp_path, files)
    assert said in broken_floors(tmp_path)


def test_planted_lengths_are_seen(tmp_path: Path) -> None:
    body = "    pass\n"
    plant(
        tmp_path,
        {
            "auditor/long.py": "x = 1\n" * 401,
            "auditor/right.py": "x = 1\n" * 400,
            "benchmarks/wide.py": f"def f():\n{body * 40}",
            "cli.py": f"async def f():\n{body * 39}",
        },
    )
    assert too_long(tmp_path) == ["auditor/long.py: 401 lines", "benchmarks/wide.py: f: 41 lines"]
