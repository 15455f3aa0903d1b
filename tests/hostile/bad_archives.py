"""Workbooks whose archive is the attack: bombs, lies about sizes and checksums, parts that overlap or lead away."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from hostile.archives import (
    STORED,
    Member,
    archive,
    deflated,
    parts,
    relations,
    repeated,
    sheet_xml,
    workbook_xml,
    zipped,
)
from hostile.registry import hostile

SHEET = "xl/worksheets/sheet1.xml"
CRC_OF_4095_MIB_OF_ZEROS = 0x65D3537A


def put(folder: Path, members: Sequence[Member] | bytes) -> Path:
    """Write a workbook and return its path."""
    path = folder / "units.xlsx"
    path.write_bytes(members if isinstance(members, bytes) else archive(members))
    return path


def honest(*left_out: str) -> list[Member]:
    """Return the members of a harmless workbook, but those."""
    return [Member(name, content) for name, content in parts().items() if name not in left_out]


@hostile("zip_bomb", "too_large")
def bomb_of_one_member(folder: Path) -> Path:
    """4 GiB of zeros in 4 MiB."""
    packed = repeated(b"\0", 4095 // 16 * 16, before=bytes(15 << 20))
    bomb = Member(SHEET, packed=packed, crc=CRC_OF_4095_MIB_OF_ZEROS, size=4095 << 20)
    return put(folder, [*honest(SHEET), bomb])


@hostile("zip_bomb", "too_large")
def bomb_of_spaces_in_a_sheet(folder: Path) -> Path:
    """A sheet that is well-formed: 1 GiB of blanks between two rows."""
    start, end = sheet_xml().split("</row><row")
    before, after = f"{start}</row>".encode(), f"<row{end}".encode()
    crc = zlib.crc32(before)
    for _ in range(64):
        crc = zlib.crc32(b" " * (16 << 20), crc)
    crc = zlib.crc32(after, crc)
    size = (1 << 30) + len(before) + len(after)
    packed = repeated(b" ", 1024, before, after)
    return put(folder, [*honest(SHEET), Member(SHEET, packed=packed, crc=crc, size=size)])


@hostile("zip_bomb", "too_large")
def bomb_of_many_members(folder: Path) -> Path:
    """2,000 pictures of 2 MiB, 2 KiB each as they lie there."""
    picture = bytes(2 << 20)
    packed, crc = deflated(picture), zlib.crc32(picture)
    pictures = [
        Member(f"xl/media/image{number}.bmp", packed=packed, crc=crc, size=len(picture))
        for number in range(2000)
    ]
    return put(folder, [*honest(), *pictures])


@hostile("zip_bomb", "wrong_checksum", "corrupt_file")
def bomb_that_says_it_is_small(folder: Path) -> Path:
    """1 GiB in a member that says 1,000 bytes."""
    return put(folder, [*honest(SHEET), Member(SHEET, packed=repeated(b" ", 1024), crc=0, size=1000)])


@hostile("zip_bomb", "too_large", "corrupt_file")
def sixty_thousand_members(folder: Path) -> Path:
    """Nothing in any of them."""
    return put(
        folder, [*honest(), *(Member(f"xl/media/{number}", method=STORED) for number in range(60_000))]
    )


@hostile("overlapping_entries", "zip_bomb")
def members_quoting_each_other(folder: Path) -> Path:
    """Each member unpacks to the headers and the content of all that follow: 60 times the same megabyte."""
    kernel = Member("xl/media/59.bmp", bytes(1 << 20))
    chain, content, packed = [kernel], kernel.content, kernel.body
    for number in range(58, -1, -1):
        # A stored block of deflate quotes the next header; the stream then runs on into that member's own.
        quoted = chain[0].header
        packed = b"\0" + struct.pack("<HH", len(quoted), len(quoted) ^ 0xFFFF) + quoted + packed
        content = quoted + content
        name = f"xl/media/{number:02}.bmp"
        chain.insert(0, Member(name, packed=packed, crc=zlib.crc32(content), size=len(content)))
    start = sum(len(each.header) + len(each.body) for each in honest())
    listed = [replace(each, at=start + _offset(chain, at)) for at, each in enumerate(chain)]
    return put(folder, [*honest(), chain[0], *listed[1:]])


def _offset(chain: Sequence[Member], at: int) -> int:
    """Return where a quoted header begins: every one before it stands behind its own and the 5 bytes of a block."""
    return sum(len(each.header) + 5 for each in chain[:at])


@hostile("overlapping_entries", "corrupt_file")
def two_names_for_one_place(folder: Path) -> Path:
    """Two members that are listed at the same bytes."""
    members = honest()
    at = sum(len(each.header) + len(each.body) for each in members[:-1])
    return put(folder, [*members, Member("xl/worksheets/sheet2.xml", members[-1].content, at=at)])


@hostile("overlapping_entries", "corrupt_file")
def the_same_name_twice(folder: Path) -> Path:
    """Two sheets under one name: readers differ in which they take."""
    other = sheet_xml().replace("001", "666").encode()
    return put(folder, [*honest(), Member(SHEET, other)])


@hostile("overlapping_entries", "corrupt_file")
def the_same_name_in_other_letters(folder: Path) -> Path:
    """Two sheets whose names differ in the case of a letter: readers differ in which they take."""
    other = sheet_xml().replace("001", "666").encode()
    return put(folder, [*honest(), Member(SHEET.replace("sheet1", "Sheet1"), other)])


@hostile("corrupt_file")
def one_sheet_under_two_names(folder: Path) -> Path:
    """A part that is listed twice is read twice."""
    book = parts(
        xl_workbook=workbook_xml(("units", "posts")),
        xl_workbook_rels=relations({"rId1": "worksheets/sheet1.xml", "rId2": "worksheets/sheet1.xml"}),
    )
    return put(folder, zipped(book))


@hostile("wrong_checksum")
def wrong_checksum_of_a_sheet(folder: Path) -> Path:
    """One bit of the checksum."""
    content = parts()[SHEET]
    return put(folder, [*honest(SHEET), Member(SHEET, content, crc=zlib.crc32(content) ^ 1)])


@hostile("wrong_checksum")
def wrong_checksum_of_the_texts(folder: Path) -> Path:
    """A flipped bit in the shared strings: another unit's number, if it is believed."""
    texts = "".join(f"<si><t>{text}</t></si>" for text in ("unit_id", "type", "001", "university"))
    content = f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{texts}</sst>'.encode()
    rows = "".join(
        f'<row r="{row}"><c r="A{row}" t="s"><v>{row * 2 - 2}</v></c><c r="B{row}" t="s"><v>{row * 2 - 1}</v></c></row>'
        for row in (1, 2)
    )
    book = parts(sheet_xml(rows))
    strings = Member(
        "xl/sharedStrings.xml", content.replace(b"001", b"003"), method=STORED, crc=zlib.crc32(content)
    )
    return put(folder, [*(Member(name, part) for name, part in book.items()), strings])


