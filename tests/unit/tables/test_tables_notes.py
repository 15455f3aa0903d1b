from __future__ import annotations

from collections.abc import Callable
from datetime import date

from tables_samples import UNITS

from auditor.engines.duckdb import DuckDBEngine
from auditor.tables.declaration import Declaration
from auditor.tables.notes import planned_rows, undated_rows
from auditor.tables.read import Reading

FILES = {
    "units.csv": UNITS,
    "activities.csv": "activity_id,unit_id,held_on\nA1,U1,2024-06-30\nA2,U1,2024-07-01\nA3,U1,\n",
    "approvals.csv": "approval_id,unit_id,held_on\nF1,U1,2025-01-01\n",
    "headcounts.csv": "unit_id,counted_on,staff,reviewers\nU1,2024-01-01,,3\n",
}


def test_rows_after_the_as_of_day_are_planned(
    read: Callable[..., Reading], engine: DuckDBEngine, declaration: Declaration
) -> None:
    read(FILES)
    assert planned_rows(engine, declaration, declaration.tables, date(2024, 6, 30)) == [
        ("activities", "activities.csv", None, 3, date(2024, 7, 1)),
        ("approvals", "approvals.csv", None, 2, date(2025, 1, 1)),
    ]


def test_rows_without_a_day_are_undated(
    read: Callable[..., Reading], engine: DuckDBEngine, declaration: Declaration
) -> None:
    read(FILES)
    undated = ("activities", "activities.csv", None, 4, None, "held_on")
    assert undated_rows(engine, declaration, declaration.tables) == [undated]
    assert undated_rows(
        engine, declaration, declaration.tables, [("headcounts", "staff"), ("headcounts", "reviewers")]
    ) == [
        undated,
        ("headcounts", "headcounts.csv", None, 2, None, "staff"),
    ]
