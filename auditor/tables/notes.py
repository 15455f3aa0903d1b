"""Rows that do not count, and are listed: planned, undated, or with a blank that a ratio needs."""

from __future__ import annotations

from collections.abc import Container, Iterable
from datetime import date

from auditor.engines.sql import literal, name
from auditor.tables.declaration import Declaration
from auditor.tables.intake import Engine

PlannedRow = tuple[str, str, str | None, int, date]
"""table, file, sheet, row, the day it is planned for."""

UndatedRow = tuple[str, str, str | None, int, None, str]
"""table, file, sheet, row, no day, the column that is blank."""


def planned_rows(
    engine: Engine, declaration: Declaration, supplied: Container[str], as_of: date
) -> list[PlannedRow]:
    """Return the rows of the flow tables supplied dated after the as-of day, by table, file, sheet and row."""
    found: list[PlannedRow] = []
    for table in filter(lambda table: table.name in supplied, declaration.flows):
        day = name(table.date or "")
        rows = _rows(table.name, f"t.{day} > {literal(as_of)}", f"t.{day}")
        found += [(table.name, file, sheet, row, on) for file, sheet, row, on in engine.rows(rows)]
    return found


def undated_rows(
    engine: Engine,
    declaration: Declaration,
    supplied: Container[str],
    columns: Iterable[tuple[str, str]] = (),
    chosen: Iterable[tuple[str, str, str]] = (),
) -> list[UndatedRow]:
    """Return the rows of flow tables supplied without their date, and those with a blank in one of `columns`.

    `columns` are pairs of table and column (those of ratios); `chosen` are dates that a measure names itself:
    table, column, and the test of the rows that it looks at. A row is listed once for each blank.
    """
    tests: dict[tuple[str, str], set[str]] = {}
    for table, column, test in chosen:
        tests.setdefault((table, column), set()).add(test)
    whole = {*((table.name, table.date or "") for table in declaration.flows), *columns}
    tests |= {pair: {"TRUE"} for pair in whole}
    found: list[UndatedRow] = []
    for table, column in sorted(pair for pair in tests if pair[0] in supplied):
        looked_at = " OR ".join(f"({test})" for test in sorted(tests[table, column]))
        rows = _rows(table, f"t.{name(column)} IS NULL AND ({looked_at})", "NULL")
        found += [(table, file, sheet, row, None, column) for file, sheet, row, _ in engine.rows(rows)]
    return found


def _rows(table: str, condition: str, shown: str) -> str:
    """Return the query of the rows of a table that meet a condition, with their places."""
    return (
        f"SELECT s.file, s.sheet, t.row_no, {shown} FROM {name(table)} t "
        f"JOIN sources s ON s.source_no = t.source_no WHERE {condition} "
        "ORDER BY s.file, s.sheet NULLS FIRST, t.row_no"
    )
