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
from auditor.measures.over_subjects import OverSubjects, over_cells, shown
from auditor.measures.registry import register
from auditor.measures.statement import Statement, counted_up
from auditor.measures.subjects import CARRIED, Inner, InnerColumn, InnerCount, InnerMust, InnerSum, Own
from auditor.measures.threshold import lack_sql, meets_sql
from auditor.measures.wording import Wording
from auditor.model.requirement import Nature, Requirement, Threshold
from auditor.tables.declaration import Declaration


@register("each_subject")
class EachSubject(OverSubjects):
    """Subjects that miss the threshold."""

    kind: Literal["each_subject"]
    inner: Inner

    compares_inside: ClassVar[bool] = True
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
            return Nature.SUBJECTS if self.inner.dated(declaration) else Nature.STANDING
        return Nature.STANDING

    def reads(self) -> Iterator[tuple[str, str | None]]:
        """Yield the subjects' table and the inner one, with their columns."""
        yield from super().reads()
        own = self.subjects.table
        if isinstance(self.inner, InnerColumn) and own:
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
        own = self.subjects.table
        if own is None and isinstance(self.inner, InnerColumn | InnerMust):
            yield "pack.values_have_no_row", requirement.id
        yield from super().faults(requirement, declaration)
        if isinstance(self.inner, InnerColumn) and own:
            column = declaration.tables[own].columns[self.inner.column]
            if column.type not in ("integer", "number"):
                yield "pack.not_a_number_column", f"{own}.{column.name}"

    def measurement(self, statement: Statement) -> str:
        """Return the SELECT that counts the subjects that miss, and those behind their own pace."""
        return over_cells(
            self._subject_values(statement),
            "count(s.subject) AS considered",
            "count(s.subject) FILTER (WHERE NOT s.meets) AS value",
            "count(s.subject) FILTER (WHERE NOT s.meets_both) AS value_both",
            "count(s.subject) FILTER (WHERE NOT s.meets_neither) AS value_neither",
            "coalesce(bool_or(s.touched), FALSE) AS unannounced",
            f"count(s.subject) FILTER (WHERE {self._is_behind(statement)}) AS behind",
        )

    def evidence(self, statement: Statement) -> str:
        """Return the SELECT of each subject with its own value, and its own shortfall where it misses."""
        return shown(self._subject_values(statement), "CASE WHEN NOT s.meets THEN s.lack END")

    def calendar_columns(self) -> Iterator[tuple[str, str]]:
        """Yield the days of the subject's own row whose lead or weekday a condition asks for."""
        if isinstance(self.inner, InnerMust):
            yield from calendar_columns(self.inner.must, str(self.subjects.table))

    def in_words(self, wording: Wording, requirement: Requirement) -> str:
        """Return what every subject must reach, in words."""
        own, inner, standard = self.subjects.table, self.inner, wording.standard(requirement)
        if isinstance(inner, InnerCount | InnerSum):
            figures = self.rows_in_words(wording, inner)
            if isinstance(inner, InnerSum):
                figures["column"] = wording.label(inner.table, inner.column)
            return wording.say(f"each_subject.{inner.kind}", standard=standard, **figures)
        subjects = self.subjects_in_words(wording)
        if isinstance(inner, InnerMust):
            must = wording.must(inner.must, str(own))
            return wording.say("each_subject.must", subjects=subjects, must=must)
        column = wording.label(str(own), inner.column)
        return wording.say("each_subject.column", subjects=subjects, column=column, standard=standard)

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
            taking_part = self.taking_part(statement)
        else:
            own, tables, source = CARRIED, [], "taking_part k"
            taking_part = self.taking_part(statement, self._own(statement))
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
        rows, key = self.inner_rows(statement, inner)
        return counted_up(rows, inner.number, key)


def _threshold(statement: Statement) -> Threshold:
    assert statement.requirement.threshold is not None, statement.requirement.id
    return statement.requirement.threshold
