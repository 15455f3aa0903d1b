"""The second look at the rows of a source that did not read plainly: only they are read again.

Total rows and repeated headers among them are left out, cells written as people write them are understood,
and both are said, once for each sheet or column. What is wrong after that is a problem.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from auditor.engines.sql import literal, name
from auditor.errors import Place
from auditor.tables.cleaning import (
    Relation,
    cleaned,
    given_of,
    given_rows,
    insert_rows,
    narrow,
    value_of,
)
from auditor.tables.declaration import Column, Table
from auditor.tables.intake import Engine, Intake
from auditor.tables.personal import SHOWN, holds_personal_number
from auditor.tables.signs import BLANKS, REPORTED, TOTALS
from auditor.tables.supply import Supply
from auditor.tables.understanding import TYPES, Meaning, meaning_of

_YEAR = "year"
"""The column that gives the days of its row their year, where a table has one."""

_LISTED = 20
"""How many rows left out a note names."""

_SPACES = f"[{BLANKS}]+"


def look_again(
    intake: Intake, supply: Supply, relation: Relation, source_no: int, marked: str
) -> Relation | None:
    """Read the rows of a relation again that the first look has marked; `marked` is the query of their numbers.

    Returns the relation of those rows as they were then read if problems are left to be told, else None.
    """
    engine, table = intake.engine, supply.table
    if not engine.rows(f"{marked} LIMIT 1"):
        return None
    again = f"SELECT * FROM ({relation.select}) WHERE row_no IN ({marked})"
    engine.run(f"CREATE OR REPLACE TABLE marked_rows AS {again}")
    marked_only = replace(relation, select="SELECT * FROM marked_rows")
    rows = _understood(intake, supply, _without(intake, supply, marked_only))
    engine.run(f"CREATE OR REPLACE TABLE cleaned_rows AS {cleaned(table, rows)}")
    rows = replace(rows, cleaned="cleaned_rows")
    added = (
        f"FROM {name(table.name)}_rows "
        f"WHERE source_no = {source_no} AND row_no IN (SELECT row_no FROM marked_rows)"
    )
    engine.run(f"DELETE {added}")
    engine.run(insert_rows(table, rows, source_no))
    return rows if engine.rows(f"SELECT 1 {added} AND has_problem LIMIT 1") else None


def odd_keys(supply: Supply) -> list[str]:
    """Return the conditions that a key of a row just added reads like a total or a header: it may be no data."""
    return [
        condition
        for c in _required(supply)
        if c.is_id
        for condition in (
            # Few keys are wider than ASCII: only these are matched.
            f"CASE WHEN strlen({name(c.name)}) > length({name(c.name)}) THEN {_is_total(name(c.name))} END",
            f"{name(c.name)} = {literal(narrow(supply.headers.written(c.name)))}",
        )
    ]


def _required(supply: Supply) -> list[Column]:
    columns = (supply.table.columns[column] for column in supply.headers.columns)
    return [column for column in columns if column.required]


def _is_total(text: str) -> str:
    return f"coalesce(regexp_full_match({text}, '{TOTALS}'), FALSE)"


# ---- Rows that are no data -----------------------------------------------------------------------


def _without(intake: Intake, supply: Supply, rows: Relation) -> Relation:
    """Return the rows without totals and repeated headers; which were left out is noted."""
    kinds = {"table.left_out_totals": _totals(supply), "table.left_out_headers": _headers(supply)}
    whens = " ".join(f"WHEN {condition} THEN {literal(code)}" for code, condition in kinds.items())
    query = f"SELECT row_no, CASE {whens} END AS code FROM ({given_rows(rows)})"
    found = intake.engine.rows(f"SELECT * FROM ({query}) WHERE code IS NOT NULL ORDER BY row_no")
    for code in kinds:
        numbers = [row for row, of in found if of == code]
        if numbers:
            place = Place(supply.file, supply.sheet, numbers[0])
            listed = ", ".join(map(str, numbers[:_LISTED]))
            intake.collected.note(code, place, {"count": len(numbers), "rows": listed})
    conditions = [condition for code, condition in kinds.items() if any(of == code for _, of in found)]
    return replace(rows, no_data=" OR ".join(conditions))


def _totals(supply: Supply) -> str:
    """Return the condition that the first filled cell says total, and that something a row must have is not there."""
    slots = [f"given_{name(slot)}" for slot in supply.headers.slots if slot]
    keys = [f"given_{name(column.name)}" for column in _required(supply)]
    lacks = [condition for key in keys for condition in (f"{key} IS NULL", _is_total(key))]
    first = f"coalesce({', '.join([*slots, 'NULL'])})"
    return f"({_is_total(first)} AND ({' OR '.join(lacks) or 'FALSE'}))"


def _headers(supply: Supply) -> str:
    """Return the condition that every cell repeats its header, or is blank, and the first two do repeat it."""
    headers = {column: supply.headers.written(column) for column in supply.headers.columns}
    same = [
        f"regexp_replace(given_{name(column)}, '{_SPACES}', '', 'g') = {literal(''.join(text.split()))}"
        for column, text in headers.items()
    ]
    return " AND ".join([*same[:2], *(f"coalesce({condition}, TRUE)" for condition in same[2:])])


# ---- Cells as people write them ------------------------------------------------------------------


@dataclass(frozen=True)
class _Cell:
    """A text that could not be read plainly, the year of its row, what both mean, how often and where first."""

    given: str
    year: str
    meaning: Meaning
    count: int
    row: int


def _understood(intake: Intake, supply: Supply, rows: Relation) -> Relation:
    """Return the rows with every cell in its plain form that could be understood; each column is noted."""
    columns = _unreadable(intake.engine, supply.table, rows)
    found = [column.name for column in columns if _found(intake, supply, rows, column)]
    if not found:
        return rows
    every = ["row_no", *rows.columns, *rows.extras]
    values = ", ".join(
        f"coalesce(as_{name(c)}.plain, r.{name(c)}) AS {name(c)}" if c in found else f"r.{name(c)}"
        for c in every
    )
    joins = " ".join(
        f"LEFT JOIN understood_{name(c)} as_{name(c)} ON as_{name(c)}.given = {given_of(f'r.{name(c)}')}"
        f" AND as_{name(c)}.year = {_year(rows, supply.table.columns[c], lambda text: given_of(f'r.{text}'))}"
        for c in found
    )
    return replace(rows, select=f"SELECT {values} FROM ({rows.select}) r {joins}")


def _year(rows: Relation, column: Column, given: Callable[[str], str]) -> str:
    """Return the expression of the year that a row's own column gives to its days; empty where none does."""
    has_year = column.type == "date" and _YEAR in rows.columns
    return f"coalesce({given(name(_YEAR))}, '')" if has_year else "''"


