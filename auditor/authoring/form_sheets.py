"""What the sheets of every form share: headers, widths, what a cell takes, the names that headers keep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from unicodedata import east_asian_width

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from auditor.tables.cleaning import EARLIEST, LATEST
from auditor.tables.declaration import Column
from auditor.texts import Lang, say

LAST_ROW = 1_048_576
"""The last row that a sheet of a workbook has."""
FORMATS: Mapping[str, str] = {"date": "yyyy-mm-dd", "integer": "0", "number": "General"}
"""How a cell of a type shows; any other is text, so that 007 stays 007 and 2024-05 no day."""

HEADER = Font(bold=True)
TITLE = Font(bold=True, size=14)
WRAPPED = Alignment(wrap_text=True, vertical="top")
CENTRED = Alignment(wrap_text=True, vertical="center", horizontal="center")
REQUIRED = PatternFill("solid", fgColor="FFE699")
PLAIN = PatternFill("solid", fgColor="DDEBF7")
BOX = Border(*(Side(style="thin", color="A6A6A6") for _ in range(4)))
_DAY_0 = date(1899, 12, 30)
_WHOLE, _MOST_PROMPT, _MOST_TITLE = 10**9, 250, 30
"""The largest number a form takes, and what a spreadsheet shows of a prompt and of its title."""


class Lists:
    """The hidden sheet of allowed values: one list below the other header, each named by its table and column."""

    def __init__(self, book: Workbook, lang: Lang) -> None:
        self.book, self.lang = book, lang
        self.sheet: Any = None

    def add(self, name: str, values: Sequence[str]) -> str:
        """Enter a list, and return the reference to it that a drop-down needs."""
        if self.sheet is None:
            self.sheet = self.book.create_sheet(say("template", "sheet.lists", {}, self.lang))
            self.sheet.sheet_state = "hidden"
        at = self.sheet.max_column + (self.sheet.cell(1, 1).value is not None)
        for row, value in enumerate([name, *values], 1):
            self.sheet.cell(row, at, value).number_format = "@"
        letter = get_column_letter(at)
        return f"{quote_sheetname(self.sheet.title)}!${letter}$2:${letter}${len(values) + 1}"


def text_of(label: Any, lang: Lang) -> str:
    """Return a label or meaning in a language."""
    return str(label.zh if lang == "zh" else label.en)


def width_of(text: str) -> int:
    """Return how many columns of a narrow letter a text takes."""
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def write_headers(sheet: Any, headers: Sequence[tuple[str, int, bool]]) -> None:
    """Write the first row, frozen: the text of each column, its width, and whether it has to be filled in."""
    for at, (text, width, is_required) in enumerate(headers, 1):
        cell = sheet.cell(1, at, text)
        cell.font, cell.alignment, cell.border = HEADER, CENTRED, BOX
        cell.fill = REQUIRED if is_required else PLAIN
        sheet.column_dimensions[get_column_letter(at)].width = width
    sheet.freeze_panes = "A2"


def name_header(book: Workbook, sheet: Any, at: int, table: str, column: str) -> None:
    """Name a header cell `ducha.TABLE.COLUMN`, by which it is known whatever its text becomes."""
    name = f"ducha.{table}.{column}"
    place = f"{quote_sheetname(sheet.title)}!${get_column_letter(at)}$1"
    book.defined_names[name] = DefinedName(name, attr_text=place, hidden=True)


def takes(
    sheet: Any, at: int, column: Column, values: Sequence[str], lists: Lists, name: str
) -> DataValidation:
    """Say what the cells of a column take: a list, a day, a number; the rest only shows what it is for."""
    lang = lists.lang
    found = _limits(column)
    if values and column.type != "choices":
        found = {"type": "list", "formula1": lists.add(name, values)}
    rule = DataValidation(allow_blank=True, showInputMessage=True, showErrorMessage=bool(found), **found)
    rule.promptTitle = text_of(column.label, lang)[:_MOST_TITLE]
    rule.prompt = _prompt(column, lang)
    if found:
        rule.errorTitle = say("template", "error.title", {}, lang)
        rule.error = refusal(column, found["type"], lang)
    letter = get_column_letter(at)
    sheet.column_dimensions[letter].number_format = FORMATS.get(column.type, "@")
    rule.add(f"{letter}2:{letter}{LAST_ROW}")
    sheet.add_data_validation(rule)
    return rule


def refusal(column: Column, kind: str, lang: Lang) -> str:
    """Return what is said of a cell that a column does not take."""
    figures = {
        "header": text_of(column.label, lang), "least": column.least or 0, "most": column.most,
        "earliest": EARLIEST, "latest": LATEST,
    }  # fmt: skip
    code = "between" if kind == "whole" and column.most is not None else kind
    return say("template", f"error.{code}", figures, lang)


def _prompt(column: Column, lang: Lang) -> str:
    prompt = text_of(column.meaning, lang)
    if column.type == "choices":
        prompt += say("template", "several", {}, lang)
    return prompt[:_MOST_PROMPT]


def _limits(column: Column) -> dict[str, Any]:
    """Return what a day or number lies between, as a spreadsheet says it; nothing for another type."""
    if column.type == "date":
        first, last = (str((date.fromisoformat(day) - _DAY_0).days) for day in (EARLIEST, LATEST))
        return {"type": "date", "operator": "between", "formula1": first, "formula2": last}
    if column.type in ("integer", "number"):
        least = -_WHOLE if column.least is None else column.least
        most = _WHOLE if column.most is None else column.most
        kind = "whole" if column.type == "integer" else "decimal"
        return {"type": kind, "operator": "between", "formula1": str(least), "formula2": str(most)}
    return {}
