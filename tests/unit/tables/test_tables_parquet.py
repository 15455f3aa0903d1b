from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from tables_samples import UNITS, codes

from auditor.engines.duckdb import DuckDBEngine
from auditor.tables.read import Reading

Read = Callable[..., Reading]

CANONICAL = (
    "SELECT 'A' || i AS activity_id, 'U1' AS unit_id, 'lesson' AS kind, 'theory;reviewers' AS topics, "
    "DATE '2024-03-05' AS held_on, 1.5::DOUBLE AS hours, i::INTEGER AS speakers, TRUE AS first_topic "
    "FROM range(3) r(i)"
)
COLUMNS = "activity_id, unit_id, kind, topics, held_on, hours, speakers, first_topic, row_no"
ROWS = f"SELECT {COLUMNS} FROM activities ORDER BY row_no"


def write(path: Path, query: str) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({query}) TO '{path.as_posix()}' (FORMAT parquet)")


def is_in_place(engine: DuckDBEngine) -> bool:
    return engine.rows("SELECT count(*) FROM activities_rows") == [(0,)]


def test_canonical_values_are_read_where_they_lie(read: Read, engine: DuckDBEngine, tmp_path: Path) -> None:
    write(tmp_path / "activities.parquet", CANONICAL)
    reading = read({"units.csv": UNITS})
    assert codes(reading) == []
    assert is_in_place(engine)
    day, topics = date(2024, 3, 5), ";theory;reviewers;"
    assert engine.rows(ROWS) == [
        (f"A{i}", "U1", "lesson", topics, day, Decimal("1.5"), i, True, i + 1) for i in range(3)
    ]


def test_text_is_cleaned_to_the_same(read: Read, engine: DuckDBEngine, tmp_path: Path) -> None:
    write(tmp_path / "activities.parquet", CANONICAL)
    read({"units.csv": UNITS})
    canonical = engine.rows(ROWS)
    as_text = (
        "SELECT activity_id AS 活动编号, ' U1 ' AS 单位编号, '思政课' AS kind, "
        "['理论', 'reviewers'] AS topics, "
        "'2024年3月5日' AS held_on, '1.50' AS hours, speakers::DOUBLE AS speakers, '是' AS first_topic"
    )
    write(tmp_path / "activities.parquet", f"{as_text} FROM ({CANONICAL})")
    assert codes(read()) == []
    assert not is_in_place(engine)
    assert engine.rows(ROWS) == canonical


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("activity_id", "NULL", "table.blank_key"),
        ("kind", "'lessons'", "table.unknown_value"),
        ("topics", "'theory;x'", "table.unknown_value"),
        ("held_on", "DATE '1900-01-01'", "table.day_out_of_range"),
        ("held_on", "TIMESTAMP '2024-03-05 12:00:00'", "table.bad_date"),
        ("hours", "'nan'::DOUBLE", "table.not_finite"),
        ("hours", "-1.0", "table.negative"),
        ("speakers", "-1", "table.negative"),
        ("speakers", "1.5", "table.bad_integer"),
        ("speakers", "170141183460469231731687303715884105727::HUGEINT", "table.bad_integer"),
        ("unit_id", "'U9'", "table.unknown_unit"),
    ],
)
def test_wrong_cells_are_found(read: Read, tmp_path: Path, column: str, value: str, code: str) -> None:
    write(
        tmp_path / "activities.parquet", f"SELECT * REPLACE ({value} AS {column}) FROM ({CANONICAL}) LIMIT 1"
    )
    reading = read({"units.csv": UNITS})
    assert codes(reading) == [code]
    assert (reading.problems[0].place.row, reading.problems[0].place.column) == (1, column)


def test_a_column_of_timestamps_at_midnight_is_one_of_days(
    read: Read, engine: DuckDBEngine, tmp_path: Path
) -> None:
    query = f"SELECT * REPLACE (held_on::TIMESTAMP AS held_on) FROM ({CANONICAL})"
    write(tmp_path / "activities.parquet", query)
    assert codes(read({"units.csv": UNITS})) == []
    assert engine.rows("SELECT DISTINCT held_on FROM activities") == [(date(2024, 3, 5),)]


def test_numbers_as_keys_are_text(read: Read, engine: DuckDBEngine, tmp_path: Path) -> None:
    write(tmp_path / "units.parquet", "SELECT 101 AS unit_id, 'school' AS type")
    assert codes(read({"posts.csv": "post_id,unit_id\n1,101\n"})) == []
    assert engine.rows("SELECT unit_id FROM units") == [("101",)]


def test_parquet_and_csv_of_one_table_are_joined(read: Read, engine: DuckDBEngine, tmp_path: Path) -> None:
    write(tmp_path / "activities.parquet", CANONICAL)
    reading = read({"units.csv": UNITS, "activities.csv": "activity_id,unit_id\nA1,U1\nA7,U1\n"})
    assert codes(reading) == ["table.duplicate_key"]
    assert (reading.problems[0].place.file, reading.problems[0].place.row) == ("activities.parquet", 2)
    reading = read(skip_bad_rows=True)
    assert engine.rows("SELECT count(*), count(DISTINCT activity_id) FROM activities") == [(4, 4)]
    assert [row.file for row in reading.left_out] == ["activities.parquet"]


def test_an_empty_parquet_file_is_a_table_without_rows(read: Read, tmp_path: Path) -> None:
    write(tmp_path / "activities.parquet", f"{CANONICAL} LIMIT 0")
    reading = read({"units.csv": UNITS})
    assert (codes(reading), "activities" in reading.present) == ([], True)
