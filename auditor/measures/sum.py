"""sum: the total of a column.

    measure: {kind: sum, table: activities, column: hours, where: {kind: training}}

A blank cell counts 0, and its row stands in the evidence without a value, so that a reader sees it. A unit
without a row has 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from auditor.engines.sql import name
from auditor.measures.over_rows import OverRows
from auditor.measures.registry import register
from auditor.measures.statement import Statement, counted_up, measured, witness, witnessed
from auditor.measures.wording import Wording
from auditor.model.requirement import Nature, Requirement
from auditor.tables.declaration import Declaration


@register("sum")
class Sum(OverRows):
    """The total of `column` over the rows that count."""

    kind: Literal["sum"]
    column: str

    gives: ClassVar[tuple[str, ...]] = ("value",)

    def operators(self, declaration: Declaration) -> frozenset[str]:
        """Return the operators that the table of verdicts names for it."""
        return frozenset({">=", ">", "<=", "==", "between"})

    def nature(self, declaration: Declaration) -> Nature:
        """Return FLOW for rows with a date, STANDING for a stock."""
        return Nature.FLOW if self.dated(declaration) else Nature.STANDING

    def reads(self) -> Iterator[tuple[str, str | None]]:
        """Yield the table with the column summed and those of `where` and `date`."""
        yield from super().reads()
        yield self.table, self.column

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
        rows = self.rows(statement)
        total = f"coalesce(sum(t.{name(self.column)}), 0)"
        below = self.scope == "subtree"
        summed = counted_up(rows, total) if below else rows.select(f"{total} AS value", grouped=True)
        return measured(statement, summed, "coalesce(m.value, 0) AS value")

    def evidence(self, statement: Statement) -> str:
        """Return the SELECT of the rows summed, each with its own value (blank stays blank)."""
        rows = self.rows(statement)
        return witnessed(statement, rows.select(witness(value=f"t.{name(self.column)}")))

    def in_words(self, wording: Wording, requirement: Requirement) -> str:
        """Return what is summed and required, in words."""
        rows, standard = (
            self.rows_in_words(wording),
            wording.standard(requirement),
        )
        return wording.say("sum", rows=rows, standard=standard, column=wording.label(self.table, self.column))
