"""The bytes of a workbook's XML as they are unpacked: what no workbook may hold, how far a sheet reaches, how long
its texts are. A search for signs is many times faster than to read the XML."""

from __future__ import annotations

import re
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field

from auditor.tables.door.handing import Refused
from auditor.tables.door.limits import DENSE_CELLS, KIB, LAST_COLUMN, LAST_ROW, MIB
from auditor.tables.door.xml import column_letters, column_number, corners

_WINDOW = 4 * KIB
_DEEP = re.compile(rb"(?:<[A-Za-z_](?:[^<>]*[^<>/])?>\s*){100}")
"""Elements in elements, more than any sheet has."""

_FAR = re.compile(rb"""r=["'](?:([A-Z]{2,})([0-9]+)|([A-Z]?)([0-9]{6,}))["']""")
"""References beyond column Z or row 99,999: what they span is less than `DENSE_CELLS` without them."""

_DIMENSION = re.compile(rb"""<(?:\w+:)?dimension[^>]*?ref=["']([A-Z0-9:$]+)["']""")
_SIGNS = (b'"e"', b"hidden=", b"mergeCell ")
"""What stands in a sheet's XML if there are errors, hidden rows or columns, merged cells to note."""

_STYLES = 50
"""So many signs take as long to look for as the XML to be read."""

_FORMULA = re.compile(rb"<f[ />]")
_ODD = re.compile(rb"='|:worksheet")
"""What stands near the beginning of a sheet whose XML is not written as spreadsheets write it; then all is noted."""

_SHARED = re.compile(rb"""\st=["']s["'][^>]*><(?:\w+:)?v>([0-9]{1,9})<""")
"""A cell that holds a shared text, by its number."""


def refuse_attacks(data: bytes) -> None:
    """Raise Refused for a document type, for XML in a wide encoding, and for elements in elements without end."""
    if b"<!DOCTYPE" in data:
        raise Refused("table.document_type")
    if b"\x00" in data:
        raise Refused("table.corrupt_file")
    for at in range(0, len(data) - _WINDOW, _WINDOW):
        if data.find(b"</", at, at + _WINDOW) < 0 and _DEEP.search(data, at, at + _WINDOW):
            raise Refused("table.corrupt_file")


@dataclass
class SheetLook:
    """One look at the bytes of a sheet: is there anything to note, and how far does it reach?"""

    styles: Sequence[int]
    has_notes: bool = False
    dimension: str | None = None
    row: int = 1
    column: int = 26
    _is_first: bool = True
    _signs: Sequence[bytes] = ()

    def __call__(self, data: bytes) -> None:
        """Look at a chunk."""
        refuse_attacks(data)
        if self._is_first:
            self._begin(data)
        self.has_notes = (
            self.has_notes
            or any(sign in data for sign in self._signs)
            or (b"<f" in data and _FORMULA.search(data) is not None)
        )
        for letters, digits, letter, many in _FAR.findall(data):
            self.row = max(self.row, int(digits or many))
            self.column = max(self.column, column_number((letters or letter).decode("ascii")))

    def _begin(self, data: bytes) -> None:
        self._is_first = False
        self._signs = _SIGNS + tuple(f's="{style}"'.encode() for style in self.styles)
        found = _DIMENSION.search(data)
        self.dimension = found[1].decode("ascii") if found else None
        self.has_notes = len(self.styles) > _STYLES or _ODD.search(data.partition(b"?>")[2]) is not None

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


@dataclass
class TextsLook:
    """One look at the bytes of the texts that cells share: how long each of them is, its markup included."""

    lengths: array[int] = field(default_factory=lambda: array("Q"))
    _open: int = 0

    def __call__(self, data: bytes) -> None:
        """Look at a chunk."""
        refuse_attacks(data)
        *whole, rest = data.split(b"</si>")
        for text in whole:
            if b"<si/>" in text:
                self.lengths.extend([0] * text.count(b"<si/>"))
            self.lengths.append(self._open + len(text))
            self._open = 0
        self._open += len(rest)


@dataclass
class SharedLook:
    """One look at the bytes of sheets: what the shared texts in their cells come to, refused beyond `most`."""

    lengths: Sequence[int]
    most: int
    bytes_: int = 0

    def __call__(self, data: bytes) -> None:
        """Look at a chunk."""
        self.bytes_ += sum(
            self.lengths[number] for number in map(int, _SHARED.findall(data)) if number < len(self.lengths)
        )
        if self.bytes_ > self.most:
            raise Refused("table.zip_bomb", {"value": f"{self.bytes_ // MIB:,} MiB"})
