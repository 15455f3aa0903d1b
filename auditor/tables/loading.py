"""How the rows of a supply get into the engine, and how the cells that cannot be read are named."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from auditor.errors import EngineFault, Place
from auditor.tables.cleaning import (
    EARLIEST,
    LATEST,
    Relation,
    count_troubles,
    needs_cleaning,
    read_in_place,
    troubled_cells,
    troubles,
)
from auditor.tables.declaration import SEPARATORS, Column, Table
from auditor.tables.first_look import (
    create_plain_rows,
    insert_plain_rows,
    last_row,
    marked_in_order,
    marked_since,
    read_plain_rows,
)
from auditor.tables.headers import nearest
from auditor.tables.intake import Intake
from auditor.tables.second_look import look_again, odd_keys
from auditor.tables.supply import Supply
from auditor.tables.understanding import lacks_day

SHOWN = 80
"""How much of a wrong value a problem repeats."""

_EXPECTED = {
    "integer": "0, 1, 2 …",
    "number": "1.5",
    "date": "2024-03-05",
    "boolean": "是/否, true/false, 1/0",
}
Diagnosis = tuple[str, Mapping[str, Any], str | None]
"""Code, figures and hint of a problem."""

_NOT_FINITE = re.compile(r"[+-]?(nan|inf|infinity)", re.IGNORECASE)


def load(intake: Intake, supply: Supply, source_no: int) -> str | None:
    """Append the rows of a supply to its `TABLE_rows`, and add a problem for every cell that cannot be read.

    Rows with such a cell are marked `has_problem`. A source whose rows need no cleaning is not copied:
    the SELECT that reads it in place is returned instead. A source that the engine refuses as a whole is
    read a part at a time; one that cannot be read like that either is the problem `table.corrupt_file`.
    """
    if not supply.headers.columns:
        return None
    try:
        if supply.in_place is not None and not intake.engine.rows(needs_cleaning(supply.in_place)):
            return read_in_place(supply.table, supply.in_place, source_no)
        if supply.whole is not None and supply.whole.in_order:
            return _read_in_order(intake, supply, supply.whole, source_no)
        if supply.whole is not None:
            _append(intake, supply, supply.whole, source_no)
            return None
    except EngineFault as fault:
        if supply.batches is None:
            if "Out of Memory" in str(fault):
                raise
            intake.collected.add("table.corrupt_file", supply.place)
            return None
    if supply.batches is not None:
        unit_id = supply.unit_id if supply.table.name != "units" else None
        for relation in supply.batches(intake):
            before = intake.engine.rows(last_row(supply.table, source_no))[0][0]
            _append(intake, supply, replace(relation, unit_id=unit_id), source_no, before)
    return None


def _append(intake: Intake, supply: Supply, relation: Relation, source_no: int, before: int = 0) -> None:
    """Append the rows of a relation to those of the source up to the row `before`."""
    table = supply.table
    intake.engine.run(insert_plain_rows(table, relation, source_no, odd_keys(supply)))
    rows = look_again(intake, supply, relation, source_no, marked_since(table, source_no, before))
    if rows is not None:
        report_troubles(intake, supply, rows)


def _read_in_order(intake: Intake, supply: Supply, relation: Relation, source_no: int) -> str:
    """Load a large source into a table of its own, and return the SELECT of it; only its other rows are appended."""
    table = supply.table
    intake.engine.run(create_plain_rows(table, relation, source_no, odd_keys(supply)))
    rows = look_again(intake, supply, relation, source_no, marked_in_order(table, source_no))
    if rows is not None:
        report_troubles(intake, supply, rows)
    return read_plain_rows(table, source_no)


def report_troubles(intake: Intake, supply: Supply, relation: Relation) -> None:
    """Add a problem for every troubled cell of a relation."""
    engine, collected = intake.engine, intake.collected
    conditions = troubles(supply.table, relation)
    counts = engine.rows(count_troubles(supply.table, relation))[0]
    for (column, condition), count in zip(conditions, counts, strict=True):
        if not count:
            continue
        place = Place(supply.file, supply.sheet, None, supply.headers.written(column) or None)
        room = min(collected.room(place), count)
        cells = troubled_cells(supply.table, relation, column, condition, room) if room else ""
        for row, given, unreadable in engine.rows(cells) if cells else ():
            code, figures, hint = _diagnose(supply.table, column, given, unreadable=unreadable)
            collected.add(code, replace(place, row=row), figures, hint=hint, kind="row")
        collected.add_unlisted(place, count - room)


def _diagnose(table: Table, name: str, given: str | None, *, unreadable: bool) -> Diagnosis:
    column = table.columns.get(name)
    if column is None:
        return "table.no_header", {"value": str(given)[:SHOWN]}, None
    code, figures, hint = diagnose(column, given, unreadable=unreadable)
    about = {"table": table.name, "table_zh": table.label.zh, "column": name, "column_zh": column.label.zh}
    return code, {**about, **figures}, hint


def diagnose(column: Column, given: str | None, *, unreadable: bool) -> Diagnosis:
    """Return what is wrong with a cell: its text as given, and whether its type could not be read."""
    if given is None:
        return "table.blank_key", {"value": None, "expected": column.name}, None
    if column.type in ("choice", "choices"):
        return _choice_problem(column, given)
    if column.type == "text":
        return "table.personal_value", {"value": "…"}, None
    code, expected = _type_problem(column, given) if unreadable else _range_problem(column)
    return code, {"value": given[:SHOWN], "expected": expected}, None


def _type_problem(column: Column, given: str) -> tuple[str, str]:
    is_number = column.type in ("integer", "number")
    code = "table.not_finite" if is_number and _NOT_FINITE.fullmatch(given) else f"table.bad_{column.type}"
    if code == "table.bad_date" and lacks_day(given):
        code = "table.day_missing"
    return code, _EXPECTED[column.type]


def _range_problem(column: Column) -> tuple[str, str]:
    if column.type == "date":
        return "table.day_out_of_range", f"{EARLIEST} – {LATEST}"
    if column.most is None:
        return "table.negative", f">= {column.least}"
    return "table.out_of_range", f"{column.least} – {column.most}"


def _choice_problem(column: Column, given: str) -> Diagnosis:
    parts = re.split(f"[{SEPARATORS}]", given) if column.type == "choices" else [given]
    wrong = next((part.strip() for part in parts if part.strip() and column.code_of(part) is None), given)
    if wrong in column.ambiguous:
        expected = " / ".join(f"{column.values[code]} ({code})" for code in column.ambiguous[wrong])
        return "table.ambiguous_value", {"value": wrong[:SHOWN], "expected": expected}, None
    hint = nearest(wrong, [*column.values.values(), *column.values, *column.also])
    expected = ", ".join(f"{label} ({code})" for code, label in column.values.items())
    return "table.unknown_value", {"value": wrong[:SHOWN], "expected": expected, "nearest": hint}, hint
