"""Verdicts by hand: before the end and after, on track or not, at the borders of lives and waivers."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from audits import findings
from pack_files import made_up

from auditor.model.finding import Finding

U1 = {"unit_id": "U1", "type": "university"}


def in_june(rows: int, day: int, op: str, value: Any) -> Finding:
    """Return the finding on a day of June for so many sessions, all on 1 June."""
    activities = [
        {"activity_id": f"A{at}", "unit_id": "U1", "held_on": date(2024, 6, 1)} for at in range(rows)
    ]
    requirement = {
        "measure": {"kind": "count", "table": "activities"},
        "threshold": {"op": op, "value": value},
        "period": "month",
    }
    as_of = date(2024, 6, day)
    found = findings({"units": [U1], "activities": activities}, made_up(requirement), as_of=as_of)
    return found["U1", "test/1-x", "2024-06"]


@pytest.mark.parametrize(
    ("rows", "day", "forecast"),
    [
        # 10 x 26 / 30 = 8.67: 8 keep pace, 7 do not
        (8, 26, "on_track"),
        (7, 26, "at_risk"),
        # 27 of 30 days are nine tenths: no pace helps any more
        (9, 27, "at_risk"),
        (9, 26, "on_track"),
        # 10 x 3 / 30 = 1, exactly
        (1, 3, "on_track"),
        (0, 3, "at_risk"),
        (0, 2, "on_track"),
        (0, 1, "on_track"),
    ],
)
def test_on_track_is_a_whole_step_of_the_pace_and_not_the_last_tenth(
    rows: int, day: int, forecast: str
) -> None:
    finding = in_june(rows, day, ">=", 10)
    assert (finding.verdict, finding.forecast, finding.shortfall) == ("pending", forecast, 10 - rows)
    assert finding.figures["by"] == "2024-06-30"


def test_on_the_last_day_the_period_is_over() -> None:
    assert in_june(9, 29, ">=", 10).verdict == "pending"
    assert in_june(9, 30, ">=", 10).verdict == "fail"


@pytest.mark.parametrize(
    ("op", "value", "rows", "verdict", "provisional"),
    [
        (">=", 2, 2, "pass", False),
        (">", 2, 2, "pending", False),
        (">", 2, 3, "pass", False),
        ("<=", 2, 2, "pass", True),
        ("<=", 2, 3, "fail", False),
        ("==", 2, 2, "pass", True),
        ("==", 2, 1, "pending", False),
        ("==", 2, 3, "fail", False),
        ("between", [2, 3], 1, "pending", False),
        ("between", [2, 3], 2, "pass", True),
        ("between", [2, 3], 3, "pass", True),
        ("between", [2, 3], 4, "fail", False),
    ],
)
def test_a_flow_before_the_end(op: str, value: Any, rows: int, verdict: str, provisional: bool) -> None:
    finding = in_june(rows, 15, op, value)
    assert (finding.verdict, finding.provisional) == (verdict, provisional)


@pytest.mark.parametrize(
    ("op", "value", "rows", "verdict", "shortfall", "reason"),
    [
        (">", 2, 2, "fail", 1, "below_threshold"),
        ("<=", 2, 4, "fail", 2, "above_threshold"),
        ("==", 2, 4, "fail", 2, "not_equal"),
        ("==", 2, 0, "fail", 2, "not_equal"),
        ("between", [2, 3], 0, "fail", 2, "below_threshold"),
        ("between", [2, 3], 5, "fail", 2, "above_threshold"),
        ("between", [2, 3], 3, "pass", None, "met"),
    ],
)
def test_a_flow_once_over(
    op: str, value: Any, rows: int, verdict: str, shortfall: int | None, reason: str
) -> None:
    finding = in_june(rows, 30, op, value)
    assert (finding.verdict, finding.shortfall, finding.reason) == (verdict, shortfall, reason)
    assert (finding.provisional, finding.forecast) == (False, None)


def over_the_year(unit: dict[str, Any], as_of: date, **tables: Any) -> Finding:
    """Return the finding of a unit without a session in 2024."""
    requirement = {"measure": {"kind": "count", "table": "activities"}, "threshold": {"op": ">=", "value": 1}}
    given = {"units": [{**U1, **unit}], "activities": [], **tables}
    return findings(given, made_up(requirement), as_of=as_of)["U1", "test/1-x", "2024"]


@pytest.mark.parametrize(
    ("unit", "as_of", "active"),
    [
        ({"active_from": date(2024, 1, 1)}, date(2024, 12, 31), True),
        ({"active_from": date(2024, 1, 2)}, date(2024, 12, 31), False),
        ({"active_to": date(2024, 12, 31)}, date(2024, 12, 31), True),
        ({"active_to": date(2024, 12, 30)}, date(2024, 12, 31), False),
        # not over: up to the as-of day
        ({"active_to": date(2024, 12, 30)}, date(2024, 12, 30), True),
        ({"active_to": date(2024, 12, 29)}, date(2024, 12, 30), False),
        # over: what comes after the period is no matter
        ({"active_to": date(2025, 1, 1)}, date(2025, 6, 30), True),
    ],
)
def test_a_unit_must_be_there_throughout(unit: dict[str, Any], as_of: date, active: bool) -> None:
    finding = over_the_year(unit, as_of)
    assert (finding.reason != "unit_not_active") == active
    assert (finding.verdict == "not_applicable") != active


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "waived"),
    [
        (date(2024, 12, 31), None, "W1"),
        (date(2025, 1, 1), None, None),
        (None, date(2024, 12, 31), "W1"),
        (None, date(2024, 12, 30), None),
    ],
)
def test_a_waiver_is_valid_on_the_reference_day_or_counts_for_nothing(
    valid_from: date | None, valid_to: date | None, waived: str | None
) -> None:
    waiver = {
        "waiver_id": "W1", "unit_id": "U1", "requirement_id": "test/1-x", "reason": "x", "approved_by": "x",
        "document_no": "1", "valid_from": valid_from or date(2023, 1, 1), "valid_to": valid_to or date(2026, 1, 1),
    }  # fmt: skip
    finding = over_the_year({}, date(2025, 3, 1), waivers=[waiver])
    assert (finding.verdict, finding.waived) == ("fail", waived)
