"""Events still to come whose filing a requirement counts in working days: what a plan can still be measured by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from auditor.engines.duckdb import DuckDBEngine
from auditor.engines.sql import literal, name
from auditor.measures.condition import Lead
from auditor.measures.over_rows import OverRows
from auditor.measures.registry import measure_of
from auditor.measures.where import looked_at
from auditor.model.audit import FilingEvent
from auditor.model.measurement import Measurement
from auditor.model.requirement import Requirement
from auditor.tables.declaration import Declaration


def leads_of(requirement: Requirement) -> tuple[Lead, ...]:
    """Return the conditions of a requirement that ask for a number of working days ahead, or more than it."""
    must = getattr(measure_of(requirement), "must", ())
    return tuple(each for each in must if isinstance(each, Lead) and each.op in (">=", ">"))


def working_days_asked(lead: Lead) -> int:
    """Return the least number of working days that keeps the condition."""
    return lead.value + (lead.op == ">")


def planned_events(
    measurements: Sequence[Measurement], declaration: Declaration, engine: DuckDBEngine, as_of: date
) -> Iterator[FilingEvent]:
    """Yield the rows dated after the as-of day of the units audited, by requirement, unit and day.

    A row without its day is not planned; one without its day of filing is still to be filed.
    """
    for each in measurements:
        kind = measure_of(each.requirement)
        for lead in leads_of(each.requirement) if isinstance(kind, OverRows) else ():
            assert isinstance(kind, OverRows)
            filed, held = (f"t.{name(column)}" for column in lead.lead_working_days)
            found = engine.rows(
                f"SELECT t.unit_id, s.file, s.sheet, t.row_no, {filed}, {held} FROM {name(kind.table)} t"
                " JOIN audited_units u ON u.unit_id = t.unit_id JOIN sources s ON s.source_no = t.source_no"
                f" WHERE {held} > {literal(as_of)}"
                f" AND ({looked_at(kind.where, declaration.tables[kind.table])})"
                f" ORDER BY t.unit_id, {held}, s.file, s.sheet NULLS FIRST, t.row_no"
            )
            for unit_id, file, sheet, row, filed_on, held_on in found:
                yield FilingEvent(
                    each.requirement.id, unit_id, kind.table, file, sheet, row, filed_on, held_on,
                    working_days_asked(lead),
                )  # fmt: skip
