"""What the measures over subjects share: which subjects take part, which are left out, which rows are theirs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from auditor.engines.sql import literal, name
from auditor.measures.registry import Measure
from auditor.measures.statement import Rows, Statement, alive, rows_of
from auditor.measures.subjects import InnerRows, InnerSum, Own, Subjects
from auditor.measures.where import Filter, filter_sql, looked_at
from auditor.measures.wording import Wording
from auditor.model.record import Record
from auditor.model.requirement import Requirement
from auditor.tables.declaration import Declaration


class OverSubjects(Measure):
    """A measure over posts or assets of the unit or its subtree, over the units below it, or over listed values.

    Where `inner` looks at rows a subject takes part when it was alive during the whole period.
    """

    subjects: Subjects
    inner: Record
    scope: Literal["unit", "subtree"] = "unit"
    when_no_subjects: Literal["not_applicable", "insufficient_data"] = "not_applicable"

    def reads(self) -> Iterator[tuple[str, str | None]]:
        """Yield the subjects' table and that of the inner rows, with their columns."""
        if self.subjects.table:
            yield self.subjects.table, None
            yield from ((self.subjects.table, each.column) for each in self.subjects.where)
        if isinstance(self.inner, InnerRows):
            yield self.inner.table, None
            yield from ((self.inner.table, column) for column in self.inner.columns())

    def looks_at(self) -> Iterator[tuple[str, tuple[Filter, ...]]]:
        """Yield the subjects' table and that of the inner rows with their filters, and the tables looked up."""
        own: set[str] = {self.subjects.table} if self.subjects.table else set()
        if self.subjects.table:
            yield self.subjects.table, self.subjects.where
        if isinstance(self.inner, InnerRows):
            own.add(self.inner.table)
            listed = self.subjects.values
            by = (Filter(column=self.inner.by, op="is", values=listed),) if listed else ()
            yield self.inner.table, (*self.inner.where, *by)
        yield from ((table, where) for table, where in super().looks_at() if table not in own)

    def faults(self, requirement: Requirement, declaration: Declaration) -> Iterator[tuple[str, str]]:
        """Yield an inner column by which no row of a table can be told apart, and one that holds no numbers."""
        if isinstance(self.inner, InnerRows):
            columns = declaration.tables[self.inner.table].columns
            if columns[self.inner.by].type == "choices" and not self.subjects.values:
                yield "pack.several_values_by", f"{self.inner.table}.{self.inner.by}"
            if isinstance(self.inner, InnerSum) and columns[self.inner.column].type not in (
                "integer",
                "number",
            ):
                yield "pack.not_a_number_column", f"{self.inner.table}.{self.inner.column}"

    def dates_chosen(self, declaration: Declaration) -> Iterator[tuple[str, str, str]]:
        """Yield the date of the inner rows, where it is named, with the rows of their `where`."""
        if isinstance(self.inner, InnerRows) and self.inner.date:
            table = declaration.tables[self.inner.table]
            yield table.name, self.inner.date, looked_at(self.inner.where, table)

    def left_out(self, statement: Statement) -> str | None:
        """Return the SELECT of the subjects that were alive in part of the period only."""
        table = self.subjects.table
        if table is None or not isinstance(self.inner, InnerRows):
            return None
        declared = statement.declaration.tables[table]
        throughout = alive("t", declared, "cell.first_on", "cell.reference_on")
        in_part = alive("t", declared, "cell.reference_on", "cell.first_on")
        rows = self._rows_of_subjects(statement).kept(in_part, f"NOT ({throughout})")
        key = name(declared.key[0])
        columns = f"t.source_no, t.row_no, t.{key} AS subject, {literal(table)} AS table_name"
        return f"WITH {statement.cells()}\n" + rows.select(columns, indent="")

    def taking_part(self, statement: Statement, own: Own | None = None) -> str:
        """Return the SELECT of the subjects that take part, by cell; with `own` their own numbers beside them.

        Those with a number in their own row take part when alive on the reference day, the others when alive
        during the whole period.
        """
        if self.subjects.table is None:
            return (
                "  SELECT cell.unit_id, cell.period_no, CAST(NULL AS INTEGER) AS source_no, "
                "CAST(NULL AS BIGINT) AS row_no, v.subject\n"
                f"  FROM cell CROSS JOIN (VALUES {self._values()}) v(subject)"
            )
        declared = statement.declaration.tables[self.subjects.table]
        first = "cell.reference_on" if own else "cell.first_on"
        rows = self._rows_of_subjects(statement).kept(alive("t", declared, first, "cell.reference_on"))
        columns = f"t.source_no, t.row_no, t.{name(declared.key[0])} AS subject"
        if own:
            rows = rows.joined(*own.joins)
            columns += f",\n    {own.columns()}"
        return rows.select(columns)

    def inner_rows(self, statement: Statement, inner: InnerRows) -> tuple[Rows, str]:
        """Return the rows of the unit and all below it that count for subjects, and the SQL of a row's subject."""
        rows = rows_of(statement, inner.table, inner.where, inner.date, "subtree")
        key = f"t.{name(inner.by)}"
        if statement.declaration.tables[inner.table].columns[inner.by].type == "choices":
            joined = (
                f"JOIN (VALUES {self._values()}) v(subject) ON contains({key}, concat(';', v.subject, ';'))"
            )
            return rows.joined(joined), "v.subject"
        return rows, key

    def subjects_in_words(self, wording: Wording) -> str:
        """Return who or what is looked at, in words."""
        if self.subjects.table:
            where = wording.where(self.subjects.where, self.subjects.table)
            return wording.say(f"subjects.{self.subjects.table}", where=where)
        assert isinstance(self.inner, InnerRows)
        column = wording.declaration.tables[self.inner.table].columns[self.inner.by]
        return wording.listed([wording.value(each, column) for each in self.subjects.values])

    def rows_in_words(self, wording: Wording, inner: InnerRows) -> dict[str, str]:
        """Return which rows are a subject's, in words: the figures `subjects`, `rows` and `by` of a sentence."""
        return {
            "subjects": self.subjects_in_words(wording),
            "rows": wording.rows(inner.table, inner.where, inner.date),
            "by": wording.label(inner.table, inner.by),
        }

    def _values(self) -> str:
        return ", ".join(f"({literal(value)})" for value in self.subjects.values)

    def _rows_of_subjects(self, statement: Statement) -> Rows:
        table = str(self.subjects.table)
        declared = statement.declaration.tables[table]
        tests = tuple(filter_sql(each, declared, "t") for each in self.subjects.where)
        tree = "FROM cell JOIN unit_tree y ON y.unit_id = cell.unit_id"
        source: tuple[str, ...] = (f"FROM cell JOIN {name(table)} t ON t.unit_id = cell.unit_id",)
        if table == "units":
            source = (f"{tree} AND y.below_id <> cell.unit_id", "JOIN units t ON t.unit_id = y.below_id")
        elif self.scope == "subtree":
            source = (tree, f"JOIN {name(table)} t ON t.unit_id = y.below_id")
        return Rows(source, tests, "cell.unit_id", "cell.period_no")


def over_cells(tables: str, *columns: str) -> str:
    """Return the SELECT that gives every cell `columns` over its subjects `s`.

    `tables` are the common tables up to `subject_values`: unit_id, period_no, source_no, row_no, subject, value
    and what `columns` need.
    """
    listed = ",\n  ".join(columns)
    return (
        f"WITH {tables}\n"
        f"SELECT cell.unit_id, cell.period_no, {listed}\n"
        "FROM cell LEFT JOIN subject_values s ON s.unit_id = cell.unit_id AND s.period_no = cell.period_no\n"
        "GROUP BY cell.unit_id, cell.period_no"
    )


def shown(tables: str, shortfall: str) -> str:
    """Return the SELECT of each subject of `subject_values` with its own value, and its own shortfall."""
    return (
        f"WITH {tables}\n"
        "SELECT s.unit_id, s.period_no, s.source_no, s.row_no, s.subject,\n"
        "  CAST(s.value AS DECIMAL(38, 6)) AS value,\n"
        f"  CAST({shortfall} AS DECIMAL(38, 6)) AS shortfall\n"
        "FROM subject_values s"
    )
