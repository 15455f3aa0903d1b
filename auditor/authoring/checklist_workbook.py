"""A checklist as a workbook to print or to fill in; `audit` reads it back as the table of attestations."""

from __future__ import annotations

from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter

from auditor.authoring.checklist import Checklist, ChecklistRow
from auditor.authoring.form_sheets import (
    BOX,
    CENTRED,
    FORMATS,
    HEADER,
    TITLE,
    WRAPPED,
    Lists,
    name_header,
    takes,
    text_of,
    write_headers,
)
from auditor.authoring.template_workbook import Words
from auditor.measures.attest import TABLE
from auditor.reports.workbook_file import workbook_bytes
from auditor.tables.declaration import Declaration, Table
from auditor.texts import Lang

_COLUMNS = {
    "unit_id": 12, "requirement_id": 26, "clause": 16, "title": 44, "for_period": 14, "answer": 11,
    "checked_on": 14, "note": 30, "evidence": 24,
}  # fmt: skip
"""The columns of the sheet, in order, and how wide each is."""
_LINE = 15


def checklist_workbook(checklist: Checklist, declaration: Declaration, lang: Lang) -> bytes:
    """Return the workbook of a checklist, in a language; the same checklist, the same bytes."""
    book = Workbook()
    table = declaration.tables[TABLE]
    words, lists = Words(declaration, lang), Lists(book, lang)
    sheet = book.active
    sheet.title = text_of(table.label, lang)
    write_headers(sheet, [(_header(table, name, lang), width, _is_required(table, name))
                          for name, width in _COLUMNS.items()])  # fmt: skip
    for row, each in enumerate(checklist.rows, 2):
        _write_row(sheet, row, _cells(each, words))
    for at, name in enumerate(_COLUMNS, 1):
        if name in table.columns:
            column = table.columns[name]
            values = [words.value(column, *each) for each in column.values.items()]
            takes(sheet, at, column, values, lists, f"{TABLE}.{name}")
            name_header(book, sheet, at, TABLE, name)
    _print_well(sheet, len(checklist.rows) + 1, words)
    _write_notes(book, checklist, words)
    book.move_sheet(lists.sheet, len(book.sheetnames))
    return workbook_bytes(book)


def _header(table: Table, name: str, lang: Lang) -> str:
    return text_of(table.shown[name] if name in table.shown else table.columns[name].label, lang)


def _is_required(table: Table, name: str) -> bool:
    return name == "answer" or (name in table.columns and table.columns[name].required)


def _cells(row: ChecklistRow, words: Words) -> dict[str, str | None]:
    requirement = row.requirement
    return {
        "unit_id": row.unit_id,
        "requirement_id": requirement.id,
        "clause": requirement.clause,
        "title": requirement.title.in_language(words.lang),
        "for_period": row.period,
    }


def _write_row(sheet: Any, row: int, cells: dict[str, str | None]) -> None:
    for at, name in enumerate(_COLUMNS, 1):
        cell = sheet.cell(row, at, cells.get(name))
        cell.border, cell.alignment = BOX, WRAPPED
        cell.number_format = FORMATS["date"] if name == "checked_on" else "@"
    lines = [-(-len(cells["title"] or "") * 2 // _COLUMNS["title"]), 2]
    sheet.row_dimensions[row].height = _LINE * max(lines)


def _print_well(sheet: Any, rows: int, words: Words) -> None:
    """Set the sheet up for A4 across: as wide as the page, the header on each."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"
    sheet.print_area = f"A1:{get_column_letter(len(_COLUMNS))}{rows}"
    sheet.oddHeader.center.text = words.say("checklist.title")
    sheet.oddFooter.left.text = words.say("checklist.footer")
    sheet.oddFooter.right.text = words.say("checklist.pages", page="&P", pages="&N")


def _write_notes(book: Workbook, checklist: Checklist, words: Words) -> None:
    sheet: Any = book.create_sheet(words.say("sheet.notes"))
    sheet.column_dimensions["A"].width = 110
    types = words.say("checklist.for", types=words.types(checklist.unit_types), count=len(checklist.rows))
    lines = [words.say("checklist.title"), *words.documents(checklist.packs), types, words.say("boundary")]
    lines += [words.say(f"checklist.how.{each}") for each in ("answer", "period", "late", "evidence", "read")]
    for text in lines:
        sheet.append([text])
        sheet.cell(sheet.max_row, 1).alignment = Alignment(wrap_text=True, vertical="top")
    sheet["A1"].font, sheet["A1"].alignment = TITLE, CENTRED
    sheet.cell(len(checklist.packs) + 3, 1).font = HEADER
