"""Due dates, shares of subjects and stretches without a row; and which function measures which kind."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import pairwise

from .conditions import exact
from .days import ONE_DAY, month_end
from .measuring import (
    Cell,
    Measurement,
    Threshold,
    date_column,
    measure_attest,
    measure_count,
    measure_each_record,
    measure_each_subject,
    measure_ratio,
    measure_sum,
    rows_of_subject,
    subjects_of,
)


def measure_cell(cell: Cell) -> Measurement:
    """Measure one requirement of one unit in one period."""
    kinds = {
        "count": measure_count,
        "sum": measure_sum,
        "ratio": measure_ratio,
        "each_record": measure_each_record,
        "each_subject": measure_each_subject,
        "coverage": measure_coverage,
        "deadline": measure_deadline,
        "max_gap": measure_max_gap,
        "attest": measure_attest,
    }
    return kinds[cell.measure["kind"]](cell)


def measure_coverage(cell: Cell) -> Measurement:
    """Divide the subjects with at least one inner row by the subjects."""
    taking_part, left_out = subjects_of(cell, during=True)
    found = Measurement(left_out=left_out, nothing=None if taking_part else "no_subjects")
    covered = 0
    for key, place, _ in taking_part:
        if place is not None:
            found.evidence.add(place)
        rows = len(rows_of_subject(cell, cell.measure["inner"], key, found))
        covered += rows > 0
        found.subjects.append((key, rows, None if rows else 1))
    if taking_part:
        found.numerator, found.denominator = covered, len(taking_part)
        found.value = exact(Fraction(covered, len(taking_part)))
    found.subjects.sort(key=lambda subject: subject[0])
    return found


def measure_deadline(cell: Cell) -> Measurement:
    """Say 1 if a row is dated in the window, else 0; then the first later day's rows show how late it came."""
    measure = cell.measure
    units = cell.scope(measure.get("scope"))
    in_time = {place for place, _ in cell.counted(measure, units)}
    if in_time:
        return Measurement(value=1, evidence=in_time)
    column = date_column(measure)
    later = [
        (row[column], place)
        for place, row in cell.rows(measure["table"], measure.get("where"), units)
        if row.get(column) is not None and cell.period.last < row[column] <= cell.as_of
    ]
    found = Measurement(value=0)
    for day, place in later:
        if day == min(later)[0]:
            found.evidence.add(place)
            found.records.append((place, None, days_from(cell.period.last, day)))
    return found


def measure_max_gap(cell: Cell) -> Measurement:
    """Find the longest stretch of the worst subject: from the first day, row to row, to the end or the as-of day."""
    measure, column = cell.measure, date_column(cell.measure["inner"])
    threshold = Threshold.of(cell.requirement)
    length = months_from if measure["in"] == "months" else days_from
    taking_part, left_out = subjects_of(cell, during=True)
    found = Measurement(left_out=left_out, nothing=None if taking_part else "no_subjects")
    for key, place, _ in taking_part:
        if place is not None:
            found.evidence.add(place)
        days = sorted(row[column] for _, row in rows_of_subject(cell, measure["inner"], key, found))
        marks = [cell.period.first, *days, cell.reference_day]
        longest = max(length(earlier, later) for earlier, later in pairwise(marks))
        too_long = None if threshold.is_met(longest) else exact(longest - threshold.low)
        found.subjects.append((key, longest, too_long))
    found.value = max((exact(longest or 0) for _, longest, _ in found.subjects), default=None)
    found.subjects.sort(key=lambda subject: subject[0])
    return found


def days_from(earlier: date, later: date) -> int:
    """Count the calendar days from one day to another, one by one."""
    count = 0
    while earlier < later:
        earlier += ONE_DAY
        count += 1
    return count


def months_from(earlier: date, later: date) -> int:
    """Return the least whole number of months that brings the earlier day to the later one or beyond."""
    months = 0
    while months_later(earlier, months) < later:
        months += 1
    return months


def months_later(day: date, months: int) -> date:
    """Return the day some months later; a day the month lacks becomes its last."""
    year, month = day.year, day.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return date(year, month, min(day.day, month_end(year, month).day))
