"""`demo` from the checkout, an editable installation and the wheel, run elsewhere; the engine and its stand-in."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from installing import Built, Environment, run

pytestmark = pytest.mark.slow

ENGINE_EXISTS = sys.version_info < (3, 13) and os.name != "nt"
STAND_IN = "plain chain"
FIGURES = re.compile(r"13 units, 452 findings: fail 36 ")


def check_demo(said: str, judge: str) -> None:
    """Hold the output of `demo --lang en` to the sample's story, and to who judged."""
    assert FIGURES.search(said)
    assert f"Rated by {judge}" in said
    assert "D08 学生工作部" in said
    assert "university-2024" in said  # where the sample lies, to try more


def test_from_the_checkout(root: Path, elsewhere: Path) -> None:
    said = run(sys.executable, root / "cli.py", "demo", "--lang", "en", cwd=elsewhere, wanted=1)
    check_demo(said, "durable-rules" if ENGINE_EXISTS else STAND_IN)


def test_from_an_editable_installation(
    root: Path, elsewhere: Path, environment: Callable[..., Environment]
) -> None:
    installed = environment()
    installed.pip("install", "--quiet", "--editable", root)
    check_demo(installed.ducha("demo", "--lang", "en", cwd=elsewhere, wanted=1), STAND_IN)


def test_from_the_wheel(built: Built, elsewhere: Path, environment: Callable[..., Environment]) -> None:
    installed = environment()
    installed.pip("install", "--quiet", built.wheel)
    check_demo(installed.ducha("demo", "--lang", "en", cwd=elsewhere, wanted=1), STAND_IN)
    listed = installed.ducha("packs", "list", cwd=elsewhere)
    assert "henan-2023" in listed
    assert list(elsewhere.iterdir()) == []
    if ENGINE_EXISTS:
        installed.pip("install", "--quiet", f"{built.wheel}[engine]")
        check_demo(installed.ducha("demo", "--lang", "en", cwd=elsewhere, wanted=1), "durable-rules 2.0.28")


def test_from_the_wheel_on_python_313(
    built: Built, python_313: Path, elsewhere: Path, environment: Callable[..., Environment]
) -> None:
    """The extra asks for nothing there, and the stand-in judges the same."""
    installed = environment(python_313)
    installed.pip("install", "--quiet", f"{built.wheel}[engine]")
    check_demo(installed.ducha("demo", "--lang", "en", cwd=elsewhere, wanted=1), STAND_IN)


def test_with_the_lowest_versions(
    built: Built, elsewhere: Path, environment: Callable[..., Environment]
) -> None:
    if sys.version_info[:2] != (3, 11):
        pytest.skip("the lowest versions are those of the lowest Python")
    installed = environment()
    lowest = ["-m", "uv", "pip", "install", "--quiet", "--resolution", "lowest-direct"]
    run(sys.executable, *lowest, "--python", installed.python, built.wheel, cwd=elsewhere)
    check_demo(installed.ducha("demo", "--lang", "en", cwd=elsewhere, wanted=1), STAND_IN)
