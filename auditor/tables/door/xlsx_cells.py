"""Notes on the cells of an xlsx sheet, from one pass over its XML: what is no value, hidden, or merged."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field

from auditor.tables.door.cell_notes import CellNotes
from auditor.tables.door.handing import SHOWN
from auditor.tables.door.limits import MOST_COLUMNS
from auditor.tables.door.xlsx_parts import Package, SheetPart
from auditor.tables.door.xml import corners, guarded_parser, is_true, local_name, parse, place_of


def notes_of(archive: zipfile.ZipFile, package: Package, sheet: SheetPart) -> CellNotes:
    """Return the notes on a sheet's cells; a sheet without a sign of any is not parsed. Raises Refused."""
    if not sheet.has_notes:
        return CellNotes()
    cells = _Cells(package.shown)
    parser = guarded_parser()
    parser.StartElementHandler = cells.start
    parser.EndElementHandler = cells.end
    parser.CharacterDataHandler = cells.text
    with archive.open(sheet.part) as file:
        parse(parser, file)
    return cells.notes


@dataclass
class _Cells:
    """The state of the pass over one sheet: the cell it is in, and the notes so far."""

    shown: Mapping[int, str]
    notes: CellNotes = field(default_factory=CellNotes)
    _row: int = 0
    _column: int = 0
    _type: str = ""
    _style: str = ""
    _has_formula: bool = False
    _inside: str = ""
    _texts: dict[str, str] = field(default_factory=dict)

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        element = local_name(name)
        if element == "c":
            self._cell(attributes)
        elif element in ("f", "v"):
            self._inside = element
            self._has_formula = self._has_formula or element == "f"
        elif element == "row":
            self._row, self._column = int(attributes.get("r", self._row + 1)), 0
            if is_true(attributes.get("hidden")):
                self.notes.hidden_rows.append(self._row)
        elif element == "col" and is_true(attributes.get("hidden")):
            last = min(int(attributes["max"]), MOST_COLUMNS)
            self.notes.hidden_columns += range(int(attributes["min"]), last + 1)
        elif element == "mergeCell" and (range_ := corners(attributes.get("ref"))):
            self.notes.merged.append(range_)

    def _cell(self, attributes: Mapping[str, str]) -> None:
        place = place_of(attributes.get("r", ""))
        self._column = place[1] if place else self._column + 1
        self._type, self._style = attributes.get("t", "n"), attributes.get("s", "")
        self._has_formula, self._texts = False, {"f": "", "v": ""}

    def text(self, data: str) -> None:
        if self._inside:
            self._texts[self._inside] = (self._texts[self._inside] + data)[:SHOWN]

    def end(self, name: str) -> None:
        element = local_name(name)
        if element in ("f", "v"):
            self._inside = ""
        elif element == "c":
            self._judge((self._row, self._column))

    def _judge(self, place: tuple[int, int]) -> None:
        formula, value = f"={self._texts['f']}", self._texts["v"]
        if self._type == "e":
            self.notes.faults.append((place, "table.error_cell", value or "#"))
        elif self._has_formula and not value and self._type != "str":
            self.notes.faults.append((place, "table.uncalculated_formula", formula))
        elif self._type == "n" and value and self._style.isdecimal() and int(self._style) in self.shown:
            self.notes.shown[place] = self.shown[int(self._style)]
