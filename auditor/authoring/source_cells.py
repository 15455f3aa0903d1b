"""The cells of a file as they stand, for the copy that the doctor marks; they come through the guarded door."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from auditor.tables.door.guard import open_file, take
from auditor.tables.door.handing import Ask, Top, read_rows
from auditor.tables.signs import REPORTED

JSON_LINES = (".jsonl", ".ndjson")
_NO_CELLS = (".parquet",)
_BESIDE = 20
"""How many cells of a CSV row are shown beyond its header."""

_UNREADABLE = "\ufffd"


def has_cells(path: Path) -> bool:
    """Return whether a file's cells can be shown: those of a Parquet file are not."""
    return path.suffix.lower() not in _NO_CELLS


def cells_of(path: Path, sheet: str | None) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield every row that is not blank: the number by which problems name it, and its cells from column 1.

    Only files that were read before are asked for. A cell that cannot be read is shown by what is wrong in it.
    Raises Refused where the file is no longer what it was.
    """
    opened = open_file(path)
    number, top = next((number, top) for number, top in enumerate(opened.tops) if top.name == sheet)
    with TemporaryDirectory(prefix="ducha-", ignore_cleanup_errors=True) as folder:
        ask = _everything(number, top, Path(folder) / "cells.csv")
        taken = take(path, opened.sha256, ask)
        faults = {(fault.row, fault.position): fault.figures.get("value") for fault in taken.faults}
        before = [""] * (top.first_column - 1)
        for row, cells in read_rows(Path(ask.into)):
            if any(map(str.strip, cells)):
                shown = (faults.get((row, at)) or _UNREADABLE for at in range(len(cells)))
                texts = [
                    known if cell == REPORTED else cell for cell, known in zip(cells, shown, strict=True)
                ]
                yield row, [*before, *texts]


def _everything(number: int, top: Top, into: Path) -> Ask:
    width = max(len(cells) for _, cells in top.rows)
    if top.encoding is not None:
        width += _BESIDE
    return Ask(number, 0, list(range(width)), (), width, 0, str(into))
