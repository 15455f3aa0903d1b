"""Every broken case file under tests/broken/cases/: its problems, all at once, each with its line; how they read."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from auditor.authoring.cases import run_cases
from auditor.authoring.generate_cases import generate_cases
from auditor.commands.telling import problem_line
from auditor.errors import BadInput, Problem
from auditor.texts import LANGUAGES, sentences

BROKEN = Path(__file__).parents[2] / "broken" / "cases"
EXAMPLES = sorted(path.name for path in BROKEN.iterdir())
FOREIGN = re.compile(r"Input should|\bNone\b(?! of)|\bTrue\b|\bFalse\b|[{}]'|<class|@\d")
"""What must never reach a reader: a Python value, the number that keeps cases apart."""


def expected_of(example: str) -> dict[str, Any]:
    expected: dict[str, Any] = yaml.safe_load((BROKEN / example / "expect.yaml").read_text(encoding="utf-8"))
    return expected


def bring_about(folder: Path, expected: dict[str, Any]) -> None:
    if "generate" in expected:
        generate_cases(expected["generate"], str(folder / "pack.yaml"), folder, "zh")
    else:
        run_cases(expected.get("names", ["cases.yaml"]), folder)


def problems_of(example: str) -> tuple[Problem, ...]:
    """Return the problems of the example's own file, of what it names, or of generating from its pack."""
    with pytest.raises(BadInput) as caught:
        bring_about(BROKEN / example, expected_of(example))
    return caught.value.problems


@pytest.mark.parametrize("example", EXAMPLES)
def test_a_broken_case_file_tells_every_problem_with_its_line(example: str) -> None:
    found, expected = problems_of(example), expected_of(example)["problems"]
    said = [(problem.code, problem.place.line, problem.hint) for problem in found]
    assert said == [(each["code"], each["line"], each.get("hint")) for each in expected]
    for problem, each in zip(found, expected, strict=True):
        assert {key: problem.figures[key] for key in each["figures"]} == each["figures"]


@pytest.mark.parametrize("example", EXAMPLES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_problem_reads_well(example: str, lang: Any) -> None:
    for problem in problems_of(example):
        line = problem_line(problem, lang)
        assert not FOREIGN.search(line), line
        assert "\n" not in line
        assert line.endswith(f"[{problem.code}]")


def test_every_code_has_a_broken_example() -> None:
    shown = {each["code"] for example in EXAMPLES for each in expected_of(example)["problems"]}
    assert set(sentences("case_problems", "zh")) == {code for code in shown if code.startswith("cases.")}
