"""The error cells of an xls workbook and the epoch of its days, which a reader of values does not tell.

One walk over the records of the workbook's stream ([MS-XLS] 2.3), which lies in a compound file ([MS-CFB]).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from auditor.tables.workbook_cells import CellFault, WorkbookDamagedError

_MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
_LAST = 0xFFFFFFFA
"""Sector numbers from here on are no sectors: the end of a chain, a free sector, the table's own."""
_BOUND_SHEET, _DATE_1904, _FILE_PASS, _BOF, _FORMULA, _BOOL_ERROR = 0x85, 0x22, 0x2F, 0x809, 0x06, 0x205
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}


def xls_cell_faults(path: Path) -> tuple[Sequence[tuple[CellFault, ...]], date]:
    """Return the faults of each sheet in the workbook's order, and day 0. Raises WorkbookDamagedError."""
    try:
        return _walked(_workbook(path.read_bytes()))
    except (struct.error, IndexError, OSError, ValueError) as error:
        raise WorkbookDamagedError(str(error)) from error


def _walked(stream: bytes) -> tuple[Sequence[tuple[CellFault, ...]], date]:
    starts: list[int] = []
    faults: dict[int, list[CellFault]] = {}
    sheet, epoch = 0, date(1899, 12, 30)
    for at, kind, body in _records(stream):
        if kind == _FILE_PASS:
            raise ValueError("the workbook has a password")
        if kind == _BOUND_SHEET:
            starts.append(struct.unpack_from("<I", body)[0])
        elif kind == _DATE_1904 and body[:1] == b"\x01":
            epoch = date(1904, 1, 1)
        elif kind == _BOF and at in starts:
            sheet = at
        elif (code := _error(kind, body)) is not None:
            row, column = struct.unpack_from("<HH", body)
            value = _ERRORS.get(code, "#")
            faults.setdefault(sheet, []).append(CellFault(row + 1, column + 1, "table.error_cell", value))
    return [tuple(faults.get(start, ())) for start in starts], epoch


def _records(stream: bytes) -> Iterator[tuple[int, int, bytes]]:
    at = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield at, kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


def _error(kind: int, body: bytes) -> int | None:
    """Return the code of an error cell, or of a formula whose value is an error; None for any other record."""
    if kind == _BOOL_ERROR and body[7]:
        return body[6]
    if kind == _FORMULA and body[12:14] == b"\xff\xff" and body[6] == 2:
        return body[8]
    return None


@dataclass(frozen=True)
class _Sectors:
    """Chained pieces of a compound file: where they lie, their size, and which follows which."""

    data: bytes
    first: int
    size: int
    following: Sequence[int]

    def read(self, start: int) -> bytes:
        pieces: list[bytes] = []
        while start < _LAST:
            if len(pieces) > len(self.following):
                raise ValueError("a chain of sectors bites its tail")
            pieces.append(_piece(self.data, self.first + start * self.size, self.size))
            start = self.following[start]
        return b"".join(pieces)


def _workbook(data: bytes) -> bytes:
    """Return the workbook's stream. Raises ValueError where there is none."""
    if not data.startswith(_MAGIC):
        raise ValueError("not a compound file")
    shift, mini_shift = struct.unpack_from("<HH", data, 30)
    if (shift, mini_shift) not in ((9, 6), (12, 6)):
        raise ValueError("sectors of no known size")
    size, mini = 1 << shift, 1 << mini_shift
    directory, _, cutoff, mini_table = struct.unpack_from("<IIII", data, 48)
    listed = list(struct.unpack_from("<109I", data, 76))
    more = struct.unpack_from("<I", data, 68)[0]
    while more < _LAST and len(listed) < len(data) // size + 109:
        *numbers, more = struct.unpack_from(f"<{size // 4}I", data, size * (more + 1))
        listed += numbers
    table = b"".join(_piece(data, size * (n + 1), size) for n in listed if n < _LAST)
    sectors = _Sectors(data, size, size, _numbers(table))
    entries = sectors.read(directory)
    found = {entries[at : at + 64].decode("utf-16-le").rstrip("\0"): at for at in range(0, len(entries), 128)}
    root, book = found.get("Root Entry", 0), found.get("Workbook", found.get("Book"))
    if book is None:
        raise ValueError("no workbook in the compound file")
    start, length = struct.unpack_from("<II", entries, book + 116)
    if length < cutoff:
        container = sectors.read(struct.unpack_from("<I", entries, root + 116)[0])
        return _Sectors(container, 0, mini, _numbers(sectors.read(mini_table))).read(start)[:length]
    return sectors.read(start)[:length]


def _piece(data: bytes, at: int, size: int) -> bytes:
    piece = data[at : at + size]
    if len(piece) < size:
        raise ValueError("the file ends within a sector")
    return piece


def _numbers(table: bytes) -> Sequence[int]:
    return struct.unpack(f"<{len(table) // 4}I", table[: len(table) // 4 * 4])
