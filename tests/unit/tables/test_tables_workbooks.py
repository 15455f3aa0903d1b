from __future__ import annotations

import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from tables_samples import codes

from auditor.engines.duckdb import DuckDBEngine
from auditor.tables.read import Reading

Read = Callable[..., Reading]
Rows = Sequence[Sequence[Any]]

UNITS: Rows = [["单位编号", "单位类型"], ["U1", "高校"]]


def write(path: Path, sheets: dict[str, Rows], *, mac: bool = False) -> None:
    book = openpyxl.Workbook()
    del book["Sheet"]
    if mac:
        book.epoch = CALENDAR_MAC_1904
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)


def test_a_sheet_is_a_table(read: Read, engine: DuckDBEngine, tmp_path: Path) -> None:
    write(
        tmp_path / "all.xlsx",
        {
            "说明": [["只作说明"]],
            "单位": [["单位编号", "单位类型"], [101, "高校"], ["U2", "系"]],
            "活动": [
                ["活动编号", "单位编号", "活动类型", "举办日期", "学时", "发言人数", "第一议题"],
                [1, 101, "学习", date(2024, 3, 5), 0.1 + 0.2, 2, True],
                ["2", "101", "lesson", datetime.fromisoformat("2024-03-06"), 2, 3.0, "否"],
                [3, 101, None, "2024年3月7日", None, None, None],
            ],
            "posts": [],
        },
    )
    reading = read()
    assert codes(reading) == []
    assert reading.present == {"units", "activities"}
    assert engine.rows("SELECT * FROM sources") == [(1, "all.xlsx", "单位"), (2, "all.xlsx", "活动")]
    assert engine.rows("SELECT unit_id, type FROM units ORDER BY 1") == [
        ("101", "university"),
        ("U2", "department"),
    ]
    columns = "activity_id, unit_id, kind, held_on, hours, speakers, first_topic, row_no"
    assert engine.rows(f"SELECT {columns} FROM activities ORDER BY row_no") == [
        ("1", "101", "study_session", date(2024, 3, 5), Decimal("0.3"), 2, True, 2),
        ("2", "101", "lesson", date(2024, 3, 6), Decimal(2), 3, False, 3),
        ("3", "101", None, date(2024, 3, 7), None, None, None, 4),
    ]


@pytest.mark.parametrize("mac", [False, True])
def test_dates_of_both_epochs(read: Read, engine: DuckDBEngine, tmp_path: Path, mac: bool) -> None:
    activities = [["activity_id", "unit_id", "held_on"], ["A1", "U1", date(2024, 3, 5)]]
    write(tmp_path / "all.xlsx", {"units": UNITS, "activities": activities}, mac=mac)
    assert codes(read()) == []
    assert engine.rows("SELECT held_on FROM activities") == [(date(2024, 3, 5),)]


