"""The user's own workbook with its problem cells marked: a copy, made of what the library reads of it."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.cell import MergedCell
from openpyxl.utils import get_column_letter

from auditor.authoring.doctor import Examined, Spot
from auditor.authoring.lost_parts import lost_parts
from auditor.authoring.marking import Entry, Marks
from auditor.authoring.personal_cells import MASK, PersonalCells
from auditor.tables.declaration import Declaration
from auditor.tables.recognised import Recognised
from auditor.texts import Lang

_NOT_LOADED = (
    *(ValueError, KeyError, TypeError, IndexError, AttributeError),
    *(ParseError, zipfile.BadZipFile, OSError),
)
"""What the library raises over a workbook that the reader of values can read and it cannot."""


class MarkedWorkbook:
    """A workbook that was loaded to be marked: `book`, what of it is `lost`, how many cells are `masked`."""

    def __init__(self, path: Path) -> None:
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            self.book = load_workbook(path, rich_text=True)
        self.lost = lost_parts(path)
        if any("removed" in str(each.message) or "lost" in str(each.message) for each in said):
            self.lost += ("extensions",)
        self.masked = 0
        for chart_sheet in list(self.book.chartsheets):
            self.book.remove(chart_sheet)
        for sheet in self.book.worksheets:
            # Whatever of these the library could carry over is not what it was: better said to be lost.
            sheet._images, sheet._charts, sheet._pivots = [], [], []

    def mask(self, declaration: Declaration, recognised: Sequence[Recognised]) -> None:
        """Replace what is personal by a dash in every sheet."""
        by_sheet = {each.sheet: each for each in recognised}
        for sheet in self.book.worksheets:
            personal = PersonalCells(declaration, by_sheet.get(sheet.title))
            # Only the cells that there are: a sheet with one in its last corner would have billions.
            for cell in list(sheet._cells.values()):
                if cell.value is not None and personal.masks(cell.row, cell.column, _text(cell.value)):
                    cell.value, cell.hyperlink, cell.comment = MASK, None, None
            self.masked += personal.count

    def mark(self, sheet_name: str, entries: Sequence[Entry], lang: Lang) -> None:
        """Mark the cells of a sheet; what of them was hidden is shown."""
        sheet = self.book[sheet_name]
        marks = Marks(sheet.title, lang)
        for entry in entries:
            for spot in entry.told.spots:
                row, number = _anchor(sheet, *_place(sheet, spot))
                marks.mark(sheet.cell(row, number), entry)
                _show(sheet, row, number)


def loaded(examined: Examined, file: str) -> MarkedWorkbook | None:
    """Return a workbook to be marked; None where the library cannot load it."""
    path = examined.path(file)
    try:
        return MarkedWorkbook(path) if isinstance(path, Path) else None
    except _NOT_LOADED:
        return None


def _text(value: Any) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _anchor(sheet: Any, row: int, number: int) -> tuple[int, int]:
    """Return where a cell is marked: of merged cells only the first can hold anything."""
    if isinstance(sheet.cell(row, number), MergedCell):
        for each in sheet.merged_cells.ranges:
            if each.min_row <= row <= each.max_row and each.min_col <= number <= each.max_col:
                return each.min_row, each.min_col
    return row, number


def _place(sheet: Any, spot: Spot) -> tuple[int, int]:
    """Return the row and column of a spot: of a row as a whole the first filled cell, or the one with its text."""
    if spot.number is not None:
        return spot.row, spot.number
    filled = {cell.column: _text(cell.value) for cell in sheet[spot.row] if cell.value is not None}
    found = [number for number, text in filled.items() if spot.text and text.startswith(spot.text)]
    return spot.row, (found or [*filled, 1])[0]


def _show(sheet: Any, row: int, number: int) -> None:
    sheet.sheet_state = "visible"
    if sheet.row_dimensions[row].hidden:
        sheet.row_dimensions[row].hidden = False
    letter = get_column_letter(number)
    if letter in sheet.column_dimensions and sheet.column_dimensions[letter].hidden:
        sheet.column_dimensions[letter].hidden = False
