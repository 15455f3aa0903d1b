"""Which of the first rows is the header: below title rows, and in two rows where cells are merged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from auditor.tables.declaration import Declaration, Table

Row = tuple[int, Sequence[str]]
"""A row's number and its cells, a text for each position."""


@dataclass(frozen=True)
class HeaderRow:
    """The header that was found: its row (the lower of two), its cells, and what of it is out of the plain."""

    row: int
    texts: tuple[str, ...]
    rows_above: int = 0
    is_double: bool = False


def find_header(declaration: Declaration, table: Table, rows: Sequence[Row]) -> HeaderRow:
    """Return the header among the first rows that are not blank (at least one): the one most known headers are in.

    A row counts if two of its cells, or half of them, are headers that the table knows (or that are refused as
    personal). Where none does, the first row is returned, for its problems to be told. Where a mapping says the
    row, it is that one.
    """
    looked = [_Cells(declaration, table, cells) for _, cells in rows]
    best = max(range(len(rows)), key=lambda at: (looked[at].score, -at))
    if not looked[best].is_header:
        best = 0
    numbers = [number for number, _ in rows]
    if table.as_written.header_row in numbers:
        best = numbers.index(table.as_written.header_row)
    double = _double(rows, looked, best)
    if double is not None:
        upper, texts = double
        return HeaderRow(rows[upper + 1][0], texts, upper, is_double=True)
    return HeaderRow(rows[best][0], tuple(rows[best][1]), best)


class _Cells:
    """One row as a header: which of its cells a table knows."""

    def __init__(self, declaration: Declaration, table: Table, cells: Sequence[str]) -> None:
        self.known = [bool(cell.strip()) and table.column(cell) is not None for cell in cells]
        self.filled = [bool(cell.strip()) for cell in cells]
        self.personal = sum(declaration.is_personal(cell) for cell in cells if cell.strip())
        self.count = sum(self.known)
        self.others = sum(
            declaration.is_personal(cell) or table.drops(cell) for cell in cells if cell.strip()
        )

    @property
    def score(self) -> tuple[int, int]:
        return self.count, self.personal

    @property
    def is_header(self) -> bool:
        return self.count >= 2 or (self.count + self.others) * 2 >= sum(self.filled)

    @property
    def is_all_headers(self) -> bool:
        return any(self.known) and self.count + self.others >= sum(self.filled)

    def knows(self, at: int) -> bool:
        return at < len(self.known) and self.known[at]


def _double(rows: Sequence[Row], looked: Sequence[_Cells], best: int) -> tuple[int, tuple[str, ...]] | None:
    """Return the upper of two header rows and the header both make, if the best row is one of two.

    The lower cell counts; where it is blank (merged with the one above) the upper one does.
    """
    for upper in (best, best - 1):
        if not 0 <= upper < len(rows) - 1 or rows[upper + 1][0] != rows[upper][0] + 1:
            continue
        above, below = looked[upper], looked[upper + 1]
        width = max(len(above.known), len(below.known))
        merged = [at for at in range(width) if not (at < len(below.filled) and below.filled[at])]
        gained = [at for at in merged if above.knows(at)]
        both = any(above.knows(at) and below.knows(at) for at in range(width))
        if gained and below.is_all_headers and not both and below.count + len(gained) > looked[best].count:
            kept = gained if upper < best else merged
            return upper, tuple(_merged(rows[upper][1], rows[upper + 1][1], at, kept) for at in range(width))
    return None


def _merged(above: Sequence[str], below: Sequence[str], at: int, kept: Sequence[int]) -> str:
    if at in kept:
        return above[at] if at < len(above) else ""
    return below[at] if at < len(below) else ""
