"""Workbooks of the old format (xls, and et where it is the same inside), read by xlrd."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import xlrd

from auditor.tables.door.cell_notes import CellNotes, shown_as
from auditor.tables.door.handing import Refused
from auditor.tables.door.limits import (
    DENSE_CELLS,
    MIB,
    MOST_TEXT_BYTES,
    TEXT_RATIO,
    WORKBOOK_MEMORY,
    XLS_MEMORY_A_BYTE,
    hold_memory,
)
from auditor.tables.door.sheets import SheetAbout, SheetValues, Workbook
from auditor.tables.door.xml import column_letters


def open_xls(path: Path) -> Workbook:
    """Open a workbook of the old format. Raises Refused; xlrd raises anything over a damaged one."""
    size = path.stat().st_size
    hold_memory(WORKBOOK_MEMORY + XLS_MEMORY_A_BYTE * size)
    with open(os.devnull, "w", encoding="utf-8") as nowhere:  # noqa: PTH123 - no path of a file
        try:
            book = xlrd.open_workbook(
                os.fspath(path), logfile=nowhere, formatting_info=True, ragged_rows=True
            )
        except xlrd.XLRDError as error:
            code = "table.password_protected" if "encrypted" in str(error) else "table.corrupt_file"
            raise Refused(code) from error
        except MemoryError:
            raise
        except Exception as error:  # whatever it stumbles over, the file is not sound
            raise Refused("table.corrupt_file") from error
    epoch = date(1904, 1, 1) if book.datemode else date(1899, 12, 30)
    return Workbook([_about(book, sheet, size) for sheet in book.sheets()], epoch, size)


def _about(book: Any, sheet: Any, size: int) -> SheetAbout:
    if sheet.nrows * sheet.ncols > max(DENSE_CELLS, size):
        figures = {"value": f"{column_letters(sheet.ncols)}{sheet.nrows}"}
        raise Refused("table.far_cell", figures, sheet=sheet.name)
    # A text is stored once, and may stand in many cells.
    rows = map(sheet.row_values, range(sheet.nrows))
    texts = sum(len(cell) for cells in rows for cell in cells if isinstance(cell, str))
    if texts > MOST_TEXT_BYTES + TEXT_RATIO * size:
        raise Refused("table.zip_bomb", {"value": f"{texts // MIB:,} MiB"}, sheet=sheet.name)
    values = SheetValues(partial(_rows, book, sheet), 1, sheet.ncols, sheet.nrows)
    return SheetAbout(sheet.name, sheet.visibility != 0, partial(_notes, book, sheet), lambda: values)


def _rows(book: Any, sheet: Any) -> Iterator[list[Any]]:
    for row in range(sheet.nrows):
        cells = [
            _value(kind, value, book.datemode)
            for kind, value in zip(sheet.row_types(row), sheet.row_values(row), strict=True)
        ]
        yield cells + [""] * (sheet.ncols - len(cells))


def _value(kind: int, value: Any, epoch: int) -> Any:
    """Return a value as other readers give it: days as such, errors and blanks as an empty text."""
    if kind == xlrd.XL_CELL_DATE:
        return _moment(value, epoch)
    if kind == xlrd.XL_CELL_BOOLEAN:
        return bool(value)
    return value if kind in (xlrd.XL_CELL_TEXT, xlrd.XL_CELL_NUMBER) else ""


def _moment(value: float, epoch: int) -> Any:
    try:
        moment: datetime = xlrd.xldate_as_datetime(value, epoch)
    except (xlrd.XLDateError, OverflowError, ValueError):
        return value
    return moment if value >= 1 else moment.time()


def _notes(book: Any, sheet: Any) -> CellNotes:
    notes = CellNotes()
    how = {
        index: shown_as(book.format_map[xf.format_key].format_str) for index, xf in enumerate(book.xf_list)
    }
    for row in range(sheet.nrows):
        for column, kind in enumerate(sheet.row_types(row)):
            place = (row + 1, column + 1)
            if kind == xlrd.XL_CELL_ERROR:
                value = xlrd.error_text_from_code.get(sheet.cell_value(row, column), "#")
                notes.faults.append((place, "table.error_cell", value))
            elif kind == xlrd.XL_CELL_NUMBER and (shown := how[sheet.cell_xf_index(row, column)]):
                notes.shown[place] = shown
    notes.hidden_rows += sorted(row + 1 for row, about in sheet.rowinfo_map.items() if about.hidden)
    notes.hidden_columns += sorted(column + 1 for column, about in sheet.colinfo_map.items() if about.hidden)
    notes.merged += [
        ((top + 1, left + 1), (bottom, right)) for top, bottom, left, right in sheet.merged_cells
    ]
    return notes
