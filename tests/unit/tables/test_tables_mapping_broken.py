"""Every problem code of a mapping: a tiny broken one, and all that must be said about it, in both languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from auditor.engines.duckdb import DuckDBEngine
from auditor.errors import BadInput, Problem
from auditor.tables.declaration import load_declaration
from auditor.tables.read import read_tables
from auditor.texts import LANGUAGES, say_problem, sentences

BROKEN = Path(__file__).parents[2] / "broken" / "mapping"
EXAMPLES = sorted(path.name for path in BROKEN.iterdir())


def problems_of(folder: Path) -> list[Problem]:
    with DuckDBEngine() as engine:
        try:
            reading = read_tables(folder, load_declaration(), engine, mapping=folder / "mapping.yaml")
        except BadInput as bad:
            return list(bad.problems)
    return [*reading.problems, *reading.warnings]


def told(problem: Problem, wanted: dict[str, Any]) -> dict[str, Any]:
    """Return of a problem what a wanted one may name, without what is empty; a hint only where it is wanted."""
    place = problem.place
    all_told = {
        "code": problem.code,
        "file": place.file,
        "row": place.row,
        "line": place.line,
        "column": place.column,
        "hint": problem.hint if "hint" in wanted else None,
        "stops": None if problem.stops else False,
        "figures": {key: problem.figures[key] for key in wanted.get("figures", {})} or None,
    }
    return {key: value for key, value in all_told.items() if value is not None}


@pytest.mark.parametrize("example", EXAMPLES)
def test_a_broken_mapping_is_told_so(example: str) -> None:
    wanted = yaml.safe_load((BROKEN / example / "expect.yaml").read_text(encoding="utf-8"))["problems"]
    found = problems_of(BROKEN / example)
    assert len(found) == len(wanted), found
    assert [told(problem, want) for problem, want in zip(found, wanted, strict=True)] == wanted
    for problem in found:
        for lang in LANGUAGES:
            what, do = say_problem(problem.code, problem.figures, lang)
            assert "{" not in (what + do).replace("{…", "")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_code_has_a_broken_example(lang: str) -> None:
    named = {
        each["code"]
        for example in EXAMPLES
        for each in yaml.safe_load((BROKEN / example / "expect.yaml").read_text(encoding="utf-8"))["problems"]
    }
    assert named >= set(sentences("mapping_problems", lang))  # type: ignore[arg-type]


def test_a_mapping_that_is_no_text_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "mapping.yaml").write_bytes(b"files: \xff\xfe")
    assert [each.code for each in problems_of(tmp_path)] == ["mapping.unreadable"]
