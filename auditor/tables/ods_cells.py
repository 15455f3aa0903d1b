"""The cells of an OpenDocument spreadsheet that hold no value but are not blank, from one pass over its XML.

Such a cell is saved with a value beside its error (0, or an empty text), which a reader of values believes.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from auditor.tables.workbook_cells import DAMAGED, CellFault, WorkbookDamagedError, guarded_parser

_ERROR = re.compile(r"#[A-Z0-9/]+[!?]?|Err:[0-9]+")


def ods_cell_faults(path: Path) -> Mapping[str, tuple[CellFault, ...]]:
    """Return the faults of every sheet by the sheet's name. Raises WorkbookDamagedError."""
    cells = _Cells()
    parser = guarded_parser()
    parser.StartElementHandler = cells.start
    parser.EndElementHandler = cells.end
    parser.CharacterDataHandler = cells.text
    try:
        with zipfile.ZipFile(path) as archive, archive.open("content.xml") as file:
            parser.ParseFile(file)
    except DAMAGED as error:
        raise WorkbookDamagedError(str(error)) from error
    return {sheet: tuple(faults) for sheet, faults in cells.faults.items()}


@dataclass
class _Cells:
    """The state of the pass: the sheet, row and cell it is in, and the faults found so far."""

    faults: dict[str, list[CellFault]] = field(default_factory=dict)
    _sheet: str = ""
    _row: int = 0
    _rows: int = 1
    _column: int = 0
    _columns: int = 1
    _cell: Mapping[str, str] | None = None
    _text: str = ""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "table:table":
            self._sheet, self._row = attributes.get("table:name", ""), 0
            self.faults.setdefault(self._sheet, [])
        elif name == "table:table-row":
            self._rows, self._column = int(attributes.get("table:number-rows-repeated", "1")), 0
        elif name in ("table:table-cell", "table:covered-table-cell"):
            self._cell, self._text = attributes, ""
            self._columns = int(attributes.get("table:number-columns-repeated", "1"))

    def text(self, data: str) -> None:
        if self._cell is not None:
            self._text += data

    def end(self, name: str) -> None:
        if name == "table:table-row":
            self._row += self._rows
        elif name in ("table:table-cell", "table:covered-table-cell") and self._cell is not None:
            fault = _fault(self._cell, self._text.strip())
            if fault is not None:
                self._add(*fault)
            self._column += self._columns
            self._cell = None

    def _add(self, code: str, value: str) -> None:
        place = CellFault(self._row + 1, self._column + 1, code, value)
        self.faults.setdefault(self._sheet, []).append(place)


def _fault(cell: Mapping[str, str], text: str) -> tuple[str, str] | None:
    """Return the code and value of what is wrong with a cell; None for one that holds its value."""
    formula, kind = cell.get("table:formula"), cell.get("office:value-type")
    is_error = cell.get("calcext:value-type") == "error" or (formula and _ERROR.fullmatch(text))
    if is_error:
        return "table.error_cell", text or "#"
    if formula and kind is None:
        return "table.uncalculated_formula", f"={formula.partition('=')[2]}"
    return None
