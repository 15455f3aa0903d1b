"""A threshold as SQL: whether a number meets it, and how far it is off. Exact: no division, no float."""

from __future__ import annotations

from auditor.engines.sql import literal
from auditor.model.requirement import Threshold


def meets_sql(number: str, threshold: Threshold) -> str:
    """Return the test that a number meets the threshold; unknown where the number is blank."""
    low, high = literal(threshold.low), literal(threshold.high)
    if threshold.op == "between":
        return f"{number} >= {low} AND {number} <= {high}"
    return f"{number} {'=' if threshold.op == '==' else threshold.op} {low}"


def lack_sql(number: str, threshold: Threshold) -> str:
    """Return how far a number that misses the threshold is off, in its own unit."""
    low, high = literal(threshold.low), literal(threshold.high)
    return {
        ">=": f"{low} - {number}",
        ">": f"{low} - {number} + 1",
        "<=": f"{number} - {high}",
        "==": f"abs({number} - {low})",
        "between": f"CASE WHEN {number} < {low} THEN {low} - {number} ELSE {number} - {high} END",
    }[threshold.op]
