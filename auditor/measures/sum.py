"""sum: the total of a column.

    measure: {kind: sum, table: activities, column: hours, where: {kind: training}}

A blank cell counts 0, and its row stands in the evidence without a value, so that a reader sees it. A unit
without a row has 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from auditor.engines.sql import name
from auditor.measures.registry import Measure, register
from auditor.measures.statement import Statement, counted_up, measured, rows_of, witness, witnessed
from auditor.measures.where import Where
from auditor.measures.wording import Wording
from auditor.model.requirement import Nature, Requirement
from auditor.tables.declaration import Declaration


@register("sum")
class Sum(Measure):
    """The total of `column` over the rows that count."""

    kind: Literal["sum"]
    table: str
    column: str
    where: Where = ()
    date: str | None = None
    scope: Literal["unit", "subtree"] = "unit"

    gives: ClassVar[tuple[str, ...]] = ("value",)

    def operators(self, declaration: Declaration) -> frozenset[str]:
        """Return the operators that the table of verdicts names for it."""
        return frozenset({">=", ">", "<=", "==", "between"})

    def nature(self, declaration: Declaration) -> Nature:
        """Return FLOW for rows with a date, STANDING for a stock."""
        return Nature.FLOW if self.date or declaration.tables[self.table].date else Nature.STANDING

    def reads(self) -> Iterator[tuple[str, str | None]]:
        """Yield the table with the column summed and those of `where` and `date`."""
        yield self.table, None
        yield self.table, self.column
        yield from ((self.table, each.column) for each in self.where)
        yield from ((self.table, column) for column in (self.date,) if column)

    def decimals(self, declaration: Declaration) -> tuple[bool, bool]:
        """Return decimals for a column of decimals."""
        decimal = declaration.tables[self.table].columns[self.column].type == "number"
        return decimal, decimal

    def faults(self, requirement: Requirement, declaration: Declaration) -> Iterator[tuple[str, str]]:
        """Yield the column where it holds no numbers."""
        if declaration.tables[self.table].columns[self.column].type not in ("integer", "number"):
            yield "pack.not_a_number_column", f"{self.table}.{self.column}"

    def measurement(self, statement: Statement) -> str:
        """Return the SELECT that sums."""
        rows = rows_of(statement, self.table, self.where, self.date, self.scope)
        total = f"coalesce(sum(t.{name(self.column)}), 0)"
        below = self.scope == "subtree"
        summed = counted_up(rows, total) if below else rows.select(f"{total} AS value", grouped=True)
        return measured(statement, summed, "coalesce(m.value, 0) AS value")

    def evidence(self, statement: Statement) -> str:
        """Return the SELECT of the rows summed, each with its own value (blank stays blank)."""
        rows = rows_of(statement, self.table, self.where, self.date, self.scope)
        return witnessed(statement, rows.select(witness(value=f"t.{name(self.column)}")))

    def in_words(self, wording: Wording, requirement: Requirement) -> str:
        """Return what is summed and required, in words."""
        rows, standard = (
            wording.rows(self.table, self.where, self.date, self.scope),
            wording.standard(requirement),
        )
        return wording.say("sum", rows=rows, standard=standard, column=wording.label(self.table, self.column))
