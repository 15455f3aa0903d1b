"""Rows read a second time: cells understood, totals and repeated headers left out, all of it said once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from tables_samples import UNITS, codes

from auditor.engines.duckdb import DuckDBEngine
from auditor.tables.read import Reading

Read = Callable[..., Reading]

HEAD = "activity_id,unit_id,kind,held_on,speakers,first_topic\n"
MESSY = (
    "activity_id,unit_id,kind,held_on,speakers,first_topic\n"
    "A1,U1,lesson,20240305,12人,√\n"
    "A2,U1,lesson,2024-03-06,3,否\n"
    "activity_id,unit_id,kind,held_on,speakers,first_topic\n"
    'A3,U1,lesson,2024年3月7日（周四）,"1,200",无\n'
    "合计,,,,十五,\n"
)
ROWS = [
    ("A1", date(2024, 3, 5), 12, True, 2),
    ("A2", date(2024, 3, 6), 3, False, 3),
    ("A3", date(2024, 3, 7), 1200, False, 5),
]
QUERY = "SELECT activity_id, held_on, speakers, first_topic, row_no FROM activities ORDER BY row_no"
SAID = [
    ("table.left_out_headers", 4, None, 1, "4"),
    ("table.left_out_totals", 6, None, 1, "6"),
    ("table.read_boolean", 2, "first_topic", 2, None),
    ("table.read_date", 2, "held_on", 2, None),
    ("table.read_number", 2, "speakers", 2, None),
]


def said(reading: Reading) -> list[tuple[Any, ...]]:
    return sorted(
        (w.code, w.place.row, w.place.column, w.figures["count"], w.figures.get("rows"))
        for w in reading.warnings
    )


def save(path: Path, rows: Sequence[Sequence[Any]], *, mac: bool = False) -> None:
    book = openpyxl.Workbook()
    if mac:
        book.epoch = CALENDAR_MAC_1904
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    book.save(path)


@pytest.mark.parametrize("blank", ["", "\n"], ids=["read whole", "row by row"])
def test_messy_rows_are_read_and_said_once(read: Read, engine: DuckDBEngine, blank: str) -> None:
    reading = read({"units.csv": UNITS, "activities.csv": MESSY + blank + ("A4,U1,,,,\n" if blank else "")})
    assert codes(reading) == []
    assert engine.rows(QUERY)[:3] == ROWS
    assert said(reading) == SAID


def test_only_what_cannot_be_understood_is_a_problem(read: Read, engine: DuckDBEngine) -> None:
    reading = read({"units.csv": UNITS, "activities.csv": MESSY + "A9,U1,lesson,24.3.5,几人,√\n"})
    assert [(p.code, p.place.row, p.figures["value"]) for p in reading.problems] == [
        ("table.bad_date", 7, "24.3.5"),
        ("table.bad_integer", 7, "几人"),
    ]
    read(skip_bad_rows=True)
    assert engine.rows(QUERY) == ROWS


def test_what_was_understood_is_checked_like_any_other(read: Read) -> None:
    rows = "A1,U1,lesson,19480305,-3人,\nA2,U1,lesson,20240306,,\nA2,U1,lesson,20240306,,\n"
    reading = read({"units.csv": UNITS, "activities.csv": HEAD + rows})
    assert codes(reading) == ["table.day_out_of_range", "table.negative", "table.duplicate_key"]


def test_plain_rows_are_not_noted(read: Read) -> None:
    rows = "A1,U1,学习,2024/3/5,１２,是\nA2,U1,lesson,2024年3月5日,3.0,no\n"
    assert read({"units.csv": UNITS, "activities.csv": HEAD + rows}).warnings == ()


def test_notes_of_many_batches_are_one(read: Read, engine: DuckDBEngine) -> None:
    rows = "".join(f"A{i},U1,{'7人' if i % 2 else 7}\n" for i in range(60_000))
    reading = read({"units.csv": UNITS, "activities.csv": f"\nactivity_id,unit_id,speakers\n{rows}"})
    assert said(reading) == [("table.read_number", 4, "speakers", 30_000, None)]
    assert engine.rows("SELECT count(*), sum(speakers), count(DISTINCT row_no) FROM activities") == [
        (60_000, 420_000, 60_000)
    ]


def test_a_total_is_told_by_what_it_lacks(read: Read, engine: DuckDBEngine) -> None:
    """A row that has all that a row must have is one, whatever its remark says."""
    text = "evidence,activity_id,unit_id,hours\n合计,A1,U1,2\n合计,,,2\n小计,A2,,2\n"
    reading = read({"units.csv": UNITS, "activities.csv": text})
    assert engine.rows("SELECT activity_id FROM activities") == [("A1",)]
    assert said(reading) == [("table.left_out_totals", 3, None, 2, "3, 4")]


def test_a_unit_called_like_a_total_is_none(read: Read, engine: DuckDBEngine) -> None:
    reading = read({"units.csv": "unit_id,type\n会计,university\n统计,university\n"})
    assert (codes(reading), reading.warnings) == ([], ())
    assert engine.rows("SELECT count(*) FROM units") == [(2,)]


def test_a_short_total_row_is_no_ragged_one(read: Read) -> None:
    reading = read({"units.csv": UNITS, "activities.csv": "activity_id,unit_id,hours\nA1,U1,2\n合计\nA2\n"})
    assert [(p.code, p.place.row) for p in reading.problems] == [("table.ragged_row", 4)]
    assert said(reading) == [("table.left_out_totals", 3, None, 1, "3")]


def test_a_total_in_a_workbook_that_names_its_unit(read: Read, engine: DuckDBEngine, tmp_path: Path) -> None:
    """Its rows need no unit, so that nothing but its key tells the total."""
    book = openpyxl.Workbook()
    del book["Sheet"]
    for title, rows in {
        "units": [["unit_id", "name", "type"], ["U1", "x", "school"]],
        "activities": [["activity_id", "hours"], ["A1", 2], ["合计", 2], ["activity_id", "hours"]],
    }.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(tmp_path / "1.xlsx")
    reading = read()
    assert codes(reading) == []
    assert engine.rows("SELECT activity_id, unit_id FROM activities") == [("A1", "U1")]
    assert [(w.code, w.place.sheet, w.place.row) for w in reading.warnings] == [
        ("table.left_out_totals", "activities", 3),
        ("table.left_out_headers", "activities", 4),
    ]


@pytest.mark.parametrize("mac", [False, True])
def test_serial_numbers_count_from_the_epoch_of_their_workbook(
    read: Read, engine: DuckDBEngine, tmp_path: Path, mac: bool
) -> None:
    serial = 43894 if mac else 45356
    save(
        tmp_path / "activities.xlsx",
        [["activity_id", "unit_id", "held_on"], ["A1", "U1", serial], ["A2", "U1", str(serial)]],
        mac=mac,
    )
    reading = read({"units.csv": UNITS})
    assert codes(reading) == []
    assert engine.rows("SELECT DISTINCT held_on FROM activities") == [(date(2024, 3, 5),)]
    assert said(reading) == [("table.read_date", 2, "held_on", 2, None)]


def test_text_in_parquet_is_understood_too(read: Read, engine: DuckDBEngine, tmp_path: Path) -> None:
    query = "SELECT 'A1' AS activity_id, 'U1' AS unit_id, '20240305' AS held_on, '12人' AS speakers"
    with duckdb.connect() as connection:
        connection.execute(
            f"COPY ({query}) TO '{(tmp_path / 'activities.parquet').as_posix()}' (FORMAT parquet)"
        )
    assert codes(read({"units.csv": UNITS})) == []
    assert engine.rows("SELECT held_on, speakers, row_no FROM activities") == [(date(2024, 3, 5), 12, 1)]
