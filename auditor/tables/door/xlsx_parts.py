"""The parts of an xlsx workbook: its sheets, day 0, how cells show numbers, names; and what no workbook may hold."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from auditor.tables.door.archives import read_through
from auditor.tables.door.cell_notes import shown_as
from auditor.tables.door.handing import Refused
from auditor.tables.door.limits import MIB, MOST_LIST_BYTES, MOST_SHEETS, MOST_TEXT_BYTES, TEXT_RATIO
from auditor.tables.door.xml import guarded_parser, is_true, local_name, parse
from auditor.tables.door.xml_bytes import SharedLook, SheetLook, TextsLook, refuse_attacks

_PERCENT_FORMATS = (9, 10)
"""The numbers of the built-in formats that are percentages (ECMA-376, 18.8.30)."""

_TEXTS = "xl/sharedstrings.xml"
_SHARED_CELL = len('<c t="s"><v>0</v></c>')
"""The least that a cell with a shared text takes."""

_NAME_SHOWN = 300
"""How much is kept of what a name stands for: a cell is less."""


@dataclass(frozen=True)
class SheetPart:
    """A sheet: its name and part, whether it is hidden, what it claims to span, if its cells need notes, its size."""

    name: str
    part: str
    is_hidden: bool
    dimension: str | None
    has_notes: bool
    size: int


@dataclass(frozen=True)
class Package:
    """An xlsx workbook without its cells. `shown` is how a style (by its number) shows numbers.

    `text_bytes` is what the texts of its cells come to at most.
    """

    sheets: Sequence[SheetPart]
    epoch: date
    shown: Mapping[int, str]
    names: Mapping[str, str]
    text_bytes: int


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
    texts = TextsLook()
    for part in archive.infolist():
        if part.filename not in own:
            look = texts if part.filename.lower() == _TEXTS else refuse_attacks
            is_xml = part.filename.lower().endswith((".xml", ".rels", ".vml"))
            read_through(archive, part, look if is_xml else None)
    return Package(sheets, book.epoch, styles.shown, book.names, _check_texts(archive, sheets, texts))


def _sheets(archive: zipfile.ZipFile, book: _Book, shown: Mapping[int, str]) -> list[SheetPart]:
    sheets: list[SheetPart] = []
    for name, (identity, is_hidden) in book.sheets.items():
        part = _part(book.targets[identity])
        if part not in archive.namelist() or part in (sheet.part for sheet in sheets):
            raise Refused("table.corrupt_file")
        look = SheetLook(tuple(shown))
        size = read_through(archive, archive.getinfo(part), look)
        look.check(name, size)
        sheets.append(SheetPart(name, part, is_hidden, look.dimension, look.has_notes, size))
    return sheets


def _part(target: str) -> str:
    """Return the part that a relationship means, as the reader of values understands it."""
    if target.startswith("/xl/"):
        return target[1:]
    return target if target.startswith("xl/") else f"xl/{target}"


def _check_texts(archive: zipfile.ZipFile, sheets: Sequence[SheetPart], texts: TextsLook) -> int:
    """Return what the texts of all cells may come to in bytes; Refused where a few texts stand in very many cells."""
    size = sum(sheet.size for sheet in sheets)
    bound = size // _SHARED_CELL * max(texts.lengths, default=0)
    if bound <= MOST_TEXT_BYTES:
        return bound
    shared = SharedLook(texts.lengths, max(MOST_TEXT_BYTES, TEXT_RATIO * size))
    for sheet in sheets:
        read_through(archive, archive.getinfo(sheet.part), shared)
    return shared.bytes_


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
    if archive.getinfo(part).file_size > MOST_LIST_BYTES:
        raise Refused("table.zip_bomb", {"value": f"{archive.getinfo(part).file_size // MIB:,} MiB"})
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
            identity = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            if attributes["name"] in self.sheets:
                raise Refused("table.corrupt_file")
            self.sheets[attributes["name"]] = (identity, attributes.get("state", "visible") != "visible")
        elif element == "workbookPr" and is_true(attributes.get("date1904")):
            self.epoch = date(1904, 1, 1)
        elif element == "externalReference":
            raise Refused("table.external_links")
        elif element == "definedName":
            self._name = attributes.get("name", "")

    def text(self, data: str) -> None:
        if self._name is not None:
            self.names[self._name] = (self.names.get(self._name, "") + data)[:_NAME_SHOWN]

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
