"""The cells of any file in a new workbook, as texts, with the problem cells marked; of a large file a part."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePath
from typing import Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from auditor.authoring.doctor import IN_THE_HEADER, Spot
from auditor.authoring.form_sheets import HEADER, width_of
from auditor.authoring.marking import Entry, Marks, is_plain, text_cell
from auditor.authoring.personal_cells import MASK, PersonalCells
from auditor.authoring.source_cells import cells_of
from auditor.tables.database import Database
from auditor.tables.declaration import Declaration
from auditor.tables.recognised import Recognised
from auditor.texts import Lang, say

LARGE, SHOWN = 100_000, 20
"""A file or sheet of more rows is shown in part: so many of its first rows, and those with a problem."""

_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
_LONGEST_TITLE = 31
_NARROWEST, _WIDEST = 12, 40

Spotted = Mapping[int, Sequence[tuple[Spot, Entry]]]


def is_large(recognised: Recognised) -> bool:
    """Return whether a file or sheet is shown in part."""
    return recognised.rows > LARGE


def title_of(book: Workbook, recognised: Recognised) -> str:
    """Return a title for the sheet that shows a file or sheet, which no other sheet of the workbook has."""
    # Of a database on a server its own name is enough; so much room has no title.
    given = recognised.file.rpartition("/")[2] if "://" in recognised.file else recognised.file
    file, sheet = PurePath(given or "_").with_suffix("").as_posix(), recognised.sheet
    full = _FORBIDDEN.sub("_", file if sheet is None else f"{file}·{sheet}")
    taken = {each.casefold() for each in book.sheetnames}
    for number in range(1, len(taken) + 2):
        end = f" {number}" if number > 1 else ""
        title = full[: _LONGEST_TITLE - len(end)] + end
        if title.casefold() not in taken:
            break
    return title


class MarkedCells:
    """One sheet of a new workbook on its way: rows of a file, in their own places or numbered."""

    def __init__(
        self,
        book: Workbook,
        recognised: Recognised,
        entries: Sequence[Entry],
        declaration: Declaration,
        lang: Lang,
    ) -> None:
        self.recognised, self.lang = recognised, lang
        self.personal = PersonalCells(declaration, recognised)
        has_header_row = bool(recognised.header_rows)  # JSON lines and databases have none
        self.is_part = is_large(recognised)
        self.shift = 1 if self.is_part or not has_header_row else 0
        self.sheet: Any = book.create_sheet(title_of(book, recognised))
        self.marks = Marks(self.sheet.title, lang)
        self.spotted: dict[int, list[tuple[Spot, Entry]]] = defaultdict(list)
        self.written = 0
        for entry in entries:
            for spot in entry.told.spots:
                self.spotted[spot.row].append((spot, entry))

    def write(self, source: Path | Database) -> int:
        """Write the rows, and return how many cells were left out as personal."""
        self._set_widths()
        keys = [column.header for column in self.recognised.columns]
        if self.shift:
            self._append(IN_THE_HEADER, keys if not self.recognised.header_rows else [])
        read = [column.number for column in self.recognised.columns if column.use == "read"]
        rows = cells_of(source, self.recognised.sheet, read)
        for at, (row, cells) in enumerate(rows):
            if self.is_part and at >= SHOWN and row not in self.spotted:
                continue
            if not self.shift:
                for _ in range(self.written + 1, row):
                    self._append_blank()
            self._append(row, cells)
        return self.personal.count

    def _set_widths(self) -> None:
        for each in self.recognised.columns:
            width = min(max(width_of(each.header) + 4, _NARROWEST), _WIDEST)
            self.sheet.column_dimensions[get_column_letter(each.number + self.shift)].width = width

    def _append_blank(self) -> None:
        self.sheet.append([])
        self.written += 1

    def _append(self, row: int, texts: Sequence[str]) -> None:
        shown = [MASK if self.personal.masks(row, at, text) else text for at, text in enumerate(texts, 1)]
        cells: list[Any] = [self._cell(row, text) for text in shown]
        self.written += 1
        for spot, entry in self.spotted.get(row, ()):
            at = _position(spot, shown)
            cells += [None] * (at - len(cells))
            cell = cells[at - 1]
            if cell is None or isinstance(cell, str):
                cell = cells[at - 1] = text_cell(self.sheet, cell or "")
            cell.row, cell.column = self.written, at + self.shift
            self.marks.mark(cell, entry)
        self.sheet.append([*self._number(row), *cells])

    def _cell(self, row: int, text: str) -> Any:
        is_header = row in self.recognised.header_rows or row == IN_THE_HEADER
        if not text or (is_plain(text) and not is_header):
            return text or None
        cell = text_cell(self.sheet, text)
        if is_header:
            cell.font = HEADER
        return cell

    def _number(self, row: int) -> Iterator[Any]:
        if self.shift:
            text = str(row) if row else say("doctor", "row.number", {}, self.lang)
            yield text_cell(self.sheet, text)


def _position(spot: Spot, texts: Sequence[str]) -> int:
    """Return the column of a spot: of a row as a whole the first filled cell, or the one with its text."""
    if spot.number is not None:
        return spot.number
    filled = [at for at, text in enumerate(texts, 1) if text.strip()]
    found = [at for at in filled if spot.text and texts[at - 1].strip().startswith(spot.text)]
    return (found or filled or [1])[0]
