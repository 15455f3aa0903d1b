"""Stretches between two days, against the calendar itself: every day, month ends and leap days among them."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from auditor.engines.duckdb import DuckDBEngine
from auditor.measures.days import day_number, months_between

pytestmark = pytest.mark.slow

ONE_DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDBEngine]:
    with DuckDBEngine() as opened:
        yield opened


def days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += ONE_DAY


def later_by(day: date, months: int) -> date:
    """Return the day so many months later; a day that the month lacks becomes its last."""
    year, month = divmod(12 * day.year + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def least_months(earlier: date, last: date) -> Iterator[tuple[date, int]]:
    """Yield each day from the earlier one on with the least number of months that reaches it."""
    months = 0
    for day in days(earlier, last):
        while later_by(earlier, months) < day:
            months += 1
        yield day, months


def test_months_are_the_least_that_reach_the_later_day(engine: DuckDBEngine) -> None:
    stretches = [
        (earlier, later, months)
        for earlier in days(date(2023, 3, 1), date(2024, 3, 31))
        if earlier.day < 3 or earlier.day > 27
        for later, months in least_months(earlier, earlier + 400 * ONE_DAY)
    ]
    engine.run("CREATE OR REPLACE TABLE stretches (a DATE, b DATE, months BIGINT)")
    engine.insert("stretches", stretches)
    wrong = (
        f"SELECT a, b, months FROM stretches WHERE {months_between('a', 'b')} <> months ORDER BY a, b LIMIT 3"
    )
    assert engine.rows(wrong) == []
    assert len(stretches) > 70 * 401


@pytest.mark.parametrize(
    ("earlier", "later", "months"),
    [
        ("2023-08-31", "2024-02-29", 6),
        ("2023-08-31", "2024-03-01", 7),
        ("2022-08-31", "2023-02-28", 6),
        ("2022-08-31", "2023-03-01", 7),
        ("2024-01-01", "2024-07-01", 6),
        ("2024-01-01", "2024-07-02", 7),
        ("2024-01-01", "2024-12-31", 12),
        ("2024-02-29", "2024-02-29", 0),
        ("2024-02-28", "2024-02-29", 1),
        ("2024-02-29", "2025-02-28", 12),
    ],
)
def test_months_by_hand(engine: DuckDBEngine, earlier: str, later: str, months: int) -> None:
    between = months_between(f"DATE '{earlier}'", f"DATE '{later}'")
    assert engine.rows(f"SELECT {between}") == [(months,)]


def test_days_are_numbered_one_after_the_other(engine: DuckDBEngine) -> None:
    first = date(1949, 1, 1)
    engine.run("CREATE OR REPLACE TABLE numbered (day DATE, number BIGINT)")
    engine.insert("numbered", [(day, (day - first).days) for day in days(first, date(2101, 12, 31))])
    zero = day_number(f"DATE '{first}'")
    wrong = f"SELECT day FROM numbered WHERE {day_number('day')} - {zero} <> number ORDER BY day LIMIT 3"
    assert engine.rows(wrong) == []
