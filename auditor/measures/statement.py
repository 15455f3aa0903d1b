"""The parts that every statement is made of: the cells to fill, and the rows that count.

A statement reads the tables of the data set and what `auditor.measures.grid` laid beside them:

    audited_units   the units that the audit is about (the columns of `units`)
    periods         period_no, scheme, period, year, ordinal, first_on, last_on, begins_on, reference_on, as_of, days,
                    days_gone, is_over: the periods that begin in the window, on or before the as-of day
    calendar        period_no, scheme, period, day: the days of each of them, up to the as-of day
    workdays        running counts of working days, where a condition asks for them
    unit_tree       unit_id, below_id: each unit with itself and every unit below it
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from auditor.engines.sql import literal, literals, name
from auditor.measures.where import Where, filter_sql
from auditor.model.requirement import Requirement
from auditor.tables.declaration import Declaration, Table

MEASUREMENT = (
    "unit_id", "period_no", "value", "numerator", "denominator", "considered", "value_both", "value_neither",
    "unannounced", "behind", "answer",
)  # fmt: skip
"""What a measurement may hold, by unit and period:

value           the number measured; of each_record and each_subject the rows or subjects that miss
numerator, denominator   of a ratio, exact
considered      the rows (each_record) or subjects (each_subject) that were looked at
value_both, value_neither   `value` under the other usual readings of a working-day count
unannounced     a working-day count touches a year whose notice is not out
behind          subjects behind their own pace on the as-of day
answer          of attest
"""

EVIDENCE = ("unit_id", "period_no", "source_no", "row_no", "subject", "value", "shortfall")
"""What stands behind a measurement, a row each: where it is, the subject's key, its figure, how far it is off."""


COUNT = "count(*)"
"""The number of rows."""

_CLIMB = "JOIN unit_tree x ON x.below_id = t.unit_id"
"""Gives a row to its unit and to every unit above."""


@dataclass(frozen=True)
class Statement:
    """What a statement is compiled for: a requirement over declared tables.

    `instead` measures over the periods of another scheme than the requirement's own; `held` only in the periods
    that begin from the one day to before the other (None: open), for a threshold that is dated.
    """

    requirement: Requirement
    declaration: Declaration
    instead: str | None = None
    held: tuple[date | None, date | None] = (None, None)

    @property
    def scheme(self) -> str:
        """The scheme of the periods, as a literal."""
        return literal(self.instead or self.requirement.scheme)

    def cells(self) -> str:
        """Return the common table `cell`: each unit that owes the duty x each period of its scheme.

        This is what makes silent units count 0: every cell gets a row, whether or not the data has one.
        """
        applies = self.requirement.applies_to
        tests = [f"u.type IN ({literals(applies.types)})"]
        tests += [f"contains(u.tags, {literal(f';{tag};')})" for tag in applies.tags]
        from_on, before = self.held
        tests += [f"p.begins_on >= {literal(from_on)}"] if from_on else []
        tests += [f"p.begins_on < {literal(before)}"] if before else []
        return (
            "cell AS (\n"
            "  SELECT u.unit_id, p.period_no, p.period, p.first_on, p.reference_on, p.days, p.days_gone\n"
            f"  FROM audited_units u JOIN periods p ON p.scheme = {self.scheme}\n"
            f"  WHERE {' AND '.join(tests)}\n)"
        )


@dataclass(frozen=True)
class Rows:
    """The rows of a table that count, as SQL: `t` in `source`, kept by `tests`, owed by `unit` in `period_no`."""

    source: tuple[str, ...]
    tests: tuple[str, ...]
    unit: str
    period_no: str

    def joined(self, *joins: str) -> Rows:
        """Return the rows with further joins behind them."""
        return replace(self, source=(*self.source, *joins))

    def kept(self, *tests: str) -> Rows:
        """Return the rows that pass further tests too."""
        return replace(self, tests=(*self.tests, *tests))

    def select(self, columns: str, *, grouped: bool = False, by: str = "", indent: str = "  ") -> str:
        """Return a SELECT over the rows, by unit and period (and `by`) where it is grouped."""
        lines = [f"SELECT {self.unit} AS unit_id, {self.period_no} AS period_no, {columns}", *self.source]
        if self.tests:
            lines.append(f"WHERE {' AND '.join(self.tests)}")
        if grouped:
            lines.append(f"GROUP BY {self.unit}, {self.period_no}{', ' + by if by else ''}")
        return "\n".join(indent + line for line in lines)


