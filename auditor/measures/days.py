"""Stretches between two days as SQL that DuckDB and Spark read alike: neither subtracts dates as the other does."""

from __future__ import annotations


def day_number(day: str) -> str:
    """Return the running number of a day, as SQL: the difference of two is the calendar days between them."""
    before = f"(year({day}) - 1)"
    leap_days = f"floor({before} / 4) - floor({before} / 100) + floor({before} / 400)"
    return f"(365 * year({day}) + CAST({leap_days} AS BIGINT) + dayofyear({day}))"


def months_between(earlier: str, later: str) -> str:
    """Return the least whole m such that `later` is not after `earlier` + m months, as SQL.

    A day that the month lacks becomes its last: from 31 August to 28 February is 6. That needs no word of its own,
    since no day of the later month is after one that it lacks.
    """
    months = f"12 * (year({later}) - year({earlier})) + month({later}) - month({earlier})"
    return f"({months} + CASE WHEN day({later}) > day({earlier}) THEN 1 ELSE 0 END)"
