"""Hand-worked units, counts, sums, ratios; each expectation was worked out from the design."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from .cases import SESSIONS, U1, day, findings, one, said, sessions, wanting
from .conditions import Row, Tables

# --- who and when ---------------------------------------------------------------------------------


def test_types_and_tags() -> None:
    """A unit needs one of the types and all of the tags."""
    units: list[Row] = [
        {"unit_id": "U1", "type": "university", "tags": ("pilot", "teaching")},
        {"unit_id": "U2", "type": "university", "tags": ("pilot",)},
        {"unit_id": "U3", "type": "university", "tags": None},
        {"unit_id": "U4", "type": "branch", "tags": ("pilot", "teaching")},
    ]
    requirement = wanting(SESSIONS, applies_to={"types": ["university"], "tags": ["teaching"]})
    found = findings({"units": units, "activities": []}, requirement)
    assert [one["unit_id"] for one in found] == ["U1"]


@pytest.mark.parametrize(
    ("since", "until", "as_of", "reason"),
    [
        ("01-01", None, "12-31", "below_threshold"),
        ("01-02", None, "12-31", "unit_not_active"),
        (None, "12-31", "12-31", "below_threshold"),
        (None, "12-30", "12-31", "unit_not_active"),
        # Not over: active up to the as-of day is enough.
        (None, "06-30", "06-30", "below_threshold"),
        (None, "06-30", "07-01", "unit_not_active"),
    ],
)
def test_unit_active_throughout(since: str | None, until: str | None, as_of: str, reason: str) -> None:
    """A unit is judged for the periods it lived through."""
    unit = {**U1, "active_from": since and day(since), "active_to": until and day(until)}
    found = one({"units": [unit], "activities": []}, wanting(SESSIONS), as_of)
    assert found["reason"] == reason
    assert (found["verdict"] == "not_applicable") == (reason == "unit_not_active")


def test_effective_dates_come_first() -> None:
    """A period that begins outside is not applicable even where the table is missing."""
    found = one({}, wanting(SESSIONS), effective=(day("01-02"), None))
    assert said(found, "verdict", "reason") == ("not_applicable", "outside_effective_dates")
    found = one({}, wanting(SESSIONS), effective=(day("01-01"), day("01-01")))
    assert said(found, "verdict", "reason") == ("insufficient_data", "table_missing")


def test_missing_and_empty_tables() -> None:
    """Missing is insufficient data, in both ways of saying so; empty counts 0."""
    assert one({"activities": None}, wanting(SESSIONS))["verdict"] == "insufficient_data"
    assert one({}, wanting(SESSIONS))["verdict"] == "insufficient_data"
    found = one({"activities": []}, wanting(SESSIONS, value=6))
    assert said(found, "verdict", "value", "shortfall") == ("fail", 0, 6)


def test_the_table_of_exists_in_is_read_too() -> None:
    """Without approvals nothing can be said, even where there is no activity."""
    must = [{"column": "approval_id", "exists_in": "approvals"}]
    requirement = wanting({"kind": "each_record", "table": "activities", "must": must}, "<=", 0)
    assert one({"activities": []}, requirement)["reason"] == "table_missing"
    # Found in another unit's filings is found; a blank is not, an unknown number is not.
    rows = [
        {"activity_id": f"A{number}", "unit_id": "U1", "held_on": day("03-01"), "approval_id": filed}
        for number, filed in enumerate(("P1", None, "P9"))
    ]
    approvals = [{"approval_id": "P1", "unit_id": "elsewhere"}]
    found = one({"activities": rows, "approvals": approvals}, requirement)
    assert said(found, "verdict", "value") == ("fail", 2)


# --- count and sum --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "as_of", "verdict", "forecast", "shortfall"),
    [
        # 1 July 2024: 183 of 366 days are gone, the pace is 6 x 183 / 366 = 3.
        (("02-01", "03-01", "04-01"), "07-01", "pending", "on_track", 3),
        (("02-01", "03-01"), "07-01", "pending", "at_risk", 4),
        # 30 June: 6 x 182 / 366 = 2.98, rounded down 2.
        (("02-01", "03-01"), "06-30", "pending", "on_track", 4),
        # 24 November: 329 days gone < 329.4, pace 5; 25 November: 330 are nine tenths or more.
        (("02-01", "03-01", "04-01", "05-01", "06-01"), "11-24", "pending", "on_track", 1),
        (("02-01", "03-01", "04-01", "05-01", "06-01"), "11-25", "pending", "at_risk", 1),
        (("02-01", "03-01", "04-01", "05-01", "06-01"), "12-30", "pending", "at_risk", 1),
        (("02-01", "03-01", "04-01", "05-01", "06-01"), "12-31", "fail", None, 1),
        (("02-01", "03-01", "04-01", "05-01", "06-01", "06-02"), "06-02", "pass", None, None),
        # Planned rows do not count.
        (("02-01", "03-01", "04-01", "05-01", "06-01", "12-31"), "12-30", "pending", "at_risk", 1),
    ],
)
def test_at_least(
    days: tuple[str, ...], as_of: str, verdict: str, forecast: str | None, shortfall: int | None
) -> None:
    """Six sessions in the year: met at once, pending until the end, then failed."""
    found = one({"activities": sessions(*days)}, wanting(SESSIONS, value=6), as_of)
    assert said(found, "verdict", "forecast", "shortfall") == (verdict, forecast, shortfall)
    assert found["provisional"] is False


@pytest.mark.parametrize(
    ("op", "value", "sessions_held", "as_of", "expected"),
    [
        (">", 2, 2, "12-31", ("fail", "below_threshold", 1, False)),
        (">", 2, 3, "12-31", ("pass", "met", None, False)),
        ("<=", 2, 3, "06-01", ("fail", "above_threshold", 1, False)),
        ("<=", 2, 2, "06-01", ("pass", "met", None, True)),
        ("<=", 2, 2, "12-31", ("pass", "met", None, False)),
        ("==", 2, 3, "06-01", ("fail", "not_equal", 1, False)),
        ("==", 2, 2, "06-01", ("pass", "met", None, True)),
        ("==", 2, 1, "06-01", ("pending", "not_equal", 1, False)),
        ("==", 2, 1, "12-31", ("fail", "not_equal", 1, False)),
        ("between", [2, 3], 4, "06-01", ("fail", "above_threshold", 1, False)),
        ("between", [2, 3], 3, "06-01", ("pass", "met", None, True)),
        ("between", [2, 3], 2, "12-31", ("pass", "met", None, False)),
        ("between", [2, 3], 1, "06-01", ("pending", "below_threshold", 1, False)),
        ("between", [2, 3], 0, "12-31", ("fail", "below_threshold", 2, False)),
    ],
)
def test_other_thresholds(op: str, value: Any, sessions_held: int, as_of: str, expected: Any) -> None:
    """The lines of the verdict table for a count of a flow."""
    days = ("02-01", "03-01", "04-01", "05-01")[:sessions_held]
    found = one({"activities": sessions(*days)}, wanting(SESSIONS, op, value), as_of)
    assert said(found, "verdict", "reason", "shortfall", "provisional") == expected


def test_nine_tenths_gone_is_too_late() -> None:
    """Three in April: on the 26th the pace is 2; on the 27th exactly 27 of 30 days are gone."""
    requirement = wanting(SESSIONS, value=3, period="month")
    options = {"first": day("04-01"), "last": day("04-30")}
    rows = sessions("04-01", "04-02")
    assert one({"activities": rows}, requirement, "04-26", **options)["forecast"] == "on_track"
    assert one({"activities": rows}, requirement, "04-27", **options)["forecast"] == "at_risk"


def test_distinct_values_and_undated_rows() -> None:
    """Two rows of one day are one day; a row without a date is in no period."""
    rows = sessions("03-01", "03-01", "03-02")
    rows.append({**rows[0], "activity_id": "A9", "held_on": None})
    found = one({"activities": rows}, wanting({**SESSIONS, "distinct": "held_on"}, value=2))
    assert said(found, "value", "evidence_rows") == (2, [("activities", n) for n in (2, 3, 4)])


def test_subtree_takes_every_depth() -> None:
    """U1 owns 1 row, its department 1, the department's department 1; a stranger's does not count."""
    units: list[Row] = [
        U1,
        {"unit_id": "D1", "type": "department", "parent_id": "U1"},
        {"unit_id": "D2", "type": "department", "parent_id": "D1"},
        {"unit_id": "X", "type": "department", "parent_id": None},
    ]
    rows = sessions("03-01", "03-02", "03-03", "03-04")
    for row, unit_id in zip(rows, ("U1", "D1", "D2", "X"), strict=True):
        row["unit_id"] = unit_id
    tables: Tables = {"units": units, "activities": rows}
    assert one(tables, wanting(SESSIONS))["value"] == 1
    assert one(tables, wanting({**SESSIONS, "scope": "unit"}))["value"] == 1
    assert one(tables, wanting({**SESSIONS, "scope": "subtree"}))["value"] == 3


def test_sum_is_exact_and_blank_counts_nothing() -> None:
    """1.5 + 2 + blank = 3.5 hours, half an hour short of 4."""
    rows = sessions("03-01", "03-02", "03-03")
    for row, hours in zip(rows, (Decimal("1.5"), Decimal("2"), None), strict=True):
        row["hours"] = hours
    found = one(
        {"activities": rows}, wanting({"kind": "sum", "table": "activities", "column": "hours"}, value=4)
    )
    assert said(found, "verdict", "value", "shortfall") == ("fail", Fraction(7, 2), Fraction(1, 2))
    assert len(found["evidence_rows"]) == 3


@pytest.mark.parametrize(
    ("opened", "closed", "as_of", "value"),
    [
        (None, None, "06-30", 1),
        ("06-30", None, "06-30", 1),
        ("07-01", None, "06-30", 0),
        (None, "06-30", "06-30", 1),
        (None, "06-29", "06-30", 0),
        # Over: the reference day is the period's end, not the as-of day.
        (None, "12-31", "2025-03-01", 1),
        ("2025-01-01", None, "2025-03-01", 0),
    ],
)
def test_stock_is_counted_on_the_reference_day(
    opened: str | None, closed: str | None, as_of: str, value: int
) -> None:
    """A stock row counts when alive, both ends included; the verdict is provisional before the end."""
    asset = {"asset_id": "S1", "unit_id": "U1", "kind": "club"}
    asset |= {"opened_on": opened and day(opened), "closed_on": closed and day(closed)}  # type: ignore[dict-item]
    requirement = wanting({"kind": "count", "table": "assets"})
    found = one({"assets": [asset]}, requirement, as_of)
    assert found["value"] == value
    assert said(found, "verdict", "provisional") == ("pass" if value else "fail", as_of == "06-30")


# --- ratio ----------------------------------------------------------------------------------------


def ratio(
    how: str, *rows: tuple[str, int | None, int | None], percent: str = "35%", as_of: str = "12-31"
) -> Any:
    """Return the finding of active / members over rows (day, active, members)."""
    measure = {"kind": "ratio", "table": "platform_usage", "how": how}
    measure |= {"numerator": "active", "denominator": "members"}
    usage = [
        {"unit_id": "U1", "day": day(when), "active": active, "members": members}
        for when, active, members in rows
    ]
    return one({"platform_usage": usage}, wanting(measure, ">=", percent), as_of)


def test_ratios_are_exact() -> None:
    """7/20 meets 35%; 4 of 45 misses 10% by one reviewer, 5 of 45 meets it."""
    assert said(ratio("pooled", ("03-01", 7, 20)), "verdict", "value") == ("pass", Fraction(7, 20))
    found = ratio("latest", ("03-01", 4, 45), percent="10%")
    assert said(found, "verdict", "numerator", "denominator", "shortfall") == ("fail", 4, 45, 1)
    assert ratio("latest", ("03-01", 5, 45), percent="10%")["verdict"] == "pass"


def test_pooled_sums_both_sides() -> None:
    """(1 + 9) / (10 + 20) = 1/3 misses 35%: 35% of 30 is 10.5, so one more is needed. Blanks take no part."""
    found = ratio("pooled", ("03-01", 1, 10), ("03-02", 9, 20), ("03-03", None, 50), ("03-04", 5, None))
    assert said(found, "numerator", "denominator", "verdict", "shortfall") == (10, 30, "fail", 1)
    assert found["evidence_rows"] == [("platform_usage", 2), ("platform_usage", 3)]


def test_ratio_before_the_end() -> None:
    """Pooled: met is provisional, not met is pending at risk; latest is a state and fails provisionally."""
    met, missed = ("03-01", 7, 20), ("03-01", 6, 20)
    keys = ("verdict", "provisional", "forecast")
    assert said(ratio("pooled", met, as_of="06-30"), *keys) == ("pass", True, None)
    assert said(ratio("pooled", missed, as_of="06-30"), *keys) == ("pending", False, "at_risk")
    assert said(ratio("latest", missed, as_of="06-30"), *keys) == ("fail", True, None)
    assert said(ratio("latest", met, as_of="06-30"), *keys) == ("pass", True, None)


def test_latest_looks_before_the_period_and_latest_in_period_does_not() -> None:
    """The row of 2023 stands for `latest` until a later one comes; a row after the as-of day never counts."""
    old, planned = ("2023-12-01", 7, 20), ("07-01", 1, 20)
    assert ratio("latest", old, planned, as_of="06-30")["numerator"] == 7
    assert ratio("latest", old, planned, as_of="07-01")["numerator"] == 1
    assert ratio("latest", old, planned)["numerator"] == 1
    found = ratio("latest_in_period", old, planned, as_of="06-30")
    assert said(found, "verdict", "reason", "value", "forecast") == ("pending", "no_rows", None, None)
    assert ratio("latest_in_period", old)["verdict"] == "insufficient_data"


def test_no_denominator_is_no_value() -> None:
    """Zero members: no value, pending while a pooled ratio can still get one; a state cannot wait."""
    found = ratio("pooled", ("03-01", 0, 0))
    assert said(found, "verdict", "reason", "value") == ("insufficient_data", "zero_denominator", None)
    assert ratio("pooled", ("03-01", 0, 0), as_of="06-30")["verdict"] == "pending"
    assert ratio("latest", ("03-01", 0, 0), as_of="06-30")["verdict"] == "insufficient_data"
