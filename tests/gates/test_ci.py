"""What is written twice agrees: the README's commands and `.ci/run`, the version, the lock, the workflow."""

from __future__ import annotations

import os
import re
import shutil
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from auditor.judge.escalation import has_engine
from gates.tree import ROOT, plant, read_yaml


def commands_out_of_step(root: Path) -> list[str]:
    """Return the commands of `.ci/run` that are no line of the README, word for word."""
    script = (root / ".ci/run").read_text(encoding="utf-8")
    commands = dict(re.findall(r'^(TRY|TEST)="(.+)"$', script, re.MULTILINE))
    lines = {
        line.strip().removeprefix("$ ")
        for line in (root / "README.md").read_text(encoding="utf-8").splitlines()
    }
    found = [f"{key}: not in .ci/run" for key in ("TRY", "TEST") if key not in commands]
    found += [f"{key}: not run" for key in commands if f'eval "${key}"' not in script]
    return found + [f"{key}: not in the README" for key, command in commands.items() if command not in lines]


def versions_out_of_step(root: Path) -> list[str]:
    """Return where the package, the project and the changelog do not name the same version."""
    project = _toml(root / "pyproject.toml")["project"]["version"]
    package = re.search(
        r'^__version__ = "(.+)"$', (root / "auditor/__init__.py").read_text(encoding="utf-8"), re.M
    )
    headings = re.findall(r"^## \[(.+?)\]", (root / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    found = [] if package and package[1] == project else ["auditor/__init__.py"]
    return found if headings[:1] == ["Unreleased"] else [*found, "CHANGELOG.md"]


def lock_out_of_step(root: Path) -> list[str]:
    """Return the requirements that project and lock do not share; a slow test asks uv itself."""
    project = _toml(root / "pyproject.toml")
    (ours,) = [
        each for each in _toml(root / "uv.lock")["package"] if each["name"] == project["project"]["name"]
    ]
    asked = {
        "": project["project"]["dependencies"],
        **project["project"]["optional-dependencies"],
        **project["dependency-groups"],
    }
    locked: dict[str, set[str]] = {"": set()}
    for each in ours["metadata"]["requires-dist"]:
        extra = re.search(r"extra == '(.+?)'", each.get("marker", ""))
        locked.setdefault(extra[1] if extra else "", set()).add(_as_asked(each))
    locked |= {
        group: set(map(_as_asked, wanted)) for group, wanted in ours["metadata"]["requires-dev"].items()
    }
    wanted = {group: {_normal(each) for each in listed} for group, listed in asked.items()}
    return sorted(f"{group}: {each}" for group in wanted for each in wanted[group] ^ locked.get(group, set()))


def _toml(path: Path) -> Any:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _as_asked(locked: dict[str, str]) -> str:
    return _normal(locked["name"] + locked.get("specifier", ""))


def _normal(requirement: str) -> str:
    name, specifier = re.fullmatch(r"([\w.-]+)(?:\[.+\])?\s*([^;]*)(?:;.*)?", requirement).groups()  # type: ignore[union-attr]
    parts = sorted(part.strip() for part in specifier.split(",") if part.strip())
    return f"{name.lower().replace('_', '-')} {','.join(parts)}".strip()


def workflow_out_of_step(root: Path) -> list[str]:
    """Return what the workflow lacks: `.ci/run`, the oldest and newest Python, Windows, a job over all."""
    workflow = read_yaml(root / ".github/workflows/ci.yml")
    jobs = workflow["jobs"]
    steps = [step.get("run", "") for job in jobs.values() for step in job["steps"]]
    matrix = jobs["tests"]["strategy"]["matrix"]["include"]
    classifiers = _toml(root / "pyproject.toml")["project"]["classifiers"]
    pythons = [each.rpartition(" ")[2] for each in classifiers if ":: 3." in each]
    checks = {
        ".ci/run": ".ci/run" in steps,
        "pytest": "pytest" in steps,
        "oldest and newest Python, everywhere": {(each["python"], each["system"]) for each in matrix}
        >= {
            (python, f"{system}-latest")
            for python in (pythons[0], pythons[-1])
            for system in ("ubuntu", "windows")
        },
        "all green": set(jobs["all-green"]["needs"]) == jobs.keys() - {"all-green"},
    }
    return [what for what, holds in checks.items() if not holds]


def test_the_engine_is_there_where_it_can_be(missing: Callable[[str], None]) -> None:
    """Its own tests are skipped without it; in CI that must not pass unseen."""
    if sys.version_info < (3, 13) and os.name != "nt" and not has_engine():
        missing("durable-rules")


GATES = (commands_out_of_step, versions_out_of_step, lock_out_of_step, workflow_out_of_step)


@pytest.mark.parametrize("gate", GATES, ids=lambda gate: gate.__name__)
def test_what_is_written_twice_agrees(gate: Callable[[Path], list[str]]) -> None:
    assert gate(ROOT) == []


FAULTS: dict[str, tuple[Callable[[Path], list[str]], str, str, str]] = {
    "TEST: not in the README": (commands_out_of_step, "README.md", "--group dev", "--group devel"),
    "TRY: not in the README": (commands_out_of_step, ".ci/run", "--year 2024", "--year 2025"),
    "TEST: not run": (commands_out_of_step, ".ci/run", 'eval "$TEST"', "pytest"),
    "auditor/__init__.py": (
        versions_out_of_step,
        "auditor/__init__.py",
        '__version__ = "',
        '__version__ = "9',
    ),
    "CHANGELOG.md": (versions_out_of_step, "CHANGELOG.md", "[Unreleased]", "[Next]"),
    ": click >=8.9": (lock_out_of_step, "pyproject.toml", "click>=8.2", "click>=8.9"),
    "dev: pytest >=8.4": (lock_out_of_step, "pyproject.toml", "pytest>=8.3", "pytest>=8.4"),
    ": pyyaml >=6.0.2": (lock_out_of_step, "pyproject.toml", '  "pyyaml>=6.0.2",\n', ""),
    ".ci/run": (workflow_out_of_step, ".github/workflows/ci.yml", "run: .ci/run", "run: pytest"),
    "oldest and newest Python, everywhere": (
        workflow_out_of_step,
        "pyproject.toml",
        '  "Programming Language :: Python :: 3.13",\n',
        "",
    ),
    "all green": (workflow_out_of_step, ".github/workflows/ci.yml", "[run, tests, lowest]", "[run, tests]"),
}


@pytest.mark.parametrize("said", FAULTS)
def test_a_planted_difference_is_seen(said: str, tmp_path: Path) -> None:
    gate, file, right, wrong = FAULTS[said]
    for each in (
        ".ci/run", ".github/workflows/ci.yml", "CHANGELOG.md", "README.md", "auditor/__init__.py",
        "pyproject.toml", "uv.lock",
    ):  # fmt: skip
        plant(tmp_path, {each: ""})
        shutil.copy(ROOT / each, tmp_path / each)
    text = (tmp_path / file).read_text(encoding="utf-8")
    assert right in text
    plant(tmp_path, {file: text.replace(right, wrong)})
    assert said in gate(tmp_path)
