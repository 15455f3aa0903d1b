"""What there is to say about the data beside the findings: the rows, subjects and columns that did not count."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from auditor.engines.duckdb import DuckDBEngine
from auditor.engines.sql import literal
from auditor.errors import Problem, in_order
from auditor.measures.attest import TABLE as ANSWERS
from auditor.measures.grid import periods_begun
from auditor.measures.measure import subjects_left_out
from auditor.measures.registry import measure_of
from auditor.model.audit import DataNotes, RowNote
from auditor.model.measurement import Measurement
from auditor.model.requirement import Nature
from auditor.tables.declaration import Declaration
from auditor.tables.notes import planned_rows, undated_rows
from auditor.tables.read import Reading


def data_notes(
    measurements: Sequence[Measurement],
    declaration: Declaration,
    engine: DuckDBEngine,
    reading: Reading,
    as_of: date,
    answers_until: date | None = None,
) -> DataNotes:
    """Return the warnings, and the rows and subjects that did not count: planned, undated, left out.

    `answers_until` is given where nobody chose the as-of day: answers for these periods that lie after it, up to
    that day, are warned of.
    """
    kinds = [measure_of(each.requirement) for each in measurements]
    ratios = {pair for kind in kinds for pair in kind.ratio_columns()}
    dates = {each for kind in kinds for each in kind.dates_chosen(declaration)}
    undated = undated_rows(engine, declaration, reading.present, ratios, dates)
    left_out = [
        RowNote(row.table, row.file, row.sheet, row.row, reason="bad_row") for row in reading.left_out
    ]
    left_out += _subjects(measurements, declaration, engine)
    return DataNotes(
        problems=(),
        warnings=in_order(
            [
                *reading.warnings,
                *_absent_columns(measurements, reading),
                *_nothing_begun(engine, as_of),
                *_later_answers(measurements, engine, reading, as_of, answers_until),
            ]
        ),
        planned=tuple(RowNote(*row) for row in planned_rows(engine, declaration, reading.present, as_of)),
        undated=tuple(RowNote(*row) for row in undated),
        left_out=tuple(left_out),
    )


def _subjects(
    measurements: Sequence[Measurement], declaration: Declaration, engine: DuckDBEngine
) -> Iterator[RowNote]:
    for requirement_id, unit_id, period, subject, file, sheet, row, table in subjects_left_out(
        measurements, declaration, engine
    ):
        yield RowNote(
            table, file, sheet, row, reason="active_in_part", unit_id=unit_id, requirement_id=requirement_id,
            period=period, subject=subject,
        )  # fmt: skip


def _absent_columns(measurements: Sequence[Measurement], reading: Reading) -> Iterator[Problem]:
    """Yield a warning for each column that a requirement reads and the supplied table does not have."""
    read = {pair for each in measurements for pair in measure_of(each.requirement).reads()}
    for table, column in sorted((table, column) for table, column in read if column):
        if table in reading.columns and column not in reading.columns[table]:
            yield Problem("usage.column_absent", {"table": table, "value": column}, stops=False)


def _nothing_begun(engine: DuckDBEngine, as_of: date) -> Iterator[Problem]:
    """Yield a warning where no period has begun by the as-of day: then there is no finding at all."""
    if not periods_begun(engine):
        yield Problem("usage.nothing_begun", {"value": as_of.isoformat()}, stops=False)


def _later_answers(
    measurements: Sequence[Measurement],
    engine: DuckDBEngine,
    reading: Reading,
    as_of: date,
    until: date | None,
) -> Iterator[Problem]:
    """Yield a warning where answers name a period of the audit and were found out after its as-of day.

    A visit may come after the period's end; its answer counts once the as-of day is as late.
    """
    asked = [
        f"({literal(each.requirement.id)}, {literal(each.requirement.scheme)})"
        for each in measurements
        if each.nature is Nature.ATTEST
    ]
    if until is None or not asked or ANSWERS not in reading.present:
        return
    count, last = engine.rows(
        f"SELECT count(*), max(t.checked_on) FROM {ANSWERS} t "
        f"JOIN (VALUES {', '.join(asked)}) asked(requirement_id, scheme) USING (requirement_id) "
        "JOIN periods d ON d.scheme = asked.scheme AND d.period = t.for_period "
        "JOIN audited_units u ON u.unit_id = t.unit_id "
        f"WHERE t.answer IS NOT NULL AND t.checked_on > {literal(as_of)} AND t.checked_on <= {literal(until)}"
    )[0]
    if count:
        figures = {"count": count, "value": as_of.isoformat(), "expected": last.isoformat()}
        yield Problem("usage.later_answers", figures, stops=False)
