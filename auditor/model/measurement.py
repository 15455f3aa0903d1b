"""How a requirement is measured: what the engine's view of it holds, and how its value may still move."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.model.requirement import Nature, Requirement


@dataclass(frozen=True)
class Measurement:
    """One requirement, compiled. `view` has a row for each unit and period that owes it.

    `number` is the requirement's place in the order of ids; `gives` are the columns that the view has beside
    unit_id and period; `tables` are all tables it reads; `when_none` is the verdict without a subject; `sql` is
    the one statement that measures. `decimal_value` and `decimal_evidence` say whether the figures are decimals
    (hours) rather than whole numbers.
    """

    number: int
    requirement: Requirement
    view: str
    nature: Nature
    gives: tuple[str, ...]
    tables: tuple[str, ...]
    when_none: str
    sql: str
    decimal_value: bool = False
    decimal_evidence: bool = False
