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
    read_in_place,
    troubled_cells,
    troubles,
)
from auditor.tables.declaration import Column, Table
from auditor.tables.first_look import (
    create_plain_rows,
    insert_plain_rows,
    marked_in_order,
    marked_rows,
    read_plain_rows,
)
from auditor.tables.headers import nearest
from auditor.tables.intake import Intake
from auditor.tables.personal import HIDDEN, SHOWN, holds_personal_number, shown
from auditor.tables.second_look import look_again, odd_keys
from auditor.tables.signs import SEPARATORS
from auditor.tables.supply import Supply
from auditor.tables.understanding import is_percent, lacks_year

_EXPECTED = {
    "integer": "0, 1, 2 …",
    "number": "1.5",
    "date": "2024-03-05",
    "boolean": "是/否, true/false, 1/0",
}
_NUMBERS = ("integer", "number")

Diagnosis = tuple[str, Mapping[str, Any], str | None]
"""Code, figures and hint of a problem."""

_NOT_FINITE = re.compile(r"[+-]?(nan|inf|infinity)", re.IGNORECASE)


def load(intake: Intake, supply: Supply, source_no: int) -> str | None:
    """Append the rows of a supply to its `TABLE_rows`, and add a problem for every cell that cannot be read.

    Rows with such a cell are marked `has_problem`. A source whose rows need no cleaning is not copied:
    the SELECT that reads it in place is returned instead. One that the engine refuses although the door let it
    pass is the problem `table.corrupt_file`.
    """
    if supply.in_place is not None:
        return read_in_place(supply.table, supply.in_place, source_no)
    if supply.whole is None:
        return None
    unit_id = supply.unit_id if supply.table.name != "units" else None
    try:
        relation = replace(supply.whole, unit_id=unit_id)
        if relation.in_order:
            return _read_in_order(intake, supply, relation, source_no)
        _append(intake, supply, relation, source_no)
    except EngineFault as fault:
        if "Out of Memory" in str(fault):
            raise
        intake.collected.add("table.corrupt_file", supply.place)
    return None


def _append(intake: Intake, supply: Supply, relation: Relation, source_no: int) -> None:
    """Append the rows of a relation to those of its table."""
    table = supply.table
    intake.engine.run(insert_plain_rows(table, relation, source_no, odd_keys(supply)))
    rows = look_again(intake, supply, relation, source_no, marked_rows(table, source_no))
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
    has_year = intake.year is not None
    for (column, condition), count in zip(conditions, counts, strict=True):
        if not count:
            continue
        place = Place(supply.file, supply.sheet, None, supply.headers.written(column) or None)
        room = min(collected.room(place), count)
        cells = troubled_cells(supply.table, relation, column, condition, room) if room else ""
        for row, given, unreadable in engine.rows(cells) if cells else ():
            code, figures, hint = _diagnose(
                supply.table, column, given, unreadable=unreadable, has_year=has_year
            )
            collected.add(code, replace(place, row=row), figures, hint=hint, kind="row")
        collected.add_unlisted(place, count - room)


def _diagnose(table: Table, name: str, given: str | None, *, unreadable: bool, has_year: bool) -> Diagnosis:
    column = table.columns.get(name)
    if column is None:
        return "table.no_header", {"value": shown(str(given))}, None
    code, figures, hint = diagnose(column, given, unreadable=unreadable, has_year=has_year)
    about = {"table": table.name, "table_zh": table.label.zh, "column": name, "column_zh": column.label.zh}
    return code, {**about, **figures}, hint


def diagnose(column: Column, given: str | None, *, unreadable: bool, has_year: bool = False) -> Diagnosis:
    """Return what is wrong with a cell: its text as given, and whether its type could not be read.

    `has_year` says that days without a year lie in one. A person's own number is never repeated.
    """
    if given is None:
        return "table.blank_key", {"value": None, "expected": column.name}, None
    if column.is_id:
        return "table.id_lost_digits", {"value": given[:SHOWN]}, None
    if column.type == "text" or holds_personal_number(given, in_number=column.type in _NUMBERS):
        return "table.personal_value", {"value": HIDDEN}, None
    if column.type in ("choice", "choices"):
        return _choice_problem(column, given)
    code, expected = _type_problem(column, given, has_year=has_year) if unreadable else _range_problem(column)
    return code, {"value": given[:SHOWN], "expected": expected}, None


def _type_problem(column: Column, given: str, *, has_year: bool) -> tuple[str, str]:
    code = f"table.bad_{column.type}"
    if column.type in _NUMBERS and _NOT_FINITE.fullmatch(given):
        code = "table.not_finite"
    elif column.type in _NUMBERS and is_percent(given) and "%" not in column.counted_in:
        code = "table.no_percent"
    elif column.type == "date" and not has_year and lacks_year(given):
        code = "table.year_missing"
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
