"""coverage: the share of the posts, assets, units below or listed values that have at least one row.

    measure:
      kind: coverage
      subjects: {table: units, where: {type: department}}
      inner: {kind: count, table: activities, where: {kind: risk_check}, by: unit_id}
    threshold: {op: ">=", value: 100%}

Subjects and `inner` (count or sum) are those of each_subject; a subject is covered by one row, with sum too. Kept
as two whole numbers: 11 of 12. Over rows with a date they are the period's rows up to the as-of day; over a stock
(assets) those alive on the reference day, so that one closed before it covers nobody. A subject takes part when it
was alive during the whole period; one alive in part is left out and listed. The evidence is each subject with its
number of rows. Not for a number that each subject has to reach: `{inner: {kind: sum, column: hours, …}}` does not ask
for four hours of each (each_subject).
"""

from __future__ import annotations

from typing import ClassVar, Literal

from auditor.measures.over_subjects import OverSubjects, over_cells, shown
from auditor.measures.registry import register
from auditor.measures.statement import COUNT, Statement, counted_up
from auditor.measures.subjects import InnerNumber
from auditor.measures.wording import Wording
from auditor.model.requirement import Nature, Requirement
from auditor.tables.declaration import Declaration


@register("coverage")
class Coverage(OverSubjects):
    """Subjects with at least one row ÷ subjects."""

    kind: Literal["coverage"]
    inner: InnerNumber

    gives: ClassVar[tuple[str, ...]] = ("numerator", "denominator", "considered", "behind")
    shape: ClassVar[Literal["share"]] = "share"

    def operators(self, declaration: Declaration) -> frozenset[str]:
        """Return a share to reach: of rows that are still to come no more can be asked."""
        return frozenset({">=", ">"})

    def nature(self, declaration: Declaration) -> Nature:
        """Return SUBJECTS over a flow, STANDING over a stock."""
        return Nature.SUBJECTS if self.inner.dated(declaration) else Nature.STANDING

    def measurement(self, statement: Statement) -> str:
        """Return the SELECT that counts the subjects, and those that have a row.

        None is behind before the end: the pace of a subject that owes 1 is 0 until then.
        """
        return over_cells(
            self._subject_values(statement),
            "count(s.subject) FILTER (WHERE s.value > 0) AS numerator",
            "count(s.subject) AS denominator",
            "count(s.subject) AS considered",
            "0 AS behind",
        )

    def evidence(self, statement: Statement) -> str:
        """Return the SELECT of each subject with its number of rows, and 1 to put right where it has none."""
        return shown(self._subject_values(statement), "CASE WHEN s.value = 0 THEN 1 END")

    def in_words(self, wording: Wording, requirement: Requirement) -> str:
        """Return of whom what share is required, in words."""
        figures = self.rows_in_words(wording, self.inner)
        return wording.say("coverage", standard=wording.standard(requirement), **figures)

    def _subject_values(self, statement: Statement) -> str:
        """Return the common tables up to `subject_values`: each subject of each cell with its number of rows."""
        rows, key = self.inner_rows(statement, self.inner)
        return ",\n".join([
            statement.cells(),
            f"taking_part AS (\n{self.taking_part(statement)}\n)",
            f"counted AS (\n{counted_up(rows, COUNT, key)}\n)",
            "subject_values AS (\n"
            "  SELECT k.unit_id, k.period_no, k.source_no, k.row_no, k.subject, coalesce(c.value, 0) AS value\n"
            "  FROM taking_part k LEFT JOIN counted c\n"
            "    ON c.unit_id = k.unit_id AND c.period_no = k.period_no AND c.subject = k.subject\n)",
        ])  # fmt: skip