def test_row_numbers_are_those_a_spreadsheet_shows(read: Read, engine: DuckDBEngine, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "units"
    for place, value in {
        "C3": "unit_id",
        "D3": "type",
        "C4": "U1",
        "D4": "school",
        "C9": "U2",
        "D9": "nonsense",
    }.items():
        sheet[place] = value
    sheet["C6"] = " "
    book.save(tmp_path / "all.xlsx")
    reading = read()
    assert [(p.code, p.place.row, p.place.column) for p in reading.problems] == [
        ("table.unknown_value", 9, "type")
    ]
    assert engine.rows("SELECT unit_id, row_no FROM units ORDER BY 2") == [("U1", 4), ("U2", 9)]


def test_no_value_is_not_a_blank(read: Read, engine: DuckDBEngine, tmp_path: Path) -> None:
    activities = [
        ["activity_id", "unit_id", "kind", "speakers"],
        ["A1", "U1", "#N/A", 1],
        ["=1+1", "U1", None, None],
        ["A3", "U1", None, None],
        ["A4", "U1", "x", "#DIV/0!"],
    ]
    write(tmp_path / "all.xlsx", {"units": UNITS, "activities": activities})
    reading = read()
    assert [(p.code, p.place.row, p.place.column, p.figures["value"]) for p in reading.problems] == [
        ("table.error_cell", 2, "kind", "#N/A"),
        ("table.uncalculated_formula", 3, "activity_id", "=1+1"),
        ("table.unknown_value", 5, "kind", "x"),
        ("table.error_cell", 5, "speakers", "#DIV/0!"),
    ]
    assert [row.row for row in read(skip_bad_rows=True).left_out] == [2, 3, 5]
    assert engine.rows("SELECT activity_id FROM activities") == [("A3",)]


def test_a_calculated_formula_is_its_value(read: Read, engine: DuckDBEngine, tmp_path: Path) -> None:
    activities = [["activity_id", "unit_id", "speakers", "evidence"], ["A1", "U1", "=1+1", '=""']]
    write(tmp_path / "all.xlsx", {"units": UNITS, "activities": activities})
    _edit(tmp_path / "all.xlsx", "<f>1+1</f><v />", "<f>1+1</f><v>2</v>")
    _edit(tmp_path / "all.xlsx", '<c r="D2"><f>""</f><v />', '<c r="D2" t="str"><f>""</f><v></v>')
    assert codes(read()) == []
    assert engine.rows("SELECT speakers, evidence FROM activities") == [(2, None)]


def test_a_document_type_is_refused(read: Read, tmp_path: Path) -> None:
    write(tmp_path / "all.xlsx", {"units": UNITS})
    _edit(tmp_path / "all.xlsx", "<worksheet ", '<!DOCTYPE x [<!ENTITY e "e">]><worksheet ')
    assert codes(read()) == ["table.document_type"]


def _edit(path: Path, old: str, new: str) -> None:
    """Replace a piece of XML in every sheet of a workbook; it must be there."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheets = {name: part for name, part in parts.items() if name.startswith("xl/worksheets/")}
    assert any(old.encode() in part for part in sheets.values())
    with zipfile.ZipFile(path, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part.replace(old.encode(), new.encode()) if name in sheets else part)


def test_a_workbook_named_by_its_table(read: Read, engine: DuckDBEngine, tmp_path: Path) -> None:
    write(tmp_path / "单位.xlsx", {"Sheet1": UNITS})
    write(tmp_path / "posts.xlsx", {"Sheet1": [["post_id", "unit_id"], ["P1", "U1"]]})
    assert codes(read()) == []
    assert engine.rows("SELECT count(*) FROM missing_tables WHERE table_name = 'posts'") == [(0,)]


def test_a_workbook_for_each_unit(read: Read, engine: DuckDBEngine, tmp_path: Path) -> None:
    head = ["unit_id", "name", "type"]
    write(
        tmp_path / "1.xlsx",
        {
            "基本信息": [head, ["U1", "一", "school"]],
            "活动": [["活动编号", "活动类型"], ["A1", "学习"]],
            "posts": [["post_id"]],
        },
    )
    write(tmp_path / "2.xlsx", {"units": [head, ["U2", "二", "school"]], "posts": [["post_id"], ["P2"]]})
    write(
        tmp_path / "3.xlsx",
        {
            "units": [head, ["U3", "三", "school"]],
            "activities": [["activity_id", "unit_id"], ["A3", None], ["A4", "U1"]],
        },
    )
    reading = read({"units.csv": "unit_id,type\nU4,school\n", "assets.csv": "asset_id,unit_id\n"})
    assert codes(reading) == []
    rows = "SELECT activity_id, unit_id FROM activities ORDER BY 1"
    assert engine.rows(rows) == [("A1", "U1"), ("A3", "U3"), ("A4", "U1")]
    missing = (
        "SELECT table_name, unit_id FROM missing_tables WHERE table_name IN ('activities', 'posts', 'assets')"
    )
    assert engine.rows(f"{missing} ORDER BY ALL") == [
        ("activities", "U2"),
        ("activities", "U4"),
        ("posts", "U3"),
        ("posts", "U4"),
    ]


def test_a_units_sheet_without_types_only_names_the_unit(
    read: Read, engine: DuckDBEngine, tmp_path: Path
) -> None:
    for unit in ("U1", "U9"):
        write(
            tmp_path / f"{unit}.xlsx",
            {"units": [["unit_id", "name"], [unit, "x"]], "posts": [["post_id"], [f"P{unit}"]]},
        )
    reading = read({"units.csv": "unit_id,type\nU1,school\nU2,school\n"})
    assert {(p.code, p.place.file) for p in reading.problems} == {("table.unknown_unit", "U9.xlsx")}
    assert engine.rows("SELECT unit_id FROM units ORDER BY 1") == [("U1",), ("U2",)]
    assert engine.rows("SELECT unit_id FROM missing_tables WHERE table_name = 'posts'") == [("U2",)]


def test_a_key_in_two_sheets_names_both(read: Read, tmp_path: Path) -> None:
    write(tmp_path / "a.xlsx", {"units": UNITS, "单位": UNITS})
    problem = read().problems[0]
    assert (problem.code, problem.place.sheet, problem.figures["other_sheet"]) == (
        "table.duplicate_key",
        "单位",
        "units",
    )
