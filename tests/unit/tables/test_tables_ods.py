from __future__ import annotations

import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import pytest
from tables_samples import UNITS, codes

from auditor.engines.duckdb import DuckDBEngine
from auditor.tables.read import Reading

Read = Callable[..., Reading]

NAMES = (
    " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
        for short in ("office", "table", "text")
    )
    + ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
)


class Raw(str):
    """A cell as its XML."""


NOT_CALCULATED = Raw('<table:table-cell table:formula="of:=1+1"/>')
ERROR_TEXT = Raw(
    '<table:table-cell table:formula="of:=NA()" office:value-type="string" office:string-value="" '
    'calcext:value-type="error"><text:p>#N/A</text:p></table:table-cell>'
)
ERROR_ZERO = Raw(
    '<table:table-cell table:formula="of:=1/0" office:value-type="float" office:value="0">'
    "<text:p>#DIV/0!</text:p></table:table-cell>"
)


def cell(value: Any) -> str:
    if isinstance(value, Raw):
        return value
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, date):
        return f'<table:table-cell office:value-type="date" office:date-value="{value}"/>'
    if isinstance(value, int | float):
        return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
    return f'<table:table-cell office:value-type="string"><text:p>{escape(value)}</text:p></table:table-cell>'


def write(path: Path, sheets: dict[str, Sequence[Sequence[Any] | str]]) -> None:
    body = "".join(
        f"<table:table table:name={quoteattr(name)}>"
        + "".join(
            row if isinstance(row, str) else f"<table:table-row>{''.join(map(cell, row))}</table:table-row>"
            for row in rows
        )
        + "</table:table>"
        for name, rows in sheets.items()
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f'<office:document-content {NAMES} office:version="1.2"><office:body><office:spreadsheet>{body}'
            "</office:spreadsheet></office:body></office:document-content>",
        )
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )


BLANKS = '<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>'


def test_a_spreadsheet_is_read_like_any_workbook(read: Read, engine: DuckDBEngine, tmp_path: Path) -> None:
    write(
        tmp_path / "all.ods",
        {
            "单位": [["单位编号", "单位类型"], ["U1", "高校"]],
            "活动": [
                ["登记表"],
                BLANKS,
                [None, "活动编号", "单位编号", "举办日期", "学时", "发言人数"],
                [None, "A1", "U1", date(2024, 3, 5), 1.5, 3],
                BLANKS,
                [None, "A2", "U1", "20240306", None, "2人"],
            ],
        },
    )
    reading = read()
    assert codes(reading) == []
    assert [(w.code, w.place.sheet, w.place.row) for w in reading.warnings] == [
        ("table.read_header_below", "活动", 4),
        ("table.read_date", "活动", 8),
        ("table.read_number", "活动", 8),
    ]
    assert engine.rows(
        "SELECT activity_id, held_on, hours, speakers, row_no FROM activities ORDER BY row_no"
    ) == [
        ("A1", date(2024, 3, 5), Decimal("1.5"), 3, 5),
        ("A2", date(2024, 3, 6), None, 2, 8),
    ]


def test_errors_are_no_values(read: Read, tmp_path: Path) -> None:
    """The file says 0 and an empty text beside its errors."""
    rows = [
        ["activity_id", "unit_id", "kind", "hours", "speakers"],
        BLANKS,
        ["A1", "U1", ERROR_TEXT, ERROR_ZERO, NOT_CALCULATED],
    ]
    write(tmp_path / "activities.ods", {"Sheet1": rows})
    assert [
        (p.code, p.place.row, p.place.column, p.figures["value"]) for p in read({"units.csv": UNITS}).problems
    ] == [
        ("table.error_cell", 4, "hours", "#DIV/0!"),
        ("table.error_cell", 4, "kind", "#N/A"),
        ("table.uncalculated_formula", 4, "speakers", "=1+1"),
    ]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no spreadsheet"])
def test_what_is_no_spreadsheet_is_told_so(read: Read, content: bytes) -> None:
    assert codes(read({"units.csv": UNITS, "activities.ods": content})) == ["table.corrupt_file"]
