"""Make the tiny broken workbooks of tests/broken/tables: python -m hostile.make_broken (from `tests`).

Each is the smallest file that shows its problem. What no tiny file can show (a size, the reader's end) has none here.
"""

from __future__ import annotations

import re
from pathlib import Path

from hostile.archives import (
    Member,
    archive,
    deflated,
    parts,
    row_xml,
    rows_xml,
    sheet_xml,
    workbook_xml,
    zipped,
)
from hostile.make_hostile import HOSTILE

BROKEN = Path(__file__).parents[1] / "broken" / "tables"
SHEET = "xl/worksheets/sheet1.xml"

TINY = {
    "overlapping_entries": ("two_names_for_one_place",),
    "wrong_checksum": ("wrong_checksum_of_the_texts",),
    "far_cell": ("the_last_cell_of_all",),
    "false_dimension": ("a_size_smaller_than_the_data",),
    "external_links": ("cells_of_another_workbook",),
    "document_type": ("laughs_in_the_texts",),
    "password_protected": ("an_xlsx_with_a_password", "an_ods_with_a_password"),
}
"""Hostile files that are small enough as they are, by the code that each shows."""


def zip_bomb() -> bytes:
    """Return a workbook whose sheet says that it unpacks to nearly 4 GiB."""
    members = [Member(name, content) for name, content in parts().items() if name != SHEET]
    return archive([*members, Member(SHEET, packed=deflated(bytes(1000)), crc=0, size=0xFFFF0000)])


def long_cell() -> bytes:
    """Return a workbook with a cell of a little over 1 MiB."""
    return zipped(parts(sheet_xml(rows_xml() + row_xml(3, ("002", "x" * ((1 << 20) + 1))))))


def too_many_sheets() -> bytes:
    """Return a workbook that lists its one sheet 5,000 times."""
    listed = workbook_xml(f"s{number}" for number in range(5000))
    return zipped(parts(xl_workbook=re.sub('r:id="rId[0-9]+"', 'r:id="rId1"', listed)))


def make(folder: Path = BROKEN) -> None:
    """Write every tiny broken workbook into the folder of its code."""
    for code, names in TINY.items():
        for name in names:
            HOSTILE[name].make(_new(folder / code))
    for made in (zip_bomb, long_cell, too_many_sheets):
        (_new(folder / made.__name__) / "units.xlsx").write_bytes(made())


def _new(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


if __name__ == "__main__":
    make()
