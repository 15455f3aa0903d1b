"""What the door writes, the engine reads as the same texts: cells with line breaks, quotes and commas in any row."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from auditor.engines.duckdb import DuckDBEngine
from auditor.tables.door.handing import Refused, read_rows, write_rows
from auditor.tables.plain_csv import read_plain_csv

CELLS = (
    "",
    "x",
    "a\nb",
    "a\r\nb",
    "a\rb",
    "\n",
    "\r",
    "a,b",
    '"',
    'a"\n"b',
    "007",
    " x ",
    "'",
    "\\",
    "\ufffc",
)


@pytest.mark.parametrize("first", CELLS)
def test_cells_come_out_as_they_went_in(first: str, engine: DuckDBEngine, tmp_path: Path) -> None:
    """The first row is what a reader guesses by how the lines end."""
    rows = [(number, (first, *pair)) for number, pair in enumerate(product(CELLS, CELLS), start=2)]
    write_rows(tmp_path / "rows.csv", rows)
    source = read_plain_csv(tmp_path / "rows.csv", 3, has_header=False, numbered=True)
    texts = ", ".join(f"coalesce(c{number}, '')" for number in range(3))
    found = engine.rows(f"SELECT row_no, {texts} FROM {source} ORDER BY row_no")
    assert found == [(number, *cells) for number, cells in rows]
    assert [(number, tuple(cells)) for number, cells in read_rows(tmp_path / "rows.csv")] == rows


def test_more_than_may_be_written_is_refused(tmp_path: Path) -> None:
    rows = ((number, ["x" * 1000]) for number in range(2, 10_000))
    with pytest.raises(Refused, match=r"table\.zip_bomb"):
        write_rows(tmp_path / "rows.csv", rows, 2_000_000)
    assert (tmp_path / "rows.csv").stat().st_size < 4_000_000
