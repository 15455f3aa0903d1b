"""deadline: 1 if a row is dated in the window that ends on the due date, else 0.

    measure: {kind: deadline, table: submissions, where: {report: half_year_report}, dates: [05-31, 11-30]}
    period: year
    threshold: {op: ">=", value: 1}

Each due date is a period of its own, named by it (2024-due-05-31). Its window runs from the day after the due date
before it (the first from 1 January) to the due date, both included; a row after it is no pass for it, and is shown
with the days it is late. Due dates are `dates` of the year; or `monthly: 24`, that day of every month (`period:
month`; a day that the month lacks is its last); or the last day of the requirement's own `window: [04-25, 05-10]`
(`period: stage`), where a row before the window is no pass either. A due date on a day off does not move. Not for a
number of reports in a year (count): two handed in by May do not make up for November.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from auditor.engines.sql import name
from auditor.measures.days import day_number
from auditor.measures.over_rows import OverRows
from auditor.measures.registry import register
from auditor.measures.statement import Rows, Statement, measured, witness, witnessed
from auditor.measures.wording import Wording
from auditor.model.requirement import DayOfYear, Days, Nature, PeriodKind, Requirement
from auditor.tables.declaration import Declaration


@register("deadline")
class Deadline(OverRows):
    """Whether a row came by each of the due dates."""

    kind: Literal["deadline"]
    dates: tuple[DayOfYear, ...] = ()
    monthly: Annotated[int, Field(ge=1, le=31)] | None = None

    gives: ClassVar[tuple[str, ...]] = ("value",)

    def scheme(self, period: PeriodKind, window: Days | None) -> str:
        """Return the scheme of one period for each due date."""
        if self.dates:
            return f"due-{','.join(sorted(self.dates))}"
        if self.monthly:
            return f"due-monthly-{self.monthly}"
        return f"due-{window[0]}..{window[1]}" if window else period

    def operators(self, declaration: Declaration) -> frozenset[str]:
        """Return the operators that the table of verdicts names for it."""
        return frozenset({">="})

    def nature(self, declaration: Declaration) -> Nature:
        """Return FLOW: once a row is there, it stays."""
        return Nature.FLOW

    def faults(self, requirement: Requirement, declaration: Declaration) -> Iterator[tuple[str, str]]:
        """Yield due dates that are not said in one way, not in their period, or twice; a threshold other than 1."""
        ways = {"year": self.dates, "month": self.monthly, "stage": requirement.window}
        said = [period for period, due in ways.items() if due]
        if len(said) != 1:
            yield "pack.deadline_needs_dates", requirement.id
        elif said != [requirement.period]:
            yield "pack.deadline_period", said[0]
        yield from (("pack.deadline_date_twice", day) for day in self._named_twice())
        threshold = requirement.threshold
        if threshold and threshold.op == ">=" and threshold.value != 1:
            yield "pack.deadline_threshold", requirement.id
        if not self.dated(declaration):
            yield "pack.needs_a_date", self.table

    def measurement(self, statement: Statement) -> str:
        """Return the SELECT of 1 where the window has a row."""
        return measured(statement, self._in_time(statement, "  "), "coalesce(m.value, 0) AS value")

    def evidence(self, statement: Statement) -> str:
        """Return the SELECT of the rows in the window; where it has none, of the first day's after the due date.

        The shortfall of a row after the due date is the calendar days that it is late.
        """
        timely = self.rows(statement).select(witness())
        return witnessed(statement, f"{timely}\n  UNION ALL\n{self._late(statement)}")

    def in_words(self, wording: Wording, requirement: Requirement) -> str:
        """Return what has to be there by when, in words."""
        rows = self.rows_in_words(wording)
        if self.dates:
            return wording.say("deadline.dates", rows=rows, days=wording.listed(sorted(self.dates)))
        if self.monthly:
            return wording.say("deadline.monthly", rows=rows, day=self.monthly)
        first, last = requirement.window or ("", "")
        return wording.say("deadline.window", rows=rows, first=first, last=last)

    def _named_twice(self) -> list[str]:
        return sorted({day for day in self.dates if self.dates.count(day) > 1})

    def _in_time(self, statement: Statement, indent: str) -> str:
        return self.rows(statement).select("1 AS value", grouped=True, indent=indent)

    def _late(self, statement: Statement) -> str:
        """Return the SELECT of the rows of the first day after the due date that has any, up to the as-of day."""
        day = f"t.{name(self.dated(statement.declaration) or '')}"
        rows = self.rows(statement)
        after = f"JOIN periods d ON d.scheme = {statement.scheme} AND {day} > d.last_on AND {day} <= d.as_of"
        # The last join is the calendar's, which ends on the due date.
        rows = replace(rows, source=(*rows.source[:-1], after))
        first = rows.select(f"min({day}) AS first_on", grouped=True, indent="    ")
        late = rows.joined(
            f"JOIN (\n{first}\n  ) l ON {_same('l', rows)} AND l.first_on = {day}",
            f"LEFT JOIN (\n{self._in_time(statement, '    ')}\n  ) i ON {_same('i', rows)}",
        ).kept("i.value IS NULL")
        return late.select(witness(shortfall=f"{day_number(day)} - {day_number('d.last_on')}"))


def _same(other: str, rows: Rows) -> str:
    return f"{other}.unit_id = {rows.unit} AND {other}.period_no = {rows.period_no}"
