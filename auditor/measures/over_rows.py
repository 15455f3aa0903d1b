"""What the measures over the rows of one table share: which rows they look at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from auditor.measures.registry import Measure
from auditor.measures.statement import Rows, Statement, rows_of
from auditor.measures.where import Filter, Where, looked_at
from auditor.measures.wording import Wording
from auditor.tables.declaration import Declaration


class OverRows(Measure):
    """A measure over the rows of `table` that `where` keeps, by its date or `date`, of the unit or its subtree."""

    table: str
    where: Where = ()
    date: str | None = None
    scope: Literal["unit", "subtree"] = "unit"

    def reads(self) -> Iterator[tuple[str, str | None]]:
        """Yield the table, and its columns that choose the rows."""
        yield self.table, None
        yield from ((self.table, each.column) for each in self.where)
        yield from ((self.table, column) for column in (self.date,) if column)

    def looks_at(self) -> Iterator[tuple[str, tuple[Filter, ...]]]:
        """Yield the table with `where`, and the tables looked up."""
        yield self.table, self.where
        yield from ((table, where) for table, where in super().looks_at() if table != self.table)

    def rows(self, statement: Statement) -> Rows:
        """Return the rows that count."""
        return rows_of(statement, self.table, self.where, self.date, self.scope)

    def dates_chosen(self, declaration: Declaration) -> Iterator[tuple[str, str, str]]:
        """Yield `date`, where it is named, with the rows of `where`."""
        if self.date:
            yield self.table, self.date, looked_at(self.where, declaration.tables[self.table])

    def rows_in_words(self, wording: Wording) -> str:
        """Return which rows count, in words."""
        return wording.rows(self.table, self.where, self.date, self.scope)

    def dated(self, declaration: Declaration) -> str | None:
        """Return the column by whose day a row counts; None for a stock, which counts by its life."""
        return self.date or declaration.tables[self.table].date