def _unreadable(engine: Engine, table: Table, rows: Relation) -> list[Column]:
    """Return the columns that may be read further and have a cell that is not read yet; one statement asks all."""
    columns = [table.columns[c] for c in rows.columns if table.columns[c].type in TYPES]
    counts = ", ".join(f"count(*) FILTER ({_is_unreadable(column)})" for column in columns)
    found = engine.rows(f"SELECT {counts} FROM ({given_rows(rows)})")[0] if columns else ()
    return [column for column, count in zip(columns, found, strict=True) if count]


def _is_unreadable(column: Column) -> str:
    return f"given_{name(column.name)} <> '{REPORTED}' AND {value_of(column)} IS NULL"


def _found(intake: Intake, supply: Supply, rows: Relation, column: Column) -> bool:
    """Register what the unreadable cells of a column mean (`understood_COLUMN`), and note it."""
    given = f"given_{name(column.name)}"
    year = _year(rows, column, lambda text: f"given_{text}")
    query = (
        f"SELECT {given}, {year} AS year, count(*), min(row_no) FROM ({given_rows(rows)}) "
        f"WHERE {_is_unreadable(column)} GROUP BY ALL"
    )
    cells = [
        _Cell(text, of, meaning, count, row)
        for text, of, count, row in intake.engine.rows(query)
        if not holds_personal_number(text, in_number=column.type in ("integer", "number"))
        and (meaning := _meaning(intake, supply, column, text, of))
    ]
    if cells:
        _register(intake.engine, f"understood_{column.name}", cells)
        _note(intake, supply, column, cells)
    return bool(cells)


def _meaning(intake: Intake, supply: Supply, column: Column, text: str, of: str) -> Meaning | None:
    """Return what a cell means, in the year of its row or, where that has none, in the year of the audit."""
    year = meaning_of(supply.table.columns[_YEAR], of) if of else None
    own = int(Decimal(year.plain)) if year else None
    is_last = column.name in {last for _, last in supply.table.spans}
    return meaning_of(column, text, epoch=supply.facts.epoch, year=own or intake.year, is_last=is_last)


def _note(intake: Intake, supply: Supply, column: Column, cells: Sequence[_Cell]) -> None:
    """Say once for each way of reading how many cells of a column were read so, with the first of them."""
    for how in sorted({cell.meaning.how for cell in cells}):
        alike = [cell for cell in cells if cell.meaning.how == how]
        first = min(alike, key=lambda cell: cell.row)
        place = Place(supply.file, supply.sheet, first.row, supply.headers.written(column.name))
        figures = {
            "column": column.name, "column_zh": column.label.zh, "value": first.given[:SHOWN],
            "other": first.meaning.plain, "count": sum(cell.count for cell in alike),
        }  # fmt: skip
        intake.collected.note(f"table.read_{how}", place, figures)


def _register(engine: Engine, table: str, cells: Sequence[_Cell]) -> None:
    columns = {
        "given": [cell.given for cell in cells],
        "year": [cell.year for cell in cells],
        "plain": [cell.meaning.plain for cell in cells],
    }
    engine.create_texts(table, columns)
