"""How the rows of a table came down to those that counted for one finding, and which fell at a single gate.

A gate is one test that a row has to pass: of the unit, by one filter, dated in the period, and so on. Rows that
fall at exactly one gate are the near misses.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from auditor.engines.duckdb import DuckDBEngine
from auditor.engines.sql import literal, literals, name
from auditor.measures.attest import TABLE as ANSWERS
from auditor.measures.attest import Attest
from auditor.measures.count import Count
from auditor.measures.each_record import EachRecord
from auditor.measures.over_rows import OverRows
from auditor.measures.over_subjects import OverSubjects
from auditor.measures.ratio import Ratio
from auditor.measures.registry import measure_of
from auditor.measures.statement import Statement, alive
from auditor.measures.subjects import InnerRows
from auditor.measures.where import Filter, Where, filter_sql
from auditor.measures.wording import Wording
from auditor.model.audit import RowPlace
from auditor.model.requirement import Requirement
from auditor.model.trail import NearMiss, Trail, TrailStep
from auditor.tables.declaration import Declaration, Table
from auditor.texts import LANGUAGES

SHOWN = 3
"""Near misses shown of each gate; how many more there are is counted."""


@dataclass(frozen=True)
class _Gate:
    """One test of a row `t`, never unknown: the code of it, the column it looks at, and the filter it comes from."""

    code: str
    test: str
    column: str | None = None
    filter: Filter | None = None


@dataclass(frozen=True)
class _Cell:
    """The finding's unit and the days of its period."""

    unit_id: str
    period_no: int
    period: str
    first_on: date
    last_on: date
    reference_on: date
    as_of: date


@dataclass(frozen=True)
class _Track:
    """The table whose rows counted, its gates in order, the column of their day, and common tables they need."""

    table: Table
    gates: tuple[_Gate, ...]
    day: str | None
    tables: str = ""


def trail_of(
    requirement: Requirement, unit_id: str, period: str, declaration: Declaration, engine: DuckDBEngine
) -> Trail:
    """Return the trail of one finding; `period` is a label of the requirement's scheme."""
    found = engine.rows(
        "SELECT period_no, first_on, last_on, reference_on, as_of FROM periods"
        f" WHERE scheme = {literal(requirement.scheme)} AND period = {literal(period)}"
    )[0]
    cell = _Cell(unit_id, found[0], period, *found[1:])
    track = _track(requirement, cell, declaration)
    seen = _seen(track, cell)
    return Trail(
        table=track.table.name,
        first_on=cell.first_on,
        last_on=cell.last_on,
        as_of=cell.as_of,
        steps=tuple(_steps(track, seen, declaration, engine)),
        misses=tuple(_misses(track, seen, cell, declaration, engine)),
        left=_left(track, seen, engine),
        broken=_broken(requirement, cell, declaration, engine),
    )


def _broken(
    requirement: Requirement, cell: _Cell, declaration: Declaration, engine: DuckDBEngine
) -> dict[RowPlace, tuple[int, ...]]:
    """Return the conditions that each record breaks, by their place in `must`; only each_record has any."""
    measure = measure_of(requirement)
    if not isinstance(measure, EachRecord):
        return {}
    rows, tests = measure.rows_and_tests(Statement(requirement, declaration))
    flags = [f"NOT ({test.holds}) AS broken_{at}" for at, test in enumerate(tests)]
    looked_at = rows.select(", ".join(["t.source_no", "t.row_no", *flags]))
    found = engine.rows(
        f"SELECT s.file, s.sheet, b.row_no, {', '.join(f'b.broken_{at}' for at in range(len(tests)))}"
        f" FROM (\n{looked_at}\n) b LEFT JOIN sources s ON s.source_no = b.source_no"
        f" WHERE b.unit_id = {literal(cell.unit_id)} AND b.period_no = {cell.period_no}"
    )
    return {
        (file, sheet, row): tuple(at for at, is_broken in enumerate(broken) if is_broken)
        for file, sheet, row, *broken in found
        if any(broken)
    }


