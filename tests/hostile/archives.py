"""Zip archives byte by byte, with the lies that a library would not write; and the parts of a small workbook."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape

STORED, DEFLATED = 0, 8


@dataclass(frozen=True)
class Member:
    """A member of an archive. What is given beside name and content is written as it stands, true or not."""

    name: str
    content: bytes = b""
    packed: bytes | None = None
    crc: int | None = None
    size: int | None = None
    method: int = DEFLATED
    flags: int = 0
    at: int | None = None

    @property
    def body(self) -> bytes:
        """The bytes in the archive."""
        if self.packed is not None:
            return self.packed
        return deflated(self.content) if self.method == DEFLATED else self.content

    @property
    def figures(self) -> tuple[int, ...]:
        """Version, flags, method, time, day, checksum and both sizes, as both headers have them."""
        crc = zlib.crc32(self.content) if self.crc is None else self.crc
        size = len(self.content) if self.size is None else self.size
        return (20, self.flags, self.method, 0, 33, crc, len(self.body), size)

    @property
    def header(self) -> bytes:
        """The header before the bytes."""
        name = self.name.encode()
        return struct.pack("<4s5H3I2H", b"PK\x03\x04", *self.figures, len(name), 0) + name


def archive(members: Iterable[Member]) -> bytes:
    """Return an archive; a member with `at` is only listed, as if it lay there."""
    data, listed = bytearray(), bytearray()
    count = 0
    for member in members:
        count += 1
        at = len(data) if member.at is None else member.at
        if member.at is None:
            data += member.header + member.body
        name = member.name.encode()
        listed += struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 20, *member.figures, len(name), 0, 0, 0, 0, 0, at)
        listed += name
    shown = min(count, 0xFFFF)
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, shown, shown, len(listed), len(data), 0)
    return bytes(data + listed + end)


def deflated(content: bytes) -> bytes:
    """Return bytes as a raw deflate stream."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(content) + packer.flush()


def repeated(byte: bytes, mebibytes: int, before: bytes = b"", after: bytes = b"") -> bytes:
    """Return a deflate stream of one byte over and over: a block of 16 MiB, itself repeated."""
    block = _open_block(byte * (16 << 20))
    return _open_block(before) + block * (mebibytes // 16) + deflated(after)


def _open_block(content: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(content) + packer.flush(zlib.Z_FULL_FLUSH)


# ---- Workbooks -----------------------------------------------------------------------------------

_OFFICE = "http://schemas.openxmlformats.org"
MAIN = f"{_OFFICE}/spreadsheetml/2006/main"
RELATIONS = f"{_OFFICE}/officeDocument/2006/relationships"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_SHEET = "xl/worksheets/sheet1.xml"
ROWS: tuple[tuple[str, ...], ...] = (("unit_id", "type"), ("001", "university"))


def row_xml(row: int | str, cells: Iterable[str]) -> str:
    """Return a row of texts."""
    texts = "".join(
        f'<c r="{chr(64 + column)}{row}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>'
        for column, cell in enumerate(cells, start=1)
    )
    return f'<row r="{row}">{texts}</row>'


def rows_xml(rows: Iterable[Iterable[str]] = ROWS) -> str:
    """Return rows of texts from row 1."""
    return "".join(row_xml(row, cells) for row, cells in enumerate(rows, start=1))


def sheet_xml(
    rows: str = "", *, dimension: str = "", prolog: str = "", before: str = "", after: str = ""
) -> str:
    """Return a sheet of the rows given, or of two harmless ones."""
    said = f'<dimension ref="{dimension}"/>' if dimension else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{prolog}<worksheet xmlns="{MAIN}" xmlns:r="{RELATIONS}">{said}{before}'
        f"<sheetData>{rows or rows_xml()}</sheetData>{after}</worksheet>"
    )


def relations(targets: Mapping[str, str]) -> str:
    """Return the part that says which part is meant by an id; a target starting with http is outside."""
    lines = "".join(
        f'<Relationship Id="{key}" Type="{RELATIONS}/worksheet" Target="{target}"'
        f"{' TargetMode=' + chr(34) + 'External' + chr(34) if target.startswith('http') else ''}/>"
        for key, target in targets.items()
    )
    return f'<Relationships xmlns="{_OFFICE}/package/2006/relationships">{lines}</Relationships>'


def workbook_xml(sheets: Iterable[str] = ("units",), *, prolog: str = "", after: str = "") -> str:
    """Return the part that lists the sheets."""
    listed = "".join(
        f'<sheet name="{sheet}" sheetId="{number}" r:id="rId{number}"/>'
        for number, sheet in enumerate(sheets, start=1)
    )
    return (
        f'{prolog}<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>{listed}</sheets>{after}</workbook>'
    )


def parts(sheet: str | bytes = "", **others: str | bytes) -> dict[str, bytes]:
    """Return the parts of a workbook of one sheet; `others` replace or add: `xl_workbook`, `xl_styles` and so on.

    A name's underscores are slashes; the ending is .xml, for names that end in `_rels` .xml.rels.
    """
    types = (
        f'<Types xmlns="{_OFFICE}/package/2006/content-types"><Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType='
        f'"application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>'
        f'<Override PartName="/{_SHEET}" ContentType="{_TYPES}.worksheet+xml"/></Types>'
    )
    root = relations({"rId1": "xl/workbook.xml"}).replace("/worksheet", "/officeDocument", 1)
    made: dict[str, str | bytes] = {
        "[Content_Types].xml": types,
        "_rels/.rels": root,
        "xl/workbook.xml": workbook_xml(),
        "xl/_rels/workbook.xml.rels": relations({"rId1": "worksheets/sheet1.xml"}),
        _SHEET: sheet or sheet_xml(),
    }
    for key, content in others.items():
        made[_part(key)] = content
    return {name: text.encode() if isinstance(text, str) else text for name, text in made.items()}


def _part(key: str) -> str:
    if key.endswith("_rels"):
        folder, _, name = key.removesuffix("_rels").rpartition("_")
        return f"{folder}/_rels/{name}.xml.rels"
    return f"{key.replace('_', '/')}.xml"


def zipped(contents: Mapping[str, bytes]) -> bytes:
    """Return the parts as an honest archive."""
    return archive(Member(name, content) for name, content in contents.items())
