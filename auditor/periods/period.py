"""Periods: the stretches of days that requirements are measured over, and the window an audit covers.

A scheme is a small function from a year to the periods that belong to it. A period belongs to the year it
begins in, so the year that opens its label is all that is needed to find it again. The plain schemes have a
name (`SCHEMES`); a stage and due dates are schemes of their own, whose days stand in the name:

    stage-05-11..05-31      that window of the year: 2024-stage-05-11..05-31
    due-05-31,11-30         one period for each due date, from the day after the one before: 2024-due-05-31
    due-04-25..05-10        the last day of that window: 2024-due-05-10
    due-monthly-24          that day of every month: 2024-due-01-24
    previous-SCHEME         the periods before those of the scheme
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from auditor.errors import BadInput, Problem

YEARS = range(1949, 2101)
"""The years that data, windows and labels may name."""


@dataclass(frozen=True)
class Period:
    """One instance of a scheme: its label and its days.

    `begins_on` decides whether it lies in an audit's window: the first day, but a week's Thursday.
    `ordinal` is the running number in its own scheme: the next period's is one more.
    """

    scheme: str
    label: str
    first_on: date
    last_on: date
    begins_on: date
    ordinal: int


@dataclass(frozen=True)
class Window:
    """The days an audit covers, both ends included. `year` is the one it was named by; None where days were named.

    Raises:
        BadInput: `calendar.year` for a year out of range, `calendar.window` for an end before the start.
    """

    first_on: date
    last_on: date
    year: int | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        _check_year(self.first_on.year)
        _check_year(self.last_on.year)
        if self.last_on < self.first_on:
            figures = {"value": str(self.last_on), "expected": f">= {self.first_on}"}
            raise BadInput([Problem("calendar.window", figures)])

    @classmethod
    def of_year(cls, year: int) -> Window:
        """Return the window of a calendar year."""
        _check_year(year)
        return cls(date(year, 1, 1), date(year, 12, 31), year)

    def __contains__(self, day: date) -> bool:
        return self.first_on <= day <= self.last_on


@dataclass(frozen=True)
class Semesters:
    """The month and day on which the two semesters of a year begin (each lasts until the other begins), and
    that on which the academic year does.

    Raises:
        BadInput: `calendar.semesters` where a day is not one of every year, or the second is not the later;
            `calendar.academic_year` where that day is not one of every year.
    """

    first: tuple[int, int] = (2, 1)
    second: tuple[int, int] = (8, 1)
    academic_year: tuple[int, int] = (9, 1)

    def __post_init__(self) -> None:
        # A common year: 29 February would begin no semester in three years of four.
        if not (_exists(2023, self.first) and _exists(2023, self.second) and self.first < self.second):
            raise _bad_semesters(
                ",".join(f"{month:02d}-{day:02d}" for month, day in (self.first, self.second))
            )
        if not _exists(2023, self.academic_year):
            raise _bad_academic_year("{:02d}-{:02d}".format(*self.academic_year))

    def with_academic_year(self, text: str) -> Semesters:
        """Return them with the academic year beginning on a day written as `09-01`.

        Raises:
            BadInput: `calendar.academic_year`.
        """
        found = re.fullmatch(r"\s*([0-9]{1,2})-([0-9]{1,2})\s*", text)
        if found is None:
            raise _bad_academic_year(text)
        return replace(self, academic_year=(int(found[1]), int(found[2])))

    @classmethod
    def parse(cls, text: str) -> Semesters:
        """Return the semesters written as `02-01,08-01`.

        Raises:
            BadInput: `calendar.semesters`.
        """
        found = re.fullmatch(r"\s*([0-9]{1,2})-([0-9]{1,2})\s*,\s*([0-9]{1,2})-([0-9]{1,2})\s*", text)
        if found is None:
            raise _bad_semesters(text)
        first_month, first_day, second_month, second_day = map(int, found.groups())
        return cls((first_month, first_day), (second_month, second_day))


def _exists(year: int, month_and_day: tuple[int, int]) -> bool:
    try:
        date(year, *month_and_day)
    except ValueError:
        return False
    return True


def _check_year(year: int) -> None:
    if year not in YEARS:
        figures = {"value": str(year), "expected": f"{YEARS[0]} – {YEARS[-1]}"}
        raise BadInput([Problem("calendar.year", figures)])


def _bad_semesters(text: str) -> BadInput:
    return BadInput([Problem("calendar.semesters", {"value": text, "expected": "02-01,08-01"})])


def _bad_academic_year(text: str) -> BadInput:
    return BadInput([Problem("calendar.academic_year", {"value": text, "expected": "09-01"})])


def _years(year: int, _: Semesters) -> Iterator[Period]:
    yield _period("year", str(year), date(year, 1, 1), date(year, 12, 31), year)


def _half_years(year: int, _: Semesters) -> Iterator[Period]:
    for half in (1, 2):
        yield _period("half_year", f"{year}-H{half}", *_months(year, 6 * half - 5, 6 * half), 2 * year + half)


def _quarters(year: int, _: Semesters) -> Iterator[Period]:
    for quarter in (1, 2, 3, 4):
        days = _months(year, 3 * quarter - 2, 3 * quarter)
        yield _period("quarter", f"{year}-Q{quarter}", *days, 4 * year + quarter)


def _single_months(year: int, _: Semesters) -> Iterator[Period]:
    for month in range(1, 13):
        yield _period("month", f"{year}-{month:02d}", *_months(year, month, month), 12 * year + month)


def _weeks(year: int, _: Semesters) -> Iterator[Period]:
    # 28 December always lies in the last ISO week of its year.
    for week in range(1, date(year, 12, 28).isocalendar().week + 1):
        monday, thursday, sunday = (date.fromisocalendar(year, week, weekday) for weekday in (1, 4, 7))
        yield Period("week", f"{year}-W{week:02d}", monday, sunday, thursday, monday.toordinal() // 7)


def _semesters(year: int, semesters: Semesters) -> Iterator[Period]:
    starts = date(year, *semesters.first), date(year, *semesters.second), date(year + 1, *semesters.first)
    for number in (1, 2):
        last_on = starts[number] - timedelta(days=1)
        yield _period("semester", f"{year}-S{number}", starts[number - 1], last_on, 2 * year + number)


def _academic_years(year: int, semesters: Semesters) -> Iterator[Period]:
    first_on, next_on = (date(each, *semesters.academic_year) for each in (year, year + 1))
    yield _period("academic_year", f"{year}-AY", first_on, next_on - timedelta(days=1), year)


_SCHEMES: dict[str, Callable[[int, Semesters], Iterator[Period]]] = {
    "year": _years,
    "half_year": _half_years,
    "quarter": _quarters,
    "month": _single_months,
    "week": _weeks,
    "semester": _semesters,
    "academic_year": _academic_years,
}

SCHEMES = tuple(_SCHEMES)
"""The schemes that have a name and no days of their own; each tiles the time."""

_DAY = r"(?:[0-9]{2}-[0-9]{2})"
_STAGE, _DUE = re.compile(rf"stage-({_DAY})\.\.({_DAY})"), re.compile(rf"due-({_DAY}(?:,{_DAY})*)")
_DUE_OF_WINDOW, _DUE_MONTHLY = (
    re.compile(rf"due-({_DAY})\.\.({_DAY})"),
    re.compile(r"due-monthly-([0-9]{1,2})"),
)
_PREVIOUS = "previous-"


def previous(scheme: str) -> str:
    """Return the scheme of the periods before those of a scheme: their ordinals are one less."""
    return _PREVIOUS + scheme


def _of_year(scheme: str, year: int, semesters: Semesters) -> Iterator[Period]:
    """Yield a scheme's periods of a year, in order."""
    if scheme in _SCHEMES:
        yield from _SCHEMES[scheme](year, semesters)
    elif found := _STAGE.fullmatch(scheme):
        first, last = found.groups()
        yield _period(scheme, f"{year}-{scheme}", _on(year, first), _on(year, last), year)
    elif found := _DUE_OF_WINDOW.fullmatch(scheme):
        first, last = found.groups()
        yield _period(scheme, f"{year}-due-{last}", _on(year, first), _on(year, last), year)
    else:
        yield from _until_due(scheme, year)


