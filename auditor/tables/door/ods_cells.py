"""Notes on the cells of an OpenDocument spreadsheet, from one pass over its XML.

An error cell is saved with a value beside it (0, or an empty text), which a reader of values believes.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field

from auditor.tables.door.archives import read_through
from auditor.tables.door.cell_notes import PERCENT, CellNotes
from auditor.tables.door.handing import SHOWN, Refused
from auditor.tables.door.limits import (
    DENSE_CELLS,
    LAST_COLUMN,
    LAST_ROW,
    MIB,
    MOST_COLUMNS,
    MOST_TEXT_BYTES,
    TEXT_RATIO,
)
from auditor.tables.door.xml import column_letters, guarded_parser, parse
from auditor.tables.door.xml_bytes import refuse_attacks

_ERROR = re.compile(r"#[A-Z0-9/]+[!?]?|Err:[0-9]+")
_ZEROS = re.compile("0[0-9]+")
_CELLS = ("table:table-cell", "table:covered-table-cell")
_ROWS_ALIKE, _COLUMNS_ALIKE = "table:number-rows-repeated", "table:number-columns-repeated"


@dataclass(frozen=True)
class OdsSheet:
    """A sheet's name, whether it is hidden, and the notes on its cells."""

    name: str
    is_hidden: bool
    notes: CellNotes


@dataclass(frozen=True)
class OdsContent:
    """The sheets in order, and what the texts of all cells come to, repeated ones as often as they are."""

    sheets: list[OdsSheet]
    text_bytes: int


def ods_content(archive: zipfile.ZipFile) -> OdsContent:
    """Read every part to its end, and return what a spreadsheet is made of. Raises Refused."""
    manifest = archive.read("META-INF/manifest.xml") if "META-INF/manifest.xml" in archive.namelist() else b""
    if b"encryption-data" in manifest:
        raise Refused("table.password_protected")
    content = archive.getinfo("content.xml")
    for part in archive.infolist():
        if part is not content:
            read_through(archive, part, refuse_attacks if part.filename.endswith(".xml") else None)
    cells = _Cells(content.file_size)
    parser = guarded_parser()
    parser.StartElementHandler = cells.start
    parser.EndElementHandler = cells.end
    parser.CharacterDataHandler = cells.text
    with archive.open(content) as file:
        parse(parser, file)
    sheets = [OdsSheet(name, hidden, notes) for name, (hidden, notes) in cells.sheets.items()]
    return OdsContent(sheets, cells.text_bytes)


@dataclass
class _Cells:
    """The state of the pass: the sheet, row and cell it is in, and the notes so far."""

    size: int
    sheets: dict[str, tuple[bool, CellNotes]] = field(default_factory=dict)
    text_bytes: int = 0
    _hidden_styles: set[str] = field(default_factory=set)
    _style: str = ""
    _sheet: str = ""
    _notes: CellNotes = field(default_factory=CellNotes)
    _row: int = 0
    _rows: int = 1
    _column: int = 0
    _columns: int = 1
    _widest: int = 0
    _cell: Mapping[str, str] | None = None
    _text: str = ""
    _length: int = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name in _CELLS:
            self._cell, self._text, self._length = attributes, "", 0
            self._columns = _count(attributes, _COLUMNS_ALIKE)
        elif name == "table:table-row":
            self._rows, self._column = _count(attributes, _ROWS_ALIKE), 0
            if attributes.get("table:visibility", "visible") != "visible" and self._rows < DENSE_CELLS:
                last = min(self._row + self._rows, LAST_ROW)
                self._notes.hidden_rows += range(self._row + 1, last + 1)
        elif name == "table:table-column":
            self._columns_alike(attributes)
        elif name == "table:table":
            self._begin(attributes)
        elif name == "style:style":
            self._style = attributes.get("style:name", "")
        elif name == "style:table-properties" and attributes.get("table:display") == "false":
            self._hidden_styles.add(self._style)

    def _begin(self, attributes: Mapping[str, str]) -> None:
        self._sheet, self._row, self._column, self._widest = attributes.get("table:name", ""), 0, 0, 0
        self._notes = CellNotes()
        self.sheets[self._sheet] = (attributes.get("table:style-name") in self._hidden_styles, self._notes)

    def _columns_alike(self, attributes: Mapping[str, str]) -> None:
        first, count = self._column + 1, _count(attributes, _COLUMNS_ALIKE)
        if attributes.get("table:visibility", "visible") != "visible" and first <= MOST_COLUMNS:
            self._notes.hidden_columns += range(first, min(first + count, MOST_COLUMNS + 1))
        self._column += count

    def text(self, data: str) -> None:
        if self._cell is not None:
            self._length += len(data)
            self._text = (self._text + data)[:SHOWN]

    def end(self, name: str) -> None:
        if name == "table:table-row":
            self._row += self._rows
        elif name in _CELLS and self._cell is not None:
            self._judge(self._cell, self._text.strip())
            self._column += self._columns
            self._cell = None

    def _judge(self, cell: Mapping[str, str], text: str) -> None:
        place = (self._row + 1, self._column + 1)
        if text or "office:value-type" in cell:
            self._check_reach()
            self._count_texts()
        if (fault := _fault(cell, text)) is not None:
            self._notes.faults.append((place, *fault))
        elif (how := _shown(cell, text)) is not None:
            self._notes.shown[place] = how
        rows = int(cell.get("table:number-rows-spanned", "1"))
        columns = int(cell.get("table:number-columns-spanned", "1"))
        if rows > 1 or columns > 1:
            self._notes.merged.append((place, (place[0] + rows - 1, place[1] + columns - 1)))

    def _check_reach(self) -> None:
        """Refuse a sheet that reaches further than there is anything in it: a reader lays all of it out."""
        row, column = self._row + self._rows, self._column + self._columns
        self._widest = max(self._widest, column)
        if row > LAST_ROW or column > LAST_COLUMN or row * self._widest > max(DENSE_CELLS, self.size):
            raise Refused("table.far_cell", {"value": f"{column_letters(column)}{row}"}, sheet=self._sheet)

    def _count_texts(self) -> None:
        """Refuse a few texts that are repeated in very many cells."""
        self.text_bytes += self._length * self._rows * self._columns
        if self.text_bytes > max(MOST_TEXT_BYTES, TEXT_RATIO * self.size):
            raise Refused("table.zip_bomb", {"value": f"{self.text_bytes // MIB:,} MiB"})


def _count(attributes: Mapping[str, str], name: str) -> int:
    return max(int(attributes.get(name, "1")), 1)


def _fault(cell: Mapping[str, str], text: str) -> tuple[str, str] | None:
    """Return the code and value of what is wrong with a cell; None for one that holds its value."""
    formula, kind = cell.get("table:formula"), cell.get("office:value-type")
    is_error = cell.get("calcext:value-type") == "error" or (formula and _ERROR.fullmatch(text))
    if is_error:
        return "table.error_cell", text or "#"
    if formula and kind is None:
        return "table.uncalculated_formula", f"={formula.partition('=')[2]}"
    return None


def _shown(cell: Mapping[str, str], text: str) -> str | None:
    """Return how a cell shows its number: as a percentage, or with leading zeros."""
    kind = cell.get("office:value-type")
    if kind == "percentage":
        return PERCENT
    return "0" * len(text) if kind == "float" and _ZEROS.fullmatch(text) else None
