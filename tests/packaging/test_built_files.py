"""What is in the wheel and in the sdist."""

from __future__ import annotations

import sys
import tarfile
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest
from installing import Built, run

pytestmark = pytest.mark.slow


def _names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_the_wheel_has_the_package_and_what_it_ships(built: Built, root: Path) -> None:
    names = _names(built.wheel)
    shipped = [*(root / "rules").rglob("*.yaml"), *(root / "fixtures/university-2024").iterdir()]
    assert {f"auditor/_shipped/{path.relative_to(root).as_posix()}" for path in shipped} <= names
    ours = {path for path in (root / "auditor").rglob("*") if path.suffix in {".py", ".yaml"}}
    assert {path.relative_to(root).as_posix() for path in ours} <= names


def test_the_wheel_has_nothing_else(built: Built) -> None:
    tops = {each.split("/")[0] for each in _names(built.wheel)}
    assert tops == {"auditor", built.wheel.name.removesuffix("-py3-none-any.whl") + ".dist-info"}
    assert not [each for each in _names(built.wheel) if each.endswith(".pyc") or "/make_" in each]


def test_the_wheel_says_what_it_is(built: Built) -> None:
    with zipfile.ZipFile(built.wheel) as archive:
        (info,) = {each.split("/")[0] for each in archive.namelist() if ".dist-info/" in each}
        said = Parser().parsestr(archive.read(f"{info}/METADATA").decode())
        commands = archive.read(f"{info}/entry_points.txt").decode()
        assert "Apache License" in archive.read(f"{info}/licenses/LICENSE").decode()
    assert "ducha = auditor.commands:main" in commands
    assert said["Requires-Python"] == ">=3.11"
    assert said["License-Expression"] == "Apache-2.0"
    hard = [each for each in said.get_all("Requires-Dist") if "extra ==" not in each]
    assert not [each for each in hard if "durable" in each]


def test_neither_names_the_machine_that_built_it(built: Built, root: Path) -> None:
    places = {str(root).encode(), str(Path.home()).encode() + b"/"}
    with zipfile.ZipFile(built.wheel) as archive:
        contents = {each: archive.read(each) for each in archive.namelist()}
    with tarfile.open(built.sdist) as archive:
        for each in archive.getmembers():
            file = archive.extractfile(each)
            contents[each.name] = file.read() if file else b""
    assert [each for each, content in contents.items() if any(place in content for place in places)] == []


def test_the_sdist_builds_the_same_wheel(built: Built, tmp_path: Path) -> None:
    with tarfile.open(built.sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    (folder,) = tmp_path.iterdir()
    for each in (
        "LICENSE",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "README.md",
        "uv.lock",
        "cli.py",
        "tests/conftest.py",
    ):
        assert (folder / each).is_file(), each
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path / "again", cwd=folder)
    (again,) = (tmp_path / "again").glob("*.whl")
    assert _names(again) == _names(built.wheel)
