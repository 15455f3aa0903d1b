"""Hostile workbooks of the other formats: compound files (xls, encrypted xlsx), OpenDocument, and false names."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping
from pathlib import Path

from hostile.archives import Member, archive
from hostile.bad_sheets import LAUGHS
from hostile.registry import hostile

GOOD_XLS = Path(__file__).parents[2] / "fixtures" / "messy" / "xls" / "台账.xls"
SECTOR = 512
LAST, FREE, OWN = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000002"
    "00000500017a5eab3f0000000049454e44ae426082"
)


def put(folder: Path, name: str, content: bytes) -> Path:
    """Write a file and return its path."""
    path = folder / name
    path.write_bytes(content)
    return path


# ---- Compound files ------------------------------------------------------------------------------


def compound(streams: Mapping[str, bytes]) -> bytes:
    """Return a compound file of streams: the directory, then the streams, then the sectors of the table."""
    table, body = [LAST], b""
    entries = [_entry("Root Entry", 5, LAST, 0, child=1)]
    for number, (name, content) in enumerate(streams.items(), start=1):
        padded = content.ljust(4096, b"\0")  # a shorter one would lie among the small
        padded += bytes(-len(padded) % SECTOR)
        start, count = len(table), len(padded) // SECTOR
        table += [*range(start + 1, start + count), LAST]
        right = number + 1 if number < len(streams) else FREE
        entries.append(_entry(name, 2, start, max(len(content), 4096), right=right))
        body += padded
    own = -(-len(table) // 127)  # with its own sectors in it
    places = [len(table) + number for number in range(own)]
    table += [OWN] * own
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    header += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIII", 0, own, 0, 0, 4096, LAST, 0, LAST, 0)
    header += struct.pack("<109I", *places, *[FREE] * (109 - own))
    fat = struct.pack(f"<{own * 128}I", *table, *[FREE] * (own * 128 - len(table)))
    return header + b"".join(entries).ljust(SECTOR, b"\0") + body + fat


def _entry(name: str, kind: int, start: int, size: int, *, child: int = FREE, right: int = FREE) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    links = struct.pack("<III", FREE, right, child)
    return (
        text.ljust(64, b"\0")
        + struct.pack("<HBB", len(text), kind, 1)
        + links
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )


@hostile("password_protected")
def an_xlsx_with_a_password(folder: Path) -> Path:
    """A compound file of an encrypted package, as Excel saves it."""
    info = struct.pack("<HHI", 4, 4, 0x40) + b'<?xml version="1.0"?><encryption/>'
    package = struct.pack("<Q", 6000) + bytes(number * 37 % 251 for number in range(6000))
    return put(folder, "units.xlsx", compound({"EncryptionInfo": info, "EncryptedPackage": package}))


@hostile("password_protected")
def an_xls_with_a_password(folder: Path) -> Path:
    """The record FILEPASS behind the first."""
    records = [
        (0x809, struct.pack("<HHHHII", 0x600, 5, 0, 1997, 0, 6)),
        (0x2F, struct.pack("<HHH", 1, 1, 1) + bytes(range(48))),
        (0x42, struct.pack("<H", 1200)),
        (0x85, struct.pack("<IBB", 200, 0, 0) + b"\x05\0units"),
        (0x0A, b""),
    ]
    stream = b"".join(struct.pack("<HH", kind, len(body)) + body for kind, body in records)
    return put(folder, "units.xls", compound({"Workbook": stream}))


@hostile("corrupt_file")
def half_an_xls(folder: Path) -> Path:
    """A workbook as an interrupted copy leaves it."""
    data = GOOD_XLS.read_bytes()
    return put(folder, "units.xls", data[: len(data) // 2])


def _chain_of(data: bytearray, start: int, following: int) -> bytes:
    """Return a compound file whose sector `start` is followed by `following`."""
    table = SECTOR * (struct.unpack_from("<I", data, 76)[0] + 1)
    struct.pack_into("<I", data, table + 4 * start, following)
    return bytes(data)


@hostile("corrupt_file")
def an_xls_that_bites_its_tail(folder: Path) -> Path:
    """The workbook's first sector is followed by itself."""
    data = bytearray(GOOD_XLS.read_bytes())
    directory = SECTOR * (struct.unpack_from("<I", data, 48)[0] + 1)
    entry = data.index("Workbook".encode("utf-16-le"), directory)
    start = struct.unpack_from("<I", data, entry + 116)[0]
    return put(folder, "units.xls", _chain_of(data, start, start))


