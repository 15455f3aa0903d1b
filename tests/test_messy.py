"""A data set as offices send it gives the findings of its clean twin, apart from where the rows stand."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from auditor.audit import Options, audit
from auditor.model.audit import Audit
from auditor.model.finding import Finding

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
CLEAN = ROOT / "fixtures" / "university-2024"
Origins = dict[tuple[str, str | None, int], tuple[str, int]]

CELLS = {"table.read_date", "table.read_number", "table.read_boolean"}
ROWS = {
    "table.read_header_below",
    "table.read_header_of_two",
    "table.left_out_totals",
    "table.left_out_headers",
}
SAID = {"csv": CELLS | ROWS | {"table.read_encoding"}, "xlsx": CELLS | ROWS, "jsonl": CELLS}
"""What the reading of each twin must say that it understood: every trick at least once."""


@pytest.fixture(scope="module")
def twins(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, Origins]]]:
    spec = importlib.util.spec_from_file_location("make_messy", ROOT / "fixtures" / "make_messy.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["make_messy"] = module
    spec.loader.exec_module(module)
    folder = tmp_path_factory.mktemp("messy")
    yield folder, module.make_messy(CLEAN, folder)
    del sys.modules["make_messy"]


def said(done: Audit, origins: Origins | None) -> list[Any]:
    """Return the findings and questions, each with its evidence by the places of the clean rows."""
    found: list[Any] = []
    for finding in done.findings(True):
        evidence = []
        for each in finding.evidence:
            file, row = each.file, each.row
            if origins is not None and file is not None:
                file, row = origins[file, each.sheet, row or 0]
            evidence.append(replace(each, file=file, sheet=None, row=row))
        evidence.sort(key=lambda each: (each.file or "", each.row or 0, str(each)))
        found.append(replace(finding, evidence=tuple(evidence)))
    for question in done.questions():
        places = [(file or "", row or 0) for file, _, row in question.rows]
        if origins is not None:
            places = [origins[file or "", sheet, row or 0] for file, sheet, row in question.rows]
        found.append((question.rule_id, question.sentences, sorted(places)))
    return found


@pytest.fixture(scope="module")
def clean() -> list[Any]:
    with audit(CLEAN, ["henan-2023"], 2024, Options(judged_by="plain")) as done:
        return said(done, None)


@pytest.mark.parametrize(
    "kind", [pytest.param(kind, marks=() if kind == "csv" else pytest.mark.slow) for kind in SAID]
)
def test_the_findings_are_those_of_the_clean_twin(
    clean: list[Any], twins: tuple[Path, dict[str, Origins]], kind: str
) -> None:
    folder, origins = twins
    assert sum(len(each.evidence) for each in clean if isinstance(each, Finding)) > 1000
    with audit(folder / kind, ["henan-2023"], 2024, Options(judged_by="plain")) as done:
        assert said(done, origins[kind]) == clean
        warnings = {each.code for each in done.data.warnings}
        assert {code for code in warnings if code.startswith(("table.read_", "table.left_out_"))} == SAID[
            kind
        ]


@pytest.mark.slow
def test_what_was_understood_is_said_once_for_each_column(twins: tuple[Path, dict[str, Origins]]) -> None:
    folder, _ = twins
    with audit(folder / "xlsx", ["henan-2023"], 2024, Options(judged_by="plain")) as done:
        places = [
            (w.code, w.place.file, w.place.sheet, w.place.column)
            for w in done.data.warnings
            if w.code in CELLS
        ]
    assert len(places) == len(set(places))
