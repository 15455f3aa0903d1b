"""The statement that each kind of measure compiles to, word for word: what changes here changes what is measured.

After a change on purpose: `pytest tests/unit/measures --update-golden`, and the diff read and explained.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pack_files import made_up, write_pack

from auditor.measures.measure import evidence_sql, measure
from auditor.model.requirement import Requirement
from auditor.packs.load import load_pack
from auditor.tables.declaration import load_declaration

GOLDEN = Path(__file__).parents[2] / "golden" / "sql"
SHOWN = {
    "count": "1-sessions",
    "count-of-a-stock": "2-teams",
    "ratio-pooled": "1-active",
    "ratio-latest": "18-reviewers",
    "ratio-latest-in-period": "10-training",
    "each-record": "1-speakers",
    "each-record-lead": "12-lead-time",
    "each-record-exists-in": "12-one-report",
    "each-record-of-a-stock": "16-club-approval",
    "each-subject-sum": "2-lessons-depts",
    "each-subject-units": "22-inspection",
    "each-subject-values": "17-seasonal-checks",
    "each-subject-column": "16-advisors",
    "each-subject-must": "16-affiliated-filed",
    "attest": "4-yearly-points",
}


BOARDS = {"table": "assets", "where": {"kind": "showcase"}}
UPDATES = {"table": "publications", "where": {"kind": "board_update"}, "by": "asset_id"}
LETTERS = {"kind": "deadline", "table": "submissions", "where": {"report": "half_year_report"}}
DEPARTMENTS = {"table": "units", "where": {"type": "department"}}
CHECKS = {"kind": "count", "table": "activities", "where": {"kind": "risk_check"}, "by": "unit_id"}
CLUBS = {"kind": "count", "table": "assets", "where": {"kind": "club"}, "by": "unit_id"}
ONE, ALL, SIX = ({"op": ">=", "value": 1}, {"op": ">=", "value": "100%"}, {"op": "<=", "value": 6})
MADE_UP: dict[str, dict[str, Any]] = {
    "coverage": {
        "measure": {"kind": "coverage", "subjects": DEPARTMENTS, "inner": CHECKS},
        "threshold": ALL,
    },
    "coverage-of-a-stock": {
        "measure": {"kind": "coverage", "subjects": DEPARTMENTS, "inner": CLUBS},
        "threshold": ALL,
    },
    "deadline-dates": {"measure": {**LETTERS, "dates": ["05-31", "11-30"]}, "threshold": ONE},
    "deadline-monthly": {
        "measure": {**LETTERS, "monthly": 24, "scope": "subtree"},
        "threshold": ONE,
        "period": "month",
    },
    "deadline-window": {
        "measure": LETTERS,
        "threshold": ONE,
        "period": "stage",
        "window": ["04-25", "05-10"],
    },
    "max-gap-months": {
        "measure": {"kind": "max_gap", "subjects": BOARDS, "inner": UPDATES, "in": "months"},
        "threshold": SIX,
    },
    "max-gap-days": {
        "measure": {"kind": "max_gap", "subjects": BOARDS, "inner": UPDATES, "in": "days"},
        "threshold": SIX,
    },
}


@pytest.fixture
def asked(tmp_path: Path) -> Callable[[str], Requirement]:
    """Return the requirement that a golden file shows: one of a shipped pack, or one made up."""

    def find(name: str) -> Requirement:
        if name in SHOWN:
            requirement = load_pack("henan-2023").requirement(f"henan-2023/{SHOWN[name]}")
        else:
            made = {"id": f"test/{name}", **MADE_UP[name]}
            (requirement,) = load_pack(write_pack(made_up(made), tmp_path / "pack.yaml")).requirements
        assert requirement is not None
        return requirement

    return find


@pytest.mark.parametrize("name", [*SHOWN, *MADE_UP])
def test_the_statement_is_the_golden_one(
    name: str, golden: Callable[[str, str], None], asked: Callable[[str], Requirement]
) -> None:
    declaration, requirement = load_declaration(), asked(name)
    (measurement,) = measure([requirement], declaration)
    evidence = evidence_sql(requirement, declaration)
    text = f"-- {requirement.id}\n{measurement.sql}\n\n-- its evidence\n{evidence}\n"
    golden(f"{name}.sql", text)


def test_no_golden_statement_is_left_behind() -> None:
    assert {path.stem for path in GOLDEN.iterdir()} == {*SHOWN, *MADE_UP}
