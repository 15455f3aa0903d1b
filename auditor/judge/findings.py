"""The table of findings in the engine: filled by the verdicts, read by the score, the issues and the reports.

The only file of this room that asks the engine anything beside `verdict.py`; the rest of the room is pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from auditor.engines.duckdb import DuckDBEngine
from auditor.engines.sql import literal, literals
from auditor.errors import EngineFault
from auditor.judge.verdict import (
    COLUMNS,
    MISSING_SQL,
    REASONS,
    TERMS,
    VERDICTS_SQL,
    WAIVED_SQL,
    Effective,
    terms,
)
from auditor.model.finding import VERDICTS
from auditor.model.measurement import Measurement

_TABLE = f"""CREATE OR REPLACE TABLE findings (
  number INTEGER, unit_id VARCHAR, period_no INTEGER, verdict ENUM ({literals(VERDICTS)}),
  reason ENUM ({literals(REASONS)}), value DECIMAL(38, 6), numerator BIGINT, denominator BIGINT, considered BIGINT,
  shortfall DECIMAL(38, 6), provisional BOOLEAN, forecast ENUM ('on_track', 'at_risk'), borderline BOOLEAN,
  unannounced BOOLEAN)"""
"""Words from a short list are kept as their numbers: millions of findings stay within the memory limit."""

_MEASUREMENTS = """CREATE OR REPLACE TABLE measurements (
  number INTEGER, unit_id VARCHAR, period_no INTEGER, value DECIMAL(38, 6), numerator BIGINT, denominator BIGINT,
  considered BIGINT, value_both BIGINT, value_neither BIGINT, unannounced BOOLEAN, behind BIGINT, answer VARCHAR)"""

CELLS_AT_ONCE = 500_000
"""Measurements held before they are judged: all at once for one organisation, a few requirements for thousands."""


@dataclass(frozen=True)
class Tally:
    """How one unit stands with one requirement: findings by verdict, and the fails that a waiver covers."""

    unit_id: str
    number: int
    counts: Mapping[str, int]
    waived: int


def judge(measurements: Sequence[Measurement], effective: Effective, engine: DuckDBEngine) -> int:
    """Measure and judge, and return how many findings there are: as many as there are cells.

    `effective` gives the days of each pack by its name. Raises EngineFault where a requirement has more or fewer
    findings than cells.
    """
    engine.run(_TABLE)
    engine.run(f"CREATE OR REPLACE TABLE requirements ({', '.join(TERMS)})")
    engine.insert("requirements", [terms(each, effective) for each in measurements])
    engine.run("CREATE OR REPLACE TABLE requirement_tables (number INTEGER, table_name VARCHAR)")
    engine.insert(
        "requirement_tables", [(each.number, table) for each in measurements for table in each.tables]
    )
    engine.run(f"CREATE OR REPLACE TABLE missing AS {MISSING_SQL}")
    _lay_asked(measurements, engine)
    cells = _cells(measurements, engine)
    for batch in _batches(measurements, cells):
        engine.run(_MEASUREMENTS)
        for each in batch:
            columns = ", ".join(("unit_id", "period_no", *each.gives))
            engine.run(
                f"INSERT INTO measurements (number, {columns})\n"
                f"SELECT {each.number}, {columns} FROM (\n{each.sql}\n) measured"
            )
        engine.run(f"INSERT INTO findings ({', '.join(COLUMNS)})\n{VERDICTS_SQL}")
    engine.run("DROP TABLE IF EXISTS measurements")
    engine.run(f"CREATE OR REPLACE TABLE waived AS {WAIVED_SQL}")
    _check_law(measurements, cells, engine)
    return sum(cells.values())


def _lay_asked(measurements: Sequence[Measurement], engine: DuckDBEngine) -> None:
    """Lay what is asked of each unit and period where the rule names no one number: targets, the past, dated ones."""
    engine.run(
        "CREATE OR REPLACE TABLE asked (number INTEGER, unit_id VARCHAR, period_no INTEGER, low DECIMAL(38, 6),"
        " high DECIMAL(38, 6), wanted BIGINT, scale BIGINT)"
    )
    for each in measurements:
        if each.standard_sql:
            engine.run(
                f"INSERT INTO asked SELECT {each.number}, unit_id, period_no, low, high, wanted, scale"
                f" FROM (\n{each.standard_sql}\n) asked"
            )


def _batches(measurements: Sequence[Measurement], cells: Mapping[int, int]) -> Iterator[list[Measurement]]:
    batch: list[Measurement] = []
    held = 0
    for each in measurements:
        if batch and held + cells[each.number] > CELLS_AT_ONCE:
            yield batch
            batch, held = [], 0
        batch.append(each)
        held += cells[each.number]
    yield batch


def _cells(measurements: Sequence[Measurement], engine: DuckDBEngine) -> dict[int, int]:
    """Return how many cells each requirement has: the units that owe it x the periods of its scheme."""
    periods = dict(engine.rows("SELECT scheme, count(*) FROM periods GROUP BY scheme"))
    units = engine.rows("SELECT type, tags, count(*) FROM audited_units GROUP BY type, tags")
    return {
        each.number: periods.get(each.requirement.scheme, 0)
        * sum(count for kind, tags, count in units if each.requirement.applies_to.binds(kind, tags))
        for each in measurements
    }


def _check_law(measurements: Sequence[Measurement], cells: Mapping[int, int], engine: DuckDBEngine) -> None:
    """Hold what came out against what went in, requirement by requirement."""
    found = dict(engine.rows("SELECT number, count(*) FROM findings GROUP BY number"))
    for each in measurements:
        if found.get(each.number, 0) != cells[each.number]:
            raise EngineFault(
                f"{each.requirement.id}: {found.get(each.number, 0)} findings for {cells[each.number]} cells"
            )


_OF_THE_FINDING = " ON w.number = f.number AND w.unit_id = f.unit_id AND w.period_no = f.period_no"

READ = (*COLUMNS, "period", "last_on", "waived", "missing", "low", "high", "wanted", "scale")
"""What `stream_findings` yields: the finding, its period and its last day, its waiver, the tables missing for it,
and what was asked of it where the rule itself names no one number."""


def stream_findings(engine: DuckDBEngine) -> Iterator[tuple[Any, ...]]:
    """Yield the findings (the columns of `READ`), sorted by unit, requirement, period."""
    columns = ", ".join(f"f.{column}" for column in COLUMNS)
    return engine.stream(
        f"SELECT {columns}, p.period, p.last_on, w.waiver_id, CASE WHEN f.reason = 'table_missing' THEN x.missing END,"
        " a.low, a.high, a.wanted, a.scale FROM findings f JOIN periods p ON p.period_no = f.period_no"
        f" LEFT JOIN waived w{_OF_THE_FINDING}"
        " LEFT JOIN missing x ON x.number = f.number AND x.unit_id = f.unit_id"
        " LEFT JOIN asked a ON a.number = f.number AND a.unit_id = f.unit_id AND a.period_no = f.period_no"
        " ORDER BY f.unit_id, f.number, p.period"
    )


def stream_evidence(engine: DuckDBEngine) -> Iterator[tuple[Any, ...]]:
    """Yield unit_id, number, period, file, sheet, row, subject, value, shortfall of the evidence, in their order.

    A finding that says nothing of the data (its table missing, its unit not active) shows no rows.
    """
    return engine.stream(
        "SELECT e.unit_id, e.number, p.period, s.file, s.sheet, e.row_no, e.subject, e.value, e.shortfall"
        " FROM evidence e JOIN periods p ON p.period_no = e.period_no LEFT JOIN sources s ON s.source_no = e.source_no"
        " ORDER BY e.unit_id, e.number, p.period, s.file NULLS FIRST, s.sheet NULLS FIRST, e.row_no NULLS FIRST,"
        " e.subject NULLS FIRST"
    )


def stream_failed(engine: DuckDBEngine) -> Iterator[tuple[Any, ...]]:
    """Yield unit_id, number, period, ordinal of the failed findings that no waiver covers, in their order."""
    return engine.stream(
        "SELECT f.unit_id, f.number, p.period, p.ordinal FROM findings f"
        " JOIN periods p ON p.period_no = f.period_no"
        f" LEFT JOIN waived w{_OF_THE_FINDING}"
        " WHERE f.verdict = 'fail' AND w.waiver_id IS NULL ORDER BY f.unit_id, f.number, p.ordinal"
    )


def stream_tallies(engine: DuckDBEngine) -> Iterator[Tally]:
    """Yield how each unit stands with each of its requirements, sorted by unit and requirement."""
    counts = ", ".join(f"count(*) FILTER (WHERE f.verdict = {literal(verdict)})" for verdict in VERDICTS)
    rows = engine.stream(
        f"SELECT f.unit_id, f.number, count(w.waiver_id), {counts}"
        f" FROM findings f LEFT JOIN waived w{_OF_THE_FINDING}"
        " GROUP BY f.unit_id, f.number ORDER BY f.unit_id, f.number"
    )
    for unit_id, number, waived, *of_verdict in rows:
        yield Tally(unit_id, number, dict(zip(VERDICTS, of_verdict, strict=True)), waived)


def unit_rows(engine: DuckDBEngine) -> list[tuple[str, str | None, str | None]]:
    """Return unit_id, name and parent_id of the units audited, sorted by id."""
    return engine.rows("SELECT unit_id, name, parent_id FROM audited_units ORDER BY unit_id")


def unit_tree(engine: DuckDBEngine) -> dict[str, tuple[str | None, str | None]]:
    """Return name and parent_id of every unit of the data set by its id, audited or not."""
    rows = engine.rows("SELECT unit_id, name, parent_id FROM units ORDER BY unit_id")
    return {unit_id: (name, parent_id) for unit_id, name, parent_id in rows}


def units_owing(engine: DuckDBEngine) -> list[tuple[str, str, str | None]]:
    """Return unit_id, type and tags of the units audited, sorted by id."""
    return engine.rows("SELECT unit_id, type, tags FROM audited_units ORDER BY unit_id")


def totals(engine: DuckDBEngine) -> dict[str, int]:
    """Return the number of findings by verdict, every verdict named."""
    found = dict(engine.rows("SELECT verdict, count(*) FROM findings GROUP BY verdict"))
    return {verdict: int(found.get(verdict, 0)) for verdict in VERDICTS}


def count_unannounced(engine: DuckDBEngine) -> int:
    """Return how many findings counted working days of a year whose notice is not out."""
    return int(engine.rows("SELECT count(*) FROM findings WHERE unannounced")[0][0])