def rows_of(  # the four things by which every measure chooses rows
    statement: Statement, table: str, where: Where, date: str | None, scope: str = "unit"
) -> Rows:
    """Return the rows of `table` that count: in the period by their date, or alive on the reference day.

    A table with a date (its own, or the one the measure names) is a flow: a row counts in the period its date
    lies in, up to the as-of day. A table without one is a stock: a row counts where its life holds the
    reference day. `scope` subtree gives a unit the rows of the units below it too.
    """
    declared = statement.declaration.tables[table]
    dated = date or declared.date
    below = scope == "subtree"
    source = [f"FROM {name(table)} t"]
    source += [_CLIMB] if below else []
    tests = [filter_sql(each, declared, "t") for each in where]
    if dated:
        source.append(f"JOIN calendar d ON d.scheme = {statement.scheme} AND d.day = t.{name(dated)}")
    else:
        source.append(
            f"JOIN periods d ON d.scheme = {statement.scheme} AND {alive('t', declared, 'd.reference_on')}"
        )
    return Rows(tuple(source), tuple(tests), "x.unit_id" if below else "t.unit_id", "d.period_no")


def counted_up(rows: Rows, aggregate: str, key: str = "", indent: str = "  ") -> str:
    """Return the SELECT of unit_id, period (, subject) and value over rows that were joined up the unit tree.

    The rows are added up where they lie before they climb: a row is touched once, not once for each unit above.
    `aggregate` must be one that adds up again: a count of rows or a sum.
    """
    climbing = [line for line in rows.source if line != _CLIMB]
    below = Rows(tuple(climbing), rows.tests, "t.unit_id", rows.period_no)
    subject = f"{key} AS subject, " if key else ""
    inner = below.select(f"{subject}{aggregate} AS value", grouped=True, by=key, indent=indent + "  ")
    by = ", b.subject" if key else ""
    total = "CAST(sum(b.value) AS BIGINT)" if aggregate == COUNT else "sum(b.value)"
    lines = (
        f"SELECT x.unit_id, b.period_no{by}, {total} AS value",
        f"FROM (\n{inner}\n{indent}) b",
        "JOIN unit_tree x ON x.below_id = b.unit_id",
        f"GROUP BY x.unit_id, b.period_no{by}",
    )
    return "\n".join(indent + line for line in lines)


def alive(alias: str, table: Table, first: str, last: str | None = None) -> str:
    """Return the test that a stock row lives from `first` through `last` (one day where `last` is left out)."""
    assert table.life is not None, table.name
    opened, closed = (f"{alias}.{name(column)}" for column in table.life)
    return f"({opened} IS NULL OR {opened} <= {first}) AND ({closed} IS NULL OR {closed} >= {last or first})"


def measured(statement: Statement, rows: str, *columns: str) -> str:
    """Return the SELECT that gives every cell its measurement: `columns` of `rows`, by unit and period."""
    return (
        f"WITH {statement.cells()},\nmeasured AS (\n{rows}\n)\n"
        f"SELECT cell.unit_id, cell.period_no, {', '.join(columns)}\n"
        "FROM cell LEFT JOIN measured m ON m.unit_id = cell.unit_id AND m.period_no = cell.period_no"
    )


def witnessed(statement: Statement, rows: str) -> str:
    """Return the SELECT of those `rows` (with the columns of `witness`) that lie in a cell."""
    return (
        f"WITH {statement.cells()},\nwitness AS (\n{rows}\n)\n"
        "SELECT w.unit_id, w.period_no, w.source_no, w.row_no, w.subject, w.value, w.shortfall\n"
        "FROM witness w JOIN cell ON cell.unit_id = w.unit_id AND cell.period_no = w.period_no"
    )


def witness(subject: str = "NULL", value: str = "NULL", shortfall: str = "NULL") -> str:
    """Return the columns that a row gives as evidence."""
    return (
        f"t.source_no, t.row_no, CAST({subject} AS VARCHAR) AS subject, "
        f"CAST({value} AS DECIMAL(38, 6)) AS value, CAST({shortfall} AS DECIMAL(38, 6)) AS shortfall"
    )
