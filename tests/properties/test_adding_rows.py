"""A row that cannot count changes nothing; one that counts moves a verdict in one direction only."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from audits import findings, judgements
from hypothesis import given, settings
from hypothesis import strategies as st
from pack_files import every_kind, made_up
from second_reading.organisations import organisation, random_as_of

pytestmark = pytest.mark.slow

DATES = {
    "activities": "held_on", "approvals": "held_on", "publications": "published_on", "platform_usage": "day",
    "headcounts": "counted_on", "submissions": "submitted_on", "attestations": "checked_on",
}  # fmt: skip
KEYS = {
    "activities": "activity_id", "approvals": "approval_id", "publications": "publication_id",
    "submissions": "submission_id",
}  # fmt: skip
RANK = {"fail": 0, "pending": 1, "pass": 2}


def added_to(table: str, row: Any, column: str, at: int, as_of: date) -> list[Any]:
    """Return rows like this one that cannot count."""
    of_outsider = {"unit_id": "outsider", column: date(2024, 3, 1 + at)}
    # no key has a row on a day so far off
    planned = {column: max(as_of, date(2060, 1, 1)) + timedelta(days=at)}
    if table not in KEYS:
        return [{**row, **of_outsider}, {**row, **planned}]
    changes = [of_outsider, planned, {column: date(2022, 6, 1)}, {column: None}]
    return [
        {**row, KEYS[table]: f"more-{table}-{at}-{number}", **change} for number, change in enumerate(changes)
    ]


def strangers(tables: Any, as_of: date) -> Any:
    """Return the tables with rows added that cannot count: another unit's, another period's, planned, undated."""
    outsider = {"unit_id": "outsider", "type": "branch"}
    more: dict[str, Any] = {**tables, "units": [*tables["units"], outsider]}
    for table, column in DATES.items():
        more[table] = tables.get(table) and [
            *tables[table],
            *(
                added
                for at, row in enumerate(tables[table][:6])
                for added in added_to(table, row, column, at, as_of)
            ),
        ]
    return more


@settings(max_examples=2)
@given(st.integers(0, 2**32 - 1))
def test_rows_that_cannot_count_change_nothing(seed: int) -> None:
    dice = random.Random(seed)
    tables, as_of, pack = organisation(dice), random_as_of(dice), every_kind()
    before = judgements(findings(tables, pack, as_of=as_of))
    assert judgements(findings(strangers(tables, as_of), pack, as_of=as_of)) == before


def requirement(op: str, value: int, measure: dict[str, Any], at: int, period: str) -> dict[str, Any]:
    name = f"{measure['kind'].replace('_', '-')}-{ {'>=': 'least', '<=': 'most'}[op] }"
    return {
        "id": f"test/{at:03d}-{name}.{value}",
        "measure": measure,
        "threshold": {"op": op, "value": value},
        "period": period,
    }


@settings(max_examples=3)
@given(
    st.lists(st.dates(date(2024, 1, 1), date(2024, 12, 31)), min_size=6, max_size=6),
    st.dates(date(2024, 1, 1), date(2025, 1, 31)),
    st.sampled_from(["year", "half_year", "quarter", "month"]),
)
def test_one_more_row_and_a_stricter_threshold_each_move_a_verdict_one_way(
    days: list[date], as_of: date, period: str
) -> None:
    count = {"kind": "count", "table": "activities"}
    measures = [(count, [1, 2, 3, 5]), ({"kind": "sum", "table": "activities", "column": "hours"}, [1, 3, 4])]
    wanted = [(op, value, each) for each, values in measures for op in (">=", "<=") for value in values]
    requirements = [requirement(op, value, each, at, period) for at, (op, value, each) in enumerate(wanted)]
    tables = {
        "units": [{"unit_id": f"U{rows}", "type": "university"} for rows in range(7)],
        "activities": [
            {"activity_id": f"{rows}-{at}", "unit_id": f"U{rows}", "held_on": day, "hours": Decimal("1.5")}
            for rows in range(7)
            for at, day in enumerate(days[:rows])
        ],
    }
    found = findings(tables, made_up(*requirements), as_of=as_of)
    rank = {where: RANK[finding.verdict] for where, finding in found.items()}
    periods = {where[2] for where in found}
    for label in periods:
        for each, (op, _, _) in zip(requirements, wanted, strict=True):
            ranks = [rank[f"U{rows}", each["id"], label] for rows in range(7)]
            assert ranks == sorted(ranks, reverse=op == "<="), (each["id"], label, ranks)
        for unit in range(7):
            for measure, _ in measures:
                for op in (">=", "<="):
                    same = [
                        e["id"]
                        for e, (o, _, m) in zip(requirements, wanted, strict=True)
                        if (o, m) == (op, measure)
                    ]
                    ranks = [rank[f"U{unit}", each, label] for each in same]
                    assert ranks == sorted(ranks, reverse=op == ">="), (same, label, ranks)