def _until_due(scheme: str, year: int) -> Iterator[Period]:
    """Yield one period for each due date of a year: from the day after the one before, or from 1 January."""
    due_dates = _due_dates(scheme, year)
    first_on = date(year, 1, 1)
    for number, due_on in enumerate(due_dates, 1):
        ordinal = len(due_dates) * year + number
        yield _period(scheme, f"{year}-due-{due_on:%m-%d}", first_on, due_on, ordinal)
        first_on = due_on + timedelta(days=1)


def _due_dates(scheme: str, year: int) -> list[date]:
    if found := _DUE_MONTHLY.fullmatch(scheme):
        day = int(found[1])
        return [date(year, month, min(day, monthrange(year, month)[1])) for month in range(1, 13)]
    if found := _DUE.fullmatch(scheme):
        return sorted(_on(year, day) for day in found[1].split(","))
    raise ValueError(f"no scheme of periods is called {scheme!r}")


def _on(year: int, month_and_day: str) -> date:
    return date.fromisoformat(f"{year}-{month_and_day}")


def _period(scheme: str, label: str, first_on: date, last_on: date, ordinal: int) -> Period:
    return Period(scheme, label, first_on, last_on, first_on, ordinal)


def _months(year: int, first: int, last: int) -> tuple[date, date]:
    return date(year, first, 1), date(year, last, monthrange(year, last)[1])


DEFAULT_SEMESTERS = Semesters()
"""1 February to 31 July, and 1 August to 31 January."""


def periods_in(scheme: str, window: Window, semesters: Semesters = DEFAULT_SEMESTERS) -> tuple[Period, ...]:
    """Return the periods of a scheme that begin in the window, in order; of a `previous` one, those before them."""
    years = range(window.first_on.year, window.last_on.year + 1)
    if scheme.startswith(_PREVIOUS):
        return _before(scheme.removeprefix(_PREVIOUS), window, semesters)
    return tuple(
        period for year in years for period in _of_year(scheme, year, semesters) if period.begins_on in window
    )


def _before(scheme: str, window: Window, semesters: Semesters) -> tuple[Period, ...]:
    ordinals = {period.ordinal - 1 for period in periods_in(scheme, window, semesters)}
    years = range(window.first_on.year - 1, window.last_on.year + 1)
    return tuple(
        replace(period, scheme=previous(scheme))
        for year in years
        for period in _of_year(scheme, year, semesters)
        if period.ordinal in ordinals
    )


def parse_period(label: str, semesters: Semesters = DEFAULT_SEMESTERS) -> Period:
    """Return the period that a label such as `2024-Q3` names.

    Raises:
        BadInput: `calendar.label` where it names none.
    """
    wanted = label.strip()
    found = re.match(r"[0-9]{4}", wanted)
    if found and int(found[0]) in YEARS:
        for of_year in _SCHEMES.values():
            for period in of_year(int(found[0]), semesters):
                if period.label == wanted:
                    return period
    expected = "2024, 2024-H1, 2024-Q3, 2024-05, 2024-W07, 2024-S1"
    raise BadInput([Problem("calendar.label", {"value": label, "expected": expected})])
