"""each_subject: every post, asset, unit below or listed value must reach the threshold; the value is how many miss.

    measure:
      kind: each_subject
      subjects: {table: posts, where: {roles: [department_secretary, dean]}}
      inner: {kind: sum, table: activities, column: hours, where: {kind: lesson}, by: post_id}
    threshold: {op: ">=", value: 4}

The threshold is the inner one: of each subject's own number. `inner` is a count or sum over the rows of the
unit and all below it whose `by` column holds the subject's key; or a `column` of the subject (a blank misses);
or `must` on the subject's own row. With count and sum a subject takes part when it was alive during the whole
period; one alive in part is left out and listed. With column and must it takes part when alive on the reference
day. Subjects are posts or assets of the unit, the units below it at any depth, or a fixed list of values.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from auditor.engines.sql import literal, name
from auditor.measures.condition import (
    all_hold,
    calendar_columns,
    figure_of,
    joins_of,
    lack_of,
    reads_of,
    tests_of,
)
from auditor.measures.registry import Measure, register
from auditor.measures.statement import Rows, Statement, alive, counted_up, rows_of
from auditor.measures.subjects import (
    CARRIED,
    Inner,
    InnerColumn,
    InnerCount,
    InnerMust,
    InnerSum,
    Own,
    Subjects,
)
from auditor.measures.threshold import lack_sql, meets_sql
from auditor.measures.where import filter_sql
from auditor.measures.wording import Wording
from auditor.model.requirement import Nature, Requirement, Threshold
from auditor.tables.declaration import Declaration

_NUMBER = "CAST({} AS DECIMAL(38, 6))"


@register("each_subject")
class EachSubject(Measure):
    """Subjects that miss the threshold."""

    kind: Literal["each_subject"]
    subjects: Subjects
    inner: Inner
    scope: Literal["unit", "subtree"] = "unit"
    when_no_subjects: Literal["not_applicable", "insufficient_data"] = "not_applicable"

    gives: ClassVar[tuple[str, ...]] = (
        "value", "considered", "behind", "value_both", "value_neither", "unannounced",
    )  # fmt: skip
    shape: ClassVar[Literal["subjects"]] = "subjects"

    def operators(self, declaration: Declaration) -> frozenset[str]:
        """Return what fits: over a flow only a number to reach, since a subject's pace is told from it."""
        reach = frozenset({">=", ">"})
        return reach if self.nature(declaration) == Nature.SUBJECTS else reach | {"<=", "==", "between"}

    def nature(self, declaration: Declaration) -> Nature:
        """Return SUBJECTS over a flow; STANDING over a stock, a column or `must`."""
        if isinstance(self.inner, InnerCount | InnerSum):
            flows = self.inner.date or declaration.tables[self.inner.table].date
            return Nature.SUBJECTS if flows else Nature.STANDING
        return Nature.STANDING

    def reads(self) -> Iterator[tuple[str, str | None]]:
        """Yield the subjects' table and the inner one, with their columns."""
        own = self.subjects.table
        if own:
            yield own, None
            yield from ((own, each.column) for each in self.subjects.where)
        if isinstance(self.inner, InnerCount | InnerSum):
            yield self.inner.table, None
            yield self.inner.table, self.inner.by
            yield from ((self.inner.table, each.column) for each in self.inner.where)
            yield from ((self.inner.table, column) for column in (self.inner.date,) if column)
        if isinstance(self.inner, InnerSum):
            yield self.inner.table, self.inner.column
        elif isinstance(self.inner, InnerColumn) and own:
            yield own, self.inner.column
        elif isinstance(self.inner, InnerMust) and own:
            yield from reads_of(self.inner.must, own)

    def decimals(self, declaration: Declaration) -> tuple[bool, bool]:
        """Return decimals for the subjects' own values where they come from a column of decimals."""
        if isinstance(self.inner, InnerSum):
            return False, declaration.tables[self.inner.table].columns[self.inner.column].type == "number"
        if isinstance(self.inner, InnerColumn) and self.subjects.table:
            own = declaration.tables[self.subjects.table].columns[self.inner.column]
            return False, own.type == "number"
        return False, False

    def faults(self, requirement: Requirement, declaration: Declaration) -> Iterator[tuple[str, str]]:
        """Yield an inner measure that fixed values cannot have, and a column that holds no numbers."""
        counted = isinstance(self.inner, InnerCount | InnerSum)
        if self.subjects.values and not counted:
            yield "pack.values_have_no_row", requirement.id
        if isinstance(self.inner, InnerCount | InnerSum):
            by = declaration.tables[self.inner.table].columns[self.inner.by]
            if by.type == "choices" and not self.subjects.values:
                yield "pack.several_values_by", f"{self.inner.table}.{self.inner.by}"
        holder = (
            self.subjects.table if isinstance(self.inner, InnerColumn) else getattr(self.inner, "table", None)
        )
        column = getattr(self.inner, "column", None)
        if holder and column and declaration.tables[holder].columns[column].type not in ("integer", "number"):
            yield "pack.not_a_number_column", f"{holder}.{column}"

    def measurement(self, statement: Statement) -> str:
        """Return the SELECT that counts the subjects that miss, and those behind their own pace."""
        return (
            f"WITH {self._subject_values(statement)}\n"
            "SELECT cell.unit_id, cell.period_no, count(s.subject) AS considered,\n"
            "  count(s.subject) FILTER (WHERE NOT s.meets) AS value,\n"
            "  count(s.subject) FILTER (WHERE NOT s.meets_both) AS value_both,\n"
            "  count(s.subject) FILTER (WHERE NOT s.meets_neither) AS value_neither,\n"
            "  coalesce(bool_or(s.touched), FALSE) AS unannounced,\n"
            f"  count(s.subject) FILTER (WHERE {self._is_behind(statement)}) AS behind\n"
            "FROM cell LEFT JOIN subject_values s ON s.unit_id = cell.unit_id AND s.period_no = cell.period_no\n"
            "GROUP BY cell.unit_id, cell.period_no"
        )

    def evidence(self, statement: Statement) -> str:
        """Return the SELECT of each subject with its own value, and its own shortfall where it misses."""
        return (
            f"WITH {self._subject_values(statement)}\n"
            "SELECT s.unit_id, s.period_no, s.source_no, s.row_no, s.subject,\n"
            f"  {_NUMBER.format('s.value')} AS value,\n"
            f"  {_NUMBER.format('CASE WHEN NOT s.meets THEN s.lack END')} AS shortfall\n"
            "FROM subject_values s"
        )

    def left_out(self, statement: Statement) -> str | None:
        """Return the SELECT of the subjects that were alive in part of the period only."""
        table = self.subjects.table
        if table is None or not isinstance(self.inner, InnerCount | InnerSum):
            return None
        declared = statement.declaration.tables[table]
        throughout = alive("t", declared, "cell.first_on", "cell.reference_on")
        in_part = alive("t", declared, "cell.reference_on", "cell.first_on")
        rows = self._subject_rows(statement).kept(in_part, f"NOT ({throughout})")
        key = name(declared.key[0])
        columns = f"t.source_no, t.row_no, t.{key} AS subject, {literal(table)} AS table_name"
        return f"WITH {statement.cells()}\n" + rows.select(columns, indent="")

    def calendar_columns(self) -> Iterator[tuple[str, str]]:
        """Yield the days of the subject's own row whose lead or weekday a condition asks for."""
        if isinstance(self.inner, InnerMust):
            yield from calendar_columns(self.inner.must, str(self.subjects.table))

    def in_words(self, wording: Wording, requirement: Requirement) -> str:
        """Return what every subject must reach, in words."""
        own, inner = self.subjects.table, self.inner
        figures = {"subjects": self._subjects_in_words(wording), "standard": wording.standard(requirement)}
        if isinstance(inner, InnerMust):
            return wording.say("each_subject.must", must=wording.must(inner.must, str(own)), **figures)
        if isinstance(inner, InnerColumn):
            return wording.say("each_subject.column", column=wording.label(str(own), inner.column), **figures)
        figures["rows"] = wording.rows(inner.table, inner.where, inner.date)
        figures["by"] = wording.label(inner.table, inner.by)
        if isinstance(inner, InnerSum):
            figures["column"] = wording.label(inner.table, inner.column)
        return wording.say(f"each_subject.{inner.kind}", **figures)

    def _subjects_in_words(self, wording: Wording) -> str:
        if self.subjects.table:
            where = wording.where(self.subjects.where, self.subjects.table)
            return wording.say(f"subjects.{self.subjects.table}", where=where)
        assert isinstance(self.inner, InnerCount | InnerSum)
        column = wording.declaration.tables[self.inner.table].columns[self.inner.by]
        return wording.listed([wording.value(each, column) for each in self.subjects.values])

    def _is_behind(self, statement: Statement) -> str:
        # value < floor(threshold x gone / days), in whole numbers: no division, so no rounding to differ in.
        return f"(floor(s.value) + 1) * cell.days <= {literal(_threshold(statement).low)} * cell.days_gone"

    def _subject_values(self, statement: Statement) -> str:
        """Return the common tables up to `subject_values`: each subject of each cell, its value, whether it meets."""
        if isinstance(self.inner, InnerCount | InnerSum):
            own = Own("coalesce(c.value, 0)", *self._compared("coalesce(c.value, 0)", statement))
            tables = [f"counted AS (\n{self._counted(statement, self.inner)}\n)"]
            source = (
                "taking_part k LEFT JOIN counted c\n"
                "    ON c.unit_id = k.unit_id AND c.period_no = k.period_no AND c.subject = k.subject"
            )
            taking_part = self._taking_part(statement)
        else:
            own, tables, source = CARRIED, [], "taking_part k"
            taking_part = self._taking_part(statement, self._own(statement))
        return ",\n".join([
            statement.cells(),
            f"taking_part AS (\n{taking_part}\n)",
            *tables,
            "subject_values AS (\n"
            f"  SELECT k.unit_id, k.period_no, k.source_no, k.row_no, k.subject,\n"
            f"    {own.columns()}\n  FROM {source}\n)",
        ])  # fmt: skip

    def _compared(self, value: str, statement: Statement) -> tuple[str, str]:
        """Return whether a subject's number reaches the threshold, and what it lacks; a blank misses by 1."""
        threshold = _threshold(statement)
        return f"coalesce({meets_sql(value, threshold)}, FALSE)", f"coalesce({lack_sql(value, threshold)}, 1)"

    def _own(self, statement: Statement) -> Own:
        """Return the value that stands in the subject's own row `t`."""
        if isinstance(self.inner, InnerColumn):
            value = f"t.{name(self.inner.column)}"
            return Own(value, *self._compared(value, statement))
        assert isinstance(self.inner, InnerMust)
        tests = tests_of(self.inner.must, statement.declaration, str(self.subjects.table), "cell.period")
        touched = " OR ".join(test.unannounced for test in tests if test.unannounced)
        return Own(
            value=figure_of(tests),
            meets=f"({all_hold(tests)})",
            lack=lack_of(tests),
            joins=tuple(joins_of(tests)),
            both=f"({all_hold(tests, 'both')})",
            neither=f"({all_hold(tests, 'neither')})",
            touched=f"({touched})" if touched else "FALSE",
        )

    def _counted(self, statement: Statement, inner: InnerCount | InnerSum) -> str:
        rows = rows_of(statement, inner.table, inner.where, inner.date, "subtree")
        key = f"t.{name(inner.by)}"
        if statement.declaration.tables[inner.table].columns[inner.by].type == "choices":
            rows = rows.joined(
                f"JOIN (VALUES {self._values()}) v(subject) ON contains({key}, concat(';', v.subject, ';'))"
            )
            key = "v.subject"
        return counted_up(rows, inner.number, key)

    def _values(self) -> str:
        return ", ".join(f"({literal(value)})" for value in self.subjects.values)

    def _taking_part(self, statement: Statement, own: Own | None = None) -> str:
        if self.subjects.table is None:
            return (
                "  SELECT cell.unit_id, cell.period_no, CAST(NULL AS INTEGER) AS source_no, "
                "CAST(NULL AS BIGINT) AS row_no, v.subject\n"
                f"  FROM cell CROSS JOIN (VALUES {self._values()}) v(subject)"
            )
        declared = statement.declaration.tables[self.subjects.table]
        first = "cell.reference_on" if own else "cell.first_on"
        rows = self._subject_rows(statement).kept(alive("t", declared, first, "cell.reference_on"))
        columns = f"t.source_no, t.row_no, t.{name(declared.key[0])} AS subject"
        if own:
            rows = rows.joined(*own.joins)
            columns += f",\n    {own.columns()}"
        return rows.select(columns)

    def _subject_rows(self, statement: Statement) -> Rows:
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


def _threshold(statement: Statement) -> Threshold:
    assert statement.requirement.threshold is not None, statement.requirement.id
    return statement.requirement.threshold
