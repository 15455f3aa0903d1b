"""The parts of an xlsx workbook: its sheets, day 0, how cells show numbers, names; and what no workbook may hold."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from auditor.tables.door.archives import read_through
from auditor.tables.door.cell_notes import shown_as
from auditor.tables.door.handing import Refused
from auditor.tables.door.limits import DENSE_CELLS, LAST_COLUMN, LAST_ROW, MOST_SHEETS
from auditor.tables.door.xml import (
    column_letters,
    column_number,
    corners,
    guarded_parser,
    is_true,
    local_name,
    parse,
)

_PERCENT_FORMATS = (9, 10)
"""The numbers of the built-in formats that are percentages (ECMA-376, 18.8.30)."""

_FAR = re.compile(rb"""r=["'](?:([A-Z]{2,})([0-9]+)|([A-Z]?)([0-9]{6,}))["']""")
"""References beyond column Z or row 99,999: what they span is less than `DENSE_CELLS` without them."""

_DIMENSION = re.compile(rb"""<(?:\w+:)?dimension[^>]*?ref=["']([A-Z0-9:$]+)["']""")
_SIGNS = (b'"e"', b"hidden=", b"mergeCell ")
"""What stands in a sheet's XML if there are errors, hidden rows or columns, merged cells to note."""

_FORMULA = re.compile(rb"<f[ />]")
_ODD = re.compile(rb"='|:worksheet")
"""What stands near the beginning of a sheet whose XML is not written as spreadsheets write it; then all is noted."""


@dataclass(frozen=True)
class SheetPart:
    """A sheet: its name and part, whether it is hidden, what it claims to span, whether its cells need notes."""

    name: str
    part: str
    is_hidden: bool
    dimension: str | None
    has_notes: bool


@dataclass(frozen=True)
class Package:
    """An xlsx workbook without its cells. `shown` is how a style (by its number) shows numbers."""

    sheets: Sequence[SheetPart]
    epoch: date
    shown: Mapping[int, str]
    names: Mapping[str, str]


def package_of(archive: zipfile.ZipFile) -> Package:
    """Read every part to its end, and return what the workbook is made of. Raises Refused."""
    if any(name.startswith("xl/externalLinks/") for name in archive.namelist()):
        raise Refused("table.external_links")
    book = _Book()
    _parse(archive, "xl/_rels/workbook.xml.rels", book.relationship)
    _parse(archive, "xl/workbook.xml", book.start, book.text, book.end)
    if len(book.sheets) > MOST_SHEETS:
        raise Refused("table.too_many_sheets", {"value": len(book.sheets), "expected": MOST_SHEETS})
    styles = _Styles()
    if "xl/styles.xml" in archive.namelist():
        _parse(archive, "xl/styles.xml", styles.start, None, styles.end)
    sheets = _sheets(archive, book, styles.shown)
    own = {sheet.part for sheet in sheets}
    for part in archive.infolist():
        if part.filename not in own:
            is_xml = part.filename.endswith((".xml", ".rels", ".vml"))
            read_through(archive, part, _refuse_document_type if is_xml else None)
    return Package(sheets, book.epoch, styles.shown, book.names)


def _sheets(archive: zipfile.ZipFile, book: _Book, shown: Mapping[int, str]) -> list[SheetPart]:
    sheets = []
    for name, (identity, is_hidden) in book.sheets.items():
        part = posixpath.normpath(posixpath.join("/xl", book.targets[identity])).lstrip("/")
        if part not in archive.namelist():
            raise Refused("table.corrupt_file")
        look = _SheetLook(_SIGNS + tuple(f's="{style}"'.encode() for style in shown))
        size = read_through(archive, archive.getinfo(part), look)
        look.check(name, size)
        sheets.append(SheetPart(name, part, is_hidden, look.dimension, look.has_notes))
    return sheets


@dataclass
class _SheetLook:
    """One look at the bytes of a sheet: is there anything to note, and how far does it reach?"""

    signs: Sequence[bytes]
    has_notes: bool = False
    dimension: str | None = None
    row: int = 1
    column: int = 26
    _is_first: bool = True

    def __call__(self, data: bytes) -> None:
        _refuse_document_type(data)
        if self._is_first:
            self._begin(data)
        self.has_notes = (
            self.has_notes
            or any(sign in data for sign in self.signs)
            or (b"<f" in data and _FORMULA.search(data) is not None)
        )
        for letters, digits, letter, many in _FAR.findall(data):
            self.row = max(self.row, int(digits or many))
            self.column = max(self.column, column_number((letters or letter).decode("ascii")))

    def _begin(self, data: bytes) -> None:
        self._is_first = False
        found = _DIMENSION.search(data)
        self.dimension = found[1].decode("ascii") if found else None
        self.has_notes = _ODD.search(data.partition(b"?>")[2]) is not None

    def check(self, sheet: str, size: int) -> None:
        """Raise Refused if the sheet reaches further than there is anything in it."""
        if self.row > LAST_ROW or self.column > LAST_COLUMN or _is_sparse(self.row, self.column, size):
            figures = {"value": f"{column_letters(self.column)}{self.row}"}
            raise Refused("table.far_cell", figures, sheet=sheet)
        span = corners(self.dimension)
        if span is not None and _is_sparse(*span[1], size):
            raise Refused("table.false_dimension", {"value": self.dimension}, sheet=sheet)


def _is_sparse(row: int, column: int, size: int) -> bool:
    return row * column > max(DENSE_CELLS, size)


def _refuse_document_type(data: bytes) -> None:
    if b"<!DOCTYPE" in data:
        raise Refused("table.document_type")
    if b"\x00" in data:
        raise Refused("table.corrupt_file")


def _parse(
    archive: zipfile.ZipFile,
    part: str,
    start: Callable[[str, dict[str, str]], None],
    text: Callable[[str], None] | None = None,
    end: Callable[[str], None] | None = None,
) -> None:
    parser = guarded_parser()
    parser.StartElementHandler = start
    if text is not None:
        parser.CharacterDataHandler = text
    if end is not None:
        parser.EndElementHandler = end
    with archive.open(part) as file:
        parse(parser, file)


@dataclass
class _Book:
    """What `workbook.xml` and its relationships say."""

    targets: dict[str, str] = field(default_factory=dict)
    sheets: dict[str, tuple[str, bool]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    # Day 60 of the first epoch is a 29 February 1900 that never was; no day that a table may hold lies before it.
    epoch: date = date(1899, 12, 30)
    _name: str | None = None

    def relationship(self, name: str, attributes: Mapping[str, str]) -> None:
        if local_name(name) == "Relationship":
            if attributes.get("TargetMode") == "External":
                raise Refused("table.external_links")
            self.targets[attributes["Id"]] = attributes["Target"]

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        element = local_name(name)
        if element == "sheet":
            identity = next(value for key, value in attributes.items() if key.endswith(":id"))
            self.sheets[attributes["name"]] = (identity, attributes.get("state", "visible") != "visible")
        elif element == "workbookPr" and is_true(attributes.get("date1904")):
            self.epoch = date(1904, 1, 1)
        elif element == "externalReference":
            raise Refused("table.external_links")
        elif element == "definedName":
            self._name = attributes.get("name", "")

    def text(self, data: str) -> None:
        if self._name is not None:
            self.names[self._name] = self.names.get(self._name, "") + data

    def end(self, name: str) -> None:
        if local_name(name) == "definedName":
            self._name = None


@dataclass
class _Styles:
    """How the styles of cells show numbers, by the style's number."""

    shown: dict[int, str] = field(default_factory=dict)
    _formats: dict[int, str] = field(default_factory=dict)
    _of_cells: bool = False
    _next: int = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        element = local_name(name)
        if element == "numFmt":
            self._formats[int(attributes["numFmtId"])] = attributes["formatCode"]
        elif element == "cellXfs":
            self._of_cells = True
        elif element == "xf" and self._of_cells:
            number = int(attributes.get("numFmtId", "0"))
            how = "%" if number in _PERCENT_FORMATS else shown_as(self._formats.get(number, ""))
            if how is not None:
                self.shown[self._next] = how
            self._next += 1

    def end(self, name: str) -> None:
        if local_name(name) == "cellXfs":
            self._of_cells = False
