"""Reading a data set into tables, checked; and the bare reader of the same files beside it.

    python benchmarks/intake.py bare|audit FOLDER    (CSV files, or workbooks)
    python benchmarks/intake.py make FOLDER --rows 100000

The first prints one JSON object: {rows, cpu, children, wall, peak}. Each belongs into a process of its own. The
bare reader of CSV is DuckDB, which puts every file into a table; that of workbooks is calamine, which hands over
every row and forgets it.
"""

from __future__ import annotations

import argparse
import datetime
import json
from collections.abc import Callable
from pathlib import Path

import duckdb
import openpyxl
import python_calamine as calamine
from gauge import gauged, watched_children

from auditor.engines.duckdb import DuckDBEngine
from auditor.tables.declaration import load_declaration
from auditor.tables.read import read_tables

UNITS = 100


def bare(folder: Path) -> int:
    """Read the files of a folder with the bare readers; return how many rows there are below the headers."""
    rows = 0
    with duckdb.connect(":memory:") as connection:
        for path in sorted(folder.glob("*.csv")):
            select = f"SELECT * FROM read_csv('{path.as_posix()}')"
            made = connection.execute(f'CREATE TABLE "{path.stem}" AS {select}').fetchone()
            rows += made[0] if made else 0
    for path in sorted(folder.glob("*.xlsx")):
        book = calamine.load_workbook(path)
        for sheet in book.sheet_names:
            rows += sum(1 for _ in book.get_sheet_by_name(sheet).iter_rows()) - 1
    return rows


def audited(folder: Path) -> int:
    """Read a folder as `audit` does, checks included; return how many rows are in the tables."""
    declaration = load_declaration()
    with DuckDBEngine() as engine:
        reading = read_tables(folder, declaration, engine)
        if reading.problems:
            raise RuntimeError(reading.problems[:5])
        counts = [engine.rows(f"SELECT count(*) FROM {table}") for table in reading.present]
    return sum(count[0][0] for count in counts)


def make(folder: Path, rows: int) -> None:
    """Write a workbook of 100 units and so many activities of six columns."""
    folder.mkdir(parents=True, exist_ok=True)
    book = openpyxl.Workbook(write_only=True)
    units = book.create_sheet("单位")
    units.append(["单位编号", "单位名称", "单位类型"])
    for number in range(UNITS):
        units.append([f"U{number}", f"单位{number}", "university"])
    sheet = book.create_sheet("活动")
    sheet.append(["活动编号", "单位编号", "活动类型", "举办日期", "学时", "参加人数"])
    first = datetime.date(2024, 1, 1)
    for number in range(rows):
        day = first + datetime.timedelta(days=number % 366)
        unit, hours, present = f"U{number % UNITS}", number % 8 + 0.5, number % 90
        sheet.append([f"A{number}", unit, "study_session", day, hours, present])
    book.save(folder / "all.xlsx")


def measured(read: Callable[[Path], int], folder: Path) -> dict[str, float]:
    """Return what a reader used for a folder; the peak is that of this process and its children together."""
    load_declaration()
    with watched_children() as children, gauged() as used:
        rows = read(folder)
    return {"rows": rows, **vars(used), "peak": used.peak + children.peak}


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=("bare", "audit", "make"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, default=100_000)
    given = parser.parse_args()
    if given.what == "make":
        make(given.folder, given.rows)
    else:
        print(json.dumps(measured({"bare": bare, "audit": audited}[given.what], given.folder)))
