"""Floor 9: the flow. Tables and packs in; measured, judged, rated; the finished audit out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from auditor import __version__
from auditor.engines.duckdb import DuckDBEngine
from auditor.errors import BadInput, Problem, in_order
from auditor.judge.escalation import load_escalation
from auditor.judge.findings import judge, totals
from auditor.judge.rating import rate
from auditor.judge.records import read_findings
from auditor.measures.grid import Span, last_day, lay_grid
from auditor.measures.measure import gather_evidence, measure, subjects_left_out
from auditor.measures.registry import measure_of
from auditor.model.audit import Audit, DataNotes, FileHash, Provenance, RowNote
from auditor.model.finding import Finding
from auditor.model.measurement import Measurement
from auditor.model.requirement import Pack, Requirement
from auditor.packs.load import load_packs, near
from auditor.periods.period import DEFAULT_SEMESTERS, Semesters, Window
from auditor.periods.workdays import load_calendar
from auditor.tables.declaration import Declaration, load_declaration
from auditor.tables.notes import planned_rows, undated_rows
from auditor.tables.read import Reading, read_tables


@dataclass(frozen=True)
class Options:
    """What may be chosen beside the data, the packs and the window; every field has the usual answer.

    `as_of` is the day the audit pretends it is; left out, the earlier of `today` and the last day of the last
    period. `units` chooses findings, the data stay whole. `calendar` wins over the packaged years.
    """

    as_of: date | None = None
    today: date | None = None
    units: tuple[str, ...] = ()
    semesters: Semesters = DEFAULT_SEMESTERS
    calendar: Path | None = None
    strict_calendar: bool = False
    escalation: Path | None = None
    skip_bad_rows: bool = False
    judged_by: str = "auto"


@dataclass(frozen=True)
class Examined:
    """An audit on its way: everything read and compiled, nothing judged yet."""

    engine: DuckDBEngine
    declaration: Declaration
    packs: tuple[Pack, ...]
    span: Span
    measurements: tuple[Measurement, ...]
    reading: Reading


def audit(
    data: Path, packs: Sequence[str | Path], window: Window | int, options: Options = Options()
) -> Audit:
    """Read the tables and the packs, measure every requirement, judge every measurement, rate every unit.

    `data` is a folder of tables or a workbook, `packs` are names of shipped packs or files, `window` a year or
    the days whose periods are audited. Raises BadInput with every problem of data, packs or options.
    """
    return finish(examine(data, packs, window, options), options)


def examine(
    data: Path, packs: Sequence[str | Path], window: Window | int, options: Options = Options()
) -> Examined:
    """Read the tables and the packs, and compile the measurement of every requirement; see `audit`."""
    window = Window.of_year(window) if isinstance(window, int) else window
    loaded, declaration = load_packs(packs, load_declaration())
    working = load_calendar(options.calendar)
    requirements = [requirement for pack in loaded for requirement in pack.requirements]
    span = _span(window, requirements, options)
    engine = DuckDBEngine()
    with closing_on_error(engine):
        reading = read_tables(data, declaration, engine, skip_bad_rows=options.skip_bad_rows)
        _stop_at(reading.problems)
        _stop_at(_unknown_units(options.units, engine))
        lay_grid(engine, span, requirements, working, options.units)
        measurements = measure(requirements, declaration)
        return Examined(engine, declaration, loaded, span, measurements, reading)


def finish(examined: Examined, options: Options) -> Audit:
    """Judge every measurement and rate every unit; the audit returned holds the engine."""
    engine, measurements = examined.engine, examined.measurements
    with closing_on_error(engine):
        escalation = load_escalation(options.escalation)
        judge(measurements, _effective(examined.packs), engine)
        _stop_at(_unannounced(engine, options))
        units, issues, judged_by = rate(measurements, escalation, engine, options.judged_by)
        return Audit(
            provenance=_provenance(examined, options, judged_by),
            requirements={each.requirement.id: each.requirement for each in measurements},
            units=units,
            counts=totals(engine),
            data=_notes(examined),
            table_labels={
                name: table.label.model_dump() for name, table in examined.declaration.tables.items()
            },
            findings=_Findings(examined),
            issues=issues,
            close=engine.close,
        )


@contextmanager
def closing_on_error(engine: DuckDBEngine) -> Iterator[None]:
    """Close the engine where the block fails; where it succeeds, what it returns keeps the engine open."""
    try:
        yield
    except BaseException:
        engine.close()
        raise


class _Findings:
    """Reads the findings out of the engine; the evidence is gathered when it is first asked for."""

    def __init__(self, examined: Examined) -> None:
        self._examined, self._gathered = examined, False

    def __call__(self, evidence: bool) -> Iterator[Finding]:
        examined = self._examined
        if evidence and not self._gathered:
            gather_evidence(examined.measurements, examined.declaration, examined.engine)
            self._gathered = True
        return read_findings(examined.measurements, examined.engine, evidence=evidence)


def _stop_at(problems: Sequence[Problem]) -> None:
    if problems:
        raise BadInput(problems)


def _span(window: Window, requirements: Sequence[Requirement], options: Options) -> Span:
    last = last_day(window, (requirement.period for requirement in requirements), options.semesters)
    as_of = options.as_of or min(options.today or last, last)
    return Span(window, as_of, options.semesters)


def _unknown_units(units: Sequence[str], engine: DuckDBEngine) -> list[Problem]:
    known = [row[0] for row in engine.rows("SELECT unit_id FROM units")] if units else []
    unknown = sorted(set(units) - set(known))
    return [Problem("usage.unknown_unit", {"value": unit}, hint=near(unit, known)) for unit in unknown]


def _unannounced(engine: DuckDBEngine, options: Options) -> list[Problem]:
    if not options.strict_calendar:
        return []
    touched = engine.rows("SELECT count(*) FROM findings WHERE unannounced")[0][0]
    return [Problem("usage.calendar_unannounced", {"value": touched})] if touched else []


def _effective(packs: Sequence[Pack]) -> Mapping[str, tuple[date | None, date | None]]:
    return {pack.pack: (pack.effective.from_, pack.effective.to) for pack in packs}


def _provenance(examined: Examined, options: Options, judged_by: str) -> Provenance:
    calendar, span = options.calendar, examined.span
    return Provenance(
        packs=examined.packs,
        first_on=span.window.first_on,
        last_on=span.window.last_on,
        as_of=span.as_of,
        data=tuple(FileHash(each.path, each.sha256) for each in examined.reading.files),
        calendar=FileHash(calendar.name, hashlib.sha256(calendar.read_bytes()).hexdigest())
        if calendar
        else None,
        tool_version=__version__,
        judged_by=judged_by,
    )


def _notes(examined: Examined) -> DataNotes:
    """Return what there is to say about the data: warnings, and the rows and subjects that did not count."""
    engine, declaration, reading = examined.engine, examined.declaration, examined.reading
    ratios = {pair for each in examined.measurements for pair in measure_of(each.requirement).ratio_columns()}
    parts = subjects_left_out(examined.measurements, declaration, engine)
    left_out = [
        RowNote(row.table, row.file, row.sheet, row.row, reason="bad_row") for row in reading.left_out
    ]
    left_out += [_subject_note(*part) for part in parts]
    return DataNotes(
        problems=(),
        warnings=in_order([*reading.warnings, *_absent_columns(examined)]),
        planned=tuple(RowNote(*row) for row in planned_rows(engine, declaration, examined.span.as_of)),
        undated=tuple(RowNote(*row) for row in undated_rows(engine, declaration, ratios)),
        left_out=tuple(left_out),
    )


def _subject_note(
    requirement_id: str,
    unit_id: str,
    period: str,
    subject: str,
    file: str,
    sheet: str | None,
    row: int,
    table: str,
) -> RowNote:
    return RowNote(
        table, file, sheet, row, reason="active_in_part", unit_id=unit_id, requirement_id=requirement_id,
        period=period, subject=subject,
    )  # fmt: skip


def _absent_columns(examined: Examined) -> Iterator[Problem]:
    """Yield a warning for each column that a requirement reads and the supplied table does not have."""
    present = examined.reading.columns
    read = {pair for each in examined.measurements for pair in measure_of(each.requirement).reads()}
    for table, column in sorted((table, column) for table, column in read if column):
        if table in present and column not in present[table]:
            yield Problem("usage.column_absent", {"table": table, "value": column}, stops=False)
