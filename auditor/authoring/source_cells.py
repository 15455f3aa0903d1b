"""The cells of a file as they stand, for the copy that the doctor marks; they come through the guarded door."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from auditor.tables.database import Database
from auditor.tables.door import guard
from auditor.tables.door.handing import Ask, Taken, Top, read_rows
from auditor.tables.signs import REPORTED

_NO_CELLS = (".parquet",)
_BESIDE = 20
"""How many cells of a CSV row are shown beyond its header."""

_UNREADABLE = "\ufffd"


def has_cells(source: Path | Database) -> bool:
    """Return whether a file's cells can be shown: those of a Parquet file are not."""
    return isinstance(source, Database) or source.suffix.lower() not in _NO_CELLS


def cells_of(
    source: Path | Database, sheet: str | None, read: Sequence[int] = ()
) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield every row that is not blank: the number by which problems name it, and its cells from column 1.

    Only files that were read before are asked for, and of a database only the columns that were `read` (from 1):
    in these its rows have the same order again. A cell that cannot be read is shown by what is wrong in it.
    Raises Refused where the file is no longer what it was.
    """
    sha256, number, top = guard.head_of(source, sheet)
    with TemporaryDirectory(prefix="ducha-", ignore_cleanup_errors=True) as folder:
        ask = _everything(number, top, Path(folder) / "cells.csv")
        if isinstance(source, Database):
            ask = replace(ask, positions=[at - 1 for at in read])
            taken = guard.take_stored(ask)
            guard.close_database()
        else:
            taken = guard.take(source, sha256, ask)
        yield from _shown(ask, taken, top.first_column)


def _shown(ask: Ask, taken: Taken, first_column: int) -> Iterator[tuple[int, Sequence[str]]]:
    faults = {(fault.row, fault.position): fault.figures.get("value") for fault in taken.faults}
    width = first_column + max(ask.positions, default=-1)
    for row, cells in read_rows(Path(ask.into)):
        if any(map(str.strip, cells)):
            texts = [""] * width
            for at, cell in zip(ask.positions, cells, strict=True):
                known = faults.get((row, at)) or _UNREADABLE if cell == REPORTED else cell
                texts[first_column - 1 + at] = known
            yield row, texts


def _everything(number: int, top: Top, into: Path) -> Ask:
    width = max(len(cells) for _, cells in top.rows)
    if top.encoding is not None:
        width += _BESIDE
    return Ask(number, 0, list(range(width)), (), width, 0, str(into))
