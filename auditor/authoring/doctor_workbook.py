"""What `doctor -o` writes: the user's workbook, or the cells of several files, marked, with a list of problems."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from openpyxl import Workbook

from auditor.authoring.doctor import Examined, Place
from auditor.authoring.marked_cells import LARGE, SHOWN, MarkedCells, is_large
from auditor.authoring.marked_workbook import MarkedWorkbook, loaded
from auditor.authoring.marking import MOST_COMMENTS, Entry, write_list
from auditor.authoring.source_cells import cells_of, has_cells
from auditor.reports.workbook_file import workbook_bytes
from auditor.tables.database import Database
from auditor.tables.declaration import Declaration
from auditor.texts import Lang, say

_OWN = (".xlsx", ".xlsm")
"""Workbooks that are given back as they are; any other file is given back as its cells."""


@dataclass(frozen=True)
class Copy:
    """A marked copy: its bytes, what of the user's workbook it lacks, and what else is to be said of it."""

    content: bytes
    lost: tuple[str, ...]
    masked: int
    notes: tuple[str, ...]


def doctor_workbook(
    examined: Examined, entries: Sequence[Entry], declaration: Declaration, lang: Lang
) -> Copy:
    """Return the marked copy of what was read; the same data, the same bytes."""
    own = _own_file(examined)
    book = loaded(examined, own) if own is not None else None
    if book is not None:
        return _own_copy(book, examined, entries, declaration, lang)
    return _new_copy(examined, entries, declaration, lang, is_fallback=own is not None)


def _own_file(examined: Examined) -> str | None:
    """Return the only file of a data set, if it can be given back as it is."""
    files = {each.file for each in examined.recognised}
    file = files.pop() if len(files) == 1 and not examined.unread else None
    if file is None or isinstance(examined.data, Database) or PurePath(file).suffix.lower() not in _OWN:
        return None
    return None if _has_large_sheet(examined, file) else file


def _has_large_sheet(examined: Examined, file: str) -> bool:
    unknown = [each.sheet for each in examined.recognised if each.table is None]
    return any(map(is_large, examined.read)) or any(
        sum(1 for _ in cells_of(examined.path(file), sheet)) > LARGE for sheet in unknown
    )


def _own_copy(
    marked: MarkedWorkbook, examined: Examined, entries: Sequence[Entry], declaration: Declaration, lang: Lang
) -> Copy:
    marked.mask(declaration, examined.recognised)
    for each in examined.recognised:
        if each.sheet is not None and each.sheet in marked.book.sheetnames:
            marked.mark(each.sheet, _entries_at((each.file, each.sheet), entries), lang)
    notes = tuple(_notes(examined, entries, marked.lost, marked.masked, lang))
    book = marked.book
    sheet = book.create_sheet(say("doctor", "sheet", {}, lang), 0)
    write_list(sheet, entries, notes, lang)
    for each in book.worksheets:
        each.sheet_view.tabSelected = each is sheet
    book.active = 0
    return Copy(workbook_bytes(book), marked.lost, marked.masked, notes)


def _new_copy(
    examined: Examined, entries: Sequence[Entry], declaration: Declaration, lang: Lang, *, is_fallback: bool
) -> Copy:
    book = Workbook(write_only=True)
    first = book.create_sheet(say("doctor", "sheet", {}, lang))
    masked, more = 0, [say("doctor", "copy.not_loaded", {}, lang)] if is_fallback else []
    for each in examined.read:
        path = examined.path(each.file)
        if not has_cells(path):
            more.append(say("doctor", "copy.no_cells", {"file": each.file}, lang))
            continue
        here = _entries_at((each.file, each.sheet), entries)
        masked += MarkedCells(book, each, here, declaration, lang).write(path)
        if is_large(each):
            figures = {
                "place": _place(each.file, each.sheet),
                "rows": each.rows,
                "most": LARGE,
                "count": SHOWN,
            }
            more.append(say("doctor", "copy.part", figures, lang))
    notes = (*_notes(examined, entries, (), masked, lang), *more)
    write_list(first, entries, notes, lang)
    return Copy(workbook_bytes(book), (), masked, notes)


def _entries_at(place: Place, entries: Sequence[Entry]) -> list[Entry]:
    return [entry for entry in entries if entry.told.place == place]


def _place(file: str, sheet: str | None) -> str:
    return f"{file}[{sheet}]" if sheet else file


def _notes(
    examined: Examined, entries: Sequence[Entry], lost: Sequence[str], masked: int, lang: Lang
) -> Iterator[str]:
    """Yield what the list says above its rows: the count, what the copy is for, and what it lacks."""
    problems = sum(entry.is_problem for entry in entries)
    figures = {"data": examined.data.name, "problems": problems, "warnings": len(entries) - problems}
    yield say("doctor", "copy.counts", figures, lang)
    yield say("doctor", "copy.colours", {"most": MOST_COMMENTS}, lang)
    if lost:
        named = say("doctor", "join", {}, lang).join(say("doctor", f"lost.{each}", {}, lang) for each in lost)
        yield say("doctor", "copy.lost", {"lost": named}, lang)
    if masked:
        yield say("doctor", "copy.masked", {"count": masked}, lang)
