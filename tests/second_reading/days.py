"""Periods and working days, counted day by day (the design's section 3, *Working days* and *Periods*)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

import chinese_calendar

ONE_DAY = timedelta(days=1)
READINGS = ("strict", "both", "neither")
Semesters = tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True)
class Period:
    """One instance of a calendar; `begins` is the first day, but the Thursday of a week."""

    label: str
    first: date
    last: date
    begins: date

    def reference_day(self, as_of: date) -> date:
        """Return the earlier of the period's end and the as-of day."""
        return min(self.last, as_of)

    def is_over(self, as_of: date) -> bool:
        """Say whether the period ended on or before the as-of day."""
        return self.last <= as_of

    def days(self) -> int:
        """Return how many days the period has."""
        return (self.last - self.first).days + 1

    def days_gone(self, as_of: date) -> int:
        """Return how many of its days are gone; the as-of day is gone."""
        return (self.reference_day(as_of) - self.first).days + 1


def month_end(year: int, month: int) -> date:
    """Return the last day of a month."""
    return date(year + month // 12, month % 12 + 1, 1) - ONE_DAY


def months_period(label: str, year: int, first_month: int, last_month: int) -> Period:
    """Return the period of whole calendar months."""
    first = date(year, first_month, 1)
    return Period(label, first, month_end(year, last_month), first)


def semesters_of(year: int, semesters: Semesters) -> list[Period]:
    """Return the semesters that start in the year; each lasts until the day before the next one starts."""
    starts = sorted(date(y, *start) for y in (year, year + 1) for start in semesters)
    found = []
    for number, start in enumerate(semesters, 1):
        first = date(year, *start)
        following = starts[starts.index(first) + 1]
        found.append(Period(f"{year}-S{number}", first, following - ONE_DAY, first))
    return found


def weeks_of(year: int) -> list[Period]:
    """Return the ISO weeks whose Thursday lies in the year."""
    found = []
    day = date(year, 1, 1)
    while day.year == year:
        if day.weekday() == 3:
            label = f"{year}-W{day.isocalendar().week:02d}"
            found.append(Period(label, day - 3 * ONE_DAY, day + 3 * ONE_DAY, day))
        day += ONE_DAY
    return found


def periods_of_year(kind: str, year: int, semesters: Semesters) -> list[Period]:
    """Return all periods of one calendar that belong to a year."""
    match kind:
        case "year":
            return [months_period(f"{year}", year, 1, 12)]
        case "half_year":
            return [months_period(f"{year}-H{n + 1}", year, 6 * n + 1, 6 * n + 6) for n in range(2)]
        case "quarter":
            return [months_period(f"{year}-Q{n + 1}", year, 3 * n + 1, 3 * n + 3) for n in range(4)]
        case "month":
            return [months_period(f"{year}-{n:02d}", year, n, n) for n in range(1, 13)]
        case "week":
            return weeks_of(year)
        case "semester":
            return semesters_of(year, semesters)
    raise ValueError(f"no such period: {kind}")


def day_of(year: int, text: str) -> date:
    """Return `05-31` as a day of the year."""
    month, day = text.split("-")
    return date(year, int(month), int(day))


def due_dates(measure: dict[str, Any], year: int) -> list[date]:
    """Return the due dates of a year: the dates named, or that day of every month or its last."""
    if "monthly" in measure:
        ends = [month_end(year, month) for month in range(1, 13)]
        return [end.replace(day=min(measure["monthly"], end.day)) for end in ends]
    return sorted(day_of(year, text) for text in measure["dates"])


def until_due(year: int, due: list[date]) -> list[Period]:
    """Return a period for each due date: from the day after the one before, the first from the year's start."""
    found: list[Period] = []
    for day in due:
        first = found[-1].last + ONE_DAY if found else date(year, 1, 1)
        found.append(Period(f"{year}-due-{day.month:02d}-{day.day:02d}", first, day, first))
    return found


def periods_of_requirement(requirement: dict[str, Any], year: int, semesters: Semesters) -> list[Period]:
    """Return all periods of one requirement that belong to a year: of a deadline one for each due date."""
    measure, window = requirement["measure"], requirement.get("window")
    if window:
        first, last = (day_of(year, text) for text in window)
        label = f"due-{window[1]}" if measure["kind"] == "deadline" else f"stage-{window[0]}..{window[1]}"
        return [Period(f"{year}-{label}", first, last, first)]
    if measure["kind"] == "deadline":
        return until_due(year, due_dates(measure, year))
    return periods_of_year(requirement["period"], year, semesters)


def periods(
    requirement: dict[str, Any] | str, first: date, last: date, as_of: date, semesters: Semesters
) -> list[Period]:
    """Return the periods of a requirement, or of a calendar, that begin in the window, not after the as-of day."""
    asked = (
        {"period": requirement, "measure": {"kind": "count"}} if isinstance(requirement, str) else requirement
    )
    found = []
    for year in range(first.year - 1, last.year + 2):
        for period in periods_of_requirement(asked, year, semesters):
            if first <= period.begins <= last and period.begins <= as_of:
                found.append(period)
    return found


@cache
def is_announced(year: int) -> bool:
    """Say whether the year's holiday notice is known."""
    try:
        chinese_calendar.is_workday(date(year, 6, 1))
    except NotImplementedError:
        return False
    return True


@cache
def is_working_day(day: date) -> bool:
    """Say whether mainland China works that day; Monday to Friday where the notice is not known."""
    if not is_announced(day.year):
        return day.weekday() < 5
    return bool(chinese_calendar.is_workday(day))


def filing_day(filed: date) -> date:
    """Return F, the first working day on or after the filing."""
    day = filed
    while not is_working_day(day):
        day += ONE_DAY
    return day


def working_days(first: date, last: date) -> int:
    """Count the working days from the first to the last day, both included, one by one."""
    count = 0
    day = first
    while day <= last:
        count += is_working_day(day)
        day += ONE_DAY
    return count


def lead_working_days(filed: date, held: date, reading: str = "strict") -> int:
    """Return the lead of a filing before an event, in one of the three readings."""
    counted_from = filing_day(filed)
    if filed <= held:
        match reading:
            case "strict":
                return working_days(counted_from + ONE_DAY, held)
            case "both":
                return working_days(counted_from, held)
            case "neither":
                return working_days(counted_from + ONE_DAY, held - ONE_DAY)
    match reading:
        case "strict":
            return -working_days(held + ONE_DAY, counted_from)
        case "both":
            return -working_days(held, counted_from)
        case "neither":
            return -working_days(held + ONE_DAY, counted_from - ONE_DAY)
    raise ValueError(f"no such reading: {reading}")


def touches_unannounced(filed: date, held: date) -> bool:
    """Say whether the count of a lead looks at a day of a year without a known notice."""
    day, last = min(filed, held), max(filing_day(filed), held)
    return any(not is_announced(year) for year in range(day.year, last.year + 1))
