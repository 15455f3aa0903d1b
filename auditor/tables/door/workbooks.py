"""Workbooks of every format, opened and checked: xlsx and ods by calamine, the old format by xlrd."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from auditor.tables.door.archives import sound_archive
from auditor.tables.door.cell_notes import CellNotes
from auditor.tables.door.handing import Refused
from auditor.tables.door.limits import MEMORY_A_BYTE, WORKBOOK_MEMORY, hold_memory
from auditor.tables.door.ods_cells import ods_content
from auditor.tables.door.sheets import SheetAbout, SheetValues, Workbook
from auditor.tables.door.workbook_names import named_headers
from auditor.tables.door.xlsx_cells import notes_of
from auditor.tables.door.xlsx_parts import SheetPart, package_of

_COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def open_workbook(path: Path) -> Workbook:
    """Open a workbook by its ending. Raises Refused."""
    with path.open("rb") as file:
        start = file.read(8)
    is_compound = start == _COMPOUND
    if path.suffix.lower() in (".xls", ".et"):
        if not is_compound:
            raise Refused("table.corrupt_file")
        from auditor.tables.door.xls import open_xls  # noqa: PLC0415 - most data sets come without

        return open_xls(path)
    if is_compound and _ENCRYPTED in path.read_bytes():
        raise Refused("table.password_protected")
    return (_open_ods if path.suffix.lower() == ".ods" else _open_xlsx)(path)


def _open_ods(path: Path) -> Workbook:
    with sound_archive(path) as archive:
        content = ods_content(archive)
        size = archive.getinfo("content.xml").file_size
    hold_memory(_memory(size, content.text_bytes))
    about = [
        SheetAbout(
            sheet.name, sheet.is_hidden, partial(_same, sheet.notes), partial(_values_of, path, sheet.name)
        )
        for sheet in content.sheets
    ]
    return Workbook(about, None, size)  # its days are days, never numbers


def _open_xlsx(path: Path) -> Workbook:
    with sound_archive(path) as archive:
        package = package_of(archive)
    size = sum(sheet.size for sheet in package.sheets)
    hold_memory(_memory(size, package.text_bytes))
    named = named_headers(package.names)

    def notes(sheet: SheetPart) -> CellNotes:
        with sound_archive(path) as archive:
            return notes_of(archive, package, sheet)

    about = [
        SheetAbout(
            sheet.name, sheet.is_hidden, partial(notes, sheet), partial(_values_of, path, sheet.name),
            named.get(sheet.name, ()), sheet.dimension,
        )
        for sheet in package.sheets
        if _is_worksheet(sheet)
    ]  # fmt: skip
    return Workbook(about, package.epoch, size)


def _memory(xml_bytes: int, text_bytes: int) -> int:
    """Return what the worker may take: the reader lays out every cell with a text of its own."""
    return WORKBOOK_MEMORY + MEMORY_A_BYTE * xml_bytes + 2 * text_bytes


def _is_worksheet(sheet: SheetPart) -> bool:
    return "/chartsheets/" not in sheet.part and "/dialogsheets/" not in sheet.part


def _same(notes: CellNotes) -> CellNotes:
    return notes


def _values_of(path: Path, name: str) -> SheetValues:
    with _reader(path) as book:
        sheet = book.get_sheet_by_name(name)
    first_column = sheet.start[1] + 1 if sheet.start else 1
    height = sheet.end[0] + 1 if sheet.end else 0
    return SheetValues(sheet.iter_rows, first_column, sheet.width, height)


@contextmanager
def _reader(path: Path) -> Iterator[Any]:
    """Open a workbook with the reader of values; whatever it cannot make sense of is Refused."""
    import python_calamine as calamine  # noqa: PLC0415 - most data sets come without

    try:
        with calamine.CalamineWorkbook.from_path(os.fspath(path)) as book:
            yield book
    except calamine.CalamineError as error:
        raise Refused("table.corrupt_file") from error
    except BaseException as error:
        # A panic of the reader's Rust part is no Exception.
        if type(error).__name__ == "PanicException":
            raise Refused("table.corrupt_file") from None
        raise
