"""Sheets of values, whatever the format of their workbook: their heads looked at, their rows taken."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import takewhile
from pathlib import Path
from typing import Any

from auditor.tables.door.cell_notes import CellNotes
from auditor.tables.door.cell_texts import cell_text, taken_rows
from auditor.tables.door.handing import Ask, Faults, Refused, Row, Taken, Top, head, write_rows
from auditor.tables.door.limits import MIB, MOST_COLUMNS, MOST_HEAD, MOST_TEXT_BYTES, TEXT_RATIO
from auditor.tables.door.workbook_names import Named
from auditor.tables.door.xml import column_letters, corners
from auditor.tables.signs import BLANKS, SEARCHED

_KEPT_CELLS = 2_000_000
"""Sheets up to so many cells stay in memory between the look at their heads and the taking of their rows."""

Cells = Sequence[Any]


@dataclass(frozen=True)
class SheetValues:
    """The values of one sheet: its rows from row 1, the column (from 1) they begin in, how wide and how many."""

    rows: Callable[[], Iterator[Cells]]
    first_column: int
    width: int
    height: int


@dataclass(frozen=True)
class SheetAbout:
    """One sheet before its values are read; `notes` and `values` read it, `dimension` is what it claims to span."""

    name: str
    is_hidden: bool
    notes: Callable[[], CellNotes]
    values: Callable[[], SheetValues]
    named: Sequence[Named] = ()
    dimension: str | None = None


@dataclass
class Workbook:
    """An opened workbook, `size` bytes of cells; its sheets are read when they are asked for."""

    sheets: Sequence[SheetAbout]
    epoch: date | None
    size: int
    _kept: dict[int, SheetValues] = field(default_factory=dict)

    def tops(self) -> list[Top]:
        """Return the head of every sheet; one that is empty has no rows."""
        tops, shown = [], 0
        for number in range(len(self.sheets)):
            tops.append(self._top(number))
            shown += sum(len(cell) for _, cells in tops[-1].rows for cell in cells)
            if shown > MOST_HEAD:
                raise Refused("table.zip_bomb", {"value": f"{shown // MIB:,} MiB"})
        return tops

    def take(self, ask: Ask) -> Taken:
        """Write the rows of a sheet that are asked for, and return what is to be said of them."""
        sheet, notes, faults = self._values(ask.sheet), self.sheets[ask.sheet].notes(), Faults()
        merged: list[str] = []
        notes = _within(notes, sheet)
        rows = taken_rows(sheet.rows(), sheet.first_column, notes, ask, faults, merged)
        # A text that is stored once may stand in many cells, by its number or because they are merged.
        try:
            write_rows(Path(ask.into), rows, MOST_TEXT_BYTES + TEXT_RATIO * self.size)
        except Refused as refused:
            name = self.sheets[ask.sheet].name
            raise Refused(refused.code, refused.figures, sheet=name, row=refused.row) from refused
        return Taken(
            faults=faults.listed,
            unlisted=faults.unlisted(),
            hidden_rows=[row for row in notes.hidden_rows if ask.header < row <= sheet.height],
            hidden_columns=[c for c in notes.hidden_columns if c - sheet.first_column in ask.positions],
            merged_filled=merged,
        )

    def _top(self, number: int) -> Top:
        about, sheet = self.sheets[number], self._values(number)
        epoch = self.epoch.isoformat() if self.epoch else None
        rows = head(_first_rows(sheet.rows()))
        return Top(about.name, rows, sheet.first_column, about.is_hidden, epoch, None, about.named)

    def _values(self, number: int) -> SheetValues:
        if number not in self._kept:
            sheet = self.sheets[number].values()
            if sheet.first_column + sheet.width > MOST_COLUMNS + 1:
                figures = {"value": f"{column_letters(sheet.first_column + sheet.width - 1)}{sheet.height}"}
                raise Refused("table.far_cell", figures, sheet=self.sheets[number].name)
            _check_dimension(self.sheets[number], sheet)
            if sum(each.height * each.width for each in self._kept.values()) > _KEPT_CELLS:
                self._kept.clear()
            self._kept[number] = sheet
        return self._kept[number]


def _within(notes: CellNotes, sheet: SheetValues) -> CellNotes:
    """Return the notes with merged ranges that end where the sheet does; Refused where they overlap again and again."""
    merged = [(first, (min(row, sheet.height), column)) for first, (row, column) in notes.merged]
    if sum(max(bottom - top, 0) for (top, _), (bottom, _) in merged) > sheet.height * sheet.width:
        raise Refused("table.corrupt_file")
    return replace(notes, merged=merged)


def _check_dimension(about: SheetAbout, sheet: SheetValues) -> None:
    """Refuse a sheet that claims to end before its cells do. `A1` alone is what writers of streams leave behind."""
    span = corners(about.dimension)
    if span is not None and sheet.width:
        (_, _), (row, column) = span
        if sheet.height > row or sheet.first_column + sheet.width - 1 > column:
            raise Refused("table.false_dimension", {"value": about.dimension}, sheet=about.name)


def _first_rows(rows: Iterator[Cells]) -> Iterator[Row]:
    """Yield the rows that may be the header: the first that is not blank, and those of the first twenty."""
    filled = _filled(rows)
    first = next(filled, None)
    if first is not None:
        yield first
        yield from takewhile(lambda row: row[0] <= SEARCHED, filled)


def _filled(rows: Iterator[Cells]) -> Iterator[Row]:
    for row, cells in enumerate(rows, start=1):
        texts = [cell if isinstance(cell, str) else cell_text(cell) for cell in cells]
        if any(text.strip(BLANKS) for text in texts):
            yield row, texts
