"""A tree of the project as the gates see it: the real one, or a small one with a fault in it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
TEXT_ENDINGS = {".py", ".md", ".yaml", ".yml", ".toml", ".csv", ".txt", ".lock", ".cfg", ""}
HIDDEN_BUT_OURS = {".ci", ".github", ".gitignore", ".gitattributes", ".pre-commit-config.yaml"}
MADE = {"__pycache__", "build", "dist"}


def plant(root: Path, files: Mapping[str, str]) -> Path:
    """Write files into a tree and return its root."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def product_files(root: Path) -> list[Path]:
    """Return the Python files that are the product, its fixtures' makers and its benchmarks among them."""
    folders = [root / "auditor", root / "benchmarks", root / "fixtures"]
    found = [path for folder in folders for path in sorted(folder.rglob("*.py"))]
    return [*found, *([root / "cli.py"] if (root / "cli.py").exists() else [])]


def text_files(root: Path) -> Iterator[Path]:
    """Yield every text file of the tree that is ours, not a tool's."""
    for path in sorted(root.iterdir()):
        if path.name in MADE or (path.name.startswith(".") and path.name not in HIDDEN_BUT_OURS):
            continue
        if path.is_dir():
            yield from text_files(path)
        elif path.suffix in TEXT_ENDINGS:
            yield path


def name(root: Path, path: Path) -> str:
    """Return a path as the lists of the gates write it."""
    return path.relative_to(root).as_posix()


@cache
def parsed(path: Path) -> ast.Module:
    """Return the syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


@cache
def strings(path: Path) -> tuple[tuple[int, str], ...]:
    """Return line and text of every string but docstrings; of an f-string its fixed parts, `{}` between."""
    return tuple(_strings(parsed(path)))


def _strings(module: ast.Module) -> Iterator[tuple[int, str]]:
    notes = {
        id(node.value)
        for node in ast.walk(module)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    parts: set[int] = set()
    for node in ast.walk(module):
        if isinstance(node, ast.JoinedStr):
            parts |= {id(part) for part in node.values}
            fixed = (str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
            yield node.lineno, "".join(fixed)
        elif (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and not {id(node)} & (notes | parts)
        ):
            yield node.lineno, node.value


def read_yaml(path: Path) -> Any:
    """Return what a YAML file says."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(path.read_text(encoding="utf-8"), loader)