@hostile("corrupt_file")
def an_xls_whose_list_bites_its_tail(folder: Path) -> Path:
    """The directory is followed by itself."""
    data = bytearray(GOOD_XLS.read_bytes())
    start = struct.unpack_from("<I", data, 48)[0]
    return put(folder, "units.xls", _chain_of(data, start, start))


@hostile("corrupt_file")
def an_xls_of_nothing_but_a_head(folder: Path) -> Path:
    """A head that promises four thousand million sectors of its table."""
    head = bytearray(compound({"Workbook": b""})[:SECTOR])
    struct.pack_into("<I", head, 44, 0xFFFFFFF0)
    struct.pack_into("<II", head, 68, 0, 0xFFFFFFF0)
    return put(folder, "units.xls", bytes(head))


def _bof(kind: int) -> tuple[int, bytes]:
    return 0x809, struct.pack("<HHHHII", 0x600, kind, 0, 1997, 0, 6)


def xls(cells: Iterable[tuple[int, bytes]], texts: Iterable[str]) -> bytes:
    """Return a workbook of the old format with one sheet: records of cells, and the texts they share."""
    shared = [struct.pack("<HB", len(text), 0) + text.encode("latin-1") for text in texts]
    sst = struct.pack("<II", len(shared), len(shared)) + b"".join(shared)
    assert len(sst) < 8224, "a longer record would go on in another"
    sheet = _records([_bof(0x10), *cells, (0x0A, b"")])
    xf = (0xE0, bytes(20))
    before = [_bof(5), (0x42, struct.pack("<H", 1200)), *[(0x31, _FONT)] * 5, *[xf] * 16]
    name = struct.pack("<HBB", 0, 5, 0) + b"units"
    after = [(0xFC, sst), (0x0A, b"")]
    start = len(_records([*before, (0x85, struct.pack("<I", 0) + name), *after]))
    return compound(
        {"Workbook": _records([*before, (0x85, struct.pack("<I", start) + name), *after]) + sheet}
    )


_FONT = struct.pack("<HHHHHBBBB", 200, 0, 0x7FFF, 400, 0, 0, 0, 0, 0) + struct.pack("<BB", 1, 0) + b"A"


def _records(records: Iterable[tuple[int, bytes]]) -> bytes:
    return b"".join(struct.pack("<HH", kind, len(body)) + body for kind, body in records)


def _shared(row: int, column: int, text: int) -> tuple[int, bytes]:
    """Return the record of a cell that holds a shared text."""
    return 0xFD, struct.pack("<HHHI", row, column, 15, text)


@hostile("zip_bomb", "too_large", "reader_memory")
def one_text_in_many_cells_of_an_xls(folder: Path) -> Path:
    """A text of 8,000 letters in 120,000 cells: a gigabyte."""
    head = [_shared(0, 0, 0), _shared(0, 1, 1)]
    cells = [_shared(row, column, 2) for row in range(1, 60_000) for column in (0, 1)]
    return put(folder, "units.xls", xls([*head, *cells], ("unit_id", "type", "x" * 8000)))


@hostile("far_cell")
def an_xls_of_a_few_far_cells(folder: Path) -> Path:
    """The last cell of all: 16 million in between."""
    cells = [_shared(0, 0, 0), _shared(0, 1, 1), _shared(65535, 255, 0)]
    return put(folder, "units.xls", xls(cells, ("unit_id", "type")))


# ---- OpenDocument --------------------------------------------------------------------------------

_NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
)
_KIND = "application/vnd.oasis.opendocument.spreadsheet"


