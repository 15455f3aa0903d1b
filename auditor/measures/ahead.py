"""What the findings cannot say yet: duties of periods that have not begun, updates that fall due, events planned.

A pending finding says what its own period still needs. Beside it stand the periods of the window that begin after
the as-of day, the day by which the longest stretch of `max_gap` would be used up, and the last filing day of each
planned event that has to be filed so many working days ahead.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from auditor.engines.duckdb import DuckDBEngine
from auditor.engines.sql import literal, literals, name
from auditor.measures.condition import Lead
from auditor.measures.each_record import EachRecord
from auditor.measures.grid import Span
from auditor.measures.max_gap import MaxGap
from auditor.measures.registry import measure_of
from auditor.measures.statement import Statement
from auditor.measures.where import looked_at
from auditor.model.audit import DutyAhead, NextUpdate, PlannedEvent, RowPlace
from auditor.model.finding import Asked
from auditor.model.measurement import Measurement
from auditor.model.requirement import Nature, Requirement
from auditor.periods.period import Period, periods_in
from auditor.periods.workdays import WorkCalendar
from auditor.tables.declaration import Declaration, Table

Days = tuple[date | None, date | None]
_BY_THE_END = (Nature.FLOW, Nature.SHARE, Nature.SUBJECTS, Nature.ATTEST)
"""What has to be reached by the end of a period; states and what may only not happen name no last day."""


@dataclass(frozen=True)
class LookingAhead:
    """What is looked ahead from: measurements over the tables of an engine, in a span; `effective` by pack."""

    measurements: Sequence[Measurement]
    declaration: Declaration
    engine: DuckDBEngine
    span: Span
    working: WorkCalendar
    effective: Mapping[str, Days]

    def duties(self) -> Iterator[DutyAhead]:
        """Yield the duties of the periods that have not begun, by requirement, period and unit."""
        for each in self.measurements:
            requirement = each.requirement
            threshold = requirement.threshold
            if each.nature not in _BY_THE_END or (threshold and threshold.op == "<="):
                continue
            for period in self._periods_ahead(requirement):
                for unit_id in self._units_owing(requirement, period):
                    yield DutyAhead(
                        unit_id, requirement.id, period.label, period.first_on, period.last_on,
                        _asked(requirement, period.begins_on),
                    )  # fmt: skip

    def updates(self) -> Iterator[NextUpdate]:
        """Yield by when each subject of a longest stretch needs its next row, where that is before the period's end."""
        for each in self.measurements:
            kind, threshold = measure_of(each.requirement), each.requirement.threshold
            if not isinstance(kind, MaxGap) or threshold is None:
                continue
            rows = kind.next_due(Statement(each.requirement, self.declaration))
            for unit_id, period, subject, first_on, last_on, begins_on in self.engine.rows(rows):
                most = threshold.on(begins_on).high
                due_on = kind.used_up_on(first_on, int(most)) if most is not None else last_on
                if self.span.as_of <= due_on < last_on and self._in_force(each.requirement, begins_on):
                    yield NextUpdate(unit_id, each.requirement.id, period, subject, first_on, due_on)

    def events(self) -> Iterator[PlannedEvent]:
        """Yield the planned events that a filing is still due for, or can no longer be in time for as planned."""
        for each in self.measurements:
            kind = measure_of(each.requirement)
            if isinstance(kind, EachRecord):
                for condition in kind.must:
                    if isinstance(condition, Lead) and condition.op in (">=", ">"):
                        yield from self._events(each.requirement, kind, condition)

    def _periods_ahead(self, requirement: Requirement) -> Iterator[Period]:
        for period in periods_in(requirement.scheme, self.span.window, self.span.semesters):
            if period.begins_on > self.span.as_of and self._in_force(requirement, period.begins_on):
                yield period

    def _in_force(self, requirement: Requirement, day: date) -> bool:
        from_on, to_on = self.effective[requirement.pack]
        return (from_on or day) <= day <= (to_on or day)

    def _units_owing(self, requirement: Requirement, period: Period) -> Iterator[str]:
        first, last = literal(period.first_on), literal(period.last_on)
        rows = self.engine.rows(
            f"SELECT u.unit_id FROM audited_units u WHERE {_owes(requirement)} "
            f"AND (u.active_from IS NULL OR u.active_from <= {first}) "
            f"AND (u.active_to IS NULL OR u.active_to >= {last}) ORDER BY u.unit_id"
        )
        yield from (unit_id for (unit_id,) in rows)

    def _events(self, requirement: Requirement, kind: EachRecord, condition: Lead) -> Iterator[PlannedEvent]:
        needed = condition.value + (condition.op == ">")
        for unit_id, place, key, title, filed_on, held_on in self._planned(requirement, kind, condition):
            filed = filed_on if filed_on and filed_on <= self.span.as_of else None
            lead = self.working.lead(filed, held_on).days if filed else None
            if not self._in_force(requirement, held_on) or (lead is not None and lead >= needed):
                continue
            file_by = self.working.ahead(held_on, needed)
            counted_from = self.working.filing_on(filed or self.span.as_of)
            late = lead is not None or file_by < self.span.as_of
            yield PlannedEvent(
                unit_id, requirement.id, place, key, title, held_on, filed, lead, needed, file_by,
                self.working.after(counted_from, needed) if late and needed else None,
                self.working.all_announced(min(file_by, counted_from), held_on),
            )  # fmt: skip

    def _planned(
        self, requirement: Requirement, kind: EachRecord, condition: Lead
    ) -> Iterator[tuple[str, RowPlace, str, str | None, date | None, date]]:
        """Return the rows of the events after the as-of day: unit, place, key, title, the days filed and held."""
        table = self.declaration.tables[kind.table]
        filed, held = condition.lead_working_days
        title = _title_column(table)
        below = kind.scope == "subtree"
        rows = self.engine.rows(
            f"SELECT u.unit_id, s.file, s.sheet, t.row_no, CAST(t.{name(table.key[0])} AS VARCHAR), "
            f"{f't.{name(title)}' if title else 'NULL'}, t.{name(filed)}, t.{name(held)} "
            f"FROM {name(table.name)} t JOIN sources s ON s.source_no = t.source_no "
            f"{'JOIN unit_tree x ON x.below_id = t.unit_id ' if below else ''}"
            f"JOIN audited_units u ON u.unit_id = {'x' if below else 't'}.unit_id "
            f"WHERE {_owes(requirement)} AND t.{name(held)} > {literal(self.span.as_of)} "
            f"AND {looked_at(kind.where, table)} "
            f"ORDER BY u.unit_id, t.{name(held)}, s.file, s.sheet NULLS FIRST, t.row_no"
        )
        yield from ((unit_id, (file, sheet, row), *rest) for unit_id, file, sheet, row, *rest in rows)


def _asked(requirement: Requirement, day: date) -> Asked | None:
    """Return what the rule itself asks in a period; its numbers are unknown where they come from elsewhere."""
    if requirement.threshold is None:
        return None
    threshold = requirement.threshold.on(day)
    return Asked(threshold.op, threshold.low, threshold.high)


def _owes(requirement: Requirement) -> str:
    applies = requirement.applies_to
    tests = [f"u.type IN ({literals(applies.types)})"]
    tests += [f"contains(u.tags, {literal(f';{tag};')})" for tag in applies.tags]
    return " AND ".join(tests)


def _title_column(table: Table) -> str | None:
    """Return the column that says what a row is about: the first free text."""
    free = (
        column.name
        for column in table.columns.values()
        if column.type == "text" and not column.is_id and column.name not in table.key
    )
    return next(free, None)
