"""What the draft of a mapping file is written from: every sheet of a data set, known or not, with its headers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from auditor.tables.door.guard import open_file
from auditor.tables.door.handing import Refused, Row
from auditor.tables.headers import Headers
from auditor.tables.mapping_draft import SheetSeen, unknown_sheets, unknown_values
from auditor.tables.read import Reading


def sheets_seen(data: Path, reading: Reading) -> list[SheetSeen]:
    """Return every sheet of a reading for `write_mapping`; of one that nobody knows the likely header."""
    known = [
        SheetSeen(
            supply.file,
            supply.sheet,
            supply.table,
            supply.headers if supply.headers.columns else _likely(data, supply.file, supply.sheet),
            unknown_values(reading.problems, supply.file, supply.sheet),
        )
        for supply in reading.supplies
    ]
    unknown = [
        SheetSeen(each.file, each.sheet, None, _likely(data, each.file, each.sheet))
        for each in unknown_sheets(reading.problems)
    ]
    return sorted([*known, *unknown], key=lambda each: (each.file, each.sheet or ""))


def _likely(data: Path, file: str, sheet: str | None) -> Headers:
    """Return the first of the rows with most cells as the header; nothing where the file cannot be opened."""
    rows = list(_first_rows(data / file if data.is_dir() else data, sheet))
    if not rows:
        return Headers((), 0, ())
    row, cells = max(rows, key=lambda each: (_filled(each[1]), -each[0]))
    return Headers(tuple(" ".join(cell.split()) for cell in cells), row, ())


def _first_rows(path: Path, sheet: str | None) -> Iterator[Row]:
    try:
        tops = open_file(path).tops
    except Refused:
        return
    for top in tops:
        if top.name == sheet:
            yield from top.rows


def _filled(cells: Sequence[str]) -> int:
    return sum(1 for cell in cells if cell.strip())
