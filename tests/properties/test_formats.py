"""The same tables as CSV, Parquet and a workbook give the same findings, apart from where their rows stand."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from audits import findings, judgements
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from pack_files import every_kind
from second_reading.forms import COLUMNS
from second_reading.organisations import organisation, random_as_of, write_csv

from auditor.tables.declaration import load_declaration

DECLARED = load_declaration().tables
TYPES = {"integer": "BIGINT", "number": "DECIMAL(18, 3)", "date": "DATE", "boolean": "BOOLEAN"}


def parquet(typed: bool) -> Callable[[Any, Path], None]:
    """Return a writer of Parquet files, with the columns' own types or all as text."""

    def put(tables: Any, folder: Path) -> None:
        write_csv(tables, folder / "csv")
        with duckdb.connect() as engine:
            for file in (folder / "csv").glob("*.csv"):
                types = {
                    column: TYPES.get(DECLARED[file.stem].columns[column].type, "VARCHAR")
                    if typed
                    else "VARCHAR"
                    for column in COLUMNS[file.stem]
                }
                read = f"read_csv('{file}', columns={types}, header=true, auto_detect=false, delim=',', quote='\"')"
                engine.execute(
                    f"COPY (SELECT * FROM {read}) TO '{folder / file.stem}.parquet' (FORMAT parquet)"
                )
                file.unlink()

    return put


def workbook(lang: str) -> Callable[[Any, Path], None]:
    """Return a writer of one workbook: a sheet a table, days as days, headers and sheet names in zh or en."""

    def put(tables: Any, folder: Path) -> None:
        folder.mkdir(parents=True)
        book = Workbook()
        book.remove(book.active)  # type: ignore[arg-type]
        for table, rows in tables.items():
            if rows is not None:
                declared = DECLARED[table]
                sheet = book.create_sheet(getattr(declared.label, lang))
                sheet.append([getattr(declared.columns[column].label, lang) for column in COLUMNS[table]])
                for row in rows:
                    sheet.append([_cell(row.get(column)) for column in COLUMNS[table]])
        book.save(folder / "organisation.xlsx")

    return put


def _cell(value: Any) -> Any:
    return "、".join(value) if isinstance(value, tuple) else value


@pytest.mark.slow
@settings(max_examples=3)
@given(st.integers(0, 2**32 - 1))
def test_every_format_gives_the_same_findings(seed: int) -> None:
    dice = random.Random(seed)
    tables, as_of = organisation(dice, small=True), random_as_of(dice)
    of_csv = judgements(findings(tables, every_kind(), as_of=as_of))
    for write in (parquet(typed=True), parquet(typed=False), workbook("zh"), workbook("en")):
        assert judgements(findings(tables, every_kind(), as_of=as_of, write=write)) == of_csv