def _seen(track: _Track, cell: _Cell) -> str:
    """Return the common table `seen`: each row with its day, how many gates it fails, and the first of them.

    `near` is a row of the unit, or of one above or below: what others record of themselves is no near miss.
    """
    day = f"t.{name(track.day)}" if track.day else "CAST(NULL AS DATE)"
    failed = " + ".join(f"CASE WHEN {gate.test} THEN 0 ELSE 1 END" for gate in track.gates)
    first = " ".join(f"WHEN NOT ({gate.test}) THEN {at}" for at, gate in enumerate(track.gates))
    own = literal(cell.unit_id)
    near = (
        f"t.unit_id IN (SELECT x.below_id FROM unit_tree x WHERE x.unit_id = {own})"
        f" OR t.unit_id IN (SELECT x.unit_id FROM unit_tree x WHERE x.below_id = {own})"
    )
    return (
        f"WITH {track.tables}seen AS (SELECT t.source_no, t.row_no, t.unit_id, {day} AS day, {failed} AS failed,"
        f" {near} AS near,"
        f" CASE {first} ELSE {len(track.gates)} END AS gate FROM {name(track.table.name)} t)\n"
    )


def _steps(track: _Track, seen: str, declaration: Declaration, engine: DuckDBEngine) -> Iterator[TrailStep]:
    passed = ", ".join(f"count(*) FILTER (WHERE gate > {at})" for at in range(len(track.gates)))
    every, *counts = engine.rows(f"{seen}SELECT count(*), {passed} FROM seen")[0]
    yield TrailStep("table", every, {})
    for gate, count in zip(track.gates, counts, strict=True):
        yield TrailStep(gate.code, count, _words(gate, track.table, declaration))


def _words(gate: _Gate, table: Table, declaration: Declaration) -> dict[str, str]:
    """Return what a gate asks, by language: the filter in words, or the label of its column."""
    said: dict[str, str] = {}
    for lang in LANGUAGES:
        wording = Wording(declaration, lang)
        if gate.filter:
            said[lang] = wording.filter(gate.filter, table.name)
        elif gate.column:
            said[lang] = wording.label(table.name, gate.column)
    return said


def _misses(
    track: _Track, seen: str, cell: _Cell, declaration: Declaration, engine: DuckDBEngine
) -> Iterator[NearMiss]:
    rows = engine.rows(
        f"{seen}SELECT s.file, s.sheet, m.row_no, m.unit_id, m.day, m.gate FROM (SELECT *, row_number() OVER"
        " (PARTITION BY gate ORDER BY day DESC NULLS LAST, source_no, row_no) AS place FROM seen"
        " WHERE failed = 1 AND near) m"
        f" LEFT JOIN sources s ON s.source_no = m.source_no WHERE m.place <= {SHOWN} ORDER BY m.gate, m.place"
    )
    for file, sheet, row, unit_id, day, at in rows:
        gate = track.gates[at]
        code = _reason(day, cell) if gate.code == "period" else gate.code
        words = _words(gate, track.table, declaration)
        yield NearMiss(file, sheet, row, code, gate.column, words, unit_id, day)


def _left(track: _Track, seen: str, engine: DuckDBEngine) -> int:
    return sum(
        max(0, count - SHOWN)
        for _, count in engine.rows(
            f"{seen}SELECT gate, count(*) FROM seen WHERE failed = 1 AND near GROUP BY gate"
        )
    )


def _reason(day: date | None, cell: _Cell) -> str:
    """Return why a day does not count: there is none, it is still to come in the period, or it lies in another."""
    if day is None:
        return "undated"
    if cell.as_of < day <= cell.last_on:
        return "planned"
    if cell.first_on <= day <= cell.last_on:
        return "other_period"  # an answer that names another
    return "before" if day < cell.first_on else "after"


# ---- The gates of each measure --------------------------------------------------------------------


def _track(requirement: Requirement, cell: _Cell, declaration: Declaration) -> _Track:
    measure: Any = measure_of(requirement)
    if isinstance(measure, Attest):
        return _of_answers(requirement, cell, declaration)
    if isinstance(measure, OverRows):
        table, dated = declaration.tables[measure.table], measure.dated(declaration)
        gates = [_unit(cell, measure.scope), *_filters(measure.where, table)]
        gates += _blanks(measure, table)
        gates.append(_latest_day(dated, cell) if _is_latest(measure) else _when(table, dated, cell))
        gates += [_last(table, dated, gates)] if _is_latest(measure, in_period=True) else []
        return _Track(table, tuple(gates), dated)
    assert isinstance(measure, OverSubjects)
    if isinstance(measure.inner, InnerRows):
        return _of_inner_rows(requirement, measure, measure.inner, cell, declaration)
    table = declaration.tables[str(measure.subjects.table)]
    scope = "below" if table.name == "units" else measure.scope
    gates = [_unit(cell, scope), *_filters(measure.subjects.where, table), _when(table, None, cell)]
    return _Track(table, tuple(gates), None)


