"""The cells of a file as they stand, for the copy that the doctor marks."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import python_calamine as calamine

from auditor.tables.workbooks import cell_text

JSON_LINES = (".jsonl", ".ndjson")
_NO_CELLS = (".parquet",)


def has_cells(path: Path) -> bool:
    """Return whether a file's cells can be shown: those of a Parquet file are not."""
    return path.suffix.lower() not in _NO_CELLS


def cells_of(
    path: Path, sheet: str | None, encoding: str | None, keys: Sequence[str]
) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield every row that is not blank: the number by which problems name it, and its cells from column 1.

    `encoding` is how a file of text was read, `keys` the headers of JSON lines. Only files that were read
    before are asked for.
    """
    if path.suffix.lower() in JSON_LINES:
        yield from _json_cells(path, keys)
    elif sheet is None:
        yield from _csv_cells(path, encoding or "utf-8-sig")
    else:
        with calamine.CalamineWorkbook.from_path(path) as book:
            opened = book.get_sheet_by_name(sheet)
            before = [""] * (opened.start[1] if opened.start else 0)
            for row, cells in enumerate(opened.iter_rows(), start=1):
                texts = [cell if isinstance(cell, str) else cell_text(cell) for cell in cells]
                if any(map(str.strip, texts)):
                    yield row, [*before, *texts]


def _csv_cells(path: Path, encoding: str) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield the records; one whose quotes are broken has a number too, but no cells."""
    csv.field_size_limit(1 << 30)
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        reader, row = csv.reader(file, strict=True, skipinitialspace=True), 0
        while True:
            row += 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                cells = ["\ufffd"]
            if any(map(str.strip, cells)):
                yield row, cells


def _json_cells(path: Path, keys: Sequence[str]) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield the lines, a cell for each key; a line that is no object stands in the first cell as it is."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="\n") as file:
        for line, text in enumerate(file, start=1):
            if not text.strip():
                continue
            try:
                record = json.loads(text, parse_int=str, parse_float=str, parse_constant=str)
            except (ValueError, RecursionError):
                record = None
            yield line, _values(record, keys) if isinstance(record, dict) else [text.strip()]


def _values(record: dict[str, object], keys: Sequence[str]) -> Sequence[str]:
    values = (record.get(key) for key in keys)
    return [
        "" if each is None else each if isinstance(each, str) else json.dumps(each, ensure_ascii=False)
        for each in values
    ]
