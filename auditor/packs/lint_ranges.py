"""Thresholds that can never fail or never pass, because the measured value cannot get there.

What a kind can measure at all is said here, kind by kind, where it is certain; of a kind that is not named nothing
is said. A blank that misses a threshold is a fail, so a number in a subject's own row may fail any.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from auditor.errors import Problem
from auditor.marked import Marked, Where
from auditor.measures.registry import measure_of
from auditor.model.requirement import Requirement, Threshold
from auditor.packs.domains import Domain
from auditor.tables.declaration import Declaration

_DAYS: Mapping[str, int] = {
    "year": 366, "half_year": 184, "quarter": 92, "month": 31, "week": 7, "semester": 366, "academic_year": 366,
}  # fmt: skip
_MONTHS: Mapping[str, int] = {"year": 12, "half_year": 6, "quarter": 3, "month": 1, "week": 1}
"""The longest that a period can be. Semesters and academic years begin where the user says."""


@dataclass(frozen=True)
class Range:
    """The values that a measure can have: bounds where there are any, and whether only whole numbers."""

    low: Decimal | None = None
    high: Decimal | None = None
    whole: bool = False

    def in_words(self, *, share: bool) -> str:
        """Return the range as a reader writes it: `0 … 100%`, `≥ 0`."""
        low, high = _number(self.low, share=share), _number(self.high, share=share)
        if self.low is None or self.high is None:
            return f"<= {high}" if self.low is None else f">= {low}"
        return f"{low} … {high}"


def range_problems(
    requirement: Requirement, declaration: Declaration, marked: Marked, path: Where
) -> Iterator[Problem]:
    """Yield the thresholds, of all dates, that every value or no value of the measure meets."""
    measure: Any = measure_of(requirement)
    threshold, found = requirement.threshold, _RANGES.get(measure.kind)
    if threshold is None or found is None:
        return
    asks_for_one = threshold.op == ">=" and threshold.value == 1
    if hasattr(getattr(measure, "inner", None), "must") and not asks_for_one:
        yield Problem("pack.must_threshold", {"value": requirement.id}, marked.place(path))
        return
    able = found(measure, requirement, declaration)
    for low, high in zip(threshold.lows, threshold.highs, strict=True):
        code = _verdict(threshold.op, low, high, able)
        if code == "never_fails" and requirement.score and requirement.score.is_bonus_only:
            continue  # what only adds points asks for nothing
        if code:
            share = measure.shape == "share"
            figures = {
                "value": _in_words(threshold, low, high, share=share),
                "key": measure.kind,
                "expected": able.in_words(share=share),
            }
            yield Problem(f"pack.{code}", figures, marked.place((*path, "value")))


def _verdict(op: str, low: Decimal, high: Decimal, able: Range) -> str | None:
    """Return whether no value meets the threshold (`never_passes`), or every one (`never_fails`)."""
    if op in {"==", "between"}:
        least, most = low, high
        if able.whole:
            least, most = low.to_integral_value("ROUND_CEILING"), high.to_integral_value("ROUND_FLOOR")
        if least > most or _below(able.high, least) or _above(able.low, most):
            return "never_passes"
        inside = able.low is not None and able.low >= low and able.high is not None and able.high <= high
        return "never_fails" if inside else None
    if op == "<=":
        fails, passes = able.high is None or able.high > high, able.low is None or able.low <= high
    elif op == ">":
        fails, passes = able.low is None or able.low <= low, able.high is None or able.high > low
    else:
        fails, passes = able.low is None or able.low < low, able.high is None or able.high >= low
    if not passes:
        return "never_passes"
    return None if fails else "never_fails"


def _below(bound: Decimal | None, number: Decimal) -> bool:
    return bound is not None and bound < number


def _above(bound: Decimal | None, number: Decimal) -> bool:
    return bound is not None and bound > number


def _in_words(threshold: Threshold, low: Decimal, high: Decimal, *, share: bool) -> str:
    numbers = f"{_number(low, share=share)}" + (f" … {_number(high, share=share)}" if low != high else "")
    return f"{threshold.op} {numbers}"


def _number(value: Decimal | None, *, share: bool) -> str:
    if value is None:
        return "…"
    return f"{(value * 100).normalize():f}%" if share else f"{value.normalize():f}"


# ---- What each kind can measure -------------------------------------------------------------------


def _count(measure: Any, requirement: Requirement, declaration: Declaration) -> Range:
    """Return from 0, up to what there can be of distinct values, or of rows with one a day."""
    table = declaration.tables[measure.table]
    most = None
    if measure.distinct:
        most = _most_distinct(measure, requirement, declaration)
    elif measure.scope == "unit" and tuple(table.key) == ("unit_id",):
        most = 1
    elif measure.scope == "unit" and tuple(table.key) == ("unit_id", measure.dated(declaration)):
        most = _days(requirement)
    return Range(Decimal(0), None if most is None else Decimal(most), whole=True)


def _most_distinct(measure: Any, requirement: Requirement, declaration: Declaration) -> int | None:
    column = declaration.tables[measure.table].columns[measure.distinct]
    if measure.distinct == measure.dated(declaration):
        return _days(requirement)
    if column.type == "choices":
        return None  # distinct cells are counted, each of which may hold several values
    domain = Domain.of(column)
    for each in measure.where:
        domain = domain.narrowed(each.op, each.values) if each.column == measure.distinct else domain
    candidates = domain.candidates()
    return None if candidates is None else len(candidates)


def _sum(measure: Any, requirement: Requirement, declaration: Declaration) -> Range:
    column = declaration.tables[measure.table].columns[measure.column]
    low = Decimal(0) if column.least is not None and column.least >= 0 else None
    high = Decimal(0) if column.most is not None and column.most <= 0 else None
    return Range(low, high, whole=column.type == "integer")


def _ratio(measure: Any, requirement: Requirement, declaration: Declaration) -> Range:
    if measure.numerator == measure.denominator:
        return Range(Decimal(1), Decimal(1))
    columns = declaration.tables[measure.table].columns
    least = [columns[each].least for each in (measure.numerator, measure.denominator)]
    return Range(Decimal(0) if all(each is not None and each >= 0 for each in least) else None)


def _coverage(measure: Any, requirement: Requirement, declaration: Declaration) -> Range:
    return Range(Decimal(0), Decimal(1))


def _breaches(measure: Any, requirement: Requirement, declaration: Declaration) -> Range:
    return Range(Decimal(0), None, whole=True)


def _each_subject(measure: Any, requirement: Requirement, declaration: Declaration) -> Range:
    """Return what a subject's own number can be."""
    inner = measure.inner
    if getattr(inner, "kind", None) == "count":
        return Range(Decimal(0), None, whole=True)
    table = getattr(inner, "table", None) or measure.subjects.table
    column = declaration.tables[table].columns[inner.column] if hasattr(inner, "column") else None
    if column is None or (not hasattr(inner, "table") and not column.required):
        return Range()
    low = None if column.least is None else Decimal(column.least)
    return Range(low, whole=column.type == "integer")


def _max_gap(measure: Any, requirement: Requirement, declaration: Declaration) -> Range:
    """Return from 1, since the period itself is a stretch, up to the length of the longest period."""
    longest = _days(requirement) if measure.step == "days" else _months(requirement)
    high = None if longest is None else Decimal(longest - (measure.step == "days"))
    return Range(Decimal(1), high, whole=True)


def _days(requirement: Requirement) -> int | None:
    if requirement.window:
        first, last = (date.fromisoformat(f"2024-{each}") for each in requirement.window)
        return (last - first).days + 1
    return _DAYS.get(requirement.period)


def _months(requirement: Requirement) -> int | None:
    return _MONTHS.get(requirement.period)


_RANGES: Mapping[str, Callable[[Any, Requirement, Declaration], Range]] = {
    "count": _count, "sum": _sum, "ratio": _ratio, "coverage": _coverage, "each_record": _breaches,
    "each_subject": _each_subject, "max_gap": _max_gap,
}  # fmt: skip
