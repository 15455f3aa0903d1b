"""Parquet files: read where they lie if every value is canonical already, cleaned like any text if not."""

from __future__ import annotations

import re
from dataclasses import replace

from auditor.engines.sql import literal, literals, name
from auditor.errors import Place
from auditor.tables.cleaning import (
    EARLIEST,
    LATEST,
    STORED,
    InPlace,
    Relation,
    canonical_choices,
    given_of,
    narrowed,
    needs_cleaning,
    trouble_of,
)
from auditor.tables.declaration import Column, Table
from auditor.tables.door import guard
from auditor.tables.door.handing import Ask
from auditor.tables.handed import File
from auditor.tables.headers import Headers, match_headers
from auditor.tables.intake import Intake
from auditor.tables.personal import looks_personal
from auditor.tables.plain_csv import no_pattern
from auditor.tables.supply import Supply

_WHOLE_NUMBERS = (
    *("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"),
    *("UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT"),
)


def supply_of_parquet(intake: Intake, file: File, table: Table) -> Supply:
    """Return how the rows of the Parquet file opened last are supplied. Raises Refused."""
    top = file.opened.tops[0]
    texts, source = top.rows[0][1], literal(no_pattern(file.path))
    headers = match_headers(intake, table, texts, 1, Place(file.name))
    supply = Supply(table, file.name, None, headers)
    if not headers.columns:
        return supply
    by_slot = {slot: kind for slot, kind in zip(headers.slots, top.types, strict=True) if slot}
    columns = ", ".join(f"{_quoted(texts[headers.slots.index(slot)])} AS {name(slot)}" for slot in by_slot)
    numbered = f"read_parquet({source}, file_row_number=true, hive_partitioning=false)"
    typed = f"SELECT {columns}, file_row_number + 1 AS row_no FROM {numbered}"
    as_text = ", ".join(f"{_as_text(slot, kind)} AS {name(slot)}" for slot, kind in by_slot.items())
    whole = Relation(f"SELECT {as_text}, row_no FROM ({typed})", headers.columns, headers.extras)
    in_place = _in_place(table, headers, by_slot, typed)
    hashes = ", ".join(map(name, by_slot))
    check = needs_cleaning(in_place) if in_place else f"SELECT max(hash({hashes})) FROM ({typed})"
    taken = guard.take(file.path, file.opened.sha256, Ask(0, 1, (), (), len(texts), headers.width, "", check))
    return replace(supply, whole=whole, in_place=in_place if in_place and taken.is_plain else None)


def _in_place(table: Table, headers: Headers, types: dict[str, str], typed: str) -> InPlace | None:
    """Return how the file is read where it lies; None if a column's type always needs cleaning."""
    if table.as_written.constants:
        return None
    values: dict[str, str] = {}
    conditions = [f"{name(extra)} IS NOT NULL" for extra in headers.extras]
    for column_name in headers.columns:
        column = table.columns[column_name]
        direct = _direct(column, types[column_name])
        if direct is None:
            return None
        values[column_name], condition = direct
        conditions.append(condition)
        if column.required:
            conditions.append(f"{name(column_name)} IS NULL")
    needs = " OR ".join(f"coalesce({condition}, FALSE)" for condition in conditions)
    return InPlace(typed, values, needs)


def _direct(column: Column, kind: str) -> tuple[str, str] | None:
    """Return a column's value as it lies in the file, and the condition that it cannot be taken so."""
    value = name(column.name)
    if column.type in ("text", "choice", "choices"):
        return _direct_text(column, kind)
    if column.type == "date" and kind == "DATE":
        return value, f"{value} NOT BETWEEN DATE '{EARLIEST}' AND DATE '{LATEST}'"
    if column.type == "boolean" and kind == "BOOLEAN":
        return value, "FALSE"
    is_number = kind in _WHOLE_NUMBERS or (
        column.type == "number" and (kind in ("FLOAT", "DOUBLE") or kind.startswith("DECIMAL"))
    )
    if column.type not in ("integer", "number") or not is_number:
        return None
    number = f"TRY_CAST({value} AS {STORED[column.type]})"
    conditions = [f"({value} IS NOT NULL AND {number} IS NULL)"]
    conditions.append(f"{value} >= 1e10 AND {looks_personal(f'CAST({value} AS VARCHAR)', in_number=True)}")
    conditions += [f"{value} < {column.least}"] if column.least is not None else []
    conditions += [f"{value} > {column.most}"] if column.most is not None else []
    return number, " OR ".join(f"coalesce({condition}, FALSE)" for condition in conditions)


def _direct_text(column: Column, kind: str) -> tuple[str, str] | None:
    value = name(column.name)
    if column.is_id and kind in _WHOLE_NUMBERS:
        return f"CAST({value} AS VARCHAR)", "FALSE"
    if kind != "VARCHAR":
        return None
    if column.type == "choice":
        return value, f"{value} NOT IN ({literals(column.values)})"
    if column.type == "choices":
        return f"';' || {value} || ';'", f"NOT {canonical_choices(column, value)}"
    untidy = f"{given_of(value)} IS DISTINCT FROM {value}"
    if column.is_id:
        return value, f"{untidy} OR {narrowed(value)} <> {value}"
    trouble = trouble_of(column, value, value)
    return value, f"{untidy} OR {trouble}" if trouble else untidy


def _as_text(slot: str, kind: str) -> str:
    if re.fullmatch(r"VARCHAR\[\]", kind):
        return f"array_to_string({name(slot)}, ';')"
    return f"CAST({name(slot)} AS VARCHAR)"


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
