"""How the doctor marks a workbook: colours, comments, and the sheet that lists every problem with a link."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.hyperlink import Hyperlink

from auditor.authoring.doctor import Examined, Told
from auditor.authoring.form_sheets import BOX, CENTRED, HEADER, PLAIN, TITLE, WRAPPED, width_of
from auditor.errors import Problem
from auditor.texts import Lang, say

MOST_COMMENTS = 500
"""How many cells of a sheet get a comment; all are listed."""

RED = PatternFill("solid", fgColor="FFC7CE")
YELLOW = PatternFill("solid", fgColor="FFEB9C")
_LINK = Font(color="0563C1", underline="single")
_COLUMNS = ("kind", "file", "sheet", "cell", "column", "value", "what", "do")
_WIDTHS = (8, 20, 16, 10, 16, 22, 50, 46)
_LONGEST = 32_000
"""How much of a text fits into a cell."""

Words = Callable[[Problem], tuple[str, str]]
"""A problem -> what is wrong, and what to do, in the user's language."""


@dataclass
class Entry:
    """A problem in words, and where a copy shows it (`'sheet'!A5`) once it has been marked there."""

    told: Told
    is_problem: bool
    what: str
    do: str
    link: str | None = None


class Marks:
    """What has been marked in one sheet of a copy: the entries of each cell, and which cells got a comment."""

    def __init__(self, title: str, lang: Lang) -> None:
        self._title, self._lang = quote_sheetname(title), lang
        self._entries: dict[str, list[Entry]] = {}
        self._own_comments: dict[str, str] = {}

    def mark(self, cell: Any, entry: Entry) -> None:
        """Colour a cell and say in a comment what is wrong with it; a problem outshines a warning."""
        name = cell.coordinate
        if name not in self._entries and cell.comment is not None:
            self._own_comments[name] = cell.comment.text
        here = self._entries.setdefault(name, [])
        here.append(entry)
        entry.link = entry.link or f"{self._title}!{name}"
        cell.fill = RED if any(each.is_problem for each in here) else YELLOW
        if len(here) > 1 or len(self._entries) <= MOST_COMMENTS:
            cell.comment = self._comment(
                [*filter(None, [self._own_comments.get(name)]), *map(self._text, here)]
            )

    def _text(self, entry: Entry) -> str:
        code = "comment.problem" if entry.is_problem else "comment.warning"
        return say("doctor", code, {"what": entry.what, "do": entry.do}, self._lang)

    def _comment(self, texts: Iterable[str]) -> Comment:
        text = ILLEGAL_CHARACTERS_RE.sub("\ufffd", "\n\n".join(texts))
        lines = sum(-(-max(width_of(line), 1) // 40) for line in text.split("\n"))
        return Comment(text, say("doctor", "author", {}, self._lang), height=30 + 18 * lines, width=320)


def entries_of(examined: Examined, words: Words) -> list[Entry]:
    """Return every problem, then every warning, in words."""
    both = ((told, is_problem) for is_problem in (True, False) for told in _chosen(examined, is_problem))
    return [Entry(told, is_problem, *words(told.problem)) for told, is_problem in both]


def _chosen(examined: Examined, is_problem: bool) -> tuple[Told, ...]:
    return examined.problems if is_problem else examined.warnings


def text_cell(sheet: Any, text: str) -> Any:
    """Return a cell that holds a text as a text, also where it reads like a formula or an error."""
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("\ufffd", text[:_LONGEST]))
    if cell.data_type != "s":
        cell.data_type, cell.quotePrefix = "s", True
    return cell


def is_plain(text: str) -> bool:
    """Return whether a workbook takes a text for a text by itself."""
    return text[:1] not in ("=", "#") and not ILLEGAL_CHARACTERS_RE.search(text) and len(text) <= _LONGEST


# ---- The list of problems ------------------------------------------------------------------------


def write_list(sheet: Any, entries: Sequence[Entry], notes: Sequence[str], lang: Lang) -> None:
    """Write the sheet that lists every problem: what the copy is, then a row for each, linked to its cell."""
    first = len(notes) + 3
    for at, width in enumerate(_WIDTHS, 1):
        sheet.column_dimensions[get_column_letter(at)].width = width
    sheet.freeze_panes = f"A{first + 1}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", "9"
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True
    sheet.auto_filter.ref = f"A{first}:{get_column_letter(len(_COLUMNS))}{first + max(len(entries), 1)}"
    title = text_cell(sheet, say("doctor", "sheet", {}, lang))
    title.font = TITLE
    sheet.append([title])
    for note in notes:
        sheet.append([text_cell(sheet, note)])
    sheet.append([])
    sheet.append(list(_headers(sheet, lang)))
    for row, entry in enumerate(entries, first + 1):
        texts = _row_texts(entry, lang)
        sheet.row_dimensions[row].height = _height(texts)
        sheet.append(list(_cells(sheet, row, texts, entry)))
    if not entries:
        sheet.append([text_cell(sheet, say("doctor", "none", {}, lang))])


def _headers(sheet: Any, lang: Lang) -> Iterator[Any]:
    for name in _COLUMNS:
        cell = text_cell(sheet, say("doctor", f"list.{name}", {}, lang))
        cell.font, cell.fill, cell.alignment, cell.border = HEADER, PLAIN, CENTRED, BOX
        yield cell


def _row_texts(entry: Entry, lang: Lang) -> dict[str, str]:
    """Return the texts of an entry's row, by column; the value only where the problem is about a cell."""
    problem = entry.told.problem
    is_cell = problem.place.row is not None and problem.place.column is not None
    texts = {
        "kind": say("doctor", "kind.problem" if entry.is_problem else "kind.warning", {}, lang),
        "file": problem.place.file, "sheet": problem.place.sheet, "cell": cell_name(entry.told, lang),
        "column": problem.place.column, "value": problem.figures.get("value") if is_cell else None,
        "what": entry.what, "do": entry.do,
    }  # fmt: skip
    return {name: "" if text is None else str(text) for name, text in texts.items()}


def _height(texts: Mapping[str, str]) -> int:
    return 14 * max(
        -(-max(width_of(texts[name]), 1) // (width - 2))
        for name, width in zip(_COLUMNS, _WIDTHS, strict=True)
    )


def _cells(sheet: Any, row: int, texts: Mapping[str, str], entry: Entry) -> Iterator[Any]:
    for at, name in enumerate(_COLUMNS, 1):
        cell = text_cell(sheet, texts[name])
        cell.alignment, cell.border = WRAPPED, BOX
        if name == "kind":
            cell.fill = RED if entry.is_problem else YELLOW
        if name == "cell" and entry.link is not None:
            cell.row, cell.column = row, at
            cell.hyperlink = Hyperlink(ref=cell.coordinate, location=entry.link)
            cell.font = _LINK
        yield cell


def cell_name(told: Told, lang: Lang) -> str:
    """Return what a person calls the cell of a problem: `F7`, or the row where its columns have no letters."""
    row = told.problem.place.row if told.problem.place.row is not None else (told.spots or (None,))[0]
    if row is None:
        return ""
    number = row if isinstance(row, int) else row.row
    if told.letter and number:
        return f"{told.letter}{number}"
    return say("doctor", "row", {"row": number}, lang) if number else ""
