"""max_gap: the longest stretch that a post, asset, unit below or listed value goes without a row.

    measure:
      kind: max_gap
      subjects: {table: assets, where: {kind: outreach_board}}
      inner: {table: publications, where: {kind: board_update}, by: asset_id}
      in: months
    threshold: {op: "<=", value: 6}

The stretches of a subject run from the period's first day to its first row, from row to row, and from its last row
to the period's end (not over: to the as-of day); without a row the period is one stretch. The value is the worst
subject's longest. `in: months` is the least whole number m such that the later day is not after the earlier + m
months, where a day that the month lacks is its last: 1 January to 1 July and 31 August to 28 February are 6, one day
more is 7. `in: days` counts calendar days. It can only grow, so too long fails at once. A subject takes part when it
was alive during the whole period; one alive in part is left out and listed. The evidence is each subject with its
own longest stretch. Not for so many rows in each half-year (each_subject with `period: half_year`): two of them may
lie eleven months apart.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from typing import ClassVar, Literal

from pydantic import Field

from auditor.engines.sql import literal
from auditor.measures.days import day_number, months_between
from auditor.measures.over_subjects import OverSubjects, over_cells, shown
from auditor.measures.registry import register
from auditor.measures.statement import Statement
from auditor.measures.subjects import InnerRows
from auditor.measures.wording import Wording
from auditor.model.requirement import Nature, Requirement
from auditor.tables.declaration import Declaration


@register("max_gap")
class MaxGap(OverSubjects):
    """The longest stretch without a row, of the worst subject."""

    kind: Literal["max_gap"]
    inner: InnerRows
    step: Literal["months", "days"] = Field(alias="in")

    compares_inside: ClassVar[bool] = True
    gives: ClassVar[tuple[str, ...]] = ("value", "considered")

    def operators(self, declaration: Declaration) -> frozenset[str]:
        """Return the operators that the table of verdicts names for it."""
        return frozenset({"<="})

    def nature(self, declaration: Declaration) -> Nature:
        """Return BREACHES: it can only grow."""
        return Nature.BREACHES

    def faults(self, requirement: Requirement, declaration: Declaration) -> Iterator[tuple[str, str]]:
        """Yield what subjects of every kind can have, and rows without a day."""
        yield from super().faults(requirement, declaration)
        if not self.inner.dated(declaration):
            yield "pack.needs_a_date", self.inner.table

    def measurement(self, statement: Statement) -> str:
        """Return the SELECT of the longest stretch of all subjects."""
        tables = self._subject_values(statement)
        return over_cells(tables, "count(s.subject) AS considered", "max(s.value) AS value")

    def evidence(self, statement: Statement) -> str:
        """Return the SELECT of each subject with its longest stretch, and by how much that is too long."""
        threshold = statement.requirement.threshold
        most = literal(threshold.high if threshold else None)
        return shown(self._subject_values(statement), f"CASE WHEN s.value > {most} THEN s.value - {most} END")

    def next_due(self, statement: Statement) -> str:
        """Return the SELECT of each subject of the periods that are not over, with the day its stretch began.

        Columns: unit_id, period, subject, the day its running stretch began, the period's last day and first.
        """
        return f"""WITH {self._stretches(statement)}
SELECT g.unit_id, p.period, g.subject, max(g.from_on), p.last_on, p.begins_on
FROM stretches g JOIN periods p ON p.period_no = g.period_no
WHERE NOT p.is_over AND g.to_on IS NOT NULL
GROUP BY g.unit_id, p.period, g.subject, p.last_on, p.begins_on ORDER BY g.unit_id, p.period, g.subject"""

    def used_up_on(self, begun_on: date, most: int) -> date:
        """Return the last day on which a stretch that began on a day is not longer than `most`."""
        if self.step == "days":
            return begun_on + timedelta(days=most)
        year, month = divmod(begun_on.year * 12 + begun_on.month - 1 + most, 12)
        return date(year, month + 1, min(begun_on.day, monthrange(year, month + 1)[1]))

    def in_words(self, wording: Wording, requirement: Requirement) -> str:
        """Return how long the stretch of each subject may be, in words."""
        figures = self.rows_in_words(wording, self.inner)
        return wording.say(f"max_gap.{self.step}", standard=wording.standard(requirement), **figures)

    def _subject_values(self, statement: Statement) -> str:
        """Return the common tables up to `subject_values`: each subject of each cell with its longest stretch."""
        longest = _SUBJECT_VALUES.format(length=self._length())
        return f"{self._stretches(statement)},\nsubject_values AS (\n{longest}\n)"

    def _stretches(self, statement: Statement) -> str:
        """Return the common tables up to `stretches`: each stretch of each subject without a row."""
        rows, key = self.inner_rows(statement, self.inner)
        return ",\n".join([
            statement.cells(),
            f"taking_part AS (\n{self.taking_part(statement)}\n)",
            f"dated AS (\n{rows.select(f'{key} AS subject, d.day')}\n)",
            f"marked AS (\n{_MARKED}\n)",
            f"stretches AS (\n{_STRETCHES}\n)",
        ])  # fmt: skip

    def _length(self) -> str:
        if self.step == "months":
            return months_between("g.from_on", "g.to_on")
        return f"{day_number('g.to_on')} - {day_number('g.from_on')}"


_OF_SUBJECT = "{0}.unit_id = k.unit_id AND {0}.period_no = k.period_no AND {0}.subject = k.subject"
_MARKED = f"""\
  SELECT k.unit_id, k.period_no, k.subject, w.day
  FROM taking_part k JOIN dated w ON {_OF_SUBJECT.format("w")}
  UNION ALL
  SELECT k.unit_id, k.period_no, k.subject, cell.first_on AS day
  FROM taking_part k JOIN cell ON cell.unit_id = k.unit_id AND cell.period_no = k.period_no
  UNION ALL
  SELECT k.unit_id, k.period_no, k.subject, cell.reference_on AS day
  FROM taking_part k JOIN cell ON cell.unit_id = k.unit_id AND cell.period_no = k.period_no"""
_STRETCHES = """\
  SELECT m.unit_id, m.period_no, m.subject, m.day AS from_on,
    lead(m.day) OVER (PARTITION BY m.unit_id, m.period_no, m.subject ORDER BY m.day NULLS LAST) AS to_on
  FROM marked m"""
_SUBJECT_VALUES = f"""\
  SELECT k.unit_id, k.period_no, k.source_no, k.row_no, k.subject, max({{length}}) AS value
  FROM taking_part k JOIN stretches g ON {_OF_SUBJECT.format("g")}
  GROUP BY k.unit_id, k.period_no, k.source_no, k.row_no, k.subject"""
