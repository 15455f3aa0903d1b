"""Figures out of work summaries: the audit finds what was worked out by hand (`expected.yaml` beside them)."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pack_files import read_yaml

from auditor.audit import Options, audit
from auditor.model.audit import Audit
from auditor.model.finding import Finding

FIXTURES = Path(__file__).parents[1] / "fixtures"
FOLDER = FIXTURES / "reported-figures"
EXPECTED: dict[str, Any] = read_yaml(FOLDER / "expected.yaml")
FIGURES: dict[str, Any] = read_yaml(FOLDER / "figures.yaml")
KEYS = {"publications": "publication_id", "activities": "activity_id", "assets": "asset_id"}


@pytest.fixture(scope="module")
def done() -> Iterator[Audit]:
    with audit(FOLDER, ["summaries"], 2024, Options(as_of=EXPECTED["as_of"], judged_by="plain")) as finished:
        yield finished


@pytest.fixture(scope="module")
def found(done: Audit) -> dict[tuple[str, str, str], Finding]:
    return {(each.unit_id, each.requirement_id, each.period): each for each in done.findings(True)}


def test_every_finding_is_the_one_worked_out(found: dict[tuple[str, str, str], Finding]) -> None:
    wanted = {
        (each["unit"], each["requirement"], period): each
        for each in EXPECTED["findings"]
        for period in each["periods"]
    }
    assert found.keys() == wanted.keys()
    for cell, each in wanted.items():
        got = found[cell]
        assert (got.verdict, got.reason) == (each["verdict"], each["reason"]), cell
        assert (got.value, got.shortfall) == (each.get("value"), each.get("shortfall")), cell


def test_units_and_issues(done: Audit) -> None:
    units = {each.unit_id: (each.rating, each.score) for each in done.units}
    assert units == {
        each["unit"]: (each["rating"], None if each["score"] is None else Decimal(str(each["score"])))
        for each in EXPECTED["units"]
    }
    issues = [(each.unit_id, each.requirement_id, each.repeat) for each in done.issues()]
    assert issues == [(each["unit"], each["requirement"], each["repeat"]) for each in EXPECTED["issues"]]


def rows_of(fact: dict[str, Any]) -> set[tuple[str, int]]:
    """Return the file and row of each row that a fact became."""
    with (FOLDER / f"{fact['table']}.csv").open(encoding="utf-8", newline="") as file:
        return {
            (f"{fact['table']}.csv", at)
            for at, row in enumerate(csv.DictReader(file), 2)
            if row["unit_id"] == fact["unit"]
            and all(row[column] == str(value) for column, value in fact["row"].items())
            and row[fact["day"]]
        }


def test_facts_that_no_requirement_measures_are_listed(found: dict[tuple[str, str, str], Finding]) -> None:
    served = {(row.file, row.row) for finding in found.values() for row in finding.evidence}
    unmeasured: Counter[tuple[str, str]] = Counter()
    for fact in FIGURES["facts"]:
        rows = rows_of(fact)
        if not rows & served:
            unmeasured[fact["unit"], fact["fact"]] = len(rows)
    assert unmeasured == {(each["unit"], each["fact"]): each["rows"] for each in EXPECTED["unmeasured"]}


@pytest.mark.parametrize("page", ["README.md", "说明.md"])
def test_the_page_tells_every_fact(page: str) -> None:
    lines = [
        line for line in (FOLDER / page).read_text(encoding="utf-8").splitlines() if line.startswith("| T")
    ]
    assert len(lines) == len({(each["unit"], each["fact"]) for each in FIGURES["facts"]})
    nothing = "| nothing" if page == "README.md" else "| 无"
    assert sum(nothing in line for line in lines) == len(EXPECTED["unmeasured"])


def test_the_script_makes_the_same_bytes(tmp_path: Path) -> None:
    script = FIXTURES / "make_reported_figures.py"
    (tmp_path / "reported-figures").mkdir()
    (tmp_path / script.name).write_bytes(script.read_bytes())
    (tmp_path / "reported-figures" / "figures.yaml").write_bytes((FOLDER / "figures.yaml").read_bytes())
    subprocess.run([sys.executable, str(tmp_path / script.name)], check=True)
    for file in FOLDER.glob("*.csv"):
        assert (tmp_path / "reported-figures" / file.name).read_bytes() == file.read_bytes()