def ods_content(rows: str, prolog: str = "") -> bytes:
    """Return the content of a spreadsheet of one sheet."""
    head = "".join(f"<table:table-row>{''.join(map(_text_cell, row))}</table:table-row>" for row in _HEAD)
    return (
        f"{prolog}<office:document-content {_NAMES} office:version='1.2'><office:body><office:spreadsheet>"
        f"<table:table table:name='units'>{head}{rows}</table:table></office:spreadsheet></office:body>"
        "</office:document-content>"
    ).encode()


_HEAD = (("unit_id", "type"), ("001", "university"))


def _text_cell(text: str) -> str:
    return f"<table:table-cell office:value-type='string'><text:p>{text}</text:p></table:table-cell>"


def ods(content: bytes, about: str = "") -> bytes:
    """Return a spreadsheet; `about` stands in the manifest's line of its content."""
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_KIND}"/><manifest:file-entry '
        f'manifest:full-path="content.xml" manifest:media-type="text/xml">{about}</manifest:file-entry>'
        "</manifest:manifest>"
    )
    kind = Member("mimetype", _KIND.encode(), method=0)
    return archive([kind, Member("content.xml", content), Member("META-INF/manifest.xml", manifest.encode())])


@hostile("far_cell", "too_large", "zip_bomb")
def an_ods_of_one_repeated_cell(folder: Path) -> Path:
    """One cell, 17 thousand million times, each with a value."""
    cell = (
        "<table:table-cell table:number-columns-repeated='16384' office:value-type='float' office:value='1'/>"
    )
    rows = f"<table:table-row table:number-rows-repeated='1048576'>{cell}</table:table-row>"
    return put(folder, "units.ods", ods(ods_content(rows)))


@hostile("zip_bomb")
def an_ods_of_one_repeated_text(folder: Path) -> Path:
    """A text of 30 KiB in three million cells."""
    cell = (
        "<table:table-cell table:number-columns-repeated='300' office:value-type='string'>"
        f"<text:p>{'x' * 30_000}</text:p></table:table-cell>"
    )
    rows = f"<table:table-row table:number-rows-repeated='10000'>{cell}</table:table-row>"
    return put(folder, "units.ods", ods(ods_content(rows)))


@hostile("far_cell", "corrupt_file")
def an_ods_repeated_without_end(folder: Path) -> Path:
    """More rows than any number holds."""
    rows = "<table:table-row table:number-rows-repeated='99999999999999999999'><table:table-cell/></table:table-row>"
    return put(folder, "units.ods", ods(ods_content(rows + rows.replace("cell/", "cell office:value='1'/"))))


@hostile("document_type")
def laughs_in_an_ods(folder: Path) -> Path:
    """Entities of entities in a cell."""
    content = ods_content(f"<table:table-row>{_text_cell('&a9;')}</table:table-row>", LAUGHS)
    return put(folder, "units.ods", ods(content))


@hostile("password_protected")
def an_ods_with_a_password(folder: Path) -> Path:
    """Its content is encrypted, as the manifest says."""
    about = (
        '<manifest:encryption-data manifest:checksum-type="SHA256/1K" manifest:checksum="x">'
        '<manifest:algorithm manifest:algorithm-name="http://www.w3.org/2001/04/xmlenc#aes256-cbc" '
        'manifest:initialisation-vector="x"/></manifest:encryption-data>'
    )
    return put(folder, "units.ods", ods(bytes(number * 37 % 251 for number in range(3000)), about))


# ---- False names ---------------------------------------------------------------------------------


@hostile("corrupt_file")
def a_page_called_xls(folder: Path) -> Path:
    """What many an export calls Excel."""
    page = "<html><table><tr><td>unit_id</td><td>type</td></tr><tr><td>001</td><td>university</td></tr></table></html>"
    return put(folder, "units.xls", page.encode())


@hostile("corrupt_file")
def a_picture_called_xlsx(folder: Path) -> Path:
    """A PNG of one pixel."""
    return put(folder, "units.xlsx", PNG)


@hostile("corrupt_file", "empty_file")
def an_empty_workbook(folder: Path) -> Path:
    """No byte at all."""
    return put(folder, "units.xlsx", b"")
