"""attest: a person checked it and says yes, no or not applicable.

    measure: {kind: attest}

For duties that no row can show. The latest answer on or before the as-of day that is for the period: the one
whose `for_period` names it or, where that is blank, the one that `checked_on` lies in. No threshold.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from auditor.engines.sql import literal
from auditor.measures.registry import Measure, register
from auditor.measures.statement import Statement, measured, witnessed
from auditor.measures.wording import Wording
from auditor.model.requirement import Nature, Requirement
from auditor.tables.declaration import Declaration

TABLE = "attestations"


@register("attest")
class Attest(Measure):
    """The latest answer of the table `attestations`."""

    kind: Literal["attest"]

    gives: ClassVar[tuple[str, ...]] = ("answer",)
    shape: ClassVar[Literal["answer"]] = "answer"

    def nature(self, declaration: Declaration) -> Nature:
        """Return ATTEST."""
        return Nature.ATTEST

    def reads(self) -> Iterator[tuple[str, str | None]]:
        """Yield the table of the answers."""
        yield TABLE, None
        yield TABLE, "answer"

    def measurement(self, statement: Statement) -> str:
        """Return the SELECT of the latest answer."""
        return measured(statement, self._latest(statement), "m.answer")

    def evidence(self, statement: Statement) -> str:
        """Return the SELECT of the row that answers."""
        return witnessed(statement, self._latest(statement))

    def in_words(self, wording: Wording, requirement: Requirement) -> str:
        """Return that a person answers."""
        return wording.say("attest")

    def _latest(self, statement: Statement) -> str:
        return f"""  SELECT unit_id, period_no, answer, source_no, row_no,
    CAST(NULL AS VARCHAR) AS subject, CAST(NULL AS DECIMAL(38, 6)) AS value, CAST(NULL AS DECIMAL(38, 6)) AS shortfall
  FROM (
    SELECT t.unit_id, d.period_no, t.answer, t.source_no, t.row_no,
      row_number() OVER (PARTITION BY t.unit_id, d.period_no
                         ORDER BY t.checked_on DESC NULLS LAST, t.for_period DESC NULLS LAST) AS recency
    FROM attestations t
    JOIN periods d ON d.scheme = {statement.scheme} AND t.checked_on <= d.as_of
      AND (t.for_period = d.period
           OR (t.for_period IS NULL AND t.checked_on >= d.first_on AND t.checked_on <= d.last_on))
    WHERE t.requirement_id = {literal(statement.requirement.id)} AND t.answer IS NOT NULL
  ) latest
  WHERE recency = 1"""