def _of_inner_rows(
    requirement: Requirement, measure: OverSubjects, inner: InnerRows, cell: _Cell, declaration: Declaration
) -> _Track:
    table, dated = declaration.tables[inner.table], inner.dated(declaration)
    statement = Statement(requirement, declaration)
    by = f"t.{name(inner.by)}"
    of_cell = f"k.unit_id = {literal(cell.unit_id)} AND k.period_no = {cell.period_no}"
    holds = f"{by} IN (SELECT k.subject FROM taking_part k WHERE {of_cell})"
    tables = f"{statement.cells()}, taking_part AS (\n{measure.taking_part(statement)}\n), "
    if measure.subjects.values:
        tables = ""
        several = table.columns[inner.by].type == "choices"
        values = measure.subjects.values
        held = [f"contains({by}, {literal(f';{value};')})" for value in values]
        holds = f"({' OR '.join(held)})" if several else f"{by} IN ({literals(values)})"
    gates = (
        _unit(cell, "subtree"),
        *_filters(inner.where, table),
        _Gate("subject", f"coalesce({holds}, FALSE)", inner.by),
        _when(table, dated, cell),
    )
    return _Track(table, gates, dated, tables)


def _of_answers(requirement: Requirement, cell: _Cell, declaration: Declaration) -> _Track:
    table = declaration.tables[ANSWERS]
    own = (
        f"coalesce(t.for_period = {literal(cell.period)} AND t.checked_on <= {literal(cell.as_of)}, FALSE)"
        f" OR (t.for_period IS NULL AND {_within('t.checked_on', cell.first_on, cell.reference_on)})"
    )
    gates = [
        _unit(cell, "unit"),
        _Gate(
            "requirement",
            f"coalesce(t.requirement_id = {literal(requirement.id)}, FALSE)",
            "requirement_id",
        ),
        _Gate("blank", "(t.answer IS NOT NULL)", "answer"),
        _Gate("period", f"({own})", "checked_on"),
    ]
    return _Track(table, (*gates, _last(table, "checked_on", gates)), "checked_on")


def _unit(cell: _Cell, scope: str) -> _Gate:
    own = literal(cell.unit_id)
    below = f"t.unit_id IN (SELECT x.below_id FROM unit_tree x WHERE x.unit_id = {own})"
    tests = {
        "unit": f"coalesce(t.unit_id = {own}, FALSE)",
        "subtree": f"coalesce({below}, FALSE)",
        "below": f"coalesce({below} AND t.unit_id <> {own}, FALSE)",
    }
    return _Gate("unit", tests[scope], "unit_id")


def _filters(where: Where, table: Table) -> Iterator[_Gate]:
    for each in where:
        yield _Gate("where", f"coalesce({filter_sql(each, table, 't')}, FALSE)", each.column, each)


def _blanks(measure: OverRows, table: Table) -> Iterator[_Gate]:
    """Yield the cells that a row has to have filled in to take part."""
    needed: list[str] = [measure.numerator, measure.denominator] if isinstance(measure, Ratio) else []
    needed += [measure.distinct] if isinstance(measure, Count) and measure.distinct else []
    yield from (_Gate("blank", f"(t.{name(column)} IS NOT NULL)", column) for column in needed)


def _is_latest(measure: OverRows, *, in_period: bool = False) -> bool:
    ways = ("latest", "latest_in_period") if in_period else ("latest",)
    return isinstance(measure, Ratio) and measure.how in ways


def _within(day: str, first: date, last: date) -> str:
    return f"coalesce({day} >= {literal(first)} AND {day} <= {literal(last)}, FALSE)"


def _when(table: Table, dated: str | None, cell: _Cell) -> _Gate:
    if dated:
        return _Gate("period", _within(f"t.{name(dated)}", cell.first_on, cell.reference_on), dated)
    return _Gate("life", f"({alive('t', table, literal(cell.reference_on))})")


def _latest_day(dated: str | None, cell: _Cell) -> _Gate:
    return _Gate("period", f"coalesce(t.{name(dated or '')} <= {literal(cell.reference_on)}, FALSE)", dated)


def _last(table: Table, dated: str | None, before: list[_Gate]) -> _Gate:
    """Return the gate that only the latest of the rows passes that pass the gates before."""
    day = name(dated or "")
    tests = " AND ".join(gate.test for gate in before)
    latest = f"(SELECT max(t.{day}) FROM {name(table.name)} t WHERE {tests})"
    return _Gate("not_latest", f"coalesce(t.{day} >= coalesce({latest}, t.{day}), FALSE)", dated)
