"""The pace of what a period asks for: how much is due by a day so that it counts as on track (DESIGN, verdicts)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from auditor.model.finding import Finding, Number
from auditor.model.requirement import Requirement
from auditor.periods.period import Period

WEEK = 7
"""Days, the as-of day the first of them."""


def last_of_week(as_of: date) -> date:
    """Return the last of the seven days that begin with the as-of day."""
    return as_of + timedelta(days=WEEK - 1)


def is_last_tenth(period: Period, day: date) -> bool:
    """Return whether nine tenths of the period's days are gone: from then on nothing open is on track."""
    return 10 * days_gone(period, day) >= 9 * _days(period)


def days_gone(period: Period, day: date) -> int:
    """Return the days of the period up to a day, it included."""
    return max(0, min(_days(period), (day - period.first_on).days + 1))


def _days(period: Period) -> int:
    return (period.last_on - period.first_on).days + 1


def due_by(asked: Decimal, period: Period, day: date) -> int:
    """Return what the pace asks for by a day: the standard by the share of days gone, in whole steps."""
    return int(asked * days_gone(period, day) // _days(period))


def needed_by(value: Number, asked: Decimal, shortfall: Number, period: Period, day: date) -> Number:
    """Return how much more it takes to be on track on a day; in the last tenth of the period all that lacks."""
    if is_last_tenth(period, day):
        return shortfall
    lacks = due_by(asked, period, day) - value
    return max(0, lacks)


def needed_this_week(
    finding: Finding, requirement: Requirement, period: Period, as_of: date
) -> Number | None:
    """Return how much an open finding asks for within the week; None where that cannot be said in numbers.

    Of subjects, it is how many of them have to act; of a pooled share, what its numerator lacks; of an answer or a
    record still to come, 1 in the last tenth of the period.
    """
    day = last_of_week(as_of)
    shape, asked = requirement.measure.shape, finding.threshold
    if finding.shortfall is None:
        return int(is_last_tenth(period, day))
    if asked is None or asked.low is None:
        return None
    if shape == "subjects":
        lacking = (each for each in finding.evidence if each.shortfall is not None)
        return sum(
            needed_by(each.value or 0, asked.low, each.shortfall or 0, period, day) > 0 for each in lacking
        )
    if shape == "share":
        paced = requirement.measure.kind == "coverage" and not is_last_tenth(period, day)
        return 0 if paced else finding.shortfall
    assert isinstance(finding.value, int | Decimal)
    return needed_by(finding.value, asked.low, finding.shortfall, period, day)
