"""What passes through the door: questions about a file, and what the worker hands over, as plain values.

All of it is JSON on the way. Rows are not: the worker writes them as CSV into a file that the question names.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Literal

from auditor.tables.door.limits import KIB, MIB, MOST_CELL

Row = tuple[int, Sequence[str]]
"""A row's number and its cells, a text for each position."""

FaultKind = Literal["structure", "row"]
"""Whether a fault concerns the file as a whole, or a row."""

LISTED = 200
"""How many faults of one column are handed over one by one; the others are counted."""

_BATCH = 1000

SHOWN = 500
"""How much of a cell among the first rows is handed over: a header is short."""


class Refused(Exception):
    """A file will not be read, and why: a problem's code and figures, and where in the file."""

    def __init__(
        self,
        code: str,
        figures: Mapping[str, Any] | None = None,
        *,
        sheet: str | None = None,
        row: int | None = None,
    ) -> None:
        super().__init__(code)
        self.code, self.figures, self.sheet, self.row = code, dict(figures or {}), sheet, row


@dataclass(frozen=True)
class Top:
    """The head of one sheet (or file): its name, the first rows that are not blank, what is known before the rest.

    `first_column` is the number of the column (from 1) of position 0; `named` are header cells that a template
    named: row, column, table, column's name; `epoch` is an ISO day; `types` are those that
    a Parquet file declares.
    """

    name: str | None
    rows: Sequence[Row]
    first_column: int = 1
    is_hidden: bool = False
    epoch: str | None = None
    encoding: str | None = None
    named: Sequence[tuple[int, int, str, str]] = ()
    types: Sequence[str] = ()


@dataclass(frozen=True)
class Opened:
    """A file that was opened: the hash of its bytes, its size, and the heads of its sheets."""

    sha256: str
    tops: Sequence[Top]


@dataclass(frozen=True)
class Ask:
    """What is asked of one sheet: the rows below the header, in the columns that are read.

    `positions` are those columns (from 0, as in the head), `numbers` those of them that hold numbers; `texts`
    and `width` how many cells the header row has, and up to which it says something; `into` the file to write.
    `check` is a query that tells how many rows of a Parquet file are not canonical.
    """

    sheet: int
    header: int
    positions: Sequence[int]
    numbers: Sequence[int]
    texts: int
    width: int
    into: str
    check: str = ""


@dataclass(frozen=True)
class Fault:
    """A cell or row that could not be read: its code and figures; `position` None for a whole row."""

    code: str
    row: int
    position: int | None
    figures: Mapping[str, Any]
    kind: FaultKind = "row"


@dataclass(frozen=True)
class Taken:
    """What was taken: whether the file itself can be read as it lies, the faults, and what was out of the plain.

    `unlisted` counts the faults that are not listed: kind, position, how many. `hidden_rows`, `hidden_columns`
    and `merged_filled` are as in `SheetFacts`.
    """

    is_plain: bool = False
    faults: Sequence[Fault] = ()
    unlisted: Sequence[tuple[FaultKind, int | None, int]] = ()
    hidden_rows: Sequence[int] = ()
    hidden_columns: Sequence[int] = ()
    merged_filled: Sequence[str] = ()


@dataclass
class Faults:
    """The faults of one sheet as they are found: the first of each column are listed, the others counted."""

    listed: list[Fault] = field(default_factory=list)
    found: Counter[tuple[FaultKind, int | None]] = field(default_factory=Counter)

    def add(self, fault: Fault) -> None:
        """Add a fault."""
        group = (fault.kind, fault.position)
        self.found[group] += 1
        if self.found[group] <= LISTED:
            self.listed.append(fault)

    def unlisted(self) -> list[tuple[FaultKind, int | None, int]]:
        """Return how many of each kind and position were not listed."""
        return [(*group, count - LISTED) for group, count in self.found.items() if count > LISTED]


def head(rows: Iterable[Row]) -> list[Row]:
    """Return rows as the head of a sheet shows them."""
    return [(row, [cell[:SHOWN] for cell in cells]) for row, cells in rows]


def write_rows(into: Path, rows: Iterable[Row], most: int | None = None) -> None:
    """Write rows as plain CSV: the number, then the cells.

    Raises Refused for a cell that is too long, and where all come to more bytes than `most`.
    """
    waiting, end = iter(rows), 0
    with into.open("w", encoding="utf-8", errors="replace", newline="") as file:
        # The engine reads line breaks within cells only where all texts are quoted, and all lines end alike.
        writer = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
        while batch := list(islice(waiting, _BATCH)):
            writer.writerows((row, *cells) for row, cells in batch)
            start, end = end, file.tell()
            if end - start > MOST_CELL:
                _check_lengths(batch)
            if most is not None and end > most:
                raise Refused("table.zip_bomb", {"value": f"{end // MIB:,} MiB"})


def read_rows(path: Path) -> Iterator[Row]:
    """Yield the rows that `write_rows` wrote."""
    csv.field_size_limit(MOST_CELL)
    with path.open(encoding="utf-8", newline="") as file:
        for number, *cells in csv.reader(file):
            yield int(number), cells


def _check_lengths(rows: Iterable[Row]) -> None:
    for row, cells in rows:
        if any(len(cell) > MOST_CELL for cell in cells):
            raise Refused("table.long_cell", {"expected": MOST_CELL // KIB}, row=row)
