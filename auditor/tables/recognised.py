"""What a reading recognised: which file or sheet is which table, which header is which column, how it was read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Literal

from auditor.errors import Problem
from auditor.tables.declaration import Declaration
from auditor.tables.door.xml import column_letters
from auditor.tables.personal import shown
from auditor.tables.sheet_facts import NO_FACTS, SheetFacts
from auditor.tables.supply import Supply

Use = Literal["read", "dropped", "shown", "personal", "repeated", "unknown"]
"""What became of a column: read; not wanted by the user; only there to explain; refused; there twice; not known."""

WITHOUT_LETTERS = (".jsonl", ".ndjson", ".parquet")
"""Files whose columns no spreadsheet would call A, B, C."""

_NO_TABLE = ("table.unknown_sheet", "table.unknown_table")


@dataclass(frozen=True)
class RecognisedColumn:
    """A column with a header: where it stands (from 1), the header as written, the declared column if it is read."""

    number: int
    letter: str | None
    header: str
    column: str | None
    use: Use


@dataclass(frozen=True)
class Recognised:
    """What one file or sheet was taken for.

    `table` is None where its name means no table; `header_rows` are the rows of the header (none where the file
    has no such row, as JSON lines), `rows` the data rows that were read.
    """

    file: str
    sheet: str | None
    table: str | None
    header_rows: tuple[int, ...] = ()
    columns: tuple[RecognisedColumn, ...] = ()
    rows: int = 0
    facts: SheetFacts = NO_FACTS


def recognise(
    declaration: Declaration,
    supplies: Iterable[Supply],
    counts: Mapping[tuple[str, str | None], int],
    problems: Iterable[Problem],
) -> tuple[Recognised, ...]:
    """Return what each file or sheet was taken for, in their order; `counts` are the rows that each gave."""
    known = (_of_supply(declaration, supply, counts) for supply in supplies)
    unknown = (Recognised(p.place.file or "", p.place.sheet, None) for p in problems if p.code in _NO_TABLE)
    return tuple(sorted([*known, *unknown], key=lambda each: (each.file, each.sheet or "")))


def _of_supply(
    declaration: Declaration, supply: Supply, counts: Mapping[tuple[str, str | None], int]
) -> Recognised:
    headers = supply.headers
    first = headers.row - 1 if headers.is_double else headers.row
    named = len(supply.names_units or ()) if supply.table.name == "units" else 0
    return Recognised(
        file=supply.file,
        sheet=supply.sheet,
        table=supply.table.name,
        header_rows=tuple(range(first, headers.row + 1)) if headers.row else (),
        columns=tuple(_columns(declaration, supply)),
        rows=counts.get((supply.file, supply.sheet), named),
        facts=supply.facts,
    )


def _columns(declaration: Declaration, supply: Supply) -> Iterator[RecognisedColumn]:
    has_letters = PurePath(supply.file).suffix.lower() not in WITHOUT_LETTERS
    pairs = zip(supply.headers.texts, supply.headers.slots, strict=True)
    for number, (header, slot) in enumerate(pairs, start=supply.facts.first_column):
        if header.strip():
            letter = column_letters(number) if has_letters else None
            use = "read" if slot else _use(declaration, supply, header)
            yield RecognisedColumn(number, letter, shown(header), slot, use)


def _use(declaration: Declaration, supply: Supply, header: str) -> Use:
    """Return what became of a column that is not read."""
    table = supply.table
    if header in supply.headers.dropped:
        return "dropped"
    if table.column(header) is not None:
        return "repeated"
    if table.only_shows(header):
        return "shown"
    return "personal" if declaration.is_personal(header) else "unknown"
