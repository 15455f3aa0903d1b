"""How a requirement is measured: what its statement gives, and how its value may still move."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.model.requirement import Nature, Requirement


@dataclass(frozen=True)
class Measurement:
    """One requirement, compiled: `sql` is the one statement that measures it.

    It gives a row for each unit and period that owes the duty, with the columns unit_id, period and those in
    `gives`. `standard_sql` gives what is asked of each where the rule itself names no one number (None: it
    does); its columns are unit_id, period_no, low, high, wanted and scale. `number` is the requirement's place
    in the order of ids; `tables` are all tables it reads; `when_none` is the verdict without a subject.
    `decimal_value` and `decimal_evidence` say whether the figures are decimals (hours) rather than whole numbers.
    """

    number: int
    requirement: Requirement
    nature: Nature
    gives: tuple[str, ...]
    tables: tuple[str, ...]
    when_none: str
    sql: str
    standard_sql: str | None = None
    decimal_value: bool = False
    decimal_evidence: bool = False
