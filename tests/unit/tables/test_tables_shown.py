"""What a workbook shows beside its values: percentages, leading zeros, merged, hidden; what a number cannot hold."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from tables_samples import codes

from auditor.engines.duckdb import DuckDBEngine
from auditor.tables.read import Reading

Read = Callable[..., Reading]

ROWS = [
    ["活动编号", "单位编号", "活动类型", "举办日期", "参加人数"],
    ["A1", "U1", "学习", "2024-03-05", 12],
    ["A2", None, None, "2024-03-06", 13],
    ["A3", None, "宣讲", "2024-03-07", 14],
]


@pytest.fixture
def sheet(tmp_path: Path) -> Worksheet:
    """Return the sheet of activities in a workbook with one unit."""
    book = openpyxl.Workbook()
    units = book.active
    assert units is not None
    units.title = "单位"
    units.append(["单位编号", "单位类型"])
    units.append(["U1", "高校"])
    sheet = book.create_sheet("活动")
    for row in ROWS:
        sheet.append(row)
    return sheet


def warned(reading: Reading) -> list[tuple[str, dict[str, object]]]:
    return [(each.code, dict(each.figures)) for each in reading.warnings]


def test_merged_cells_hold_for_each_of_their_rows(
    read: Read, engine: DuckDBEngine, tmp_path: Path, sheet: Worksheet
) -> None:
    sheet.merge_cells("B2:B4")
    sheet.merge_cells("C2:C3")
    sheet.parent.save(tmp_path / "all.xlsx")
    reading = read()
    assert codes(reading) == []
    assert warned(reading) == [("table.read_merged", {"count": 2, "cells": "B2:B4, C2:C3"})]
    assert engine.rows("SELECT activity_id, unit_id, kind FROM activities ORDER BY row_no") == [
        ("A1", "U1", "study_session"),
        ("A2", "U1", "study_session"),
        ("A3", "U1", "outreach_lecture"),
    ]


def test_a_merged_number_could_be_each_row_s_or_the_sum(read: Read, tmp_path: Path, sheet: Worksheet) -> None:
    for row in (3, 4):
        sheet.cell(row, 2, "U1")
    sheet.merge_cells("E2:E4")
    sheet.parent.save(tmp_path / "all.xlsx")
    problems = read().problems
    assert [(p.code, p.place.row, p.place.column, p.figures["other"]) for p in problems] == [
        ("table.merged_number", 2, "参加人数", "E2:E4")
    ]


def test_what_is_hidden_is_read_and_said(
    read: Read, engine: DuckDBEngine, tmp_path: Path, sheet: Worksheet
) -> None:
    for row in (3, 4):
        sheet.cell(row, 2, "U1")
    for row in (3, 4):  # the last one too
        sheet.row_dimensions[row].hidden = True
    sheet.column_dimensions["E"].hidden = True
    sheet.sheet_state = "hidden"
    sheet.parent.save(tmp_path / "all.xlsx")
    reading = read()
    assert codes(reading) == []
    assert warned(reading) == [
        ("table.read_hidden_columns", {"count": 1, "columns": "E"}),
        ("table.read_hidden_rows", {"count": 2, "rows": "3, 4"}),
        ("table.read_hidden_sheet", {"count": 1}),
    ]
    assert engine.rows("SELECT sum(participants) FROM activities") == [(39,)]


def test_an_identifier_is_what_its_cell_shows(
    read: Read, engine: DuckDBEngine, tmp_path: Path, sheet: Worksheet
) -> None:
    for row in (3, 4):
        sheet.cell(row, 2, "U1")
    sheet.cell(2, 1, 7).number_format = "000"
    sheet.cell(3, 1, 8)
    sheet.parent.save(tmp_path / "all.xlsx")
    assert codes(read()) == []
    assert engine.rows("SELECT activity_id FROM activities ORDER BY row_no") == [("007",), ("8",), ("A3",)]


def test_an_identifier_that_lost_its_last_digits_is_none(
    read: Read, tmp_path: Path, sheet: Worksheet
) -> None:
    for row in (3, 4):
        sheet.cell(row, 2, "U1")
    sheet.cell(2, 1, 123456789012345678)
    sheet.cell(3, 1, "123456789012345678")
    sheet.parent.save(tmp_path / "all.xlsx")
    assert [(p.code, p.place.row) for p in read().problems] == [("table.id_lost_digits", 2)]


def test_a_percentage_is_read_as_it_is_shown(
    read: Read, engine: DuckDBEngine, tmp_path: Path, sheet: Worksheet
) -> None:
    for row in (3, 4):
        sheet.cell(row, 2, "U1")
    targets = sheet.parent.create_sheet("任务")
    targets.append(["单位编号", "要求编号", "年度", "任务数"])
    targets.append(["U1", "x/y", 2024, 0.35])
    targets.cell(2, 4).number_format = "0.00%"
    sheet.cell(2, 5, 0.5).number_format = "0%"
    sheet.parent.save(tmp_path / "all.xlsx")
    reading = read()
    assert [(p.code, p.place.row, p.figures["value"]) for p in reading.problems] == [
        ("table.no_percent", 2, "50%")
    ]
    assert [(w.code, w.figures["value"], w.figures["other"]) for w in reading.warnings] == [
        ("table.read_number", "35%", "0.35")
    ]
    assert engine.rows("SELECT CAST(value AS VARCHAR) FROM targets") == [("0.350000",)]
