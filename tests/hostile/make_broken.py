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
    relations,
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


_PLAIN = ("activity_id", "unit_id", "kind", "held_on", "participants")
_ROWS = (
    ("A1", "001", "study_session", "2024-03-05", "12"),
    ("A2", "001", "study_session", "2024-04-05", "13"),
)


def _activities(rows: str = "", before: str = "", after: str = "", *, hidden: bool = False) -> bytes:
    """Return a workbook of a unit and two of its meetings; `before` and `after` stand around the meetings' rows."""
    book = workbook_xml(("units", "activities"))
    if hidden:
        book = book.replace('<sheet name="activities"', '<sheet name="activities" state="hidden"')
    sheet = sheet_xml(rows or rows_xml([_PLAIN, *_ROWS]), before=before, after=after)
    targets = {"rId1": "worksheets/sheet1.xml", "rId2": "worksheets/sheet2.xml"}
    return zipped(parts(xl_workbook=book, xl_workbook_rels=relations(targets), xl_worksheets_sheet2=sheet))


def merged_number() -> bytes:
    """Return a workbook in which one number of participants stands in the merged cells of both meetings."""
    return _activities(after='<mergeCells count="1"><mergeCell ref="E2:E3"/></mergeCells>')


def read_merged() -> bytes:
    """Return a workbook in which the unit and the kind of both meetings stand in merged cells."""
    merged = '<mergeCells count="2"><mergeCell ref="B2:B3"/><mergeCell ref="C2:C3"/></mergeCells>'
    rows = rows_xml([_PLAIN, _ROWS[0], ("A2", "", "", "2024-04-05", "13")])
    return _activities(rows, after=merged)


def read_hidden_rows() -> bytes:
    """Return a workbook whose second meeting is in a hidden row."""
    return _activities(rows_xml([_PLAIN, *_ROWS]).replace('<row r="3"', '<row r="3" hidden="1"'))


def read_hidden_columns() -> bytes:
    """Return a workbook that hides the participants."""
    return _activities(before='<cols><col min="5" max="5" width="9" hidden="1"/></cols>')


def read_hidden_sheet() -> bytes:
    """Return a workbook that hides the meetings."""
    return _activities(hidden=True)


MADE = (
    *(zip_bomb, long_cell, too_many_sheets, merged_number, read_merged),
    *(read_hidden_rows, read_hidden_columns, read_hidden_sheet),
)
"""What makes the workbook of the code that it is named after."""


def make(folder: Path = BROKEN) -> None:
    """Write every tiny broken workbook into the folder of its code."""
    for code, names in TINY.items():
        for name in names:
            HOSTILE[name].make(_new(folder / code))
    for made in MADE:
        (_new(folder / made.__name__) / "units.xlsx").write_bytes(made())


def _new(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


if __name__ == "__main__":
    make()
