"""each_record: every record of the period must keep its conditions; the value is how many break them.

    measure:
      kind: each_record
      table: approvals
      where: {listed_topic: true}
      must: [{lead_working_days: [filed_on, held_on], op: ">=", value: 20}]

A blank in a compared column breaks the condition. No record in the period: not applicable. The evidence is
every record looked at; one that breaks a condition carries its own shortfall. Not for a minimum number of
records (count).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from auditor.measures.condition import (
    Condition,
    Test,
    all_hold,
    calendar_columns,
    figure_of,
    joins_of,
    lack_of,
    reads_of,
    tests_of,
)
from auditor.measures.over_rows import OverRows
from auditor.measures.registry import register
from auditor.measures.statement import Rows, Statement, measured, witness, witnessed
from auditor.measures.wording import Wording
from auditor.model.requirement import Nature, Requirement
from auditor.tables.declaration import Declaration


@register("each_record")
class EachRecord(OverRows):
    """Records of the period that break `must`."""

    kind: Literal["each_record"]
    must: tuple[Condition, ...]

    gives: ClassVar[tuple[str, ...]] = ("value", "considered", "value_both", "value_neither", "unannounced")
    shape: ClassVar[Literal["breaches"]] = "breaches"

    def operators(self, declaration: Declaration) -> frozenset[str]:
        """Return the operators that the table of verdicts names for it."""
        return frozenset({"<="})

    def nature(self, declaration: Declaration) -> Nature:
        """Return BREACHES: it can only grow."""
        return Nature.BREACHES

    def reads(self) -> Iterator[tuple[str, str | None]]:
        """Yield the table with the columns of `where`, `date` and `must`, and the tables looked up."""
        yield from super().reads()
        yield from reads_of(self.must, self.table)

    def decimals(self, declaration: Declaration) -> tuple[bool, bool]:
        """Return decimals for the records' figures where a condition compares a column of decimals."""
        columns = declaration.tables[self.table].columns
        return False, any(columns[name].type == "number" for each in self.must for name in each.columns())

    def faults(self, requirement: Requirement, declaration: Declaration) -> Iterator[tuple[str, str]]:
        """Yield an empty `must`, and a stock without a date: then no period holds a record."""
        if not self.must:
            yield "pack.no_condition", requirement.id
        if not (self.dated(declaration)):
            yield "pack.needs_a_date", self.table

    def measurement(self, statement: Statement) -> str:
        """Return the SELECT that counts the records in breach, under each reading of the working days."""
        rows, tests = self.rows_and_tests(statement)
        unannounced = [test.unannounced for test in tests if test.unannounced]
        touched = (
            f"max(CASE WHEN {' OR '.join(unannounced)} THEN 1 ELSE 0 END) = 1" if unannounced else "FALSE"
        )
        leads = any(test.both for test in tests)
        columns = [
            "count(*) AS considered",
            f"count(*) FILTER (WHERE NOT ({all_hold(tests)})) AS value",
            f"{_breaches(tests, 'both') if leads else 'NULL'} AS value_both",
            f"{_breaches(tests, 'neither') if leads else 'NULL'} AS value_neither",
            f"{touched} AS unannounced",
        ]
        return measured(
            statement, rows.select(",\n    ".join(columns), grouped=True),
            "coalesce(m.value, 0) AS value", "coalesce(m.considered, 0) AS considered",
            "m.value_both", "m.value_neither", "coalesce(m.unannounced, FALSE) AS unannounced",
        )  # fmt: skip

    def evidence(self, statement: Statement) -> str:
        """Return the SELECT of the records looked at."""
        rows, tests = self.rows_and_tests(statement)
        lack = f"CASE WHEN NOT ({all_hold(tests)}) THEN {lack_of(tests)} END"
        return witnessed(statement, rows.select(witness(value=figure_of(tests), shortfall=lack)))

    def calendar_columns(self) -> Iterator[tuple[str, str]]:
        """Yield the days whose lead or weekday a condition asks for."""
        yield from calendar_columns(self.must, self.table)

    def in_words(self, wording: Wording, requirement: Requirement) -> str:
        """Return what every record must keep, in words."""
        rows = self.rows_in_words(wording)
        return wording.say("each_record", rows=rows, must=wording.must(self.must, self.table))

    def rows_and_tests(self, statement: Statement) -> tuple[Rows, tuple[Test, ...]]:
        """Return the records looked at, and the test of each condition."""
        tests = tests_of(self.must, statement.declaration, self.table, "d.period")
        rows = self.rows(statement)
        return rows.joined(*joins_of(tests)), tests


def _breaches(tests: tuple[Test, ...], reading: Literal["both", "neither"]) -> str:
    return f"count(*) FILTER (WHERE NOT ({all_hold(tests, reading)}))"
