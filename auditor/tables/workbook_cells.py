"""The cells of a workbook that hold no value but are not blank: error cells, and formulas never calculated.

A reader of values gives both as an empty text. A blank is data and these are not, so one pass over the
sheets' XML finds them first.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import IO
from xml.parsers import expat

_CHUNK = 1 << 18
_OVERLAP = 64
_SUSPECT = (b'"e"', b"'e'", b"<f", b":f", b"<!DOCTYPE", b"\x00")
"""What must stand in a sheet's XML if it holds an error, a formula, or a document type."""

DAMAGED = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, KeyError, expat.ExpatError, OSError, ValueError),
    *(RuntimeError, NotImplementedError, EOFError),  # encrypted, odd compression, cut short
)
"""What the standard library raises over an archive or its XML that is not sound."""

_REFERENCE = re.compile(r"([A-Z]+)([0-9]+)")


class WorkbookDamagedError(Exception):
    """The file is not a workbook that can be read; raised inside this room only."""


@dataclass(frozen=True)
class CellFault:
    """A cell without a usable value: its row and column (from 1), and the error or the formula in it."""

    row: int
    column: int
    code: str
    value: str


def cell_faults(path: Path) -> Mapping[str, tuple[CellFault, ...]]:
    """Return the faults of every worksheet by the sheet's name. Raises WorkbookDamagedError."""
    try:
        with zipfile.ZipFile(path) as archive:
            return {
                sheet: tuple(_faults(archive, part))
                for sheet, part in _parts(archive).items()
                if part in archive.namelist()
            }
    except DAMAGED as error:
        raise WorkbookDamagedError(str(error)) from error


def epoch_of(path: Path) -> date:
    """Return the day that a workbook counts its serial numbers from. Raises WorkbookDamagedError."""
    flags: list[str] = []

    def properties(name: str, attributes: Mapping[str, str]) -> None:
        if element_name(name) == "workbookPr":
            flags.append(attributes.get("date1904", "0"))

    try:
        with zipfile.ZipFile(path) as archive:
            _parse(archive, "xl/workbook.xml", properties)
    except DAMAGED as error:
        raise WorkbookDamagedError(str(error)) from error
    # Day 60 of the first epoch is a 29 February 1900 that never was; no day that a table may hold lies before it.
    return date(1904, 1, 1) if "1" in flags or "true" in flags else date(1899, 12, 30)


def _parts(archive: zipfile.ZipFile) -> Mapping[str, str]:
    """Return the archive member of every sheet, by the sheet's name."""
    targets: dict[str, str] = {}
    sheets: dict[str, str] = {}

    def relationship(name: str, attributes: Mapping[str, str]) -> None:
        if element_name(name) == "Relationship":
            targets[attributes["Id"]] = attributes["Target"]

    def sheet(name: str, attributes: Mapping[str, str]) -> None:
        if element_name(name) == "sheet":
            identity = next(value for key, value in attributes.items() if key.endswith(":id"))
            sheets[attributes["name"]] = identity

    _parse(archive, "xl/_rels/workbook.xml.rels", relationship)
    _parse(archive, "xl/workbook.xml", sheet)
    return {
        name: posixpath.normpath(posixpath.join("/xl", targets[i])).lstrip("/") for name, i in sheets.items()
    }


def _parse(archive: zipfile.ZipFile, part: str, start: Callable[[str, dict[str, str]], None]) -> None:
    parser = guarded_parser()
    parser.StartElementHandler = start
    with archive.open(part) as file:
        parser.ParseFile(file)


def guarded_parser() -> expat.XMLParserType:
    """Return a parser that refuses a document type: no entity is ever expanded."""
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def refuse(*_: object) -> None:
        raise ValueError("a document type is not allowed in a workbook")

    parser.StartDoctypeDeclHandler = refuse
    return parser


def _faults(archive: zipfile.ZipFile, part: str) -> list[CellFault]:
    with archive.open(part) as file:
        if not _is_suspect(file):
            return []
    cells = _Cells()
    parser = guarded_parser()
    parser.StartElementHandler = cells.start
    parser.EndElementHandler = cells.end
    parser.CharacterDataHandler = cells.text
    with archive.open(part) as file:
        parser.ParseFile(file)
    return cells.faults


def _is_suspect(file: IO[bytes]) -> bool:
    """Return whether a sheet's XML may hold an error or a formula. Most do not, and are not parsed twice."""
    last = b""
    while chunk := file.read(_CHUNK):
        if any(sign in last + chunk for sign in _SUSPECT):
            return True
        last = chunk[-_OVERLAP:]
    return False


@dataclass
class _Cells:
    """The state of the pass over one sheet: the cell it is in, and the faults found so far."""

    faults: list[CellFault] = field(default_factory=list)
    _row: int = 0
    _column: int = 0
    _type: str = ""
    _has_formula: bool = False
    _inside: str = ""
    _texts: dict[str, str] = field(default_factory=dict)

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        element = element_name(name)
        if element == "row":
            self._row, self._column = int(attributes.get("r", self._row + 1)), 0
        elif element == "c":
            reference = _REFERENCE.fullmatch(attributes.get("r", ""))
            self._column = column_number(reference[1]) if reference else self._column + 1
            self._type, self._has_formula, self._texts = attributes.get("t", "n"), False, {"f": "", "v": ""}
        elif element in ("f", "v"):
            self._inside = element
            self._has_formula = self._has_formula or element == "f"

    def text(self, data: str) -> None:
        if self._inside:
            self._texts[self._inside] += data

    def end(self, name: str) -> None:
        element = element_name(name)
        if element in ("f", "v"):
            self._inside = ""
        elif element == "c":
            self._judge()

    def _judge(self) -> None:
        formula, value = f"={self._texts['f']}", self._texts["v"]
        if self._type == "e":
            self.faults.append(CellFault(self._row, self._column, "table.error_cell", value or "#"))
        elif self._has_formula and not value and self._type != "str":
            self.faults.append(CellFault(self._row, self._column, "table.uncalculated_formula", formula))


def element_name(name: str) -> str:
    """Return an element's name without the prefix of its namespace."""
    return name.rpartition(":")[2]


def column_number(letters: str) -> int:
    """Return the number of a column, from 1, that letters such as `AB` name."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