@hostile("corrupt_file")
def cut_in_its_list(folder: Path) -> Path:
    """The end of the archive is missing, with half of its list."""
    data = zipped(parts())
    return put(folder, data[: data.index(b"PK\x01\x02") + 100])


@hostile("corrupt_file")
def cut_in_the_middle(folder: Path) -> Path:
    """Half a file, as an interrupted copy leaves it."""
    data = zipped(parts())
    return put(folder, data[: len(data) // 2])


@hostile("password_protected", "corrupt_file")
def a_member_with_a_password(folder: Path) -> Path:
    """The flag of an encrypted member."""
    return put(folder, [*honest(SHEET), Member(SHEET, b"x" * 200, method=STORED, flags=1)])


@hostile("corrupt_file")
def an_unknown_compression(folder: Path) -> Path:
    """A method that no office uses."""
    return put(folder, [*honest(SHEET), Member(SHEET, packed=b"x" * 200, method=99, crc=0, size=200)])


@hostile("corrupt_file")
def a_sheet_that_is_not_there(folder: Path) -> Path:
    """Listed in the workbook, missing in the archive."""
    return put(folder, honest(SHEET))


@hostile("corrupt_file", "external_links")
def a_sheet_outside_the_archive(folder: Path) -> Path:
    """Its path leads to a file of the system."""
    return put(folder, zipped(parts(xl_workbook_rels=relations({"rId1": "../../../../../etc/passwd"}))))


@hostile("corrupt_file", "external_links")
def a_sheet_on_the_net(folder: Path) -> Path:
    """Its address is one of the network."""
    return put(folder, zipped(parts(xl_workbook_rels=relations({"rId1": "http://127.0.0.1:9/sheet1.xml"}))))


@hostile("external_links")
def cells_of_another_workbook(folder: Path) -> Path:
    """A link to a workbook elsewhere, whose cells this one repeats."""
    link = "xl/externalLinks/externalLink1.xml"
    outside = relations({"rId1": "http://127.0.0.1:9/other.xlsx"}).replace("/worksheet", "/externalLinkPath")
    book = parts(
        xl_workbook=workbook_xml(
            after='<externalReferences><externalReference r:id="rId2"/></externalReferences>'
        ),
        xl_workbook_rels=relations(
            {"rId1": "worksheets/sheet1.xml", "rId2": "externalLinks/externalLink1.xml"}
        ),
        xl_externalLinks_externalLink1_rels=outside,
        xl_externalLinks_externalLink1=(
            '<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r='
            '"http://schemas.openxmlformats.org/officeDocument/2006/relationships"><externalBook r:id="rId1"/>'
            "</externalLink>"
        ),
    )
    assert link in book
    return put(folder, zipped(book))


@hostile("too_many_sheets")
def five_thousand_sheets(folder: Path) -> Path:
    """Each of them real."""
    names = ["units", *(f"s{number}" for number in range(2, 5001))]
    targets = {f"rId{number}": f"worksheets/sheet{number}.xml" for number in range(1, 5001)}
    book = parts(xl_workbook=workbook_xml(names), xl_workbook_rels=relations(targets))
    sheets = [Member(f"xl/worksheets/sheet{number}.xml", book[SHEET]) for number in range(2, 5001)]
    return put(folder, [*(Member(name, part) for name, part in book.items()), *sheets])


@hostile("too_large", "corrupt_file")
def three_gibibytes(folder: Path) -> Path:
    """A hole of 3 GiB behind the first bytes of an archive."""
    path = put(folder, b"PK\x03\x04")
    with path.open("r+b") as file:
        file.truncate(3 << 30)
    return path
