"""What statements join: the periods in force, their days, the working days, the units audited."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from auditor.engines.duckdb import DuckDBEngine
from auditor.engines.sql import literals
from auditor.errors import Problem
from auditor.measures.registry import measure_of
from auditor.model.requirement import Requirement
from auditor.periods.period import DEFAULT_SEMESTERS, Period, Semesters, Window, periods_in, previous
from auditor.periods.workdays import WorkCalendar


@dataclass(frozen=True)
class Span:
    """Which periods an audit covers, and the day it pretends it is."""

    window: Window
    as_of: date
    semesters: Semesters = DEFAULT_SEMESTERS

    def periods(self, schemes: Iterable[str]) -> tuple[Period, ...]:
        """Return the periods of the schemes that begin in the window, on or before the as-of day."""
        found = (
            period
            for scheme in sorted(set(schemes))
            for period in periods_in(scheme, self.window, self.semesters)
        )
        return tuple(period for period in found if period.begins_on <= self.as_of)


def last_day(window: Window, schemes: Iterable[str], semesters: Semesters) -> date:
    """Return the last day of the last period that begins in the window: a semester may end in the next year."""
    ends = [period.last_on for scheme in set(schemes) for period in periods_in(scheme, window, semesters)]
    return max(ends, default=window.last_on)


def lay_grid(
    engine: DuckDBEngine,
    span: Span,
    requirements: Sequence[Requirement],
    working: WorkCalendar,
    units: Collection[str] = (),
) -> None:
    """Lay `audited_units`, `periods`, `calendar` and `workdays` beside the tables of the data set."""
    chosen = f" WHERE unit_id IN ({literals(sorted(units))})" if units else ""
    engine.run(f"CREATE OR REPLACE VIEW audited_units AS SELECT * FROM units{chosen}")
    _lay_periods(engine, span, _schemes(requirements))
    asked = {pair for each in requirements for pair in measure_of(each).calendar_columns()}
    _lay_workdays(engine, asked, working)


def _schemes(requirements: Sequence[Requirement]) -> set[str]:
    """Return the schemes of the requirements, and those of the periods before where a standard lies in them."""
    own = {each.scheme for each in requirements}
    against = {previous(each.scheme) for each in requirements if each.threshold and each.threshold.against}
    return own | against


def _lay_periods(engine: DuckDBEngine, span: Span, schemes: Collection[str]) -> None:
    engine.run(
        "CREATE OR REPLACE TABLE periods (period_no INTEGER, scheme VARCHAR, period VARCHAR, year BIGINT,"
        " ordinal BIGINT, first_on DATE, last_on DATE, begins_on DATE, reference_on DATE, as_of DATE, days BIGINT,"
        " days_gone BIGINT, is_over BOOLEAN)"
    )
    engine.insert(
        "periods", [_period_row(at, period, span.as_of) for at, period in enumerate(span.periods(schemes), 1)]
    )
    engine.run(
        "CREATE OR REPLACE TABLE calendar AS SELECT period_no, scheme, period, CAST(day AS DATE) AS day FROM periods,"
        " LATERAL (SELECT unnest(generate_series(first_on, reference_on, INTERVAL 1 DAY)) AS day)"
    )


def _period_row(period_no: int, period: Period, as_of: date) -> tuple[str | int | date | bool, ...]:
    reference_on = min(period.last_on, as_of)
    return (
        period_no, period.scheme, period.label, period.begins_on.year, period.ordinal,
        period.first_on, period.last_on, period.begins_on, reference_on, as_of,
        (period.last_on - period.first_on).days + 1, (reference_on - period.first_on).days + 1, period.last_on <= as_of,
    )  # fmt: skip


def _lay_workdays(engine: DuckDBEngine, columns: set[tuple[str, str]], working: WorkCalendar) -> None:
    """Lay the running counts for exactly the days that the data names: the calendar of the years in between."""
    engine.run(
        "CREATE OR REPLACE TABLE workdays (day DATE, weekday BIGINT, working BIGINT, working_through BIGINT,"
        " filing_through BIGINT, unannounced BIGINT, unannounced_through BIGINT, unannounced_filing_through BIGINT)"
    )
    if not columns:
        return
    both = " UNION ALL ".join(f"SELECT min({c}) AS a, max({c}) AS b FROM {t}" for t, c in sorted(columns))
    first, last = engine.rows(f"SELECT min(a), max(b) FROM ({both}) used")[0]
    if first is None:
        return
    days = working.frame(first, last)
    counts = (
        days["working"], days["working_through"], days["filing_through"],
        days["unannounced"], days["unannounced_through"], days["unannounced_filing_through"],
    )  # fmt: skip
    weekdays = (day.isoweekday() for day in days["day"])
    engine.insert("workdays", list(zip(days["day"], weekdays, *counts, strict=True)))


def unknown_units(engine: DuckDBEngine, units: Collection[str]) -> list[Problem]:
    """Return a problem for each of the chosen units that the data set does not have, with the nearest one."""
    known = [row[0] for row in engine.rows("SELECT unit_id FROM units")] if units else []
    return [
        Problem(
            "usage.unknown_unit", {"value": unit}, hint=next(iter(get_close_matches(unit, known, n=1)), None)
        )
        for unit in sorted(set(units) - set(known))
    ]


def periods_begun(engine: DuckDBEngine) -> int:
    """Return how many periods have begun by the as-of day."""
    return int(engine.rows("SELECT count(*) FROM periods")[0][0])
