"""count: how many rows, or how many distinct values of a column.

    measure: {kind: count, table: activities, where: {kind: study_session}}

Rows of a table with a date count in the period the date lies in; rows of a stock (units, posts, assets) count
where they are alive on the reference day. A unit without a row counts 0; a table that was not supplied is
insufficient data. Not for shares (ratio), nor for rows that must all keep a condition (each_record).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from auditor.engines.sql import name
from auditor.measures.over_rows import OverRows
from auditor.measures.registry import register
from auditor.measures.statement import COUNT, Statement, counted_up, measured, witness, witnessed
from auditor.measures.wording import Wording
from auditor.model.requirement import Nature, Requirement
from auditor.tables.declaration import Declaration


@register("count")
class Count(OverRows):
    """Rows, or distinct values of `distinct`."""

    kind: Literal["count"]
    distinct: str | None = None

    gives: ClassVar[tuple[str, ...]] = ("value",)

    def operators(self, declaration: Declaration) -> frozenset[str]:
        """Return the operators that the table of verdicts names for it."""
        return frozenset({">=", ">", "<=", "==", "between"})

    def nature(self, declaration: Declaration) -> Nature:
        """Return FLOW for rows with a date, STANDING for a stock."""
        return Nature.FLOW if self.dated(declaration) else Nature.STANDING

    def reads(self) -> Iterator[tuple[str, str | None]]:
        """Yield the table with the columns of `where`, `date` and `distinct`."""
        yield from super().reads()
        yield from ((self.table, column) for column in (self.distinct,) if column)

    def measurement(self, statement: Statement) -> str:
        """Return the SELECT that counts."""
        rows = self.rows(statement)
        if self.distinct:
            counted = rows.select(f"count(DISTINCT t.{name(self.distinct)}) AS value", grouped=True)
        elif self.scope == "subtree":
            counted = counted_up(rows, COUNT)
        else:
            counted = rows.select(f"{COUNT} AS value", grouped=True)
        return measured(statement, counted, "coalesce(m.value, 0) AS value")

    def evidence(self, statement: Statement) -> str:
        """Return the SELECT of the rows that counted."""
        rows = self.rows(statement)
        if self.distinct:
            rows = rows.kept(f"t.{name(self.distinct)} IS NOT NULL")
        return witnessed(statement, rows.select(witness()))

    def in_words(self, wording: Wording, requirement: Requirement) -> str:
        """Return what is counted and required, in words."""
        rows, standard = (
            self.rows_in_words(wording),
            wording.standard(requirement),
        )
        if self.distinct:
            column = wording.label(self.table, self.distinct)
            return wording.say("count.distinct", rows=rows, standard=standard, column=column)
        return wording.say("count", rows=rows, standard=standard)
