"""The same tables as CSV, Parquet, a workbook and a database give the same findings, apart from where rows stand."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
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

from auditor.tables.database import Database
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


TYPES_STORED = {**TYPES, "number": "NUMERIC", "choices": "TEXT[]"}


def sqlite(tables: Any, folder: Path) -> Path:
    """Write one SQLite database: days and several values as texts, numbers as numbers. SQLite has no other types."""
    folder.mkdir(parents=True)
    path = folder / "organisation.db"
    with closing(sqlite3.connect(path)) as database:
        for table, rows in tables.items():
            if rows is not None:
                columns = COLUMNS[table]
                database.execute(f"CREATE TABLE {table} ({', '.join(columns)})")
                marks = ", ".join("?" * len(columns))
                cells = [[_stored(row.get(column)) for column in columns] for row in rows]
                database.executemany(f"INSERT INTO {table} VALUES ({marks})", cells)
        database.commit()
    return path


def _stored(value: Any) -> Any:
    plain = value is None or isinstance(value, bool | int | float)
    return value if plain else ";".join(value) if isinstance(value, tuple) else str(value)


def postgresql_of(server: Any) -> Callable[[Any, Path], Database]:
    """Return a writer of PostgreSQL databases: every column of its own type, several values as an array."""

    def put(tables: Any, _: Path) -> Database:
        name = server.make()
        with server.connect(name) as database:
            for table, rows in tables.items():
                if rows is not None:
                    declared = DECLARED[table].columns
                    columns = {each: TYPES_STORED.get(declared[each].type, "TEXT") for each in COLUMNS[table]}
                    listed = ", ".join(f"{column} {kind}" for column, kind in columns.items())
                    database.execute(f"CREATE TABLE {table} ({listed})")
                    with database.cursor().copy(f"COPY {table} FROM STDIN") as copy:
                        for row in rows:
                            cells = (row.get(column) for column in columns)
                            copy.write_row(
                                [list(each) if isinstance(each, tuple) else each for each in cells]
                            )
        return Database(server.url(name))

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
    for write in (parquet(typed=True), parquet(typed=False), workbook("zh"), workbook("en"), sqlite):
        assert judgements(findings(tables, every_kind(), as_of=as_of, write=write)) == of_csv


@pytest.mark.slow
@settings(max_examples=3)
@given(st.integers(0, 2**32 - 1))
def test_a_server_gives_the_same_findings(postgresql: Any, seed: int) -> None:
    dice = random.Random(seed)
    tables, as_of = organisation(dice, small=True), random_as_of(dice)
    found = judgements(findings(tables, every_kind(), as_of=as_of, write=postgresql_of(postgresql)))
    assert found == judgements(findings(tables, every_kind(), as_of=as_of))
