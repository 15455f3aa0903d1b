"""The rows drawn for a check on site, as a workbook to print or to fill in; every cell is text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from auditor.authoring.form_sheets import BOX, HEADER, TITLE, WRAPPED
from auditor.reports.workbook_file import workbook_bytes

_MOST_SIGNS = 32767
"""What a cell of a workbook can hold."""


def sample_workbook(
    title: str,
    notes: Sequence[str],
    headers: Sequence[str],
    widths: Sequence[int],
    rows: Iterable[Sequence[str]],
    answers: tuple[int, str],
) -> bytes:
    """Return the workbook: the rows on the first sheet, the method on the second; the same rows, the same bytes.

    `answers` are the place of the column that takes one of a few words (from 1), and these words with commas.
    """
    book = Workbook()
    sheet: Any = book.active
    sheet.title = title
    _write(sheet, 1, headers, bold=True)
    last = 1
    for last, cells in enumerate(rows, 2):
        _write(sheet, last, cells, bold=False)
    for at, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(at)].width = width
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(headers))}{last}"
    column = get_column_letter(answers[0])
    words = DataValidation(type="list", formula1=f'"{answers[1]}"', allow_blank=True)
    words.add(f"{column}2:{column}{max(2, last)}")
    sheet.add_data_validation(words)
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"
    _write_notes(book, notes)
    return workbook_bytes(book)


def _write(sheet: Any, row: int, cells: Sequence[str], *, bold: bool) -> None:
    for at, text in enumerate(cells, 1):
        cell = _put(sheet, row, at, text)
        cell.number_format, cell.border, cell.alignment = "@", BOX, WRAPPED
        if bold:
            cell.font = HEADER


def _put(sheet: Any, row: int, column: int, text: str) -> Any:
    cell = sheet.cell(row, column, ILLEGAL_CHARACTERS_RE.sub("\ufffd", text)[:_MOST_SIGNS])
    if text:
        cell.data_type = "s"  # a text that begins with = is text
    return cell


def _write_notes(book: Workbook, notes: Sequence[str]) -> None:
    heading, *lines = notes
    sheet: Any = book.create_sheet(heading)
    sheet.column_dimensions["A"].width = 110
    for at, text in enumerate([heading, *lines], 1):
        cell = _put(sheet, at, 1, text)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet["A1"].font = TITLE
