"""Files of JSON lines: an object a line, its keys the headers; a row is a line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from auditor.errors import Place
from auditor.tables.batches import in_batches
from auditor.tables.cleaning import REPORTED, Relation
from auditor.tables.collecting import Collected
from auditor.tables.declaration import SEPARATORS, Table
from auditor.tables.header_rows import Row
from auditor.tables.headers import Headers, match_headers
from auditor.tables.intake import Intake
from auditor.tables.supply import Supply
from auditor.tables.text_files import Look


def supply_of_json_lines(intake: Intake, path: Path, file: str, table: Table, seen: Look) -> Supply | None:
    """Read the keys of a file of JSON lines and how its rows are supplied; None if nothing can be read."""
    if seen.is_blank or not seen.is_utf8:
        intake.collected.add("table.empty_file" if seen.is_blank else "table.not_utf8", Place(file))
        return None
    keys = list(dict.fromkeys(key for _, record in _records(path) for key in record or ()))
    if not keys:
        line, record = next(_records(path), (1, {}))
        code = "table.empty_file" if record is not None else "table.bad_line"
        intake.collected.add(code, Place(file, None, line))
        return None
    # The keys stand in every line, and so in none: a problem of one has no row.
    headers = match_headers(intake, table, keys, None, Place(file))

    def batches(intake: Intake) -> Iterator[Relation]:
        yield from in_batches(intake.engine, headers, _rows(path, file, headers, keys, intake.collected))

    return Supply(table, file, None, headers, None, batches)


def _records(path: Path) -> Iterator[tuple[int, dict[str, Any] | None]]:
    """Yield each line that is not blank: its number, the object in it (None if there is no such)."""
    with path.open(encoding="utf-8-sig", newline="\n") as file:
        for line, text in enumerate(file, start=1):
            if text.strip():
                yield line, _record(text)


def _record(text: str) -> dict[str, Any] | None:
    """Return the object of a line. Numbers stay the text they are: not a digit is lost."""
    try:
        record = json.loads(
            text, object_pairs_hook=_object, parse_float=_float, parse_int=str, parse_constant=str
        )
    except (ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) else None


def _float(text: str) -> str:
    """Return a number as plain digits, as far as a cell could hold it."""
    number = Decimal(text)
    return format(number, "f") if abs(number.adjusted()) < 30 else text


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) < len(pairs):
        raise ValueError("a key stands twice")
    return record


def _rows(
    path: Path, file: str, headers: Headers, keys: Sequence[str], collected: Collected
) -> Iterator[Row]:
    """Yield every line as a row; one that is no object of plain values is reported on the way."""
    wanted = [(key, headers.reads(position)) for position, key in enumerate(keys)]
    for line, record in _records(path):
        cells = None if record is None else [_cell(record.get(key)) if read else "" for key, read in wanted]
        if cells is None or None in cells:
            collected.add("table.bad_line", Place(file, None, line), kind="row")
            yield line, [REPORTED] * len(keys)
        else:
            yield line, [cell or "" for cell in cells]


def _cell(value: Any) -> str | None:
    """Return a value as the text of a cell; None if it is no plain value and no list of such."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return SEPARATORS[0].join(value)
    return None
