"""The statement that each kind of measure compiles to, word for word: what changes here changes what is measured.

After a change on purpose: `pytest tests/unit/measures --update-golden`, and the diff read and explained.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from auditor.measures.measure import evidence_sql, measure
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


@pytest.mark.parametrize("name", SHOWN)
def test_the_statement_is_the_golden_one(name: str, golden: Callable[[str, str], None]) -> None:
    declaration = load_declaration()
    requirement = load_pack("henan-2023").requirement(f"henan-2023/{SHOWN[name]}")
    assert requirement is not None
    (measurement,) = measure([requirement], declaration)
    evidence = evidence_sql(requirement, declaration)
    text = f"-- {requirement.id}\n{measurement.sql}\n\n-- its evidence\n{evidence}\n"
    golden(f"{name}.sql", text)


def test_no_golden_statement_is_left_behind() -> None:
    assert {path.stem for path in GOLDEN.iterdir()} == set(SHOWN)
