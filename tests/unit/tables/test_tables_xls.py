"""Workbooks of the old format: `workbooks/*.xls`, made once with xlwt 1.3.0.

Each has a sheet 单位 and a sheet 活动 with a merged title above its header, and a day typed as a serial number.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from tables_samples import codes

from auditor.engines.duckdb import DuckDBEngine
from auditor.tables.read import Reading

Read = Callable[..., Reading]

WORKBOOKS = Path(__file__).parent / "workbooks"


@pytest.mark.parametrize("epoch", ["1900", "1904"])
@pytest.mark.parametrize("ending", [".xls", ".et"])
def test_an_old_workbook_is_read_like_any(
    read: Read, engine: DuckDBEngine, tmp_path: Path, epoch: str, ending: str
) -> None:
    shutil.copy(WORKBOOKS / f"epoch-{epoch}.xls", tmp_path / f"all{ending}")
    reading = read()
    assert codes(reading) == []
    assert [(w.code, w.place.row) for w in reading.warnings] == [
        ("table.read_header_below", 2),
        ("table.read_number", 3),
        ("table.read_date", 4),
    ]
    query = (
        "SELECT activity_id, held_on, speakers, hours, first_topic, row_no FROM activities ORDER BY row_no"
    )
    assert engine.rows(query) == [
        ("A1", date(2024, 3, 5), 3, Decimal("0.5"), True, 3),
        ("A2", date(2024, 3, 5), None, None, None, 4),
    ]


def test_an_error_is_no_blank(read: Read, tmp_path: Path) -> None:
    """The reader of values gives an empty text for it."""
    shutil.copy(WORKBOOKS / "error-cell.xls", tmp_path / "all.xls")
    assert [
        (p.code, p.place.sheet, p.place.row, p.place.column, p.figures["value"]) for p in read().problems
    ] == [("table.error_cell", "活动", 5, "发言人数", "#N/A")]


@pytest.mark.parametrize("name", ["epoch-1900", "error-cell"])
def test_a_truncated_workbook_is_never_read_as_other_data(read: Read, tmp_path: Path, name: str) -> None:
    whole = (WORKBOOKS / f"{name}.xls").read_bytes()
    for length in range(0, len(whole), len(whole) // 40):
        assert "table.corrupt_file" in codes(read({"all.xls": whole[:length]})), length


def test_chains_of_sectors_that_never_end_are_refused(read: Read) -> None:
    """Every sector follows itself."""
    whole = bytearray((WORKBOOKS / "epoch-1900.xls").read_bytes())
    table = 512 * (1 + int.from_bytes(whole[76:80], "little"))
    for sector in range(128):
        whole[table + 4 * sector : table + 4 * sector + 4] = sector.to_bytes(4, "little")
    assert codes(read({"all.xls": bytes(whole)})) == ["table.corrupt_file"]
