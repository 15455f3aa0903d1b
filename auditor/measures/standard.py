"""What is asked of each unit and period, where the rule names no one number: a target, the past, dated numbers."""

from __future__ import annotations

from decimal import Decimal

from auditor.engines.sql import literal, name
from auditor.measures.registry import Measure
from auditor.measures.statement import Statement
from auditor.model.requirement import Dated, Threshold, as_ratio
from auditor.periods.period import previous

TARGETS = "targets"
"""The table of the units' own numbers."""


def standard_sql(statement: Statement, measure: Measure) -> str | None:
    """Return the SELECT of unit_id, period_no, low, high, wanted, scale; None where the rule names one number.

    `low` and `high` are the number asked, of `between` two. Of a share, `wanted` of `scale` says it exactly: of
    the period before they are its numerator and its denominator.
    """
    threshold = statement.requirement.threshold
    if threshold is None or threshold.standard == "number":
        return None
    if threshold.standard == "dated":
        return _dated(statement, threshold)
    return _previous(statement, measure) if threshold.standard == "previous" else _target(statement)


def _target(statement: Statement) -> str:
    """Return the unit's own number of the year that a period begins in."""
    return (
        f"WITH {statement.cells()}\n"
        "SELECT cell.unit_id, cell.period_no, t.value AS low, t.value AS high, "
        "CAST(NULL AS BIGINT) AS wanted, CAST(NULL AS BIGINT) AS scale\n"
        f"FROM cell JOIN periods p ON p.period_no = cell.period_no\n"
        f"JOIN {name(TARGETS)} t ON t.unit_id = cell.unit_id AND t.year = p.year\n"
        f"WHERE t.requirement_id = {literal(statement.requirement.id)} AND t.value IS NOT NULL"
    )


def _previous(statement: Statement, measure: Measure) -> str:
    """Return the ratio of the period before, where it has one."""
    before = Statement(
        statement.requirement, statement.declaration, instead=previous(statement.requirement.scheme)
    )
    return (
        "SELECT b.unit_id, p.period_no, CAST(NULL AS DECIMAL(38, 6)) AS low, CAST(NULL AS DECIMAL(38, 6)) AS high,\n"
        "  b.numerator AS wanted, b.denominator AS scale\n"
        f"FROM (\n{measure.measurement(before)}\n) b\n"
        "JOIN periods o ON o.period_no = b.period_no\n"
        f"JOIN periods p ON p.scheme = {statement.scheme} AND p.ordinal = o.ordinal + 1\n"
        "WHERE b.numerator IS NOT NULL AND b.denominator <> 0"
    )


def _dated(statement: Statement, threshold: Threshold) -> str:
    """Return the number in force on the first day of each period."""
    columns = zip(
        *(_number(each, statement.requirement.measure.shape == "share") for each in threshold.dated),
        strict=True,
    )
    cases = [
        f"{_in_force(threshold.dated, [literal(value) for value in values])} AS {column}"
        for column, values in zip(("low", "high", "wanted", "scale"), columns, strict=True)
    ]
    return (
        f"WITH {statement.cells()}\n"
        f"SELECT cell.unit_id, cell.period_no, {', '.join(cases)}\n"
        "FROM cell JOIN periods p ON p.period_no = cell.period_no"
    )


def _number(dated: Dated, is_share: bool) -> tuple[Decimal, Decimal, int | None, int | None]:
    low, high = dated.value if isinstance(dated.value, tuple) else (dated.value, dated.value)
    wanted, scale = as_ratio(low) if is_share else (None, None)
    return low, high, wanted, scale


def _in_force(dated: tuple[Dated, ...], values: list[str]) -> str:
    later = reversed(list(zip(dated, values, strict=True))[1:])
    whens = " ".join(f"WHEN p.begins_on >= {literal(each.from_)} THEN {value}" for each, value in later)
    return f"CASE {whens} ELSE {values[0]} END" if whens else values[0]
