"""What the draft of a mapping file is written from: every sheet of a data set, known or not, with its headers."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from auditor.tables.database import Database
from auditor.tables.door.guard import close_database, head, head_of, open_database
from auditor.tables.door.handing import Refused, Row
from auditor.tables.headers import Headers
from auditor.tables.mapping_draft import SheetSeen, unknown_sheets, unknown_values
from auditor.tables.read import Reading


def sheets_seen(data: Path | Database, reading: Reading) -> list[SheetSeen]:
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
    if isinstance(data, Database):
        unknown += _stored(data, {supply.sheet for supply in reading.supplies})
    return sorted([*known, *unknown], key=lambda each: (each.file, each.sheet or ""))


def _likely(data: Path | Database, file: str, sheet: str | None) -> Headers:
    """Return the first of the rows with most cells as the header; nothing where the file cannot be opened."""
    rows = _first_rows(data / file if isinstance(data, Path) and data.is_dir() else data, sheet)
    if not rows:
        return Headers((), 0, ())
    row, cells = max(rows, key=lambda each: (_filled(each[1]), -each[0]))
    return Headers(tuple(" ".join(cell.split()) for cell in cells), row, ())


def _first_rows(source: Path | Database, sheet: str | None) -> Sequence[Row]:
    try:
        return head_of(source, sheet)[2].rows
    except (Refused, StopIteration):
        return ()


def _stored(database: Database, known: Collection[str | None]) -> Iterator[SheetSeen]:
    """Yield the tables of a database that nobody knows, with their columns."""
    try:
        tops = open_database(database).tops
    except Refused:
        return
    for number, top in enumerate(tops):
        if top.name not in known:
            with suppress(Refused):
                ((_, columns),) = head(number).rows
                yield SheetSeen(database.name, top.name, None, Headers(tuple(columns), 0, ()))
    close_database()


def _filled(cells: Sequence[str]) -> int:
    return sum(1 for cell in cells if cell.strip())
